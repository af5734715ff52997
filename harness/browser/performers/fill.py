"""`fill`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.core.secret import reveal
from harness.run.ports import Performed
from harness.scenario.steps.fill import Fill

ACTION = Fill


async def perform(session: Any, action: Fill, timeout_ms: int) -> Performed:
    """Sets one field after the other."""
    performed = Performed()
    for locator, value in action.fields:
        performed = await act(session, locator, lambda target, text=reveal(value): target.fill(text, timeout=timeout_ms))
    return performed
