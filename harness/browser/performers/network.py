"""`network`."""

from __future__ import annotations

from typing import Any

from harness.browser.network import emulate
from harness.run.ports import Performed
from harness.scenario.steps.network import Network

ACTION = Network


async def perform(session: Any, action: Network, timeout_ms: int) -> Performed:
    """Changes the connection of every tab of the session, and of those that come."""
    session.opened.profile = action.profile
    for page in list(session.opened.pages):
        await emulate(session.opened.context, page, action.profile, session.spec.browser.engine == "chromium")
    return Performed()
