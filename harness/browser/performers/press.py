"""`press`."""

from __future__ import annotations

from functools import partial
from typing import Any

from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.press import Press

ACTION = Press


async def perform(session: Any, action: Press, timeout_ms: int) -> Performed:
    """Presses a key where the focus is, or on elements."""
    if isinstance(action.target, str):
        await session.view().page.keyboard.press(action.target)
        return Performed()
    performed = Performed()
    for locator, keys in action.target:
        performed = await act(session, locator, partial(_press, keys, timeout_ms))
    return performed


async def _press(keys: str, timeout_ms: int, target: PlaywrightLocator) -> None:
    await target.press(keys, timeout=timeout_ms)
