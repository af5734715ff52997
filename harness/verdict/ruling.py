"""What happened in one attempt -> how it ends and why. Pure: it is given facts and looks at nothing.

The sentences are written for a support agent who pastes them into a ticket.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from harness.core.durations import format_duration
from harness.verdict.outcome import Outcome

DecidedBy = Literal["symptom", "expected", "window", "setup", "step", "environment", "browser", "budget", "harness", "interrupt", "lost"]


class Seen(Enum):
    """What an oracle gave at the end. UNKNOWN: it could not be observed. WEAK: it held, but only by an absence that proves nothing."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    WEAK = "weak"


@dataclass(frozen=True)
class Oracle:
    """An oracle's last look; `said` is the rest of a sentence."""

    seen: Seen
    said: str


@dataclass(frozen=True)
class Stop:
    """The step that could not be done. `number` counts from 1 within its list; `found` is what the page had instead, and `slip` what it has
    that is written almost as the step has it. `idle` says that nothing had been done before."""

    number: int
    of: int
    line: int
    text: str
    problem: str
    found: tuple[str, ...] = ()
    unreachable: bool = False
    unprepared: bool = False
    setup: bool = False
    slip: str = ""
    idle: bool = False


@dataclass(frozen=True)
class Watched:
    """What watching gave. `expected` is None when the scenario has none; `page` says what is wrong with the page itself, if anything."""

    symptom: Oracle
    expected: Oracle | None
    first: Literal["symptom", "expected", "both", "none"]
    within_ms: int
    steps: int
    stop: Stop | None = None
    page: str = ""


@dataclass(frozen=True)
class Ruling:
    """How an attempt ends."""

    outcome: Outcome
    reason: str
    decided_by: DecidedBy


def rule(watched: Watched) -> Ruling:
    """The outcome of an attempt whose steps were begun and whose oracles were watched."""
    if watched.stop is not None:
        return _stopped(watched, watched.stop)
    if watched.first == "symptom":
        page = f" But {_sentence(watched.page)}" if watched.page else ""
        return Ruling(Outcome.REPRODUCED, f"The symptom was seen: {_sentence(watched.symptom.said)}{page}", "symptom")
    if watched.first == "both":
        reason = (
            f"Symptom and expected held at the same time, so they can't tell: {watched.symptom.said}; {_sentence(_said(watched.expected))}"
        )
        return Ruling(Outcome.INCONCLUSIVE, reason, "window")
    if watched.first == "expected":
        return _expected(watched)
    return _window_over(watched)


def _expected(watched: Watched) -> Ruling:
    if watched.symptom.seen is Seen.UNKNOWN:
        seen = f"What was expected was seen ({_said(watched.expected)})"
        reason = f"{seen}, but the symptom could not be checked: {_sentence(watched.symptom.said)}"
        return Ruling(Outcome.INCONCLUSIVE, reason, "expected")
    return Ruling(Outcome.NOT_REPRODUCED, f"What was expected was seen: {_sentence(_said(watched.expected))}", "expected")


def _window_over(watched: Watched) -> Ruling:
    time = format_duration(watched.within_ms)
    if watched.page:
        return Ruling(Outcome.INCONCLUSIVE, f"The page says nothing about the symptom: {_sentence(watched.page)}", "environment")
    if watched.symptom.seen is Seen.UNKNOWN:
        return Ruling(Outcome.INCONCLUSIVE, f"The symptom could not be checked: {_sentence(watched.symptom.said)}", "window")
    if watched.expected is None:
        steps = f"All {watched.steps} steps were" if watched.steps > 1 else "The step was"
        reason = f"{steps} done and the symptom did not come within {time}: {_sentence(watched.symptom.said)}"
        return Ruling(Outcome.NOT_REPRODUCED, reason, "window")
    last = f"Symptom: {watched.symptom.said}. Expected: {_sentence(_said(watched.expected))}"
    reason = f"Neither the symptom nor what was expected was seen within {time}. {last}"
    return Ruling(Outcome.INCONCLUSIVE, reason, "window")


def _stopped(watched: Watched, stop: Stop) -> Ruling:
    at = stop_sentence(stop)
    if watched.first in ("symptom", "both") and (doubt := _doubt(stop)):
        return Ruling(Outcome.INCONCLUSIVE, f"{at} The symptom is seen there ({watched.symptom.said}), but {doubt}", "step")
    if watched.first in ("symptom", "both"):
        reason = f"The symptom was seen: {watched.symptom.said} (stopped at step {stop.number} of {stop.of}: {stop.problem})."
        return Ruling(Outcome.REPRODUCED, reason, "symptom")
    if watched.symptom.seen is Seen.WEAK:
        why = f"That {watched.symptom.said} proves nothing there, since it is an absence."
    elif watched.symptom.seen is Seen.UNKNOWN:
        why = f"The symptom could not be checked there: {_sentence(watched.symptom.said)}"
    else:
        why = f"The symptom was not seen there: {_sentence(watched.symptom.said)}"
    return Ruling(Outcome.INCONCLUSIVE, f"{at} {why}", "step")


def _doubt(stop: Stop) -> str:
    """Why what is seen where the steps stopped may have nothing to do with the ticket."""
    if stop.slip:
        return f"the step may only be misspelt: the page has {stop.slip}."
    return "nothing was done before it, so no step brought it about: let a step lead to where it is seen." if stop.idle else ""


def stop_sentence(stop: Stop) -> str:
    """Where the attempt stopped, why, and what was there instead."""
    where = "Setup step" if stop.setup else "Step"
    head = f"{where} {stop.number} of {stop.of} ({stop.text}) could not be done: {_sentence(stop.problem)}"
    return f"{head} The page has instead: {', '.join(stop.found)}." if stop.found else head


def setup_failed(stop: Stop) -> Ruling:
    """Setup is not what the ticket is about: failing there says nothing."""
    return Ruling(Outcome.INCONCLUSIVE, stop_sentence(stop), "environment" if stop.unreachable else "setup")


def _said(oracle: Oracle | None) -> str:
    return oracle.said if oracle is not None else ""


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.rstrip('"').endswith((".", "!", "?")) else f"{text}."
