"""An attribute or a computed style of an element."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.condition import Check
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.operators import TEXT_WORDS, TextOperators, need_operator
from harness.scenario.shapes import Decoder, Word, argument, required
from harness.scenario.source import Node


@dataclass(frozen=True, kw_only=True)
class Attribute(TextOperators, Check):
    keys = ("attribute", "style")
    summary = {
        "attribute": "An attribute of the element; without is, contains or matches: that it has it.",
        "style": "A computed CSS property of the element.",
    }
    example = "{attribute: link /help/i, name: href, contains: /help}"
    examples = {"style": "{style: alert, name: display, is: flex}"}

    target: Locator = argument(LOCATOR, "the element")
    name: str = required(Word(), "the attribute or the CSS property")

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        if values["key"] == "style":
            need_operator(values, TEXT_WORDS, node, decoder)
