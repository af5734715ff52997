"""The cases: what a customer reported of a real application, and in which versions it can be seen and can't be seen any more.

Knows the files below `cases/`; installs nothing and starts nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"
SCENARIOS = HERE / "scenarios"

Version = Literal["buggy", "fixed"]
State = Literal["buggy", "fixed", "stopped"]
VERSIONS: tuple[Version, ...] = ("buggy", "fixed")
WANTED: Mapping[State, str] = {"buggy": "reproduced", "fixed": "not_reproduced", "stopped": "inconclusive"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case. `packages` is what is installed for each version; `ready` is the path that answers once the application is up;
    `secrets` are the passwords of its test accounts, by the names under which customers declare them."""

    name: str
    app: str
    issue: str
    ticket: str
    runtime: Literal["python", "node"]
    packages: Mapping[Version, tuple[str, ...]]
    ready: str
    npm_flags: tuple[str, ...] = ()
    npm_overrides: Mapping[str, str] | None = None
    secrets: Mapping[str, str] | None = None

    @property
    def start(self) -> Path:
        """The script that starts a version: `start.sh INSTALLED PORT`, with an empty folder in DATA_DIR."""
        return CASES / self.name / "start.sh"

    @property
    def scenario(self) -> Path:
        """What is run against it."""
        return SCENARIOS / f"{self.name}.yaml"


def names() -> tuple[str, ...]:
    """The names of all cases, sorted."""
    return tuple(sorted(path.parent.name for path in CASES.glob("*/case.json")))


def load(name: str) -> Case:
    """The case of that name, which must be one of `names()`."""
    data: dict[str, Any] = json.loads((CASES / name / "case.json").read_text(encoding="utf-8"))
    return Case(
        name=name,
        app=data["app"],
        issue=data["issue"],
        ticket=data["ticket"],
        runtime=data["runtime"],
        packages={version: tuple(data["packages"][version]) for version in VERSIONS},
        ready=data["ready"],
        npm_flags=tuple(data.get("npm_flags", ())),
        npm_overrides=data.get("npm_overrides"),
        secrets=data.get("secrets"),
    )
