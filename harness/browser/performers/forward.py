"""`forward`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.goto import navigate
from harness.run.ports import Performed
from harness.scenario.steps.forward import Forward

ACTION = Forward


async def perform(session: Any, action: Forward, timeout_ms: int) -> Performed:
    """Goes forward."""
    page = session.view().page
    return await navigate(page, timeout_ms, lambda left: page.go_forward(wait_until="commit", timeout=left))
