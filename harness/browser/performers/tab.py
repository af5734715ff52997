"""`tab`."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Page

from harness.core.globs import address_matches, glob_regex
from harness.run.ports import Performed, StepFailed
from harness.scenario.steps.tab import Tab, TabNamed

ACTION = Tab


async def perform(session: Any, action: Tab, timeout_ms: int) -> Performed:
    """Goes on in another tab. One that is not there yet is waited for: the newest is never the one in which one is already."""
    if action.which == "new":
        session.page = await session.opened.context.new_page()
        return Performed()
    if action.which == "close":
        await session.view().page.close()
        session.view()
        return Performed()
    try:
        async with asyncio.timeout(timeout_ms / 1000):
            session.page = await _wait(session, action.which)
    except TimeoutError:
        raise StepFailed(f"there is no such tab; open are: {await _listed(session)}") from None
    await session.page.bring_to_front()
    return Performed()


async def _wait(session: Any, which: str | int | TabNamed) -> Page:
    while True:
        found = await _find(session, which)
        if found is not None:
            return found
        await _next_change(session)


async def _next_change(session: Any) -> None:
    """A new tab, or something that happens in one: an address or a title changes with the traffic."""
    context = session.opened.context
    changed = asyncio.ensure_future(session.log.change())
    opened = asyncio.ensure_future(context.wait_for_event("page", timeout=0))
    try:
        await asyncio.wait((changed, opened), timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (changed, opened):
            task.cancel()
        await asyncio.gather(changed, opened, return_exceptions=True)


async def _find(session: Any, which: str | int | TabNamed) -> Page | None:
    pages: list[Page] = session.opened.pages
    if isinstance(which, int):
        page = pages[which] if -len(pages) <= which < len(pages) else None
        return None if which == -1 and page is session.page else page
    if not isinstance(which, TabNamed):
        return None
    for page in reversed(pages):
        if which.url is not None and address_matches(which.url, page.url, session.spec.base_url):
            return page
        if which.title is not None and glob_regex(which.title).fullmatch(await page.title()):
            return page
    return None


async def _listed(session: Any) -> str:
    return ", ".join([f"{number}: {page.url[:100]}" for number, page in enumerate(session.opened.pages)]) or "none"
