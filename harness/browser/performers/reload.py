"""`reload`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.goto import navigate
from harness.run.ports import Performed
from harness.scenario.steps.reload import Reload

ACTION = Reload


async def perform(session: Any, action: Reload, timeout_ms: int) -> Performed:
    """Loads the page again."""
    page = session.view().page
    return await navigate(page, timeout_ms, lambda left: page.reload(wait_until="commit", timeout=left))
