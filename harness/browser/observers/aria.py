"""The accessibility tree."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from harness.browser.locate import locate
from harness.browser.observers.support_.waiting import in_driver, truth, unknown
from harness.browser.view import View
from harness.run.ports import Look
from harness.scenario.conditions.aria import Aria


async def aria(view: View, check: Aria, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits in the driver."""
    target = locate(view.page, check.of) if check.of is not None else view.page.locator("body")
    assertions = expect(target)
    chosen = assertions.to_match_aria_snapshot if wanted else assertions.not_to_match_aria_snapshot
    try:
        holds = wanted if await in_driver(lambda ms: chosen(check.template, timeout=ms), timeout_ms) else not wanted
    except PlaywrightError as error:
        return unknown(error, check.of or "the page")
    return Look(truth(holds), f"{check.of or 'the page'} {'fits' if holds else 'does not fit'} the ARIA template")


OBSERVERS: dict[str, Any] = {"aria": aria}
