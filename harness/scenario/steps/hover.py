"""`hover`: moves the pointer over an element."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class Hover(Action):
    verb = "hover"
    summary = "Moves the pointer over an element."
    example = 'hover: button "Info"'

    target: Locator = argument(LOCATOR, "the element")
