"""`--to` read: which tracker, which ticket."""

from __future__ import annotations

import re

from harness.diagnostics import Problems, problem
from harness.report.text import one_line
from harness.trackers.model import Kind, Target

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_SHAPES = {
    Kind.GITHUB: (re.compile(r"(?P<project>[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]+)#(?P<ticket>[1-9]\d{0,17})"), "owner/repo#12"),
    Kind.GITLAB: (re.compile(rf"(?P<project>{_SEGMENT}(?:/{_SEGMENT})+)#(?P<ticket>[1-9]\d{{0,17}})"), "group/project#5"),
    Kind.JIRA: (re.compile(r"(?P<ticket>(?P<project>[A-Za-z][A-Za-z0-9_]*)-[1-9]\d{0,17})"), "KEY-1"),
    Kind.ZENDESK: (re.compile(r"(?P<project>)(?P<ticket>[1-9]\d{0,17})"), "123"),
}


def parse_target(text: str) -> Target:
    """`github:owner/repo#12`, `gitlab:group/project#5`, `jira:KEY-1` or `zendesk:123`. Raises Problems."""
    word, _, rest = text.strip().partition(":")
    if word not in list(Kind):
        raise _wrong(text, "write " + ", ".join(f"{kind}:{example}" for kind, (_, example) in _SHAPES.items()))
    kind = Kind(word)
    shape, example = _SHAPES[kind]
    found = shape.fullmatch(rest)
    if found is None or any(part in (".", "..") for part in found["project"].split("/")):
        raise _wrong(text, f"write {kind}:{example}")
    upper = kind is Kind.JIRA
    return Target(kind, found["project"].upper() if upper else found["project"], found["ticket"].upper() if upper else found["ticket"])


def _wrong(text: str, hint: str) -> Problems:
    return problem("wrong-target", f"`{one_line(text, 100)}` names no ticket of a tracker", hint)
