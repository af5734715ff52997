"""`wait_for`: waits until a condition holds."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.condition import CONDITION, Condition
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class WaitFor(Action):
    verb = "wait_for"
    summary = "Waits until a condition holds; not met in time, the step can't be done."
    example = 'wait_for: {visible: heading "Dashboard"}'

    condition: Condition = argument(CONDITION, "a condition")
