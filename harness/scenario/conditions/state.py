"""The state of an element: visible, hidden, enabled and so on."""

from dataclasses import dataclass

from harness.scenario.condition import Check
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class State(Check):
    keys = (
        "visible",
        "hidden",
        "attached",
        "enabled",
        "disabled",
        "checked",
        "unchecked",
        "editable",
        "focused",
        "in_viewport",
        "clickable",
    )
    summary = {
        "visible": "The element is there and can be seen.",
        "hidden": "The element is not there, or can't be seen.",
        "attached": "The element is in the page, seen or not.",
        "enabled": "The control can be used.",
        "disabled": "The control can't be used.",
        "checked": "The checkbox or radio button is ticked.",
        "unchecked": "The checkbox or radio button is not ticked.",
        "editable": "The field takes text.",
        "focused": "The element has the keyboard focus.",
        "in_viewport": "Some of the element is within the window.",
        "clickable": "A click would reach it: visible, stable, enabled and not covered.",
    }
    example = 'visible: heading "Revenue"'
    examples = {
        "hidden": "hidden: {role: status, has_text: Loading}",
        "attached": "attached: {testid: session-token}",
        "enabled": 'enabled: button "Save"',
        "disabled": 'disabled: button "Save"',
        "checked": 'checked: checkbox "Remember me"',
        "unchecked": 'unchecked: checkbox "Remember me"',
        "editable": 'editable: textbox "Email"',
        "focused": 'focused: textbox "Email"',
        "in_viewport": 'in_viewport: button "Save"',
        "clickable": 'clickable: button "Save"',
    }

    target: Locator = argument(LOCATOR, "the element")

    @property
    def absence(self) -> bool:
        return self.key == "hidden"
