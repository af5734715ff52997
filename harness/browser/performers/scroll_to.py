"""`scroll_to`."""

from __future__ import annotations

from typing import Any

from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.scroll_to import ScrollTo

ACTION = ScrollTo


async def perform(session: Any, action: ScrollTo, timeout_ms: int) -> Performed:
    """Scrolls it into view."""
    return await act(session, action.target, lambda target: target.scroll_into_view_if_needed(timeout=timeout_ms), told=False)
