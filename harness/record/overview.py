"""A result in short: with the one attempt that tells most, as the overview of a run needs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.record.model import AttemptRecord, Outcome, Result, StepStatus


def telling_attempt(attempts: Sequence[AttemptRecord], verdict: Outcome) -> AttemptRecord | None:
    """The attempt to look at first: the first that ended as the verdict says, else the last."""
    return next((a for a in attempts if a.outcome is verdict), attempts[-1] if attempts else None)


def in_short(result: Result) -> Result:
    """The result without what grows with its attempts and their steps: of the telling one there are its files and the steps that failed."""
    telling = telling_attempt(result.attempts, result.verdict)
    control = result.control.model_copy(update={"attempts": ()}) if result.control else None
    return result.model_copy(update={"attempts": (_bare(telling),) if telling else (), "control": control, "evidence": ()})


def _bare(attempt: AttemptRecord) -> AttemptRecord:
    failed = tuple(step for step in attempt.steps if step.status is StepStatus.FAILED)
    nothing: dict[str, Any] = dict.fromkeys(("console_errors", "page_errors", "failed_requests", "held", "downloads", "notes"), ())
    return attempt.model_copy(update={"steps": failed, **nothing})
