"""`clock`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from harness.run.ports import Performed
from harness.scenario.steps.clock import Clock

ACTION = Clock


async def perform(session: Any, action: Clock, timeout_ms: int) -> Performed:
    """Jumps to a time without firing timers, or lets time pass."""
    clock = session.opened.context.clock
    if not session.opened.clock_installed:
        await clock.install(
            time=(action.change.at and _local(action.change.at, session.spec.browser.timezone)) or session.spec.clock or datetime.now(UTC)
        )
        session.opened.clock_installed = True
    elif action.change.at is not None:
        await clock.set_system_time(_local(action.change.at, session.spec.browser.timezone))
    if action.change.forward_ms is not None:
        await clock.fast_forward(action.change.forward_ms)
    if action.change.run_ms is not None:
        await clock.run_for(action.change.run_ms)
    return Performed()


def _local(moment: datetime, timezone: str | None) -> datetime:
    """A time without an offset is the customer's local time."""
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(timezone)) if timezone else moment.astimezone()
