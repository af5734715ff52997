"""A number in the page, and how many elements there are."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.condition import Check
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.operators import BOUND_WORDS, Bounds, need_operator
from harness.scenario.shapes import Decoder, argument
from harness.scenario.source import Node
from harness.scenario.template import Deferred


@dataclass(frozen=True, kw_only=True)
class NumberIs(Bounds, Check):
    keys = ("number",)
    summary = {"number": "The number that the element's text shows, read with the customer's locale."}
    example = "{number: cell /total/i, is: 1190.5}"

    target: Locator = argument(LOCATOR, "the element")

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        need_operator(values, BOUND_WORDS, node, decoder)


@dataclass(frozen=True, kw_only=True)
class CountIs(Bounds, Check):
    keys = ("count",)
    summary = {"count": "How many elements fit the locator."}
    example = "{count: listitem, at_least: 3}"

    target: Locator = argument(LOCATOR, "the elements")

    @property
    def absence(self) -> bool:
        known = not any(isinstance(getattr(self, name), Deferred) for name in ("is_", *(word for word in BOUND_WORDS if word != "is")))
        return known and self.fits(0)

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        need_operator(values, BOUND_WORDS, node, decoder)
