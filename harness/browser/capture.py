"""Pictures of a page: fast where the browser's own protocol can make them, and never waiting for a page that hangs."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from harness.browser.covering import Covered, Coverer, hull, paint
from harness.evidence.redact import Redactor
from harness.evidence.trace import Frame
from harness.run.ports import Picture
from harness.scenario.locators import Locator

QUALITY = 55  # small type reads as at 70, for four fifths of the bytes
LIMIT_S = 3.0


class Camera:
    """Takes the pictures of one context. A CDP picture costs a quarter of Playwright's own. `frames` are those it took, for the trace;
    `reused` tells whether the last one that was asked for was there already."""

    def __init__(self, folder: Path, masks: Sequence[Locator], redactor: Redactor, chromium: bool) -> None:
        self._folder = folder
        self._masks = masks
        self.redactor = redactor
        self._chromium = chromium
        self._sessions: dict[Page, CDPSession] = {}
        self._coverers: dict[Page, Coverer] = {}
        self._pages: dict[Page, int] = {}
        self._last: dict[Page, tuple[tuple[str, ...], Picture]] = {}
        self.frames: list[Frame] = []
        self.reused = False

    def add(self, page: Page) -> None:
        """A new tab; the trace counts them in this order."""
        self._pages[page] = len(self._pages)

    def number(self, page: Page) -> int:
        """Which of the context's tabs it is."""
        return self._pages.get(page, 0)

    async def take(self, page: Page, name: str, full_page: bool, fresh: bool = True) -> Picture | None:
        """The picture `name`.jpg, or None when the page can't be pictured within three seconds. Without `fresh`, the page's last picture
        serves again where the page is sure to show the same."""
        path = self._folder / f"{name}.jpg"
        at_ms = time.time() * 1000
        try:
            async with asyncio.timeout(LIMIT_S):
                before = await self._look(page)
                shown = self._shown(page)
                self.reused = not fresh and bool(shown) and page in self._last and self._last[page][0] == shown
                if self.reused:
                    return self._last[page][1]
                data = await self._covered(page, full_page, before)
        except (PlaywrightError, TimeoutError):
            return None
        path.write_bytes(data)
        size = page.viewport_size or {"width": 1280, "height": 720}
        picture = Picture(path, (size["width"], size["height"]))
        if not full_page:
            self.frames.append(Frame(path, at_ms, self.number(page), size["width"], size["height"]))
            self._last[page] = shown, picture
        return picture

    def _shown(self, page: Page) -> tuple[str, ...]:
        """Stands for what the page showed at the last look and what of it is covered; empty where that can't be told."""
        coverer = self._coverers.get(page)
        return (coverer.still, *self.redactor.values) if coverer is not None and coverer.still else ()

    async def _covered(self, page: Page, full_page: bool, before: Covered) -> bytes:
        """The picture with everything covered that it may not show, where it stood before and where it stood after."""
        data = await self._data(page, full_page)
        after = await self._look(page) if self.redactor.values or self._masks else before
        covered = hull(before.boxes, after.boxes)
        if not covered:
            return data
        return await asyncio.to_thread(paint, data, covered, after.whole if full_page else after.visible, QUALITY)

    async def _look(self, page: Page) -> Covered:
        """A page that is being replaced can't be asked for a moment; the one that follows can."""
        try:
            return await (await self._coverer(page)).look()
        except PlaywrightError:
            self._coverers.pop(page, None)
            self._sessions.pop(page, None)
            await page.wait_for_load_state("domcontentloaded", timeout=LIMIT_S * 1000)
            return await (await self._coverer(page)).look()

    async def _coverer(self, page: Page) -> Coverer:
        if page not in self._coverers:
            cdp = await self._session(page) if self._chromium else None
            self._coverers[page] = Coverer(page, self._masks, self.redactor, cdp)
        return self._coverers[page]

    async def _session(self, page: Page) -> CDPSession:
        if page not in self._sessions:
            self._sessions[page] = await page.context.new_cdp_session(page)
        return self._sessions[page]

    async def _data(self, page: Page, full_page: bool) -> bytes:
        try:
            return await self._once(page, full_page)
        except PlaywrightError:
            self._sessions.pop(page, None)
            self._coverers.pop(page, None)
            await page.wait_for_load_state("domcontentloaded", timeout=LIMIT_S * 1000)
            return await self._once(page, full_page)

    async def _once(self, page: Page, full_page: bool) -> bytes:
        if full_page or not self._chromium:
            return await page.screenshot(type="jpeg", quality=QUALITY, full_page=full_page, timeout=LIMIT_S * 1000)
        return await self._fast(page)

    async def _fast(self, page: Page) -> bytes:
        session = await self._session(page)
        answer = await session.send("Page.captureScreenshot", {"format": "jpeg", "quality": QUALITY, "optimizeForSpeed": True})
        return base64.b64decode(answer["data"])
