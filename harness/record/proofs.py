"""The proofs of a run with --prove: each result against its control and against the same scenario in the fixed environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from harness.record.model import ControlRecord, Proof, Result
from harness.verdict.proof import Compared, Often, prove


def with_proofs(results: Sequence[Result], fixed: str | None) -> tuple[Result, ...]:
    """The results, those of the environment in which the symptom should be seen with their proof. `fixed` names the other one."""
    mended = {(each.scenario, each.customer): each for each in results if each.environment == fixed}
    return tuple(
        each
        if each.environment == fixed
        else each.model_copy(update={"proof": _proof(each, mended.get((each.scenario, each.customer)), fixed)})
        for each in results
    )


def _proof(result: Result, mended: Result | None, fixed: str | None) -> Proof:
    control = _compared(f"with {result.control.customer}", result.control) if result.control else None
    other = _compared(f"in {mended.environment}", mended) if mended else None
    held = next((attempt.held_at_start for attempt in result.attempts if attempt.held_at_start), None)
    often = Often(result.rate.reproduced, result.rate.decided)
    return Proof(**asdict(prove(result.verdict, control, other, held, often)), fixed=fixed)


def _compared(where: str, came: Result | ControlRecord) -> Compared:
    return Compared(where, came.verdict, came.reason, came.rate.decided)
