"""The three ways to wait: in the driver, on the event log, and, for pictures, again after a pause."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

from playwright.async_api import Error as PlaywrightError

from harness.browser.performers.support_.errors import is_strict, matches_of, plain_error
from harness.browser.view import View
from harness.run.ports import Look, Truth

PAUSES_MS = (100, 250, 500, 1000)
NOW_MS = 50
GONE = Look(Truth.UNKNOWN, "the page crashed or was closed")


def clean(text: str, most: int = 200) -> str:
    """The application's text as it may stand in a sentence."""
    folded = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return folded if len(folded) <= most else folded[: most - 1] + "…"


def truth(holds: bool) -> Truth:
    """YES or NO."""
    return Truth.YES if holds else Truth.NO


async def in_driver(assertion: Callable[[float], Awaitable[None]], timeout_ms: float) -> bool:
    """Whether one of Playwright's assertions came true in time. Raises PlaywrightError for what could not be observed."""
    try:
        await assertion(max(timeout_ms, NOW_MS))
    except AssertionError as error:
        if "strict mode violation" in str(error):
            raise PlaywrightError(str(error)) from None
        return False
    return True


def unknown(error: PlaywrightError, what: object) -> Look:
    """A look that failed."""
    if is_strict(error):
        count, found = matches_of(error)
        listed = f": {'; '.join(found)}" if found else ""
        return Look(Truth.UNKNOWN, f"{what} is there {count} times, so it is not known which is meant{listed}")
    if re.search(r"crashed|closed", str(error)):
        return GONE
    return Look(Truth.UNKNOWN, f"{what} could not be observed: {plain_error(error)}")


async def on_events(
    view: View, test: Callable[[], Awaitable[Look]], wanted: bool, timeout_ms: float, wake_ms: Callable[[], float | None] = lambda: None
) -> Look:
    """Looks again whenever something happens, until the truth is `wanted` or the time is over. `wake_ms` says when else."""
    end = time.monotonic() + timeout_ms / 1000
    while True:
        change = asyncio.ensure_future(view.log.change())
        try:
            seen = await test()
            left = end - time.monotonic()
            if seen.truth is truth(wanted) or left <= 0:
                return seen
            wake = wake_ms()
            await asyncio.wait([change], timeout=left if wake is None else min(left, max(0.01, wake / 1000)))
        finally:
            change.cancel()


async def paced(test: Callable[[], Awaitable[Look]], wanted: bool, timeout_ms: float) -> Look:
    """Looks again after growing pauses, as Playwright's own picture assertion does: what is painted has no event."""
    end = time.monotonic() + timeout_ms / 1000
    for attempt in range(10_000):
        seen = await test()
        left = end - time.monotonic()
        if seen.truth is truth(wanted) or left <= 0 or seen == GONE:
            return seen
        await asyncio.sleep(min(left, PAUSES_MS[min(attempt, len(PAUSES_MS) - 1)] / 1000))
    return seen
