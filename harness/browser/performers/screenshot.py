"""`screenshot`."""

from __future__ import annotations

from typing import Any

from harness.run.ports import Performed, StepFailed
from harness.scenario.steps.screenshot import Screenshot

ACTION = Screenshot


async def perform(session: Any, action: Screenshot, timeout_ms: int) -> Performed:
    """Takes a picture under the scenario's name for it."""
    picture = await session.picture("named-" + action.label.replace(" ", "-"), action.full_page)
    if picture is None:
        raise StepFailed("the page could not be pictured")
    return Performed()
