"""`poll`: an API call repeated until its answer is as wanted."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from harness.browser.performers.request import call
from harness.core.durations import format_duration
from harness.run.answers import answer_fits
from harness.run.ports import Performed, StepFailed
from harness.scenario.steps.poll import Poll

ACTION = Poll


async def perform(session: Any, action: Poll, timeout_ms: int) -> Performed:
    """Asks every `every_ms` until the answer fits. The pause is the scenario's own: a server has no event for it."""
    end = time.monotonic() + timeout_ms / 1000
    while True:
        answer = await call(session, action.endpoint, timeout_ms, headers=action.headers)
        if answer_fits(action.until, answer.status, answer.text):
            return Performed()
        if time.monotonic() + action.every_ms / 1000 >= end:
            shown = " ".join(answer.text.split())[:200]
            raise StepFailed(
                f"the answer was not as wanted within {format_duration(timeout_ms)}; the last one was {answer.status}: {shown}"
            )
        await asyncio.sleep(action.every_ms / 1000)
