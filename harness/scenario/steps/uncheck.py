"""`uncheck`: removes the tick of a checkbox."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class Uncheck(Action):
    verb = "uncheck"
    summary = "Removes the tick of a checkbox."
    example = 'uncheck: checkbox "Remember me"'

    target: Locator = argument(LOCATOR, "the element")
