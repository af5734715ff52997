"""How each condition is looked at, one file a kind. A look is yes, no, or "could not be observed", which is never a no.

`wait` waits inside Playwright's driver, or on the browser's events; only pictures, which have no event, are taken again at
growing pauses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from harness.browser.observers.support_.waiting import truth
from harness.browser.view import View
from harness.run.ports import Look, Truth
from harness.scenario.condition import Leaf

Observer = Callable[[View, Any, bool, float, int], Awaitable[Look]]
LOOK_MS = 3_000
OUTSIDE = frozenset(("url", "api", "crashed"))  # what is known without looking into the page


def _observers() -> dict[str, Observer]:
    names = sorted(module.name for module in iter_modules(__path__) if not module.ispkg)
    found: dict[str, Observer] = {}
    for name in names:
        found |= import_module(f"{__name__}.{name}").OBSERVERS
    return found


OBSERVERS = _observers()


async def wait(view: View, leaf: Leaf, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits until the check's truth is `wanted`, or the time is over; gives the last look."""
    return await _in_time(view, leaf, wanted, max(timeout_ms, 1), since)


async def look(view: View, leaf: Leaf, since: int) -> Look:
    """The check's truth now."""
    return await _in_time(view, leaf, True, 1, since)


async def _in_time(view: View, leaf: Leaf, wanted: bool, timeout_ms: float, since: int) -> Look:
    """A page that does not answer within three seconds after the time could not be observed, nor could one that is being replaced: its
    waits end without having looked."""
    try:
        async with asyncio.timeout((timeout_ms + LOOK_MS) / 1000):
            seen = await OBSERVERS[leaf.check.key](view, leaf.check, wanted, timeout_ms, since)
    except TimeoutError:
        return Look(Truth.UNKNOWN, view.next_page() or "the page does not answer")
    if seen.truth is truth(wanted) or not _looks_into_page(leaf) or (coming := view.next_page()) is None:
        return seen
    return Look(Truth.UNKNOWN, coming)


def _looks_into_page(leaf: Leaf) -> bool:
    return not leaf.check.event and leaf.check.key not in OUTSIDE
