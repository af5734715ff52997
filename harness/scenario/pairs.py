"""`{locator: value, …}` or `{locator: {…}, value: …}`: what `fill`, `type`, `select` and `upload` take."""

from __future__ import annotations

from dataclasses import dataclass

from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import Decoder, Invalid, JsonSchema, Shape, mapping
from harness.scenario.source import Node


@dataclass(frozen=True)
class Pairs:
    """Decoded to a tuple of (Locator, value)."""

    value: Shape

    def decode(self, node: Node, decoder: Decoder) -> tuple[tuple[Locator, object], ...]:
        entries = mapping(node, decoder)
        if not entries:
            raise decoder.invalid("wrong-value", "expected at least one `locator: value`", node)
        if {key.text for key, _ in entries} == {"locator", "value"}:
            by_key = {key.text: value for key, value in entries}
            pairs = [(by_key["locator"], by_key["value"])]
        else:
            pairs = [(key, value) for key, value in entries]
        decoded, failed = [], False
        for locator, value in pairs:
            try:
                decoded.append((LOCATOR.decode(locator, decoder), self.value.decode(value, decoder)))
            except Invalid:
                failed = True
        if failed:
            raise Invalid
        return tuple(decoded)

    def schema(self) -> JsonSchema:
        full = {"locator": LOCATOR.schema(), "value": self.value.schema()}
        return {"type": "object", "properties": full, "additionalProperties": self.value.schema(), "minProperties": 1}
