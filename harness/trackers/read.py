"""Reads answers of trackers, which may hold anything: what is not of the expected shape is as if it were not there."""

from __future__ import annotations

from typing import Any


def mapped(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def worded(value: dict[str, Any], key: str) -> str:
    """A text or number of an object as text, else an empty one."""
    found = value.get(key)
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""
