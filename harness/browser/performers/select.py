"""`select`."""

from __future__ import annotations

from functools import partial
from typing import Any

from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.select import Select

ACTION = Select


async def perform(session: Any, action: Select, timeout_ms: int) -> Performed:
    """Chooses options by their text or value."""
    performed = Performed()
    for locator, options in action.fields:
        performed = await act(session, locator, partial(_select, list(options), timeout_ms))
    return performed


async def _select(options: list[str], timeout_ms: int, target: PlaywrightLocator) -> None:
    await target.select_option(options, timeout=timeout_ms)
