"""The strip of pictures of one attempt: a picture a step, the element acted on, the deciding moment. Values for templates, no markup."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
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
_TIMES = re.compile(r"(?:^|, )times: (\d{1,4})(?:,|$)")


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
    labelled = zip(attempt.steps, labels(attempt.steps), strict=True)
    told = [(step, label) for step, label in labelled if step.phase != "cleanup" or step.status is StepStatus.FAILED]
    shots = [_shot(step, label, find) for step, label in told]
    moment = _deciding_shot(attempt, find)
    if moment is not None:
        cleanup = sum(step.phase == "cleanup" for step, _ in told)
        shots.insert(len(shots) - cleanup, moment)
    return tuple(shots)


def has_pictures(shots: tuple[Shot, ...]) -> bool:
    """Whether there is anything to look at."""
    return any(shot.link for shot in shots)


def labels(steps: Sequence[StepRecord]) -> list[str]:
    """`Setup 1`, `Step 2`, `Step 2.1`, `Step 3, time 7 of 20`: counted within each phase as the verdict's reason counts, so a step that is
    done several times is one; nested steps stand below the one that holds them."""
    told, places, phase = [], list[_Place](), ""
    for step in steps:
        if step.phase != phase:
            phase, places = step.phase, []
        depth = min(step.depth, len(places))
        places = [*places[:depth], _place(step, places[depth] if depth < len(places) else None)]
        told.append(f"{_PLACES[phase]} {'.'.join(str(place.number) for place in places)}{_which_time(places[-1])}")
    return told


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a step stands in its list, and which time it is that it was done."""

    step: StepRecord
    number: int
    time: int = 1


def _place(step: StepRecord, before: _Place | None) -> _Place:
    if before is None:
        return _Place(step, 1)
    again = (step.file, step.line, step.text) == (before.step.file, before.step.line, before.step.text) and before.time < _times(step)
    return _Place(step, before.number, before.time + 1) if again else _Place(step, before.number + 1)


def _times(step: StepRecord) -> int:
    """How often the step is to be done, as it is written."""
    written = _TIMES.search(step.text)
    return int(written[1]) if written else 1


def _which_time(place: _Place) -> str:
    of = _times(place.step)
    return f", time {place.time} of {of}" if of > 1 and place.step.status is not StepStatus.NOT_REACHED else ""


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
