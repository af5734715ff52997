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
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Frame, Page, Playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.locate import locate
from harness.evidence.learn import is_telling
from harness.evidence.redact import MASKED, SHORTEST_SPLIT, TYPED, Redactor
from harness.run.ports import Box
from harness.scenario.locators import Locator

ENGINE = "repro-covered"
WORLD = "repro"
MOST = 200
READ_MS = 1_000
EVERYTHING = Box(0, 0, 1e6, 1e6)
COLOR = (40, 44, 52)
FIND = """(top, { values, split, css, patterns }) => {
  const found = new Set();
  const expressions = patterns.map(([source, flags]) => new RegExp(source, flags));
  const holds = (text) => text && values.some((value) => text.includes(value));
  const visit = (root) => {
    for (const selector of css) for (const element of root.querySelectorAll(selector)) found.add(element);
    for (const field of root.querySelectorAll('input, textarea, select')) {
      const typed = field.type === 'password' && (field.value || field.placeholder);
      const texts = field.options ? [...field.selectedOptions].map((each) => each.text) : [field.value, field.placeholder];
      if (typed || texts.some(holds)) found.add(field);
    }
    const nodes = [];
    let whole = '';
    const texts = values.length || patterns.length ? NodeFilter.SHOW_TEXT : 0;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | texts);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.shadowRoot) visit(node.shadowRoot);
      if (node.nodeType !== Node.TEXT_NODE || !node.parentElement) continue;
      if (/^(SCRIPT|STYLE|NOSCRIPT)$/.test(node.parentElement.tagName)) continue;
      nodes.push([whole.length, node]);
      whole += node.data;
    }
    const touched = (from, to) => nodes.filter(([start, node]) => start < to && start + node.data.length > from);
    for (const value of values) {
      for (let at = whole.indexOf(value); at >= 0; at = whole.indexOf(value, at + 1)) {
        const holding = touched(at, at + value.length);
        if (holding.length === 1 || split.includes(value)) for (const [, node] of holding) found.add(node.parentElement);
      }
    }
    for (const expression of expressions) {
      for (const match of whole.matchAll(expression)) {
        for (const [, node] of touched(match.index, match.index + match[0].length)) found.add(node.parentElement);
      }
    }
  };
  visit(top);
  return [...found];
}"""
MEASURE = """(elements) => elements.map((element) => {
  const own = element.getBoundingClientRect();
  const typed = element.type === 'password' && element.value || '';
  const box = { x: own.x, y: own.y, width: own.width, height: own.height, inner: false, text: element.innerText || '', typed };
  for (let view = element.ownerDocument.defaultView; view && view !== view.top; view = view.parent) {
    let frame = null;
    try { frame = view.frameElement; } catch { }
    if (!frame) { box.inner = true; break; }
    const outer = frame.getBoundingClientRect();
    box.x += outer.x + frame.clientLeft;
    box.y += outer.y + frame.clientTop;
  }
  return box;
})"""
STILL = """() => {
  const own = globalThis.reproStill ||= (() => {
    const seen = { stirs: 0 };
    const stir = () => { seen.stirs += 1; };
    seen.mutations = new MutationObserver(stir);
    seen.mutations.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    new PerformanceObserver(stir).observe({ type: 'resource' });
    for (const type of ['scroll', 'input', 'change', 'focusin', 'focusout', 'load', 'error', 'toggle', 'resize', 'fullscreenchange',
      'animationstart', 'transitionrun', 'pointerover', 'pointerdown', 'pointerup', 'selectionchange']) {
      addEventListener(type, stir, { capture: true, passive: true });
    }
    return seen;
  })();
  if (own.mutations.takeRecords().length) own.stirs += 1;
  const moves = document.getAnimations().length || document.fonts.status === 'loading'
    || document.querySelector('canvas, video, iframe, frame, embed, object, marquee')
    || [...document.images].some((image) => !image.complete)
    || [...document.querySelectorAll('*')].some((element) => element.shadowRoot || element.localName.includes('-'));
  if (moves) return '';
  const fields = [...document.querySelectorAll('input, textarea, option')];
  const told = JSON.stringify([scrollX, scrollY, innerWidth, innerHeight, document.styleSheets.length, document.adoptedStyleSheets.length,
    ...fields.map((field) => [field.value, field.checked, field.selected, field.indeterminate])]);
  let sum = 0;
  for (let at = 0; at < told.length; at += 1) sum = (sum * 31 + told.charCodeAt(at)) | 0;
  return `${own.stirs} ${told.length} ${sum}`;
}"""
WHOLE = f"""(wanted) => {{
  const found = ({FIND})(document, wanted);
  const masked = (element) => wanted.css.some((selector) => element.matches(selector));
  const boxes = ({MEASURE})(found).map((box, at) => masked(found[at]) ? box : {{ ...box, text: '' }});
  return {{ boxes, still: wanted.main ? ({STILL})() : '' }};
}}"""
ENGINE_SCRIPT = f"""{{
  queryAll(root, selector) {{ return ({FIND})(root, JSON.parse(decodeURIComponent(escape(atob(selector))))); }},
  query(root, selector) {{ return this.queryAll(root, selector)[0]; }}
}}"""


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

    async def boxes(self) -> list[Box]:
        """What is to be covered now, in CSS pixels of the viewport."""
        values = self.redactor.values
        self.still = ""
        wanted = {
            "values": values,
            "split": [value for value in values if len(value) >= SHORTEST_SPLIT],
            "css": [selector for mask in self.masks if (selector := _css(mask))],
            "patterns": [_javascript(pattern) for pattern in self.redactor.patterns],
        }
        found = await self._by_protocol(self.cdp, wanted) if self.cdp is not None else await self._by_selector(self.page.frames, wanted)
        for mask in self.masks:
            if not _css(mask) and not (mask.text and mask == Locator(text=mask.text)):
                found += await self._by_locator(locate(self.page, mask))
        return found

    async def _by_locator(self, located: PlaywrightLocator) -> list[Box]:
        """What only Playwright can find. Each call is an action in the trace."""
        found = []
        for index in range(min(await located.count(), MOST)):
            element = located.nth(index)
            box = await element.bounding_box(timeout=READ_MS)
            self._learn([{"text": await element.inner_text(timeout=READ_MS)}])
            found += [Box(box["x"], box["y"], box["width"], box["height"])] if box else []
        return found

    async def _by_protocol(self, cdp: CDPSession, wanted: dict[str, Any]) -> list[Box]:
        if len(self.page.frames) == 1 and self._main:
            frames = [self._main]
        else:
            frames = _ids((await cdp.send("Page.getFrameTree"))["frameTree"])
            self._main = frames[0]
        measured = [each for frame in frames for each in await self._in_world(cdp, frame, {**wanted, "main": len(frames) == 1})]
        self._learn(measured)
        found = [box for each in measured if (box := _box(each)) is not None]
        far = [frame for frame in self.page.frames[1:] if len(self.page.frames) > len(frames) or any(each["inner"] for each in measured)]
        return found + await self._by_selector(far, wanted)

    async def _in_world(self, cdp: CDPSession, frame: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        """In the frame's own world of ours, which is made anew after a navigation."""
        if frame in self._worlds:
            with contextlib.suppress(PlaywrightError):
                return await self._call(cdp, self._worlds[frame], wanted)
        try:
            made = await cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
        except PlaywrightError:
            if frame != self._main:
                return []  # the frame is gone
            raise
        self._worlds[frame] = made["executionContextId"]
        return await self._call(cdp, self._worlds[frame], wanted)

    async def _call(self, cdp: CDPSession, world: int, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await cdp.send(
            "Runtime.callFunctionOn",
            {"functionDeclaration": WHOLE, "executionContextId": world, "arguments": [{"value": wanted}], "returnByValue": True},
        )
        told: dict[str, Any] | None = None if "exceptionDetails" in answer else answer["result"].get("value")
        if told is None or len(told["boxes"]) > MOST:
            return [{"x": 0, "y": 0, "width": 1e6, "height": 1e6, "inner": False, "text": ""}]
        self.still = f"{world} {told['still']}" if told["still"] else ""
        boxes: list[dict[str, Any]] = told["boxes"]
        return boxes

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
                    found += [_box(each) or EVERYTHING for each in await frame.locator(selector).evaluate_all(MEASURE)]
            except PlaywrightError:
                if not frame.is_detached():
                    raise
        return found

    def _learn(self, measured: Sequence[dict[str, Any]]) -> None:
        """What is covered in pictures is taken out of texts too, such as the snapshots in the trace."""
        for each in measured[:MOST]:
            if typed := each.get("typed"):
                self.redactor.learn(TYPED, typed, is_telling(typed))
        for line in [line.strip() for each in measured[:MOST] for line in each["text"].splitlines()][:MOST]:
            if len(line) >= SHORTEST_SPLIT:
                self.redactor.learn(MASKED, line)


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


def _box(measured: dict[str, Any]) -> Box | None:
    return None if measured["inner"] else Box(measured["x"], measured["y"], measured["width"], measured["height"])


def paint(picture: bytes, covered: Sequence[Box], width: int, scroll: tuple[float, float], quality: int) -> bytes:
    """The JPEG with boxes painted over. `width` is the viewport's in CSS pixels, `scroll` where the viewport begins in the picture."""
    from PIL import Image, ImageDraw

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    scale = image.width / width
    draw = ImageDraw.Draw(image)
    for box in covered:
        left, top = (box.x + scroll[0]) * scale, (box.y + scroll[1]) * scale
        right, bottom = left + box.width * scale, top + box.height * scale
        if right > 0 and bottom > 0 and left < image.width and top < image.height:
            draw.rectangle((max(left - 1, 0), max(top - 1, 0), min(right, image.width) + 1, min(bottom, image.height) + 1), fill=COLOR)
    into = io.BytesIO()
    image.save(into, "JPEG", quality=quality)
    return into.getvalue()
