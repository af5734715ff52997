"""`goto`, and what a page that does not come means."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.browser.api import network_reason
from harness.browser.guard import complaint, hosts_of
from harness.browser.performers.support_.errors import plain_error
from harness.core.durations import format_duration
from harness.run.ports import Performed, StepFailed
from harness.scenario.steps.goto import Goto

ACTION = Goto
LOAD_MS = 5_000


async def perform(session: Any, action: Goto, timeout_ms: int) -> Performed:
    """Opens the page. It must begin to come in time; one that never stops loading is a remark, not a failure."""
    url = _absolute(action.url, session.spec.base_url)
    if why := complaint(url, hosts_of(session.spec.base_url, session.spec.allow_hosts)):
        raise StepFailed(why)
    page = session.view().page
    done = await navigate(page, timeout_ms, lambda left: page.goto(url, wait_until="commit", timeout=left))
    return replace(done, note="; ".join(filter(None, (session.opened.listener.arrived(page, url), done.note))) or None)


async def navigate(page: Page, timeout_ms: int, start: Any) -> Performed:
    """Runs a navigation and waits for the load event, at most five seconds. Raises StepFailed."""
    end = time.monotonic() + timeout_ms / 1000
    try:
        await start(timeout_ms)
    except PlaywrightError as error:
        raise _no_page(error, timeout_ms) from None
    left = min(LOAD_MS, max(1.0, (end - time.monotonic()) * 1000))
    try:
        await page.wait_for_load_state("load", timeout=left)
    except PlaywrightTimeout:
        return Performed(note=f"the page was still loading after {format_duration(left)}")
    except PlaywrightError as error:
        raise StepFailed(plain_error(error)) from None
    return Performed()


def _absolute(url: str, base_url: str) -> str:
    return urljoin(f"{base_url}/", url.lstrip("/")) if url.startswith("/") else urljoin(f"{base_url}/", url)


def _no_page(error: PlaywrightError, timeout_ms: int) -> StepFailed:
    text = str(error)
    if "ERR_TOO_MANY_REDIRECTS" in text:
        return StepFailed("the page redirects for ever")
    if "is interrupted by another navigation" in text or "ERR_ABORTED" in text:
        return StepFailed("the navigation was broken off by another one, or became a download")
    if isinstance(error, PlaywrightTimeout):
        return StepFailed(f"no page came within {format_duration(timeout_ms)}")
    if reason := network_reason(text):
        return StepFailed(f"staging can't be reached: {reason}", unreachable=True)
    return StepFailed(plain_error(error))
