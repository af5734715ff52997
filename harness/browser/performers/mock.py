"""`mock`: answers in the application's place."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Route
from playwright.async_api import Error as PlaywrightError

from harness.browser.guard import complaint, hosts_of
from harness.browser.performers.support_.files import workspace_file
from harness.core.globs import address_regex
from harness.run.ports import Performed, StepFailed
from harness.scenario.steps.mock import SITE, Mock, Mocked

ACTION = Mock


async def perform(session: Any, action: Mock, timeout_ms: int) -> Performed:
    """Routes the requests that the mock names, for all tabs of the session."""
    mocked, context = action.mocked, session.opened.context
    if mocked.har is not None:
        try:
            await _replay(context, workspace_file(session.spec.workspace, mocked.har), session.spec.base_url)
        except PlaywrightError:
            raise StepFailed(f"the file {mocked.har} is no HAR file") from None
        return Performed()
    file = workspace_file(session.spec.workspace, mocked.file) if mocked.file is not None else None
    hosts = hosts_of(session.spec.base_url, session.spec.allow_hosts)
    answer = _Answer(mocked, file.read_bytes() if file else None, file.name if file else "", mocked.count, hosts)
    await context.route(address_regex(mocked.url or "**", session.spec.base_url), answer.handle)
    return Performed()


async def _replay(context: BrowserContext, har: Path, base_url: str) -> None:
    """Answers with what was recorded. What was recorded of the customer's site is answered on the environment's."""
    with TemporaryDirectory(prefix="repro-mock-") as folder:  # Playwright reads the file at once and whole
        await context.route_from_har(_placed(har, base_url, Path(folder)), not_found="fallback")


def _placed(har: Path, base_url: str, folder: Path) -> Path:
    """The file, with the environment's address in it where it leaves that open."""
    data, base = har.read_bytes(), urlsplit(base_url)
    if SITE.encode() not in data:
        return har
    placed = folder / "mocks.har"
    placed.write_bytes(data.replace(SITE.encode(), f"{base.scheme}://{base.netloc}".encode()))
    return placed


@dataclass
class _Answer:
    """What a mocked request gets; `left` counts down when only the first are meant."""

    mocked: Mocked
    content: bytes | None
    file_name: str
    left: int | None
    hosts: tuple[str, ...]

    async def handle(self, route: Route) -> None:
        """Answers the request, or lets it through when it is not meant."""
        try:
            if self._is_meant(route):
                await self._answer(route)
            else:
                await route.fallback()
        except PlaywrightError:
            return  # the page went away with its request

    def _is_meant(self, route: Route) -> bool:
        if self.mocked.method is not None and route.request.method != self.mocked.method:
            return False
        if self.left is not None:
            self.left -= 1
        return self.left is None or self.left >= 0

    async def _answer(self, route: Route) -> None:
        mocked = self.mocked
        if mocked.abort:
            await self._wait()
            await route.abort("failed" if mocked.abort is True else str(mocked.abort))
        elif mocked.status is None and self._body() is None:
            if complaint(route.request.url, self.hosts):
                await route.fallback()  # the browser holds it; a fetch of ours would not be held
                return
            await self._late(route)
        else:
            await self._wait()
            headers = {"access-control-allow-origin": "*", **self._type(), **(mocked.headers or {})}
            await route.fulfill(status=mocked.status or 200, headers=headers, body=self._body() or "")

    async def _late(self, route: Route) -> None:
        """The application's own answer, or its failure, after the delay."""
        try:
            response = await route.fetch(max_redirects=0)
        except PlaywrightError:
            await self._wait()
            await route.abort("connectionfailed")
            return
        await self._wait()
        await route.fulfill(response=response)

    async def _wait(self) -> None:
        """The delay that the scenario asks for."""
        if self.mocked.delay_ms:
            await asyncio.sleep(self.mocked.delay_ms / 1000)

    def _body(self) -> str | bytes | None:
        if self.mocked.json is not None:
            return json.dumps(self.mocked.json)
        return self.content if self.content is not None else self.mocked.body

    def _type(self) -> dict[str, str]:
        if self.mocked.json is not None:
            return {"content-type": "application/json"}
        guessed = mimetypes.guess_type(self.file_name)[0] if self.file_name else None
        return {"content-type": guessed or "text/plain; charset=utf-8"}
