"""`type`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.core.secret import Secret, reveal
from harness.run.ports import Performed
from harness.scenario.steps.type_ import Type

ACTION = Type


async def perform(session: Any, action: Type, timeout_ms: int) -> Performed:
    """Sends keys to fields, or to whatever has the focus."""
    delay = action.delay_ms
    if isinstance(action.target, (str, Secret)):
        await session.view().page.keyboard.type(reveal(action.target), delay=delay)
        return Performed()
    performed = Performed()
    for locator, value in action.target:
        work = lambda target, text=reveal(value): target.press_sequentially(text, delay=delay, timeout=timeout_ms)  # noqa: E731
        performed = await act(session, locator, work)
    return performed
