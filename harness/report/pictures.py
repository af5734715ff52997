"""The strip of pictures of one attempt: a picture a step, the element acted on, the deciding moment. Values for templates, no markup."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from harness.record.model import AttemptRecord, Box, Outcome, StepRecord, StepStatus

FindFile = Callable[[str], str | None]
"""A path in the run's folder -> the link to it from the page, or None when there is no such file."""

_STATUS = {
    StepStatus.DONE: "Done",
    StepStatus.FAILED: "Could not be done",
    StepStatus.SKIPPED: "Skipped, it was optional",
    StepStatus.NOT_REACHED: "Not reached",
}
_PLACES = {"setup": "Setup", "steps": "Step", "cleanup": "Cleanup"}


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the element acted on stands, in the units of `width` x `height`, the picture's viewport."""

    x: float
    y: float
    w: float
    h: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shot:
    """One place in the strip. `link` is None without a picture; `missing` says that there should be one."""

    label: str
    text: str
    state: str
    status: str
    link: str | None = None
    missing: bool = False
    outline: Outline | None = None
    size: tuple[int, int] | None = None
    duration_ms: int | None = None
    remark: str = ""
    nested: bool = False


def strip(attempt: AttemptRecord, find: FindFile) -> tuple[Shot, ...]:
    """The attempt's setup and steps, then the deciding moment; steps of the cleanup are told only when they failed."""
    told = [step for step in attempt.steps if step.phase != "cleanup" or step.status is StepStatus.FAILED]
    shots = [_shot(step, label, find) for step, label in zip(told, _labels(told), strict=True)]
    moment = _deciding_shot(attempt, find)
    if moment is not None:
        cleanup = sum(step.phase == "cleanup" for step in told)
        shots.insert(len(shots) - cleanup, moment)
    return tuple(shots)


def has_pictures(shots: tuple[Shot, ...]) -> bool:
    """Whether there is anything to look at."""
    return any(shot.link for shot in shots)


def _labels(steps: list[StepRecord]) -> list[str]:
    """`Setup 1`, `Step 2`, `Step 2.1`: counted within each phase, nested steps below the one that holds them."""
    labels, counters, phase = [], [0], ""
    for step in steps:
        if step.phase != phase:
            phase, counters = step.phase, [0]
        depth = min(step.depth, len(counters))
        counters = [*counters[: depth + 1], *([0] if depth == len(counters) else [])]
        counters[depth] += 1
        labels.append(f"{_PLACES[phase]} {'.'.join(map(str, counters))}")
    return labels


def _shot(step: StepRecord, label: str, find: FindFile) -> Shot:
    link = find(step.screenshot) if step.screenshot else None
    return Shot(
        label=label,
        text=step.name or step.text,
        state=str(step.status),
        status=_STATUS[step.status],
        link=link,
        missing=step.screenshot is not None and link is None,
        outline=_outline(step.box, step.viewport) if link else None,
        size=step.viewport,
        duration_ms=step.duration_ms if step.status in (StepStatus.DONE, StepStatus.FAILED) else None,
        remark=step.error or step.note or "",
        nested=step.depth > 0,
    )


def _deciding_shot(attempt: AttemptRecord, find: FindFile) -> Shot | None:
    if not attempt.deciding_screenshot:
        return None
    link = find(attempt.deciding_screenshot)
    seen = attempt.expected_seen if attempt.decided_by == "expected" else attempt.symptom_seen
    viewport = next((step.viewport for step in reversed(attempt.steps) if step.viewport), None)
    return Shot(
        label=_deciding_label(attempt),
        text=seen or attempt.reason,
        state="deciding",
        status="",
        link=link,
        missing=link is None,
        size=viewport,
    )


def _deciding_label(attempt: AttemptRecord) -> str:
    if attempt.outcome is Outcome.REPRODUCED:
        return "The symptom"
    return "What was expected" if attempt.decided_by == "expected" else "Where it ended"


def _outline(box: Box | None, viewport: tuple[int, int] | None) -> Outline | None:
    """The box cut to the viewport; None when nothing of it is in the picture."""
    if box is None or viewport is None or not all(map(math.isfinite, (box.x, box.y, box.width, box.height))):
        return None
    width, height = viewport
    left, top = max(0.0, box.x), max(0.0, box.y)
    right, bottom = min(float(width), box.x + box.width), min(float(height), box.y + box.height)
    if width <= 0 or height <= 0 or right <= left or bottom <= top:
        return None
    return Outline(round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1), width, height)
