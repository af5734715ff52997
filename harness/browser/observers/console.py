"""Console lines and uncaught exceptions."""

from __future__ import annotations

import re
from typing import Any

from harness.browser.observers.support_.waiting import clean, on_events
from harness.browser.view import View
from harness.evidence.events import ConsoleEvent, PageErrorEvent
from harness.run.ports import Look, Truth
from harness.scenario.conditions.console import Console, PageErrorSeen


def fits(text: str, contains: str | None, matches: re.Pattern[str] | None) -> bool:
    """Whether a text holds what is wanted."""
    return (contains is None or contains in text) and (matches is None or matches.search(text) is not None)


async def console(view: View, check: Console, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits for such a line."""

    async def test() -> Look:
        lines = [event for event in view.log.since(since) if isinstance(event, ConsoleEvent) and not event.held]
        found = [line for line in lines if check.level in ("any", line.level) and fits(line.text, check.contains, check.matches)]
        if found:
            return Look(Truth.YES, f'the console shows "{clean(found[0].text)}"')
        return Look(Truth.NO, f"the console shows no such line ({len(lines)} others)")

    return await on_events(view, test, wanted, timeout_ms)


async def page_error(view: View, check: PageErrorSeen, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits for such an exception."""
    text = check.message if isinstance(check.message, str) else None

    async def test() -> Look:
        errors = [event for event in view.log.since(since) if isinstance(event, PageErrorEvent)]
        found = [error for error in errors if fits(error.message, check.contains, check.matches) and fits(error.message, text, None)]
        if found:
            return Look(Truth.YES, f'the page threw "{clean(found[0].message)}"')
        return Look(Truth.NO, f"the page threw no such error ({len(errors)} others)" if errors else "the page threw no error")

    return await on_events(view, test, wanted, timeout_ms)


OBSERVERS: dict[str, Any] = {"console": console, "page_error": page_error}
