"""Finds what no picture may show: password fields, elements whose text holds a secret, elements that the team masks.

It only reads the page, in a world of its own that the page's scripts can't see, and nothing is put into the page: what is found is
painted over in the picture, before the picture is kept.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Frame, Page, Playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.locate import locate
from harness.evidence.encodings import shown_forms
from harness.evidence.learn import is_telling
from harness.evidence.redact import MASKED, SHORTEST_SPLIT, TYPED, Redactor
from harness.run.ports import Box
from harness.scenario.locators import Locator

ENGINE = "repro-covered"
WORLD = "repro"
MOST = 200
LONGEST_SHOWN = 200  # characters of a secret up to which a page is taken to show it escaped or packed, too
READ_MS = 1_000
EVERYWHERE = {"x": 0, "y": 0, "width": 1e6, "height": 1e6, "inner": False}
ANY_VIEW = {"visible": [0, 0, 1280, 720], "whole": [0, 0, 1280, 720]}
COLOR = (40, 44, 52)
HERE = "reproCovering"
SOURCE = (Path(__file__).parent / "covering.js").read_text(encoding="utf-8")
ENGINE_SCRIPT = f"""{{
  queryAll(root, selector) {{ return ({SOURCE}).elements(root, JSON.parse(decodeURIComponent(escape(atob(selector))))); }},
  query(root, selector) {{ return this.queryAll(root, selector)[0]; }}
}}"""
MEASURE = f"(elements) => ({SOURCE}).measure(elements)"
VIEW = f"() => ({SOURCE}).view()"


@dataclass(frozen=True)
class Covered:
    """What is to be covered, what of the page the window shows, and all of the page: CSS pixels, counted from the window's corner."""

    boxes: tuple[Box, ...]
    visible: Box
    whole: Box


async def register(playwright: Playwright) -> None:
    """Makes the selector engine known, which browsers without Chromium's protocol need; once for each driver."""
    await playwright.selectors.register(ENGINE, script=ENGINE_SCRIPT, content_script=True)


