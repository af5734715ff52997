"""How each verb is done, one file a verb. `use`, `together` and `wait_for` are the engine's own."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from harness.browser.performers.support_.errors import plain_error as plain_error
from harness.core.durations import format_duration
from harness.run.ports import Performed
from harness.scenario.action import Action

Performer = Callable[[Any, Any, int], Awaitable[Performed]]


def _performers() -> dict[str, Performer]:
    names = sorted(module.name for module in iter_modules(__path__) if not module.ispkg)
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return {module.ACTION.verb: module.perform for module in modules}


PERFORMERS = _performers()


async def perform(session: Any, action: Action, timeout_ms: int) -> Performed:
    """Does the action in the session's current tab, and waits for the page that it leads to: one that does not come is a remark, not a
    failure. Raises StepFailed, or Playwright's own errors for what nobody foresaw."""
    begun = time.monotonic()
    performed = await PERFORMERS[action.verb](session, action, timeout_ms)
    coming = await session.arrival(max(0.0, timeout_ms - (time.monotonic() - begun) * 1000))
    if coming is None:
        return performed
    return replace(performed, note=f"the page that it leads to ({coming}) had not come after {format_duration(timeout_ms)}")
