"""Values from `REPRO_*` variables and from options that take one of a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.diagnostics import problem
from harness.scenario.nearest import hint_among

VERDICTS = ("reproduced", "not_reproduced", "inconclusive")


@dataclass(frozen=True)
class FromEnvironment:
    """The defaults that the environment gives: `REPRO_WORKERS=4`."""

    environ: Mapping[str, str]

    def text(self, name: str) -> str | None:
        """The variable, or None."""
        return self.environ.get(f"REPRO_{name}") or None

    def words(self, name: str) -> tuple[str, ...]:
        """The variable as a list, with commas between."""
        return tuple(word.strip() for word in (self.text(name) or "").split(",") if word.strip())

    def number(self, name: str) -> int | None:
        """The variable as a whole number. Raises Problems."""
        text = self.text(name)
        if text is None:
            return None
        if not text.isdecimal() or int(text) < 1:
            raise problem("wrong-value", f"REPRO_{name} is `{text}`, expected a whole number of at least 1")
        return int(text)


def from_environment(environ: Mapping[str, str]) -> FromEnvironment:
    """The defaults that the environment gives."""
    return FromEnvironment(environ)


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
