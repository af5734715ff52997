"""Puts the scenario's steps into a Playwright trace as groups around the actions that they did.

Playwright can be told of groups while it traces, at the price of two calls a step; a trace that is finished here anyway has them for
nothing. What is used of its format is what Playwright itself writes for a group.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ACTION = b'{"type":"before"'
SLACK_MS = 2.0  # the trace's own clock is known to a millisecond


@dataclass(frozen=True)
class Group:
    """A step: what it is called, where it stands, and from when to when it was done, in milliseconds since 1970."""

    title: str
    file: str
    line: int
    column: int
    begun_ms: float
    ended_ms: float


def grouped(content: bytes, groups: Sequence[Group], about: Mapping[str, Any]) -> bytes:
    """The trace's events with the groups among them. `about` is its first event."""
    if not groups:
        return content
    to_trace = about.get("monotonicTime", 0) - about.get("wallTime", 0)
    ordered = sorted(groups, key=lambda group: group.begun_ms)
    begins = [group.begun_ms + to_trace for group in ordered]

    def parent(action: dict[str, Any]) -> str | None:
        at = action.get("startTime", 0)
        number = bisect_right(begins, at + SLACK_MS) - 1
        inside = number >= 0 and at <= ordered[number].ended_ms + to_trace + SLACK_MS
        return _id(number) if inside else None

    lines = [_with_parent(line, parent) if line.startswith(ACTION) else line for line in content.split(b"\n") if line]
    lines += [json.dumps(event).encode() for number, group in enumerate(ordered) for event in _events(number, group, to_trace)]
    return b"\n".join(lines) + b"\n"


def _with_parent(line: bytes, parent: Any) -> bytes:
    try:
        action = json.loads(line)
    except ValueError:
        return line  # the last one, when the browser was lost
    found = parent(action)
    if "parentId" in action or found is None:
        return line
    return json.dumps({**action, "parentId": found}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _events(number: int, group: Group, to_trace: float) -> Iterator[dict[str, Any]]:
    yield {
        "type": "before",
        "callId": _id(number),
        "startTime": group.begun_ms + to_trace,
        "title": group.title,
        "class": "Tracing",
        "method": "tracingGroup",
        "params": {},
        "stack": [{"file": group.file, "line": group.line, "column": group.column}],
    }
    yield {"type": "after", "callId": _id(number), "endTime": group.ended_ms + to_trace}


def _id(number: int) -> str:
    return f"step@{number + 1}"
