"""`request`: an API call with the session's cookies."""

from __future__ import annotations

import json
from typing import Any

from harness.core.secret import Secret
from harness.run.ports import ApiAnswer, ApiUnreachable, Performed, StepFailed
from harness.scenario.action import split_endpoint
from harness.scenario.http import MISSING, at_path, status_fits
from harness.scenario.steps.request import Request

ACTION = Request


async def perform(session: Any, action: Request, timeout_ms: int) -> Performed:
    """Makes the call, checks its status, keeps values of its answer."""
    answer = await call(session, action.endpoint, timeout_ms, json=action.json, form=action.form, headers=action.headers)
    fits = status_fits(answer.status, action.expect_status) if action.expect_status else answer.status < 400
    if not fits:
        wanted = f", wanted {' or '.join(action.expect_status)}" if action.expect_status else ""
        raise StepFailed(f"it answered {answer.status}{wanted}: {' '.join(answer.text.split())[:200]}")
    return Performed(saved=_kept(answer, action.save or {}))


async def call(session: Any, endpoint: str | Secret | None, timeout_ms: int, **options: Any) -> ApiAnswer:
    """The answer of `METHOD url`. Raises StepFailed when there is none."""
    method, url = split_endpoint(endpoint or "")
    try:
        answer: ApiAnswer = await session.view().call(method, url, timeout_ms=timeout_ms, **options)
    except ApiUnreachable as error:
        down = "not allowed" not in str(error)
        raise StepFailed(str(error), unreachable=down) from None
    return answer


def _kept(answer: ApiAnswer, wanted: dict[str, str]) -> dict[str, Any]:
    if not wanted:
        return {}
    try:
        data = json.loads(answer.text)
    except ValueError:
        raise StepFailed(f"its answer is no JSON: {' '.join(answer.text.split())[:100]!r}") from None
    kept = {name: at_path(data, path) for name, path in wanted.items()}
    if missing := [wanted[name] for name, value in kept.items() if value is MISSING]:
        raise StepFailed(f"its answer has no {' and no '.join(missing)}")
    return kept
