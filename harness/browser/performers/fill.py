"""`fill`."""

from __future__ import annotations

from functools import partial
from typing import Any

from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.performers.support_.target import act
from harness.core.secret import reveal
from harness.run.ports import Performed
from harness.scenario.steps.fill import Fill

ACTION = Fill


async def perform(session: Any, action: Fill, timeout_ms: int) -> Performed:
    """Sets one field after the other."""
    performed = Performed()
    for locator, value in action.fields:
        text = reveal(value)
        performed = await act(session, locator, partial(_fill, text, timeout_ms))
    return performed


async def _fill(text: str, timeout_ms: int, target: PlaywrightLocator) -> None:
    await target.fill(text, timeout=timeout_ms)