@dataclass(eq=False)
class Coverer:
    """Finds it in one page. `cdp` is None where the browser does not speak Chromium's protocol.

    `still` stands for what the page showed at the last look: as long as it is the same, so is the page. It is empty where that can't be
    told: frames, canvases, videos, animations, shadow trees, things still loading.
    """

    page: Page
    masks: Sequence[Locator]
    redactor: Redactor
    cdp: CDPSession | None
    still: str = ""
    _worlds: dict[str, int] = field(default_factory=dict)
    _main: str = ""

    async def look(self) -> Covered:
        """What is to be covered now."""
        values = self.redactor.values
        self.still = ""
        shown = [_as_one_line(form) for value in values for form in (value, *(shown_forms(value) if len(value) <= LONGEST_SHOWN else ()))]
        wanted = {
            "values": shown,
            "split": [value for value in shown if len(value) >= SHORTEST_SPLIT],
            "fields": self.redactor.short,
            "css": [selector for mask in self.masks if (selector := _css(mask))],
            "patterns": [_javascript(pattern) for pattern in self.redactor.patterns],
        }
        if self.cdp is not None:
            found, view = await self._by_protocol(self.cdp, wanted)
        else:
            found, view = await self._by_selector(self.page.frames, wanted), await self.page.evaluate(VIEW)
        for mask in self.masks:
            if not _css(mask) and not (mask.text and mask == Locator(text=mask.text)):
                found += await self._by_locator(locate(self.page, mask))
        return Covered(tuple(found), Box(*view["visible"]), Box(*view["whole"]))

    async def _by_locator(self, located: PlaywrightLocator) -> list[Box]:
        """What only Playwright can find. Each call is an action in the trace."""
        found = []
        for index in range(min(await located.count(), MOST)):
            element = located.nth(index)
            box = await element.bounding_box(timeout=READ_MS)
            self._learn([{"text": await element.inner_text(timeout=READ_MS), "typed": ""}])
            found += [Box(box["x"], box["y"], box["width"], box["height"])] if box else []
        return found

    async def _by_protocol(self, cdp: CDPSession, wanted: dict[str, Any]) -> tuple[list[Box], dict[str, Any]]:
        if len(self.page.frames) == 1 and self._main:
            frames = [self._main]
        else:
            frames = _ids((await cdp.send("Page.getFrameTree"))["frameTree"])
            self._main = frames[0]
        wanted = {**wanted, "main": len(frames) == 1}
        looks = [look for frame in frames if (look := await self._in_frame(cdp, frame, wanted)) is not None]
        self.still = f"{self._worlds.get(frames[0])} {looks[0]['still']}" if looks[0]["still"] else ""
        for look in looks:
            self._learn(look["told"])
        boxes = [box for look in looks for box in look["boxes"]]
        far = self.page.frames[1:] if len(self.page.frames) > len(frames) or any(box["inner"] for box in boxes) else []
        found = [Box(box["x"], box["y"], box["width"], box["height"]) for box in boxes if not box["inner"]]
        return found + await self._by_selector(far, wanted), looks[0]["view"]

    async def _in_frame(self, cdp: CDPSession, frame: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
        """None when the frame is gone. Where something may be hidden in closed shadow roots, these are made known first."""
        look = await self._in_world(cdp, frame, wanted)
        if look is not None and look["fresh"]:
            await self._tell_closed(cdp, frame)
            look = await self._in_world(cdp, frame, wanted)
        return look

    async def _tell_closed(self, cdp: CDPSession, frame: str) -> None:
        """Only the protocol can look into closed shadow roots."""
        document = (await cdp.send("DOM.getDocument", {"depth": -1, "pierce": True}))["root"]
        try:
            roots = [node for home, node in _closed_roots(document, self._main) if home == frame]
            for root in roots:
                where = {"backendNodeId": root, "executionContextId": self._worlds[frame]}
                handle = (await cdp.send("DOM.resolveNode", where))["object"]["objectId"]
                tell = f"function () {{ {HERE}.tell(this); }}"
                await cdp.send("Runtime.callFunctionOn", {"functionDeclaration": tell, "objectId": handle})
        finally:
            await cdp.send("DOM.disable")

    async def _in_world(self, cdp: CDPSession, frame: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
        """In the frame's own world of ours, which is made anew after a navigation."""
        if frame in self._worlds:
            with contextlib.suppress(PlaywrightError):
                return await self._call(cdp, self._worlds[frame], wanted)
        try:
            made = await cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
        except PlaywrightError:
            if frame != self._main:
                return None
            raise
        self._worlds[frame] = made["executionContextId"]
        await cdp.send("Runtime.evaluate", {"expression": f"{HERE} = {SOURCE}; 0", "contextId": self._worlds[frame]})
        return await self._call(cdp, self._worlds[frame], wanted)

    async def _call(self, cdp: CDPSession, world: int, wanted: dict[str, Any]) -> dict[str, Any]:
        whole = f"(wanted) => {HERE}.whole(wanted)"
        answer = await cdp.send(
            "Runtime.callFunctionOn",
            {"functionDeclaration": whole, "executionContextId": world, "arguments": [{"value": wanted}], "returnByValue": True},
        )
        look: dict[str, Any] | None = None if "exceptionDetails" in answer else answer["result"].get("value")
        if look is None or len(look["boxes"]) > MOST:
            return {"boxes": [EVERYWHERE], "told": [], "fresh": 0, "still": "", "view": ANY_VIEW}
        return look

    async def _by_selector(self, frames: Sequence[Frame], wanted: dict[str, Any]) -> list[Box]:
        """In frames of other sites all of the frame is covered when anything in it has to be."""
        selector = f"{ENGINE}={base64.b64encode(json.dumps(wanted).encode()).decode()}"
        found: list[Box] = []
        for frame in frames:
            try:
                count = await frame.locator(selector).count()
                if count and frame.parent_frame is not None:
                    element = await frame.frame_element()
                    box = await element.bounding_box()
                    found += [Box(box["x"], box["y"], box["width"], box["height"])] if box else []
                elif count:
                    boxes = await frame.locator(selector).evaluate_all(MEASURE)
                    found += [Box(box["x"], box["y"], box["width"], box["height"]) for box in boxes]
            except PlaywrightError:
                if not frame.is_detached():
                    raise
        return found

    def _learn(self, told: Sequence[dict[str, Any]]) -> None:
        """What is covered in pictures is taken out of texts too, such as the snapshots in the trace."""
        for each in told[:MOST]:
            if typed := each["typed"]:
                self.redactor.learn(TYPED, typed, is_telling(typed))
        for line in [line.strip() for each in told[:MOST] for line in each["text"].splitlines()][:MOST]:
            if len(line) >= SHORTEST_SPLIT:
                self.redactor.learn(MASKED, line)


def _as_one_line(text: str) -> str:
    """As the page shows it: spaces and line ends are one space."""
    return re.sub(r"[\s\u00a0]+", " ", text)


def _javascript(pattern: re.Pattern[str]) -> tuple[str, str]:
    """A Python pattern as source and flags. What JavaScript can't read leads to a picture that is covered altogether."""
    flags = "".join(letter for letter in "ims" if pattern.flags & getattr(re, letter.upper()))
    return pattern.pattern.replace("(?P<", "(?<"), f"g{flags}"


def _css(mask: Locator) -> str | None:
    """The mask as a plain CSS selector, which costs no action in the trace; None for what only Playwright can find."""
    if mask.css is not None and mask == Locator(css=mask.css) and ">>" not in mask.css and ":" not in mask.css:
        return mask.css
    if isinstance(mask.testid, str) and mask == Locator(testid=mask.testid):
        return f"[data-testid={json.dumps(mask.testid)}]"
    return None


def _ids(tree: dict[str, Any]) -> list[str]:
    return [tree["frame"]["id"], *(id for child in tree.get("childFrames") or () for id in _ids(child))]


def _closed_roots(node: dict[str, Any], frame: str) -> Iterator[tuple[str, int]]:
    """Frame and node of every closed shadow root below a node of the protocol's."""
    pending = [(frame, node)]
    while pending:
        home, each = pending.pop()
        for root in each.get("shadowRoots") or ():
            if root.get("shadowRootType") == "closed":
                yield home, root["backendNodeId"]
        inner = each.get("contentDocument")
        pending += [(str(each.get("frameId") or home), inner)] if inner else []
        pending += [(home, child) for child in (*(each.get("shadowRoots") or ()), *(each.get("children") or ()))]


def hull(before: Sequence[Box], after: Sequence[Box]) -> list[Box]:
    """What was covered before the picture and after it; of what moved meanwhile, all the way between."""
    if len(before) != len(after):
        return list(dict.fromkeys((*before, *after)))
    return [_around(one, other) for one, other in zip(before, after, strict=True)]


def _around(one: Box, other: Box) -> Box:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right, bottom = max(one.x + one.width, other.x + other.width), max(one.y + one.height, other.y + other.height)
    return Box(x, y, right - x, bottom - y)


def paint(picture: bytes, covered: Sequence[Box], area: Box, quality: int) -> bytes:
    """The JPEG, which shows `area`, with boxes painted over; all in CSS pixels, counted from the same corner."""
    from PIL import Image, ImageDraw

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    scale = image.width / area.width
    draw = ImageDraw.Draw(image)
    for box in covered:
        left, top = (box.x - area.x) * scale, (box.y - area.y) * scale
        right, bottom = left + box.width * scale, top + box.height * scale
        if right > 0 and bottom > 0 and left < image.width and top < image.height:
            draw.rectangle((max(left - 1, 0), max(top - 1, 0), min(right, image.width) + 1, min(bottom, image.height) + 1), fill=COLOR)
    into = io.BytesIO()
    image.save(into, "JPEG", quality=quality)
    return into.getvalue()
