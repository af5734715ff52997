"""The page as text: its ARIA snapshot in the notation of locators, frames included, without what the team masks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator as PlaywrightLocator
from playwright.async_api import Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.browser.locate import locate
from harness.browser.near import nearest_names
from harness.browser.notation import Texts, head_of, locator_lines, masking, with_frames
from harness.run.ports import StepFailed
from harness.scenario.locators import Locator

WAIT_MS = 3_000
ANSWER_S = 6
MOST_ROOTS = 20
MOST_FRAMES = 20
DEEPEST = 4
_TEXTS = """elements => elements.flatMap(element => {
    const attributes = ['aria-label', 'alt', 'title', 'placeholder'].map(name => element.getAttribute(name));
    const found = [element.innerText, element.value, ...attributes];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) found.push(walker.currentNode.data);
    return found.filter(text => typeof text === 'string' && text);
})"""
_PASSWORDS = "elements => elements.map(element => element.value).filter(Boolean)"


async def read(page: Page, locator: Locator | None, masks: Sequence[Locator]) -> str:
    """The page, or what the locator finds. Raises StepFailed when it finds nothing, or Playwright's errors."""
    async with _answering():
        roots = await _roots(page, locator)
        change = masking(await _masked(page, masks))
        parts = [await _lines(root, change, DEEPEST) for root in roots]
    return "\n".join(line for part in parts for line in part)


async def matches(page: Page, locator: Locator, masks: Sequence[Locator], most: int = 5) -> tuple[str, ...]:
    """The first elements that the locator finds, each as a locator. It is asked when something went wrong, and does not wait for long."""
    async with _answering(WAIT_MS / 1000):
        found = await locate(page, locator).all()
        change = masking(await _masked(page, masks)) if found else str
        heads = [await _head(each, change) for each in found[:most]]
    return tuple(head for head in heads if head)


@contextlib.asynccontextmanager
async def _answering(most_s: float = ANSWER_S) -> AsyncIterator[None]:
    """A page that is busy for ever does not answer; the browser does. Raises StepFailed."""
    try:
        async with asyncio.timeout(most_s):
            yield
    except (TimeoutError, PlaywrightTimeout):
        raise StepFailed("the page does not answer") from None


async def settle(page: Page, timeout_ms: int) -> None:
    """Waits until the page has loaded and nothing is under way, at most so long."""
    with contextlib.suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(timeout_ms / 1000):
            await page.wait_for_load_state("networkidle", timeout=timeout_ms)


async def title(page: Page) -> str:
    """The page's title; empty when the page does not answer."""
    with contextlib.suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(WAIT_MS / 1000):
            return await page.title()
    return ""


async def _roots(page: Page, locator: Locator | None) -> list[PlaywrightLocator]:
    if locator is None:
        return [page.locator("body")]
    found = await locate(page, locator).all()
    if not found:
        raise StepFailed(f"there is no {locator}", await nearest_names(page, locator))
    return found[:MOST_ROOTS]


async def _lines(root: PlaywrightLocator, change: Texts, deeper: int) -> list[str]:
    lines = locator_lines(await root.aria_snapshot(timeout=WAIT_MS), change)
    if deeper == 0 or not any(line.lstrip() == "- iframe" for line in lines):
        return lines
    return with_frames(lines, [await _frame(frame, change, deeper) for frame in await _frames(root)])


async def _frames(root: PlaywrightLocator) -> list[PlaywrightLocator]:
    if await root.evaluate("element => element.matches('iframe, frame')", timeout=WAIT_MS):
        return [root]
    return (await root.locator("css=iframe, frame").filter(visible=True).all())[:MOST_FRAMES]


async def _frame(frame: PlaywrightLocator, change: Texts, deeper: int) -> tuple[str, list[str]]:
    """Its title, and its content; a frame that does not answer is empty."""
    try:
        name = change(" ".join((await frame.get_attribute("title", timeout=WAIT_MS) or "").split()))
        return name, await _lines(frame.content_frame.locator("body"), change, deeper - 1)
    except PlaywrightError:
        return "", []


async def _head(element: PlaywrightLocator, change: Texts) -> str:
    """The element's own line, as a locator."""
    try:
        lines = locator_lines(await element.aria_snapshot(timeout=WAIT_MS), change)
    except PlaywrightError:
        return ""
    return head_of(lines[0])[:200] if lines else ""


async def _masked(page: Page, masks: Sequence[Locator]) -> list[str]:
    """What must not be shown: the texts of masked elements, and what stands in password fields."""
    found: list[str] = []
    for mask in masks:
        with contextlib.suppress(PlaywrightError):
            found += await locate(page, mask).evaluate_all(_TEXTS)
    for frame in page.frames[: MOST_FRAMES + 1]:
        with contextlib.suppress(PlaywrightError):
            found += await frame.locator("css=input[type=password]").evaluate_all(_PASSWORDS)
    return found
