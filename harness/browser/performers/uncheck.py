"""`uncheck`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.uncheck import Uncheck

ACTION = Uncheck


async def perform(session: Any, action: Uncheck, timeout_ms: int) -> Performed:
    """Removes its tick."""
    return await act(session, action.target, lambda target: target.uncheck(timeout=timeout_ms))
