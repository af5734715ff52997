"""One trial: a version is started, its scenario is run against it by the command that users run, and the verdict is read from the record."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.realbugs.cases import WANTED, Case, State
from benchmarks.realbugs.install import InstallFailed, installed
from benchmarks.realbugs.serve import StartFailed, serving, stopped

RUN_S = 600


@dataclass(frozen=True)
class Trial:
    """What one run gave. `seconds` is how long the harness took, without the start of the application; `verdict` is `none` when there was no record."""

    case: str
    state: State
    verdict: str
    reason: str
    seconds: float
    report: Path

    @property
    def right(self) -> bool:
        """Whether the verdict is the one that this state must have."""
        return self.verdict == WANTED[self.state]


def make_trial(case: Case, state: State, cache: Path, reports: Path) -> Trial:
    """Runs the case's scenario in that state. What can't be installed or started has no verdict, which is wrong too."""
    try:
        with in_state(case, state, cache) as base_url:
            return run_scenario(case, state, base_url, reports)
    except (InstallFailed, StartFailed) as problem:
        return Trial(case.name, state, "none", str(problem), 0.0, reports)


@contextlib.contextmanager
def in_state(case: Case, state: State, cache: Path) -> Iterator[str]:
    """The base URL of the application in that state. Raises InstallFailed or StartFailed."""
    with stopped() if state == "stopped" else serving(case, installed(case, state, cache)) as base_url:
        yield base_url


def run_scenario(case: Case, state: State, base_url: str, reports: Path) -> Trial:
    """Runs the scenario against an application that runs already."""
    command = [sys.executable, "-m", "harness", "run", str(case.scenario), "--workers", "1", "--reports", str(reports), "--json"]
    before = set(reports.glob("*/results.json"))
    begun = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, env={**os.environ, **variables(case, base_url)}, check=False)
        said = done.stderr[-1000:] or done.stdout[-1000:] or f"it ended with {done.returncode} and said nothing"
    except subprocess.TimeoutExpired:
        said = f"it was stopped after {RUN_S} s"
    seconds = time.monotonic() - begun
    records = sorted(set(reports.glob("*/results.json")) - before)
    if len(records) != 1:
        return Trial(case.name, state, "none", f"there is no record: {said}", seconds, reports)
    verdict, reason = read_verdict(records[0])
    return Trial(case.name, state, verdict, reason, seconds, records[0].parent)


def variables(case: Case, base_url: str) -> Mapping[str, str]:
    """What the harness finds in its environment: where the application is, and the passwords of its test accounts."""
    secrets = {f"REPRO_SECRET_{name}": value for name, value in (case.secrets or {}).items()}
    return {"REPRO_VAR_BASE_URL": base_url, **secrets}


def read_verdict(record: Path) -> tuple[str, str]:
    """(`reproduced`, why) of the only result of a record."""
    results: list[dict[str, Any]] = json.loads(record.read_text(encoding="utf-8"))["results"]
    if len(results) != 1:
        return "none", f"the record has {len(results)} results"
    return str(results[0]["verdict"]), str(results[0]["reason"])
