"""What became of each result between two runs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from harness.verdict.outcome import Outcome

Name = tuple[str, str | None, str]


class Became(StrEnum):
    """Most urgent first."""

    CAME_BACK = "came back"
    UNDECIDABLE = "no longer decidable"
    UNDECIDED = "still undecided"
    NEW = "new"
    FIXED = "fixed"
    DECIDABLE = "now decided"
    GONE = "gone"
    STILL = "still reproduces"
    SAME = "unchanged"


@dataclass(frozen=True)
class Change:
    """One result; `before` or `after` is None where a run does not have it."""

    name: Name
    became: Became
    before: Outcome | None
    after: Outcome | None


def changes(before: Mapping[Name, Outcome], after: Mapping[Name, Outcome]) -> tuple[Change, ...]:
    """Every result of either run, the most urgent first."""
    names = dict.fromkeys((*after, *before))
    found = [Change(name, became(before.get(name), after.get(name)), before.get(name), after.get(name)) for name in names]
    order = list(Became)
    return tuple(sorted(found, key=lambda change: order.index(change.became)))


def became(before: Outcome | None, after: Outcome | None) -> Became:
    """What the step from one outcome to the other means."""
    if before is None:
        return Became.NEW
    if after is None:
        return Became.GONE
    if after is Outcome.INCONCLUSIVE:
        return Became.UNDECIDED if before is Outcome.INCONCLUSIVE else Became.UNDECIDABLE
    if before is Outcome.INCONCLUSIVE:
        return Became.DECIDABLE
    if before is after:
        return Became.STILL if after is Outcome.REPRODUCED else Became.SAME
    return Became.CAME_BACK if after is Outcome.REPRODUCED else Became.FIXED
