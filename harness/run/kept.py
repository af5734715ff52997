"""Conditions about what the attempt itself kept: saved values, and how long steps took. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from harness.core.durations import format_duration
from harness.core.secret import Secret
from harness.run.ports import Look, Truth
from harness.scenario.conditions.kept import SavedIs, Took
from harness.scenario.http import MISSING, at_path

_SHOWN = 120


def look_at_kept(check: SavedIs | Took, saved: Mapping[str, Any], durations_ms: Mapping[str, int]) -> Look:
    """The truth of a `saved` or `took`. A value that was never kept, or a step that was never done, could not be observed."""
    return _took(check, durations_ms) if isinstance(check, Took) else _saved(check, saved)


def _took(check: Took, durations_ms: Mapping[str, int]) -> Look:
    took = durations_ms.get(check.step)
    if took is None:
        return Look(Truth.UNKNOWN, f"the step {check.step} was not done")
    truth = Truth.YES if took > check.longer_than_ms else Truth.NO
    return Look(truth, f"the step {check.step} took {format_duration(took)}")


def _saved(check: SavedIs, saved: Mapping[str, Any]) -> Look:
    value = at_path(dict(saved), check.name)
    if value is MISSING:
        return Look(Truth.UNKNOWN, f"nothing was saved under {check.name}")
    if isinstance(value, Secret):
        return Look(Truth.UNKNOWN, f"{check.name} is a secret")
    text = "" if value is None else str(value)
    shown = f"the saved {check.name} is {text[:_SHOWN]!r}"
    tests = [check.is_ is None or _equal(check.is_, value), check.contains is None or check.contains in text]
    tests.append(check.matches is None or re.search(check.matches, text) is not None)
    if check.above is not None or check.below is not None:
        number = _number(value)
        if number is None:
            return Look(Truth.UNKNOWN, f"{shown}, which is no number")
        tests += [check.above is None or number > check.above, check.below is None or number < check.below]
    return Look(Truth.YES if all(tests) else Truth.NO, shown)


def _equal(wanted: str, value: Any) -> bool:
    if isinstance(value, bool):
        return wanted == str(value).lower()
    if isinstance(value, (int, float)):
        number = _number(wanted)
        return number is not None and abs(number - value) < 1e-9
    return wanted == str(value)


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
