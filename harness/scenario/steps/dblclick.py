"""`dblclick`: double-clicks an element."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.pointer import BUTTON, MODIFIERS, POSITION, Point
from harness.scenario.shapes import Bool, argument, option


@dataclass(frozen=True, kw_only=True)
class DoubleClick(Action):
    verb = "dblclick"
    summary = "Double-clicks an element."
    example = 'dblclick: button "Save"'

    target: Locator = argument(LOCATOR, "the element")
    button: str = option(BUTTON, "which button of the mouse", default="left")
    modifiers: tuple[str, ...] = option(MODIFIERS, "keys held down meanwhile", default=())
    position: Point | None = option(POSITION, "where in the element, in CSS pixels from its upper left corner")
    force: bool = option(Bool(), "without waiting until the element can be clicked", default=False)
