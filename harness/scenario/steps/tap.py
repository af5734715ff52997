"""`tap`: taps an element; the customer's device has to have a touch screen."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class Tap(Action):
    verb = "tap"
    summary = "Taps an element; the customer's device has to have a touch screen."
    example = 'tap: button "Menu"'

    target: Locator = argument(LOCATOR, "the element")
