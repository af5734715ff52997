"""`click`."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator as PlaywrightLocator

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.click import Click

ACTION = Click


async def perform(session: Any, action: Click, timeout_ms: int) -> Performed:
    """Waits until the element can be clicked, and clicks it."""
    position: Any = {"x": action.position.x, "y": action.position.y} if action.position else None
    button: Any = action.button
    modifiers: Any = list(action.modifiers) or None

    async def work(target: PlaywrightLocator) -> None:
        await target.click(button=button, modifiers=modifiers, position=position, force=action.force, timeout=timeout_ms)

    return await act(session, action.target, work)
