"""`hover`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.hover import Hover

ACTION = Hover


async def perform(session: Any, action: Hover, timeout_ms: int) -> Performed:
    """Moves the pointer there."""
    return await act(session, action.target, lambda target: target.hover(timeout=timeout_ms))
