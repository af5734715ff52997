"""What is painted: blankness, colours, contrast, overlaps, pictures. Pillow is imported only here, when it is used."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.locate import locate
from harness.browser.observers.support_.pixels import (
    colour_share,
    contrast_ratio,
    differing_share,
    distinct_colours,
    main_colour,
    other_pixels,
)
from harness.browser.observers.support_.waiting import paced, truth, unknown
from harness.browser.view import View
from harness.run.ports import Look, Truth
from harness.scenario.colors import Color, parse_color
from harness.scenario.conditions.picture import Amount, Contrast, Overlaps, Painted, Pixels, ScreenshotLike
from harness.scenario.locators import Locator

if TYPE_CHECKING:
    from PIL.Image import Image

STRAY_PIXELS = 20
DOUBTFUL_SHARE = 0.001
LIKE_SHARE = 0.001
TIMEOUT_MS = 2_500


class _NotThere(Exception):
    """There is no such element to be pictured."""


async def _look(what: object, work: Callable[[], Awaitable[Look]]) -> Look:
    try:
        return await work()
    except _NotThere:
        return Look(Truth.NO, f"{what} is not there")
    except PlaywrightError as error:
        return unknown(error, what)


async def _shot(view: View, target: Locator | str) -> Image:
    """The picture of an element or of what is in view. Raises _NotThere for an element that can't be seen."""
    from PIL import Image

    if isinstance(target, str):
        data = await view.page.screenshot(type="png", timeout=TIMEOUT_MS, animations="disabled", caret="hide")
    else:
        found = locate(view.page, target)
        await _must_be_seen(view, found)
        data = await found.screenshot(type="png", timeout=TIMEOUT_MS, animations="disabled", caret="hide")
    return Image.open(io.BytesIO(data)).convert("RGB")


async def _painted(view: View, target: Locator | str) -> Image:
    """The picture, of an element only the pixels that are wholly its own: one that begins between two pixels is pictured with its
    neighbours' edges."""
    image = await _shot(view, target)
    box = None if isinstance(target, str) else await locate(view.page, target).bounding_box(timeout=TIMEOUT_MS)
    if box is None or min(image.size) < 3:
        return image
    left, top = _is_broken(box["x"]), _is_broken(box["y"])
    right, bottom = _is_broken(box["x"] + box["width"]), _is_broken(box["y"] + box["height"])
    return image.crop((left, top, image.width - right, image.height - bottom))


def _is_broken(edge: float) -> int:
    """1 for an edge that does not lie between two pixels."""
    return int(abs(edge - round(edge)) > 0.01)


async def _must_be_seen(view: View, found: PlaywrightLocator) -> None:
    if await view.how_many(found) == 0 or not await found.is_visible():
        raise _NotThere


def _name(target: Locator | str) -> str:
    return "the page" if isinstance(target, str) else str(target)


async def blank(view: View, check: Painted, wanted: bool, timeout_ms: float, since: int) -> Look:
    """One colour only, but for a few stray pixels. An element that is not there is not blank: it is missing, which `hidden` says. On a
    large element, a few more may be a word or the corners of its border."""
    name = _name(check.target)

    async def work() -> Look:
        image = await _painted(view, check.target)
        others, total = other_pixels(image), image.width * image.height
        said = f"{others} of its {total} pixels have other colours"
        if others <= min(STRAY_PIXELS, DOUBTFUL_SHARE * total):
            return Look(Truth.YES, f"{name} is blank (one colour only)")
        if others <= DOUBTFUL_SHARE * total and not isinstance(check.target, str):
            return Look(Truth.UNKNOWN, f"it can't be told whether {name} is blank: {said}; `pixels` can say how many are too many")
        return Look(Truth.NO, f"{name} is not blank ({said})")

    return await paced(lambda: _look(name, work), wanted, timeout_ms)


_LOADED = """e => { const i = e.tagName === 'PICTURE' ? e.querySelector('img') : e;
  return i?.tagName === 'IMG' ? i.complete && i.naturalWidth > 0 : i?.tagName === 'VIDEO' ? i.readyState >= 2 : null }"""
