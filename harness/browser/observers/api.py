"""What the application's API answers."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from harness.browser.observers.support_.waiting import clean, truth
from harness.browser.view import View
from harness.run.answers import answer_fits
from harness.run.ports import ApiUnreachable, Look, Truth
from harness.scenario.action import split_endpoint
from harness.scenario.conditions.api import Api
from harness.scenario.http import Answer


async def api(view: View, check: Api, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Asks every `every_ms`, as the condition says."""
    end = time.monotonic() + timeout_ms / 1000
    while True:
        seen = await _ask(view, check)
        left = end - time.monotonic()
        if seen.truth is truth(wanted) or left <= 0:
            return seen
        await asyncio.sleep(min(left, check.every_ms / 1000))


async def _ask(view: View, check: Api) -> Look:
    method, url = split_endpoint(check.endpoint)
    try:
        answer = await view.call(method, url, json=check.body, headers=check.headers)
    except ApiUnreachable as error:
        return Look(Truth.UNKNOWN, f"{method} {url} gave no answer: {error}")
    wanted = Answer(status=check.status, body_contains=check.body_contains, json=check.json)
    nothing = check.status is None and check.body_contains is None and check.json is None
    fits = answer_fits(None if nothing else wanted, answer.status, answer.text)
    body = f': "{clean(answer.text, 120)}"' if answer.text else ""
    return Look(truth(fits), f"{method} {url} answered {answer.status}{body}")


OBSERVERS: dict[str, Any] = {"api": api}
