"""JavaScript that says whether the condition holds."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from harness.browser.observers.support_.waiting import truth, unknown
from harness.browser.view import View
from harness.run.ports import Look, Truth
from harness.scenario.conditions.evaluate import EvaluatesTrue


async def evaluate(view: View, check: EvaluatesTrue, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits in the page, on its animation frames."""
    if not view.spec.allow_evaluate:
        return Look(Truth.UNKNOWN, "JavaScript is not allowed in this environment")
    script = check.script.strip().rstrip(";")
    called = f"const value = ({script}); const result = typeof value === 'function' ? value() : value;"
    try:
        await view.page.wait_for_function(
            f"() => {{ {called} return (result === true) === {str(wanted).lower()} }}", timeout=max(timeout_ms, 50)
        )
    except PlaywrightTimeout:
        return Look(truth(not wanted), f"the script gives {'something else than ' if wanted else ''}true")
    except PlaywrightError as error:
        return unknown(error, "the script")
    return Look(truth(wanted), f"the script gives {'' if wanted else 'something else than '}true")


OBSERVERS: dict[str, Any] = {"evaluate": evaluate}
