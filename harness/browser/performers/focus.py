"""`focus`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.focus import Focus

ACTION = Focus


async def perform(session: Any, action: Focus, timeout_ms: int) -> Performed:
    """Gives it the focus."""
    return await act(session, action.target, lambda target: target.focus(timeout=timeout_ms), told=False)
