"""What a run tells while it goes on. Workers send these; one place prints."""

from __future__ import annotations

from dataclasses import dataclass

from harness.record.model import AttemptRecord, StepRecord


@dataclass(frozen=True)
class CaseBegan:
    """A case has begun."""

    key: str
    title: str


@dataclass(frozen=True)
class CaseWaits:
    """A case waits for something that another one holds."""

    key: str
    what: str


@dataclass(frozen=True)
class StepDone:
    """A step of an attempt was done or could not be done."""

    key: str
    attempt: int
    step: StepRecord


@dataclass(frozen=True)
class AttemptEnded:
    """An attempt has ended."""

    key: str
    attempt: AttemptRecord
    of: int


@dataclass(frozen=True)
class CaseEnded:
    """All attempts of a case have been made."""

    key: str
    outcome: str
    reason: str


RunEvent = CaseBegan | CaseWaits | StepDone | AttemptEnded | CaseEnded
