"""Texts, values, attributes and styles of elements."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from harness.browser.locate import locate
from harness.browser.observers.support_.waiting import GONE, clean, in_driver, truth, unknown
from harness.browser.view import View
from harness.run.ports import Look, Truth
from harness.scenario.conditions.attribute import Attribute
from harness.scenario.conditions.text import TextIs
from harness.scenario.locators import Locator
from harness.scenario.operators import TextOperators

READ_MS = 1_000
STYLE = """(e, name) => {
  const style = getComputedStyle(e);
  if (!name.startsWith('--') && !(name in style)) throw new Error(`there is no CSS property ${name}`);
  return style.getPropertyValue(name);
}"""
CHOSEN = "select => [...select.selectedOptions].map(option => option.value).join(', ')"
T = TypeVar("T")
Judge = Callable[[str], tuple[Truth, str]]


async def text(view: View, check: TextIs, wanted: bool, timeout_ms: float, since: int) -> Look:
    """The element's text or a field's value."""
    target = locate(view.page, check.target)
    if check.key == "text":
        return await shown(view, target, check.target, check, f"the text of {check.target}", wanted, timeout_ms)
    return await until_changed(
        lambda: _of_one(view, target, lambda: value_of(view, check.target, target)),
        lambda old, ms: expect(target).not_to_have_value(old or "", timeout=ms),
        target, check, f"the value of {check.target}", wanted, timeout_ms,
    )  # fmt: skip


async def shown(
    view: View, target: Any, locator: Locator, check: TextOperators, what: str, wanted: bool, timeout_ms: float, judge: Judge | None = None
) -> Look:
    """What an element shows: its text, or what stands in it where it is a field. A text that is hidden is not shown."""
    end = time.monotonic() + timeout_ms / 1000
    while True:
        look = await _read_out(view, target, locator, check, what, wanted, max(0.0, (end - time.monotonic()) * 1000), judge)
        if look.truth is not Truth.YES or (judge is None and check.fits("")) or locator.role == "option":
            return look  # what is empty has no size, and the choices of a list are drawn by the browser
        try:
            if await target.is_visible():
                return look
            came = wanted and await in_driver(lambda ms: expect(target).to_be_visible(timeout=ms), (end - time.monotonic()) * 1000)
        except PlaywrightError as error:
            return unknown(error, what)
        if not came:
            return Look(Truth.NO, f"{what} can't be seen: the element is hidden")


async def _read_out(
    view: View, target: Any, locator: Locator, check: TextOperators, what: str, wanted: bool, timeout_ms: float, judge: Judge | None
) -> Look:
    try:
        return await until_changed(
            lambda: shown_text(view, target),
            lambda old, ms: expect(target).not_to_have_text(re.compile(f"^{re.escape(old or '')}$"), use_inner_text=True, timeout=ms),
            target, check, what, wanted, timeout_ms, judge,
        )  # fmt: skip
    except IsField:
        return await until_changed(
            lambda: _of_one(view, target, lambda: value_of(view, locator, target)),
            lambda old, ms: expect(target).not_to_have_value(old or "", timeout=ms),
            target, check, what, wanted, timeout_ms, judge,
        )  # fmt: skip


async def attribute(view: View, check: Attribute, wanted: bool, timeout_ms: float, since: int) -> Look:
    """An attribute, or a computed style."""
    target = locate(view.page, check.target)
    if check.key == "style":
        return await until_changed(
            lambda: _of_one(view, target, lambda: target.evaluate(STYLE, check.name, timeout=READ_MS)),
            lambda old, ms: expect(target).not_to_have_css(check.name, old or "", timeout=ms),
            target, check, f"the {check.name} of {check.target}", wanted, timeout_ms,
        )  # fmt: skip
    return await until_changed(
        lambda: _of_one(view, target, lambda: target.get_attribute(check.name, timeout=READ_MS)),
        lambda old, ms: _another_attribute(expect(target), check.name, old, ms),
        target, check, f"the attribute {check.name} of {check.target}", wanted, timeout_ms,
    )  # fmt: skip


def _another_attribute(element: Any, name: str, old: str | None, ms: float) -> Awaitable[None]:
    """One that is not set must first be set to anything."""
    waiting: Awaitable[None] = (
        element.to_have_attribute(name, re.compile(""), timeout=ms) if old is None else element.not_to_have_attribute(name, old, timeout=ms)
    )
    return waiting


class Absent(Exception):
    """No element fits."""


class IsField(Exception):
    """The element is a field: it has no text, and shows what is typed into it."""


async def shown_text(view: View, target: Any) -> str:
    """The text of the one element. Raises Absent, IsField, and PlaywrightError for several or for what has no text."""
    text = str(await _of_one(view, target, lambda: target.inner_text(timeout=READ_MS)))
    if not text and await target.and_(view.page.locator("input, textarea")).count() == 1:
        raise IsField
    if not text and await target.evaluate("e => Boolean(e.shadowRoot)", timeout=READ_MS):
        raise PlaywrightError("its text is in a shadow tree: name an element in that")
    return text


async def value_of(view: View, locator: Locator, target: Any) -> str:
    """The value of a field; of a list in which several may be chosen, those that are, with commas between them."""
    may_be_list = locator.role in (None, "listbox")
    if may_be_list and await target.and_(view.page.locator("select[multiple]")).count() == 1:
        return str(await target.evaluate(CHOSEN, timeout=READ_MS))
    return str(await target.input_value(timeout=READ_MS))


async def _of_one(view: View, target: Any, read: Callable[[], Awaitable[T]]) -> T:
    """What `read` gives, which would wait for an element that is not there. Raises Absent."""
    if await view.how_many(target) == 0:
        raise Absent
    return await read()


async def until_changed(
    read: Callable[[], Awaitable[str | None]],
    changed: Callable[[str | None, float], Awaitable[None]],
    target: Any,
    check: TextOperators,
    what: str,
    wanted: bool,
    timeout_ms: float,
    judge: Judge | None = None,
) -> Look:
    """Reads a value; while it is not as wanted, waits in the driver until it is another, and reads again."""
    end = time.monotonic() + timeout_ms / 1000
    while True:
        seen, value = await _read(read, check, what, judge)
        left = (end - time.monotonic()) * 1000
        if seen.truth is truth(wanted) or left <= 0 or seen == GONE:
            return seen
        try:
            if value is None:
                await in_driver(lambda ms: expect(target).to_have_count(1, timeout=ms), left)
                left = (end - time.monotonic()) * 1000
                if left > 0 and (await _read(read, check, what, judge))[1] is None:
                    await in_driver(lambda ms: changed(None, ms), left)
            elif not await in_driver(lambda ms, old=value: changed(old, ms), left):  # type: ignore[misc]
                return (await _read(read, check, what, judge))[0]
        except PlaywrightError as error:
            return unknown(error, what)


async def _read(read: Any, check: TextOperators, what: str, judge: Any) -> tuple[Look, str | None]:
    try:
        value = await read()
    except Absent:
        return Look(Truth.NO, f"{what} can't be read: it is not there"), None
    except PlaywrightError as error:
        return unknown(error, what), None
    if value is None:
        return Look(Truth.NO, f"{what} is not set"), None
    if judge is not None:
        verdict, said = judge(value)
        return Look(verdict, said), value
    return Look(truth(check.fits(value)), f'{what} is "{clean(value)}"'), value


OBSERVERS: dict[str, Any] = {"text": text, "value": text, "attribute": attribute, "style": attribute}
