"""`evaluate`."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Error as PlaywrightError

from harness.browser.performers.support_.errors import plain_error
from harness.core.durations import format_duration
from harness.run.ports import Performed, StepFailed
from harness.scenario.steps.evaluate import Evaluate

ACTION = Evaluate


async def perform(session: Any, action: Evaluate, timeout_ms: int) -> Performed:
    """Runs JavaScript in the page, where the environment allows it."""
    if not session.spec.allow_evaluate:
        raise StepFailed("JavaScript is not allowed in this environment")
    try:
        async with asyncio.timeout(timeout_ms / 1000):
            await session.view().page.evaluate(action.script)
    except TimeoutError:
        raise StepFailed(f"the script did not end within {format_duration(timeout_ms)}") from None
    except PlaywrightError as error:
        raise StepFailed(f"the script failed: {plain_error(error)}") from None
    return Performed()
