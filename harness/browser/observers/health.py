"""Pages that do not answer any more."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Error as PlaywrightError

from harness.browser.observers.support_.waiting import on_events, paced
from harness.browser.view import View
from harness.evidence.events import CrashEvent
from harness.run.ports import Look, Truth
from harness.scenario.conditions.health import PageHealth

ANSWER_S = 2.5


async def unresponsive(view: View, check: PageHealth, wanted: bool, timeout_ms: float, since: int) -> Look:
    """A page whose main thread runs one script all the time can't evaluate another."""

    async def test() -> Look:
        try:
            async with asyncio.timeout(ANSWER_S):
                await view.page.evaluate("1")
        except TimeoutError:
            if coming := view.next_page():
                return Look(Truth.UNKNOWN, coming)
            return Look(Truth.YES, f"the page does not react (no answer within {ANSWER_S:g} s)")
        except PlaywrightError as error:
            if "crashed" in str(error):
                return Look(Truth.YES, "the page has crashed")
            return Look(Truth.UNKNOWN, "the page was closed or is being replaced")
        return Look(Truth.NO, "the page reacts")

    return await paced(test, wanted, timeout_ms)


async def crashed(view: View, check: PageHealth, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits for the browser to tell."""

    async def test() -> Look:
        seen = any(isinstance(event, CrashEvent) for event in view.log.since(since))
        return Look(Truth.YES, "the page crashed") if seen else Look(Truth.NO, "the page did not crash")

    return await on_events(view, test, wanted, timeout_ms)


OBSERVERS: dict[str, Any] = {"unresponsive": unresponsive, "crashed": crashed}
