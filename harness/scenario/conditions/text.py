"""The text of an element, the value of a field."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.condition import Check
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.operators import TEXT_WORDS, TextOperators, need_operator
from harness.scenario.shapes import Decoder, argument
from harness.scenario.source import Node


@dataclass(frozen=True, kw_only=True)
class TextIs(TextOperators, Check):
    keys = ("text", "value")
    summary = {"text": "The element's text, white space folded.", "value": "The value of a field."}
    example = "{text: status, contains: Loading}"
    examples = {"value": '{value: textbox "Country", is: Norway}'}

    target: Locator = argument(LOCATOR, "the element")

    @property
    def unfilled(self) -> bool:
        return isinstance(self.is_, str) and not self.is_.strip()

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        need_operator(values, TEXT_WORDS, node, decoder)
