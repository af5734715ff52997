"""One trial: a version is started, its scenario run against it by the command that users run, and the verdict read from the record."""

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
    """What one run gave. `verdict` is `none` when there is no record; `seconds` leaves the start of the application out."""

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
    environ = {**os.environ, **variables(case, base_url)}
    begun = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, env=environ, check=False)
    except subprocess.TimeoutExpired:
        return Trial(case.name, state, "none", f"the harness was stopped after {RUN_S} s", float(RUN_S), reports)
    seconds = time.monotonic() - begun
    folder = report_folder(done.stdout)
    if folder is None:
        said = (done.stderr or done.stdout)[-1000:]
        return Trial(case.name, state, "none", f"the harness ended with {done.returncode} and no record: {said}", seconds, reports)
    verdict, reason = read_verdict(folder / "results.json")
    return Trial(case.name, state, verdict, reason, seconds, folder)


def report_folder(stdout: str) -> Path | None:
    """Where the report is, which the last line of `repro run --json` says; None when the run did not get so far."""
    last = (stdout.strip().splitlines() or [""])[-1]
    try:
        said = json.loads(last)
    except ValueError:
        return None
    return Path(said["folder"]) if isinstance(said, dict) and said.get("event") == "finished" else None


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
