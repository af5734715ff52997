"""The operators that several conditions share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from harness.scenario.http import number_fits
from harness.scenario.locators import LOCATOR
from harness.scenario.shapes import Decoder, Either, Invalid, JsonSchema, Number, Pattern, ScalarShape, ShapeError, Text, option
from harness.scenario.source import Node, Scalar

NUMBER = Number()


@dataclass(frozen=True, kw_only=True)
class TextOperators:
    """`is`, `contains`, `matches`: all that are given must fit."""

    is_: str | None = option(Text(), "the whole text, white space folded", key="is")
    contains: str | None = option(Text(), "text that it holds")
    matches: re.Pattern[str] | None = option(Pattern(), "a regular expression that finds something in it")

    def fits(self, text: str) -> bool:
        """Whether a text is as wanted; runs of white space count as one space for `is` and `contains`."""
        folded = " ".join(text.split())
        return (
            (self.is_ is None or folded == " ".join(self.is_.split()))
            and (self.contains is None or " ".join(self.contains.split()) in folded)
            and (self.matches is None or self.matches.search(text) is not None)
        )

    @property
    def any_given(self) -> bool:
        return self.is_ is not None or self.contains is not None or self.matches is not None


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """`is`, `above`, `below`, `at_least`, `at_most`: all that are given must fit."""

    is_: float | None = option(NUMBER, "exactly this number", key="is")
    above: float | None = option(NUMBER, "a larger number than this")
    below: float | None = option(NUMBER, "a smaller number than this")
    at_least: float | None = option(NUMBER, "this number or a larger one")
    at_most: float | None = option(NUMBER, "this number or a smaller one")

    def fits(self, number: float) -> bool:
        """Whether a number is as wanted; `is` forgives what binary floating point adds."""
        exact = self.is_ is None or abs(number - self.is_) <= 1e-9 * max(1.0, abs(self.is_))
        return exact and number_fits(number, self.above, self.below, self.at_least, self.at_most)

    @property
    def any_given(self) -> bool:
        return any(bound is not None for bound in (self.is_, self.above, self.below, self.at_least, self.at_most))


def need_operator(values: dict[str, Any], words: tuple[str, ...], node: Node, decoder: Decoder) -> None:
    """Reports a check that says nothing: at least one of `words` must be given."""
    names = {word: "is_" if word == "is" else word for word in words}
    if all(values.get(name) is None for name in names.values()):
        decoder.report("missing-operator", f"`{values['key']}` needs one of {', '.join(words)}", node)
        raise Invalid


TEXT_WORDS = ("is", "contains", "matches")
BOUND_WORDS = ("is", "above", "below", "at_least", "at_most")


class _Page(ScalarShape):
    """The word `page`, or a locator's text."""

    expected = "`page` or a locator"

    def raw(self, node: Scalar) -> Any:
        return node.text

    def convert(self, value: Any) -> Any:
        return "page" if value == "page" else LOCATOR.convert(value)


LOCATOR_OR_PAGE = Either(_Page(), LOCATOR)


class GlobOrOperators(Text):
    """Text, or a mapping whose keys are the check's operators (`url: {matches: …}`)."""

    operators_inside = True
    expected = "a glob"

    def raw(self, node: Scalar) -> Any:
        return node.text or None

    def convert(self, value: Any) -> Any:
        return None if value is None else super().convert(value)


class True_(ScalarShape):
    """The word `true`: the condition takes no other argument."""

    expected = "true"

    def convert(self, value: Any) -> bool:
        if value is not True:
            raise ShapeError("expected true", "for the opposite, write `not: {…}`")
        return True

    def schema(self) -> JsonSchema:
        return {"const": True}
