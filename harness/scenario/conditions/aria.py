"""The accessibility tree of the page or of an element."""

from dataclasses import dataclass

from harness.scenario.condition import Check
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import Text, argument, option


@dataclass(frozen=True, kw_only=True)
class Aria(Check):
    keys = ("aria",)
    summary = {"aria": "The page, or the element `of`, fits an ARIA snapshot template of Playwright."}
    example = "aria: '- heading \"Revenue\"'"

    template: str = argument(Text(), "an ARIA snapshot template")
    of: Locator | None = option(LOCATOR, "only below this element")
