"""The proofs of a run with --prove: each result against its control and against the same scenario in the fixed environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from harness.record.model import Proof, Result
from harness.verdict.proof import Compared, prove


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
    control = Compared(f"with {result.control.customer}", result.control.verdict, result.control.reason) if result.control else None
    other = Compared(f"in {mended.environment}", mended.verdict, mended.reason) if mended else None
    held = next((attempt.held_at_start for attempt in result.attempts if attempt.held_at_start), None)
    return Proof(**asdict(prove(result.verdict, control, other, held)), fixed=fixed)
