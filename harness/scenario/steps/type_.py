"""`type`: sends text key by key."""

from dataclasses import dataclass

from harness.core.secret import Secret
from harness.scenario.action import Action
from harness.scenario.locators import Locator
from harness.scenario.pairs import Pairs
from harness.scenario.shapes import Duration, Either, Text, argument, option


@dataclass(frozen=True, kw_only=True)
class Type(Action):
    verb = "type"
    summary = "Sends text key by key, to fields or, given text alone, to whatever has the focus."
    example = 'type: {combobox "City": Ber}'

    target: str | Secret | tuple[tuple[Locator, str | Secret], ...] = argument(Either(Text(), Pairs(Text())), "locator: text, or text")
    delay_ms: int | None = option(Duration(), "the pause between two keys", key="delay")
