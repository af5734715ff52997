"""JavaScript that says whether the condition holds."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.browser.observers.support_.waiting import truth, unknown
from harness.browser.view import View
from harness.run.ports import Look, Truth
from harness.scenario.conditions.evaluate import EvaluatesTrue

PROMISE_S = 0.05


async def evaluate(view: View, check: EvaluatesTrue, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits in the page, on its animation frames."""
    if not view.spec.allow_evaluate:
        return Look(Truth.UNKNOWN, "JavaScript is not allowed in this environment")
    script = f"const value = ({check.script.strip().rstrip(';')}); const result = typeof value === 'function' ? value() : value;"
    end = time.monotonic() + timeout_ms / 1000
    try:
        while (is_true := await _now(view, script)) != wanted and (left := (end - time.monotonic()) * 1000) > 0:
            if not await _changed(view, script, wanted, left):
                is_true = await _now(view, script)
                break
    except PlaywrightError as error:
        return unknown(error, "the script")
    return Look(truth(is_true), f"the script gives {'' if is_true else 'something else than '}true")


async def _now(view: View, script: str) -> bool:
    return bool(await view.page.evaluate(f"async () => {{ {script} return (await result) === true }}"))


async def _changed(view: View, script: str, wanted: bool, timeout_ms: float) -> bool:
    """Whether the page came to give something else in time. A promise says nothing until it is kept: it is asked again after a pause."""
    changed = f"() => {{ {script} return (result === true) === {str(wanted).lower()} || !!result && typeof result.then === 'function' }}"
    try:
        await view.page.wait_for_function(changed, timeout=timeout_ms)
    except PlaywrightTimeout:
        return False
    await asyncio.sleep(PROMISE_S)
    return True


OBSERVERS: dict[str, Any] = {"evaluate": evaluate}
