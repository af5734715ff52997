"""The scenario's steps in a Playwright trace: groups around the actions that they did, and where the elements stood that they acted on.

Playwright can be told of groups while it traces, at the price of two calls a step, and asked for an element's box, at the price of three;
a trace that is finished here anyway has both for nothing. What is used of its format is what Playwright itself writes.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ACTION = b'{"type":"before"'
INPUT = b'{"type":"input"'
SNAPSHOT = re.compile(rb'\{"type":"frame-snapshot","snapshot":\{"callId":"([^"]+)"[^{}\[\]]*?"pageId":"([^"]+)"')
SLACK_MS = 2.0  # the trace's own clock is known to a millisecond


@dataclass(frozen=True)
class Group:
    """A step: what it is called, where it stands, and from when to when it was done, in milliseconds since 1970. `number` is its own in
    the attempt; `page` counts the context's tabs from 0."""

    number: int
    title: str
    file: str
    line: int
    column: int
    begun_ms: float
    ended_ms: float
    page: int = 0


def grouped(content: bytes, groups: Sequence[Group], about: Mapping[str, Any]) -> bytes:
    """The trace's events with the groups among them. `about` is its first event."""
    if not groups:
        return content
    to_trace = _to_trace(about)
    find = _finder(groups, to_trace)
    lines = [_with_parent(line, find) if line.startswith(ACTION) else line for line in content.split(b"\n") if line]
    lines += [json.dumps(event).encode() for group in groups for event in _events(group, to_trace)]
    return b"\n".join(lines) + b"\n"


def boxes(content: bytes, groups: Sequence[Group], about: Mapping[str, Any], pages: Sequence[str]) -> dict[int, tuple[float, ...]]:
    """Where the element stood that a step acted on, by the group's number: x, y, width and height in CSS pixels of the tab. Of several
    actions the last one with an element counts. `pages` are the trace's names of the tabs, in their order."""
    to_trace = _to_trace(about)
    finders = {name: _finder([each for each in groups if each.page == number], to_trace) for number, name in enumerate(pages)}
    found = {}
    for action, page, box in _acted(content):
        group = finders[page](action) if page in finders else None
        if group is not None:
            found[group.number] = box
    return found


def _acted(content: bytes) -> Iterator[tuple[dict[str, Any], str, tuple[float, ...]]]:
    """(action, tab, box) of each action on an element, in their order; of a drag, the element that was dragged."""
    actions: dict[Any, dict[str, Any]] = {}
    happened: dict[Any, dict[str, Any]] = {}
    tabs: dict[str, str] = {}
    for line in content.split(b"\n"):
        if line.startswith((ACTION, INPUT)):
            event = _read(line)
            (actions if line.startswith(ACTION) else happened).setdefault(event.get("callId"), event)
        elif snapshot := SNAPSHOT.match(line):
            tabs[snapshot[1].decode()] = snapshot[2].decode()
    for call, event in happened.items():
        box = _box(event.get("box"))
        if box is not None and call in actions and call in tabs:
            yield actions[call], tabs[call], box


def _box(found: Any) -> tuple[float, ...] | None:
    try:
        return tuple(float(found[key]) for key in ("x", "y", "width", "height"))
    except (TypeError, KeyError, ValueError):
        return None


def _to_trace(about: Mapping[str, Any]) -> float:
    """What makes a time since 1970 one of the trace's clock."""
    return float(about.get("monotonicTime", 0) - about.get("wallTime", 0))


def _finder(groups: Sequence[Group], to_trace: float) -> Callable[[Mapping[str, Any]], Group | None]:
    """Which group an action began in."""
    ordered = sorted(groups, key=lambda group: group.begun_ms)
    begins = [group.begun_ms + to_trace for group in ordered]

    def find(action: Mapping[str, Any]) -> Group | None:
        at = action.get("startTime", 0)
        index = bisect_right(begins, at + SLACK_MS) - 1
        return ordered[index] if index >= 0 and at <= ordered[index].ended_ms + to_trace + SLACK_MS else None

    return find


def _read(line: bytes) -> dict[str, Any]:
    """An event; empty for the last one, when the browser was lost."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _with_parent(line: bytes, find: Callable[[Mapping[str, Any]], Group | None]) -> bytes:
    action = _read(line)
    group = find(action) if action else None
    if group is None or "parentId" in action:
        return line
    return json.dumps({**action, "parentId": _id(group)}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _events(group: Group, to_trace: float) -> Iterator[dict[str, Any]]:
    yield {
        "type": "before",
        "callId": _id(group),
        "startTime": group.begun_ms + to_trace,
        "title": group.title,
        "class": "Tracing",
        "method": "tracingGroup",
        "params": {},
        "stack": [{"file": group.file, "line": group.line, "column": group.column}],
    }
    yield {"type": "after", "callId": _id(group), "endTime": group.ended_ms + to_trace}


def _id(group: Group) -> str:
    return f"step@{group.number}"
