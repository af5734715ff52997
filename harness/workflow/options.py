"""What a run is asked for, and what it takes from outside: the clock, the environment with its secrets, and where reports go."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.diagnostics import Problems
from harness.scenario.workspace import Workspace, open_workspace


@dataclass(frozen=True)
class Options:
    """What a run was asked for; None is "as repro.yaml says"."""

    paths: tuple[Path, ...] = ()
    environments: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    control: str | None = None
    attempts: int | None = None
    measure: bool = False
    workers: int | None = None
    tag: str | None = None
    shard: str | None = None
    headed: bool = False
    reports: Path | None = None
    trace: str | None = None
    screenshots: str | None = None
    fail_fast: bool = False
    until_confident: float | None = None
    balance: Path | None = None
    last_failed: bool = False
    resume: str | None = None
    prove: bool = False
    fixed: str | None = None
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """What a run takes from outside, so that tests decide it."""

    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    token: Callable[[], str] = lambda: secrets.token_hex(4)
    host: Any = None


def reports_folder(workspace: Workspace, options: Options) -> Path:
    """Where runs land: the command line, `REPRO_REPORTS`, repro.yaml (relative to it), or `reports/` here."""
    if options.reports is not None:
        return options.reports
    if chosen := workspace.environ.get("REPRO_REPORTS"):
        return Path(chosen)
    return workspace.root / workspace.settings.reports if workspace.settings.reports else Path("reports")


def default_reports(chosen: Path | None, environ: Mapping[str, str]) -> Path:
    """Where runs are looked for: the option, or as a run started here would write them."""
    if chosen is not None:
        return chosen
    try:
        return reports_folder(open_workspace(Path(), environ), Options())
    except Problems:
        return Path(environ.get("REPRO_REPORTS") or "reports")


def with_dotenv(environ: Mapping[str, str], root: Path) -> Mapping[str, str]:
    """The environment with `.env` of the workspace, or of the folder above it, behind it: only `REPRO_SECRET_*` is taken from there."""
    found: dict[str, str] = {}
    for folder in (root.parent, root):
        path = folder / ".env"
        if path.is_file():
            found |= _dotenv(path.read_text(encoding="utf-8", errors="replace"))
    return {**found, **environ}


def set_secrets(environ: Mapping[str, str], start: Path = Path()) -> dict[str, str]:
    """Every secret that is set here, by environment variable or `.env` of the workspace at `start`: name to value."""
    try:
        root = open_workspace(start, environ).root
    except Problems:
        root = Path()
    known = with_dotenv(environ, root)
    return {name.removeprefix("REPRO_SECRET_"): value for name, value in known.items() if name.startswith("REPRO_SECRET_")}


def _dotenv(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name.strip().startswith("REPRO_SECRET_"):
            value = value.strip()
            quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
            pairs[name.strip()] = value[1:-1] if quoted else value
    return pairs
