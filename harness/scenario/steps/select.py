"""`select`: chooses options of a select element."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import Locator
from harness.scenario.pairs import Pairs
from harness.scenario.shapes import Many, Text, argument


@dataclass(frozen=True, kw_only=True)
class Select(Action):
    verb = "select"
    summary = "Chooses options of a select element, by their text or value."
    example = 'select: {combobox "Country": Norway}'

    fields: tuple[tuple[Locator, tuple[str, ...]], ...] = argument(Pairs(Many(Text(), or_one=True)), "locator: option")
