"""Acts in the page as a person does: by the mouse and the keyboard, also in the overlay, which no script can reach."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from playwright.async_api import CDPSession, Locator, Page
from playwright.async_api import Error as PlaywrightError


def _holding(node: Mapping[str, Any], text: str, parent: int = 0) -> Iterator[int]:
    if node.get("nodeValue", "").strip() == text:
        yield parent
    for child in (*node.get("children", ()), *node.get("shadowRoots", ())):
        yield from _holding(child, text, node["nodeId"])


async def _middle(cdp: CDPSession, text: str) -> tuple[float, float] | None:
    root = (await cdp.send("DOM.getDocument", {"depth": -1, "pierce": True}))["root"]
    for node in _holding(root, text):
        try:
            quad = (await cdp.send("DOM.getBoxModel", {"nodeId": node}))["model"]["content"]
        except PlaywrightError:
            continue  # it is not shown
        return (quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2
    return None


async def middle_in_overlay(page: Page, text: str) -> tuple[float, float]:
    """Where a button of the overlay is, as soon as it is there."""
    cdp = await page.context.new_cdp_session(page)
    async with asyncio.timeout(10):
        while (at := await _middle(cdp, text)) is None:
            await page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    await cdp.detach()
    return at


async def press_in_overlay(page: Page, text: str) -> None:
    """Clicks a button of the overlay."""
    await page.mouse.click(*await middle_in_overlay(page, text))


async def type_in_overlay(page: Page, beside: str, text: str) -> None:
    """Types into the overlay's field, which stands right of a button."""
    x, y = await middle_in_overlay(page, beside)
    await page.mouse.click(x + 150, y)
    await page.keyboard.type(text)


async def point_at(page: Page, locator: Locator) -> None:
    """Clicks in the middle of an element, whatever is to come of it."""
    box = await locator.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await page.mouse.up()


async def mark(page: Page, kind: str, locator: Locator, answer: str) -> None:
    """Marks an element: `kind` is Symptom or Expected."""
    await press_in_overlay(page, kind)
    await point_at(page, locator)
    await press_in_overlay(page, answer)
