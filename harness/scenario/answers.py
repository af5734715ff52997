"""`answers.yaml`: symptoms that a team knows already, with what they mean and what to reply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from harness.scenario.shapes import Choice, Decoder, Fixed, Many, Map, Pattern, RecordOf, Text, mapping, option, required
from harness.scenario.source import Node


@dataclass(frozen=True, kw_only=True)
class Match:
    """What has to fit; all that are given must."""

    reason: re.Pattern[str] | None = option(Fixed(Pattern()), "a regular expression that finds something in the verdict's reason")
    console: re.Pattern[str] | None = option(Fixed(Pattern()), "… in a console error or an uncaught exception")
    request: re.Pattern[str] | None = option(Fixed(Pattern()), "… in a failed request: `GET https://… 500`")
    report: re.Pattern[str] | None = option(Fixed(Pattern()), "… in the customer's own words")
    verdict: tuple[str, ...] = option(
        Many(Choice("reproduced", "not_reproduced", "inconclusive"), or_one=True),
        "only with these verdicts; reproduced is the default",
        default=("reproduced",),
    )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A known symptom."""

    match: Match = required(RecordOf(Match, "`match`"), "what has to fit")
    classification: str | None = option(Fixed(Text()), "what it is: misuse, a configuration, a known defect with its id")
    reply: str | None = option(Fixed(Text()), "what to reply to the customer")


ANSWERS = Map(RecordOf(Answer, "an answer"))


def decode_answers(node: Node, decoder: Decoder) -> dict[str, Answer]:
    """Name -> answer. Raises Invalid."""
    mapping(node, decoder)
    answers: dict[str, Answer] = ANSWERS.decode(node, decoder)
    return answers


def answers_that_fit(answers: dict[str, Answer], facts: dict[str, Any]) -> tuple[str, ...]:
    """The names of those that fit, in the file's order. `facts` holds the texts verdict, reason and
    report, and the lists of texts console and request."""
    return tuple(name for name, answer in answers.items() if _fits(answer.match, facts))


def _fits(match: Match, facts: dict[str, Any]) -> bool:
    patterns = {key: getattr(match, key) for key in ("reason", "console", "request", "report") if getattr(match, key) is not None}
    if not patterns or facts["verdict"] not in match.verdict:
        return False
    return all(any(pattern.search(text) for text in _texts(facts[key])) for key, pattern in patterns.items())


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
