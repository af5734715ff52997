"""The page's address and title."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from harness.browser.observers.support_.waiting import clean, in_driver, truth, unknown
from harness.browser.view import View
from harness.core.globs import address_regex, glob_regex
from harness.run.ports import Look
from harness.scenario.conditions.address import Address


async def address(view: View, check: Address, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits in the driver."""
    pattern = _pattern(check, view.spec.base_url)
    page = expect(view.page)
    names = ("to_have_url", "not_to_have_url") if check.key == "url" else ("to_have_title", "not_to_have_title")
    assertion = getattr(page, names[0] if wanted else names[1])
    try:
        came = await in_driver(lambda ms: assertion(pattern, timeout=ms), timeout_ms)
        shown = view.page.url if check.key == "url" else await view.page.title()
    except PlaywrightError as error:
        return unknown(error, f"the page's {check.key}")
    holds = came == wanted
    if not came and check.key == "url":  # the driver does not look while a page is on its way
        holds = pattern.search(shown) is not None
    what = "the address" if check.key == "url" else "the title"
    return Look(truth(holds), f'{what} is "{clean(shown)}"')


def _pattern(check: Address, base_url: str) -> re.Pattern[str]:
    if check.matches is not None:
        return check.matches
    assert check.glob is not None
    return (
        address_regex(check.glob, base_url)
        if check.key == "url"
        else re.compile(f"^{glob_regex(check.glob.replace('*', '**')).pattern}$", re.DOTALL)
    )


OBSERVERS: dict[str, Any] = {"url": address, "title": address}
