"""`press`: presses keys."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.keyboard import Keys
from harness.scenario.locators import Locator
from harness.scenario.pairs import Pairs
from harness.scenario.shapes import Either, argument


@dataclass(frozen=True, kw_only=True)
class Press(Action):
    verb = "press"
    summary = "Presses a key or a chord (`Enter`, `Control+S`) where the focus is, or on an element."
    example = 'press: {textbox "Search": Enter}'

    target: str | tuple[tuple[Locator, str], ...] = argument(Either(Keys(), Pairs(Keys())), "keys by Playwright's names, or locator: keys")
