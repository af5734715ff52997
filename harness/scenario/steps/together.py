"""`together`: steps begun at the same moment."""

from dataclasses import dataclass

from harness.scenario.action import STEPS, Action, Step
from harness.scenario.shapes import Many, argument


@dataclass(frozen=True, kw_only=True)
class Together(Action):
    verb = "together"
    summary = "Begins steps at the same moment, each in its own tab or, with `as`, its own account: races, two users."
    example = 'together: [{click: button "Pay"}, {click: button "Pay"}]'

    steps: tuple[Step, ...] = argument(Many(STEPS), "a list of steps")
