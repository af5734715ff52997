"""What an earlier run says about what to run now: what needs another look, and how long each took."""

from __future__ import annotations

from pathlib import Path

from harness.diagnostics import problem
from harness.record.model import Result
from harness.record.store import find_run, read_record
from harness.verdict.outcome import Outcome

Name = tuple[str, str | None, str]


def failed(reports: Path) -> set[Name]:
    """What of the last run was not as its ticket's status lets one expect, or not decided. Raises Problems."""
    found = {_name(each) for each in read_record(find_run(reports)).results if _needs_another_look(each)}
    if not found:
        raise problem("nothing-failed", "everything was as expected in the last run", "leave --last-failed out to run it again")
    return found


def durations(run: Path, reports: Path) -> dict[Name, float]:
    """How long each took in a run, its control too, in milliseconds. Raises Problems."""
    return {_name(each): _took(each) for each in read_record(find_run(reports, str(run))).results}


def _name(result: Result) -> Name:
    return result.scenario, result.customer, result.environment


def _needs_another_look(result: Result) -> bool:
    return result.verdict is Outcome.INCONCLUSIVE or not result.expected_by_status


def _took(result: Result) -> float:
    control = sum(attempt.duration_ms for attempt in result.control.attempts) if result.control else 0
    return result.duration_ms + control
