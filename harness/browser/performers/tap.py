"""`tap`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.tap import Tap

ACTION = Tap


async def perform(session: Any, action: Tap, timeout_ms: int) -> Performed:
    """Taps it."""
    return await act(session, action.target, lambda target: target.tap(timeout=timeout_ms))
