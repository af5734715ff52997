"""What performers and observers see of a session: its current page and what belongs to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page

from harness.evidence.events import EventLog
from harness.run.ports import ApiAnswer, SessionSpec


@dataclass
class View:
    """One tab of a session. `page` is replaced when the session goes on in another tab. `call` is an HTTP request with the
    context's cookies, held to the allowed hosts: `call(method, url, json=…, form=…, headers=…, timeout_ms=…)`; `url` may be a
    path below base_url. It raises ApiUnreachable. `coming` is the request for the document that is to replace a tab's,
    `GET http://…`; until it comes, the browser lets nobody look into the one that is still shown."""

    page: Page
    spec: SessionSpec
    log: EventLog
    call: Callable[..., Awaitable[ApiAnswer]]
    coming: Callable[[Page], str | None]

    def next_page(self) -> str | None:
        """What is to replace the current tab's document, as the end of a sentence; None when nothing is."""
        coming = self.coming(self.page)
        return f"the next page ({coming}) has not come yet" if coming else None

    async def how_many(self, target: Locator) -> int:
        """How many elements fit. Playwright also says none when the document was replaced while it looked."""
        found = await target.count()
        return found or (await target.count() if self.next_page() else 0)

    @property
    def workspace(self) -> Path:
        """The only folder from which files are read."""
        return self.spec.workspace
