"""`select`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.select import Select

ACTION = Select


async def perform(session: Any, action: Select, timeout_ms: int) -> Performed:
    """Chooses options by their text or value."""
    performed = Performed()
    for locator, options in action.fields:
        performed = await act(session, locator, lambda target, chosen=list(options): target.select_option(chosen, timeout=timeout_ms))
    return performed
