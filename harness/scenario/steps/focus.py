"""`focus`: gives an element the keyboard focus."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class Focus(Action):
    verb = "focus"
    summary = "Gives an element the keyboard focus."
    example = 'focus: textbox "Search"'

    target: Locator = argument(LOCATOR, "the element")
