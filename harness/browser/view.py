"""What performers and observers see of a session: its current page and what belongs to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from harness.evidence.events import EventLog
from harness.run.ports import ApiAnswer, SessionSpec


@dataclass
class View:
    """One tab of a session. `page` is replaced when the session goes on in another tab. `call` is an HTTP request with the
    context's cookies, held to the allowed hosts: `call(method, url, json=…, form=…, headers=…, timeout_ms=…)`; `url` may be a
    path below base_url. It raises ApiUnreachable."""

    page: Page
    spec: SessionSpec
    log: EventLog
    call: Callable[..., Awaitable[ApiAnswer]]

    @property
    def workspace(self) -> Path:
        """The only folder from which files are read."""
        return self.spec.workspace
