"""`clear`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.clear import Clear

ACTION = Clear


async def perform(session: Any, action: Clear, timeout_ms: int) -> Performed:
    """Empties it."""
    return await act(session, action.target, lambda target: target.clear(timeout=timeout_ms))
