"""`scroll_to`: scrolls until an element is in view."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class ScrollTo(Action):
    verb = "scroll_to"
    summary = "Scrolls until an element is in view."
    example = 'scroll_to: heading "Archive"'

    target: Locator = argument(LOCATOR, "the element")
