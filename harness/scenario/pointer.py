"""The shapes of pointer actions."""

from __future__ import annotations

from dataclasses import dataclass

from harness.scenario.shapes import Choice, Many, Number, RecordOf, required

BUTTON = Choice("left", "right", "middle")
MODIFIERS = Many(Choice("Alt", "Control", "ControlOrMeta", "Meta", "Shift"), or_one=True)


@dataclass(frozen=True, kw_only=True)
class Point:
    """CSS pixels from the element's upper left corner."""

    x: float = required(Number(), "pixels from the left")
    y: float = required(Number(), "pixels from the top")


POSITION = RecordOf(Point, "a position")
