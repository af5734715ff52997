"""Durations as people write them (`500ms`, `10s`, `2m`); inside the harness they are whole milliseconds."""

from __future__ import annotations

import re

_UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_PATTERN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_LONGEST_MS = 10_000 * 86_400_000
_WHOLE = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")


def parse_duration(text: str) -> int:
    """Milliseconds of `text`, such as `500ms`, `10s`, `1m30s`. Raises ValueError when it carries no unit."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"`{text}` is not a duration; write a number with a unit: 500ms, 10s, 2m, 1h, 1d")
    total = sum(float(number) * _UNITS_MS[unit] for number, unit in _PATTERN.findall(text))
    if total > _LONGEST_MS:
        raise ValueError(f"`{text}` is too long a time")
    return round(total)


def format_duration(ms: float) -> str:
    """The shortest ordinary spelling: 900 -> `900 ms`, 1500 -> `1.5 s`, 90000 -> `1 min 30 s`."""
    if ms < 1000:
        return f"{ms:.0f} ms"
    if ms < 60_000:
        return f"{ms / 1000:.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(ms / 1000), 60)
    return f"{minutes} min" + (f" {rest} s" if rest else "")
