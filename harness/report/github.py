"""What GitHub Actions shows of a run: annotations at the scenarios' lines, and the step's summary.

The commands are those of https://docs.github.com/actions/reference/workflow-commands-for-github-actions; a step shows at most ten
annotations of a kind, so the worst ten are given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from harness.record.model import Outcome, Record, Result
from harness.report import words
from harness.report.text import one_line

MOST = 10


def annotate(record: Record) -> list[str]:
    """At most ten commands, the worst first, for what is not as the ticket's status lets one expect, or undecided."""
    wrong = [result for result in words.attention_order(record.results) if words.needs_attention(result)]
    return [_annotation(result) for result in wrong[:MOST]]


def _annotation(result: Result) -> str:
    kind = "error" if words.is_regression(result) else "warning"
    where = {"file": result.source.path if result.source else result.scenario, "line": str(_line(result))}
    title = f"{words.VERDICT[result.verdict]}: {one_line(result.title, 120)}" + (f" [{result.customer}]" if result.customer else "")
    properties = ",".join(f"{name}={_property(value)}" for name, value in {**where, "title": title}.items())
    return f"::{kind} {properties}::{_data(one_line(result.reason, 600))}"


def _line(result: Result) -> int:
    """Of the step that could not be done, of the symptom, or of the file's beginning."""
    telling = words.telling_attempt(result.attempts, result.verdict)
    if telling is not None and telling.stopped_at and result.verdict is Outcome.INCONCLUSIVE:
        return telling.stopped_at
    lines: Sequence[str] = result.source.text.splitlines() if result.source else ()
    return next((number for number, line in enumerate(lines, 1) if re.match(r"symptom\s*:", line)), 1)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
