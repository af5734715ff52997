"""Whether an HTTP answer is as a scenario wants it. Pure."""

from __future__ import annotations

import json

from harness.scenario.http import Answer, json_fits, status_fits


def answer_fits(wanted: Answer | None, status: int | None, text: str) -> bool:
    """Whether status, body and JSON are as wanted; with nothing wanted, any answer below 400 is."""
    if wanted is None:
        return status is not None and status < 400
    if wanted.status is not None and not status_fits(status, wanted.status):
        return False
    if wanted.body_contains is not None and wanted.body_contains not in text:
        return False
    if wanted.json is None:
        return True
    try:
        data = json.loads(text)
    except ValueError:
        return False
    return all(json_fits(match, data) for match in wanted.json)
