"""`back`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.goto import navigate
from harness.run.ports import Performed
from harness.scenario.steps.back import Back

ACTION = Back


async def perform(session: Any, action: Back, timeout_ms: int) -> Performed:
    """Goes back."""
    page = session.view().page
    return await navigate(page, timeout_ms, lambda left: page.go_back(wait_until="commit", timeout=left))
