"""Numbers in the page, and how many elements there are."""

from __future__ import annotations

import time
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from harness.browser.locate import locate
from harness.browser.numbers import parse_number
from harness.browser.observers.support_.waiting import clean, in_driver, truth, unknown
from harness.browser.observers.text import shown
from harness.browser.view import View
from harness.run.ports import Look, Truth
from harness.scenario.conditions.number import CountIs, NumberIs
from harness.scenario.operators import TextOperators


async def number(view: View, check: NumberIs, wanted: bool, timeout_ms: float, since: int) -> Look:
    """The number that an element shows, read with the customer's locale. A text that is no number is not as wanted."""
    target = locate(view.page, check.target)

    def judge(text: str) -> tuple[Truth, str]:
        value = parse_number(text, view.spec.browser.locale)
        if value is None:
            return Truth.UNKNOWN, f'{check.target} shows "{clean(text)}", which is no single number'
        return truth(check.fits(value)), f'{check.target} shows {value:.10g} ("{clean(text, 60)}")'

    return await shown(view, target, check.target, TextOperators(), str(check.target), wanted, timeout_ms, judge)


async def count(view: View, check: CountIs, wanted: bool, timeout_ms: float, since: int) -> Look:
    """How many elements fit; waits in the driver until it is another number."""
    target = locate(view.page, check.target)
    end = time.monotonic() + timeout_ms / 1000
    try:
        while True:
            found = await view.how_many(target)
            left = (end - time.monotonic()) * 1000
            if check.fits(found) == wanted or left <= 0:
                break
            await in_driver(lambda ms, old=found: expect(target).not_to_have_count(old, timeout=ms), left)  # type: ignore[misc]
    except PlaywrightError as error:
        return unknown(error, check.target)
    return Look(
        truth(check.fits(found)), f"{check.target} is there {'once' if found == 1 else f'{found} times' if found else 'not at all'}"
    )


OBSERVERS: dict[str, Any] = {"number": number, "count": count}
