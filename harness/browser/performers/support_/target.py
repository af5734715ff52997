"""Acts on an element, and says what was the matter when that did not work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator as PlaywrightLocator
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.browser.locate import locate
from harness.browser.near import nearest_names, slip_of
from harness.browser.performers.support_.errors import is_done, is_strict, matches_of, obstacle, plain_error
from harness.browser.untraced import untraced
from harness.run.ports import Box, Performed, StepFailed
from harness.scenario.locators import Locator

BOX_S = 0.3


async def act(session: Any, locator: Locator, work: Callable[[PlaywrightLocator], Awaitable[Any]], *, told: bool = True) -> Performed:
    """Does `work` with the element; gives the box that it had, for the picture, where no trace will tell it: there is none, the
    element is in a frame, or what is done is no input, so that it is not `told` there. Raises StepFailed with what was there instead."""
    page = session.view().page
    target = locate(page, locator)
    capture = session.spec.capture
    asks = capture.screenshots and not (capture.trace and told and not _in_frame(locator))
    box = asyncio.ensure_future(untraced(page, lambda: _box(target))) if asks else None
    try:
        await work(target)
    except PlaywrightError as error:
        if session.attempted.is_lost():
            raise
        if not (is_done(error) and session.view().next_page()):
            raise await _failed(session, locator, target, error) from None
    finally:
        seen = await _soon(box) if box is not None else None
    return Performed(box=seen)


def _in_frame(locator: Locator) -> bool:
    """A trace tells some boxes from the corner of the element's own frame."""
    return locator.frame is not None or (locator.within is not None and _in_frame(locator.within))


async def _soon(box: asyncio.Future[Box | None]) -> Box | None:
    """The box, if it comes at once: where the action has replaced the page it never will."""
    try:
        return await asyncio.wait_for(box, BOX_S)
    except (PlaywrightError, TimeoutError):
        return None


async def _box(target: PlaywrightLocator) -> Box | None:
    """Where the element is when it first appears; the action itself scrolls and waits, so this is begun beside it."""
    found = await target.bounding_box(timeout=5_000)
    return Box(found["x"], found["y"], found["width"], found["height"]) if found else None


async def _failed(session: Any, locator: Locator, target: PlaywrightLocator, error: PlaywrightError) -> StepFailed:
    if is_strict(error):
        count, found = matches_of(error)
        return StepFailed(f"{locator} is there {count} times; say which one is meant (name, within, nth)", found)
    if not isinstance(error, PlaywrightTimeout):
        return StepFailed(f"{locator}: {plain_error(error)}")
    if coming := session.view().next_page():
        return StepFailed(f"{locator} can't be looked for: {coming}")
    there = await _is_there(target)
    if there is None:
        return StepFailed(f"{locator} can't be looked for: the page does not answer")
    if there:
        return StepFailed(f"{locator}: {obstacle(error) or 'it did not react in time'}")
    found = await nearest_names(session.view().page, locator)
    status = (await session.state()).status or 0
    why = f" (the server answered {status} for the page)" if status >= 400 else ""
    return StepFailed(f"there is no {locator}{why}", found, missing=True, slip=slip_of(locator, found))


async def _is_there(target: PlaywrightLocator) -> bool | None:
    """None when the page does not say."""
    try:
        async with asyncio.timeout(3):
            return await target.count() > 0
    except PlaywrightError:
        return False
    except TimeoutError:
        return None
