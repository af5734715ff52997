"""Options that take one of a few words."""

from __future__ import annotations

from collections.abc import Sequence

from harness.diagnostics import problem
from harness.scenario.nearest import hint_among

VERDICTS = ("reproduced", "not_reproduced", "inconclusive")


def one_of(option: str, value: str | None, words: Sequence[str]) -> str | None:
    """The value, if it is one of the words. Raises Problems."""
    if value is not None and value not in words:
        raise problem("wrong-value", f"{option} is one of {', '.join(words)}, not `{value}`", hint_among(value, words))
    return value


def verdicts(text: str | None) -> tuple[str, ...] | None:
    """The verdicts of `--fail-on`. Raises Problems."""
    if text is None:
        return None
    words = tuple(word.strip() for word in text.split(",") if word.strip())
    for word in words:
        one_of("--fail-on", word, VERDICTS)
    return words
