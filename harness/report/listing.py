"""The scenario's text, line by line, with what became of each step. Values for templates, no markup."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.record.model import AttemptRecord, ScenarioSource, StepRecord, StepStatus
from harness.report.text import clip

MAX_LINES = 1500
_KEYED = re.compile(r"(\s*(?:- +)*)([\w.-]+)(:(?:\s.*)?)", re.DOTALL)
_WORDS = {
    StepStatus.DONE: "done",
    StepStatus.FAILED: "failed here",
    StepStatus.SKIPPED: "skipped",
    StepStatus.NOT_REACHED: "not reached",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line in three parts, so that its key can be set off; `state` is a step's status or empty, `mark` says it in words."""

    number: int
    before: str
    key: str
    after: str
    state: str = ""
    mark: str = ""
    comment: bool = False


def listing(source: ScenarioSource, attempt: AttemptRecord | None) -> tuple[Line, ...]:
    """The lines of `source` with the marks of `attempt`; at most MAX_LINES of them."""
    marks = _marks(source, attempt) if attempt else {}
    lines = source.text.splitlines()[:MAX_LINES]
    return tuple(_line(number, clip(text, 2000), marks.get(number)) for number, text in enumerate(lines, 1))


def _marks(source: ScenarioSource, attempt: AttemptRecord) -> dict[int, tuple[str, str]]:
    """Line -> state and words. The last step done is where the attempt got to, when nothing failed after it."""
    steps = [step for step in attempt.steps if step.file == source.path]
    marks = {step.line: (str(step.status), _WORDS[step.status]) for step in steps}
    reached = _reached(steps)
    if reached is not None:
        marks[reached.line] = ("reached", "reached")
    if attempt.stopped_at is not None and attempt.stopped_at in marks:
        marks[attempt.stopped_at] = ("failed", _WORDS[StepStatus.FAILED])
    return marks


def _reached(steps: list[StepRecord]) -> StepRecord | None:
    done = [step for step in steps if step.phase != "cleanup" and step.status is StepStatus.DONE]
    failed = any(step.phase != "cleanup" and step.status is StepStatus.FAILED for step in steps)
    return done[-1] if done and not failed else None


def _line(number: int, text: str, mark: tuple[str, str] | None) -> Line:
    state, words = mark or ("", "")
    if text.lstrip().startswith("#"):
        return Line(number, text, "", "", state, words, comment=True)
    keyed = _KEYED.fullmatch(text)
    before, key, after = keyed.groups() if keyed else (text, "", "")
    return Line(number, before, key, after, state, words)
