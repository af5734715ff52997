"""Pictures of a page: fast where the browser's own protocol can make them, and never waiting for a page that hangs."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.locate import locate
from harness.run.ports import Picture
from harness.scenario.locators import Locator

QUALITY = 70
LIMIT_S = 3.0


class Camera:
    """Takes the pictures of one context. A CDP picture costs a quarter of Playwright's own; masks need the latter."""

    def __init__(self, folder: Path, masks: Sequence[Locator], chromium: bool) -> None:
        self._folder = folder
        self._masks = masks
        self._chromium = chromium
        self._sessions: dict[Page, CDPSession] = {}

    async def take(self, page: Page, name: str, full_page: bool) -> Picture | None:
        """The picture `name`.jpg, or None when the page can't be pictured within three seconds."""
        path = self._folder / f"{name}.jpg"
        try:
            async with asyncio.timeout(LIMIT_S):
                data = await self._data(page, full_page)
        except (PlaywrightError, TimeoutError):
            return None
        path.write_bytes(data)
        size = page.viewport_size or {"width": 1280, "height": 720}
        return Picture(path, (size["width"], size["height"]))

    async def _data(self, page: Page, full_page: bool) -> bytes:
        """A page that is being replaced can't be pictured for a moment; the one that follows can."""
        try:
            return await self._once(page, full_page)
        except PlaywrightError:
            self._sessions.pop(page, None)
            await page.wait_for_load_state("domcontentloaded", timeout=LIMIT_S * 1000)
            return await self._once(page, full_page)

    async def _once(self, page: Page, full_page: bool) -> bytes:
        masks = await self._masked(page)
        if masks or full_page or not self._chromium:
            return await page.screenshot(type="jpeg", quality=QUALITY, full_page=full_page, mask=masks, timeout=LIMIT_S * 1000)
        return await self._fast(page)

    async def _fast(self, page: Page) -> bytes:
        session = self._sessions.get(page)
        if session is None:
            session = self._sessions[page] = await page.context.new_cdp_session(page)
        answer = await session.send("Page.captureScreenshot", {"format": "jpeg", "quality": QUALITY, "optimizeForSpeed": True})
        return base64.b64decode(answer["data"])

    async def _masked(self, page: Page) -> list[PlaywrightLocator]:
        """The masks that cover something here."""
        locators = [locate(page, mask) for mask in self._masks]
        counts = await asyncio.gather(*(locator.count() for locator in locators))
        return [locator for locator, count in zip(locators, counts, strict=True) if count]
