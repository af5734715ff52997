"""`check`: ticks a checkbox or chooses a radio button."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class CheckBox(Action):
    verb = "check"
    summary = "Ticks a checkbox or chooses a radio button."
    example = 'check: checkbox "Remember me"'

    target: Locator = argument(LOCATOR, "the element")
