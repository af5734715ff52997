"""`type`."""

from __future__ import annotations

from functools import partial
from typing import Any

from playwright.async_api import Locator as PlaywrightLocator

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
        performed = await act(session, locator, partial(_type, reveal(value), delay, timeout_ms))
    return performed


async def _type(text: str, delay_ms: int | None, timeout_ms: int, target: PlaywrightLocator) -> None:
    await target.press_sequentially(text, delay=delay_ms, timeout=timeout_ms)
