"""The proofs of a run with --prove: each result against its control and against the same scenario in the fixed environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

from harness.record.model import ControlRecord, Proof, Result
from harness.verdict.proof import Compared, Often, prove
from harness.verdict.verdicts import expected_by_status


def with_proofs(results: Callable[[], Iterable[Result]], fixed: str | None) -> Iterator[Result]:
    """The results, those of the environment in which the symptom should be seen with their proof. `fixed` names the other one, in
    which it should not be, whatever the ticket's status. `results` gives them anew each time: its two sides may stand far apart."""
    mended = {_place(each): _compared(f"in {each.environment}", each) for each in results() if each.environment == fixed}
    for each in results():
        yield _mended(each) if each.environment == fixed else _proven(each, mended.get(_place(each)), fixed)


def _place(result: Result) -> tuple[str, str | None]:
    return result.scenario, result.customer


def _mended(result: Result) -> Result:
    return result.model_copy(update={"mended": True, "expected_by_status": expected_by_status(result.verdict, "fixed")})


def _proven(result: Result, mended: Compared | None, fixed: str | None) -> Result:
    return result.model_copy(update={"proof": _proof(result, mended, fixed)})


def _proof(result: Result, mended: Compared | None, fixed: str | None) -> Proof:
    control = _compared(f"with {result.control.customer}", result.control) if result.control else None
    held = next((attempt.held_at_start for attempt in result.attempts if attempt.held_at_start), None)
    often = Often(result.rate.reproduced, result.rate.decided)
    return Proof(**asdict(prove(result.verdict, control, mended, held, often)), fixed=fixed)


def _compared(where: str, came: Result | ControlRecord) -> Compared:
    return Compared(where, came.verdict, came.reason, came.rate.decided)
