"""`check`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.check import CheckBox

ACTION = CheckBox


async def perform(session: Any, action: CheckBox, timeout_ms: int) -> Performed:
    """Ticks it."""
    return await act(session, action.target, lambda target: target.check(timeout=timeout_ms))