# A broken image without a text collapses to nothing, wherever its size is its own affair.
_ALL_LOADED = """() => [...document.images].filter(i => { const b = i.getBoundingClientRect();
  const inView = b.bottom >= 0 && b.right >= 0 && b.top < innerHeight && b.left < innerWidth;
  const sized = () => i.getAttribute('width') === '0' || `${i.computedStyleMap?.().get('width') ?? 'auto'}` !== 'auto';
  return b.width && b.height ? inView && b.bottom && b.right : inView && i.currentSrc && i.checkVisibility() && !sized() })
  .filter(i => !(i.complete && i.naturalWidth > 0)).length"""


async def loaded(view: View, check: Painted, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Images have their pixels."""
    name = _name(check.target)

    async def work() -> Look:
        if isinstance(check.target, str):
            missing = await view.page.evaluate(_ALL_LOADED)
            return Look(
                truth(missing == 0), f"{missing} images in view have no pixels" if missing else "every image in view has its pixels"
            )
        found = locate(view.page, check.target)
        if await view.how_many(found) == 0:
            raise _NotThere
        there = await found.evaluate(_LOADED, timeout=TIMEOUT_MS)
        if there is None:
            return Look(
                Truth.UNKNOWN, f"it can't be told whether {name} has its pixels: it is no <img> or <video>; use `blank` or `pixels`"
            )
        return Look(truth(there), f"{name} {'has its pixels' if there else 'has no pixels'}")

    return await paced(lambda: _look(name, work), wanted, timeout_ms)


async def pixels(view: View, check: Pixels, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Pixels of a colour, or the number of colours."""
    name = _name(check.target)

    async def work() -> Look:
        image = await _painted(view, check.target)
        if check.region is not None:
            image = _cut(image, check)
        if check.color is None:
            count = distinct_colours(image)
            return Look(truth(_within(check, count, count)), f"{name} has {count} colours")
        share = colour_share(image, check.color, check.tolerance)
        number = round(share * image.width * image.height)
        red, green, blue = check.color
        return Look(truth(_within(check, number, share)), f"{share:.2%} of {name} ({number} pixels) is #{red:02x}{green:02x}{blue:02x}")

    return await paced(lambda: _look(name, work), wanted, timeout_ms)


def _cut(image: Image, check: Pixels) -> Image:
    assert check.region is not None
    region = check.region
    left, top = round(region.x * image.width), round(region.y * image.height)
    right, bottom = round((region.x + region.width) * image.width), round((region.y + region.height) * image.height)
    return image.crop((left, top, max(left + 1, right), max(top + 1, bottom)))


def _within(check: Pixels, number: float, share: float) -> bool:
    return _enough(check.at_least, number, share, least=True) and _enough(check.at_most, number, share, least=False)


def _enough(bound: Amount | None, number: float, share: float, least: bool) -> bool:
    if bound is None:
        return True
    have, want = (number, float(bound.pixels)) if bound.pixels is not None else (share, bound.share or 0.0)
    return have >= want if least else have <= want


# Of every text: its colour, its opacity, and the background that is drawn with the same opacity; null where they can't be told.
_TEXTS = """e => {
  const up = n => n.assignedSlot || n.parentElement || n.getRootNode().host;
  const painted = s => s.backgroundImage !== 'none' || !/^rgba\\(.*, 0\\)$/.test(s.backgroundColor);
  const plain = s => s.backgroundImage === 'none' && s.backgroundColor.startsWith('rgb(');
  const odd = s => s.filter !== 'none' || s.mixBlendMode !== 'normal' || /text/.test(s.webkitBackgroundClip);
  const told = node => {
    const all = [], depth = [];
    for (let n = node; n; n = up(n)) { all.push(getComputedStyle(n)); depth.push(n) }
    if (all.some(odd) || all.slice(0, depth.indexOf(e)).some(painted)) return null;
    const opacities = all.map(s => parseFloat(s.opacity));
    const base = all.slice(0, opacities.findLastIndex(o => o < 1) + 1).find(painted);
    if (base && !plain(base)) return null;
    return [all[0].webkitTextFillColor, opacities.reduce((a, b) => a * b, 1), base ? base.backgroundColor : ''] };
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName)) return e.value?.trim() ? [told(e)] : [];
  const nodes = new Set(), walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (walk.currentNode.data.trim() && parent.checkVisibility() && getComputedStyle(parent).visibility === 'visible') nodes.add(parent) }
  return [...nodes].map(told) }"""


async def contrast(view: View, check: Contrast, wanted: bool, timeout_ms: float, since: int) -> Look:
    """The computed colour of the text, wherever in the element it stands, against the colour that most of the element's picture has:
    what is painted behind the text, whoever painted it. The page is not touched for it. Of several colours, the worst counts."""
    name = str(check.target)

    async def work() -> Look:
        found = locate(view.page, check.target)
        await _must_be_seen(view, found)
        texts = await found.evaluate(_TEXTS, timeout=TIMEOUT_MS)
        if not texts:
            return Look(Truth.UNKNOWN, f"{name} has no text whose colour could be read")
        behind = main_colour(await _shot(view, check.target))
        ratios = [_ratio(text, behind) for text in texts]
        if None in ratios:
            return Look(
                Truth.UNKNOWN,
                f"the contrast of {name} can't be told: a text in it has a background, a filter or a kind of colour of its own",
            )
        ratio = min(ratio for ratio in ratios if ratio is not None)
        holds = (check.below is None or ratio < check.below) and (check.at_least is None or ratio >= check.at_least)
        return Look(truth(holds), f"the text of {name} has a contrast of {ratio:.2f} to 1")

    return await paced(lambda: _look(name, work), wanted, timeout_ms)


def _ratio(text: list[Any] | None, behind: Color) -> float | None:
    """None where the colour of a text, or of what is behind it, is not known."""
    css, opacity, base = text or ("", 1.0, "")
    color, on = parse_color(css), parse_color(base) if base else behind
    return None if color is None or on is None else contrast_ratio(color, _alpha(css) * opacity, on, behind)


def _alpha(css: str) -> float:
    parts = css.removeprefix("rgba(").removesuffix(")").split(",")
    return float(parts[3]) if css.startswith("rgba(") and len(parts) == 4 else 1.0


async def overlaps(view: View, check: Overlaps, wanted: bool, timeout_ms: float, since: int) -> Look:
    """The boxes of two elements."""
    first, second = check.targets
    name = f"{first} and {second}"

    async def work() -> Look:
        boxes = []
        for locator in check.targets:
            found = locate(view.page, locator)
            await _must_be_seen(view, found)
            box = await found.bounding_box(timeout=TIMEOUT_MS)
            if box is None:
                raise _NotThere
            boxes.append(box)
        a, b = boxes
        width = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
        height = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
        if width >= 1 and height >= 1:
            return Look(Truth.YES, f"{name} overlap by {width:.0f} x {height:.0f} pixels")
        return Look(Truth.NO, f"{name} do not overlap")

    return await paced(lambda: _look(name, work), wanted, timeout_ms)


async def screenshot(view: View, check: ScreenshotLike, wanted: bool, timeout_ms: float, since: int) -> Look:
    """The picture against a file of the workspace."""
    from PIL import Image

    name = _name(check.target)
    path = (view.workspace / check.like).resolve()
    if view.workspace.resolve() not in path.parents or not path.is_file():
        return Look(Truth.UNKNOWN, f"there is no file {check.like} in the workspace")
    try:
        like = Image.open(path).convert("RGB")
    except OSError:
        return Look(Truth.UNKNOWN, f"the file {check.like} is no picture")

    async def work() -> Look:
        image = await _shot(view, check.target)
        if image.size != like.size:
            share = 1.0
            said = f"{name} is {image.width} x {image.height} pixels, {check.like} {like.width} x {like.height}"
        else:
            share = differing_share(image, like)
            said = f"{name} differs from {check.like} in {share:.2%} of its pixels"
        holds = share >= check.differs_by if check.differs_by is not None else share <= LIKE_SHARE
        return Look(truth(holds), said)

    return await paced(lambda: _look(name, work), wanted, timeout_ms)


OBSERVERS: dict[str, Any] = {
    "blank": blank,
    "loaded": loaded,
    "pixels": pixels,
    "contrast": contrast,
    "overlaps": overlaps,
    "screenshot": screenshot,
}
