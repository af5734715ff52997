"""What the page has instead of an element that is not there: the nearest names of its ARIA snapshot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from rapidfuzz import fuzz

from harness.browser.notation import snapshot_lines
from harness.scenario.locators import Locator

_KEY = re.compile(r'(?P<role>[a-z]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?.*')
MOST = 5
SHORTEST = 4  # characters of a name in which a slip can be told from another word
NEARLY = 85  # of 100: a letter or two of a button's name


async def nearest_names(page: Page, locator: Locator) -> tuple[str, ...]:
    """At most five, in the notation of locators, the nearest first; those of the same role come before others."""
    try:
        async with asyncio.timeout(3):
            snapshot = await page.locator("body").aria_snapshot(timeout=2000)
    except (PlaywrightError, TimeoutError):
        return ()
    return rank(snapshot, locator)


def rank(snapshot: str, locator: Locator) -> tuple[str, ...]:
    """The names of a snapshot, nearest first. Pure."""
    wanted_role, wanted = locator.role, _wanted(locator)
    scored: dict[str, float] = {}
    for match, text in _entries(snapshot):
        name = match["name"] or text
        if not name or (locator.role is None and match["role"] == "text" and not wanted):
            continue
        shown = f'{match["role"]} "{name[:80]}"' if match["name"] else f"{match['role']}: {name[:80]}"
        same_role = match["role"] == wanted_role
        score = fuzz.WRatio(wanted.lower(), name.lower()) if wanted else 50.0
        if same_role or score >= 60:
            scored[shown] = max(scored.get(shown, 0.0), score + (40 if same_role else 0))
    return tuple(sorted(scored, key=lambda shown: -scored[shown])[:MOST])


def _entries(snapshot: str) -> Iterator[tuple[re.Match[str], str]]:
    """What each line says of its element, and its text."""
    for line in snapshot_lines(snapshot):
        if match := _KEY.fullmatch(line.key):
            yield match, line.text


def slip_of(locator: Locator, shown: Sequence[str]) -> str:
    """The one of these names, as `rank` gives them, that is written almost as the locator's; empty when none is. Names that differ in
    their numbers are names of different things. Pure."""
    wanted = _wanted(locator).casefold()
    if len(wanted) < SHORTEST or isinstance(_raw(locator), re.Pattern):
        return ""
    return next((each for each in shown if _is_slip(wanted, each.partition(" ")[2].strip('"').casefold())), "")


def _is_slip(wanted: str, name: str) -> bool:
    return wanted != name and re.findall(r"\d+", wanted) == re.findall(r"\d+", name) and fuzz.ratio(wanted, name) >= NEARLY


def _raw(locator: Locator) -> str | re.Pattern[str] | None:
    return locator.name if locator.role is not None else getattr(locator, locator.kind)


def _wanted(locator: Locator) -> str:
    value = _raw(locator)
    return value.pattern if isinstance(value, re.Pattern) else (value or "")
