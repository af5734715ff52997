"""`clear`: empties a field."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class Clear(Action):
    verb = "clear"
    summary = "Empties a field."
    example = 'clear: textbox "Search"'

    target: Locator = argument(LOCATOR, "the element")
