"""HTTP without a page, on Playwright's request contexts. Every hop of a redirect is held to the allowed hosts."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import APIRequestContext, APIResponse, Playwright
from playwright.async_api import Error as PlaywrightError

from harness.browser.guard import complaint
from harness.core.secret import Secret, reveal
from harness.run.ports import Api, ApiAnswer, ApiUnreachable

MOST_TEXT = 1024 * 1024
MOST_HOPS = 20

REASONS = (
    (r"ECONNREFUSED|ERR_CONNECTION_REFUSED", "the connection was refused: nothing listens there"),
    (r"ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED", "the host name is not known"),
    (r"ECONNRESET|socket hang up|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED", "the connection was broken off"),
    (r"self.signed|certificate|ERR_CERT|CERT_", "its certificate is not valid"),
    (r"ERR_SSL|SSL routines|EPROTO", "no secure connection could be made"),
    (r"EHOSTUNREACH|ENETUNREACH|ERR_ADDRESS_UNREACHABLE|ERR_INTERNET_DISCONNECTED", "the host can't be reached"),
    (r"[Tt]imeout|ETIMEDOUT|ERR_TIMED_OUT|ERR_CONNECTION_TIMED_OUT", "there was no answer in time"),
)


def network_reason(text: str) -> str | None:
    """What a network error means, as a part of a sentence; None when the text names none."""
    return next((reason for pattern, reason in REASONS if re.search(pattern, text)), None)


@dataclass(frozen=True)
class PlaywrightApi:
    """run.ports.Api over a request context."""

    context: APIRequestContext | _Later
    hosts: Sequence[str]

    async def call(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str | Secret] | None = None,
        headers: Mapping[str, str | Secret] | None = None,
        timeout_ms: int = 10_000,
    ) -> ApiAnswer:
        """One call, redirects followed within the allowed hosts. Raises ApiUnreachable."""
        body: dict[str, Any] = {} if json is None else {"data": revealed(json)}
        if form is not None:
            body = {"form": {name: reveal(value) for name, value in form.items()}}
        sent = {name: reveal(value) for name, value in (headers or {}).items()}
        if json is not None:
            sent.setdefault("content-type", "application/json")
        for _ in range(MOST_HOPS):
            if why := complaint(url, self.hosts):
                raise ApiUnreachable(why)
            response = await self._fetch(method, url, sent, body, timeout_ms)
            target = response.headers.get("location")
            if response.status not in (301, 302, 303, 307, 308) or target is None:
                return await _answer(response)
            url = urljoin(url, target)
            if response.status == 303 or (response.status in (301, 302) and method == "POST"):
                method, body = "GET", {}
        raise ApiUnreachable("it redirects for ever")

    async def _fetch(self, method: str, url: str, headers: dict[str, str], body: dict[str, Any], timeout_ms: int) -> APIResponse:
        try:
            return await self.context.fetch(
                url, method=method, headers=headers, timeout=timeout_ms, max_redirects=0, fail_on_status_code=False, **body
            )
        except PlaywrightError as error:
            raise ApiUnreachable(network_reason(str(error)) or str(error).splitlines()[0][:200]) from None


async def _answer(response: APIResponse) -> ApiAnswer:
    try:
        text = (await response.body())[:MOST_TEXT].decode("utf-8", errors="replace")
    except PlaywrightError as error:
        raise ApiUnreachable(network_reason(str(error)) or "its answer broke off") from None
    finally:
        with contextlib.suppress(PlaywrightError):
            await response.dispose()
    return ApiAnswer(response.status, text, response.headers)


def revealed(value: Any) -> Any:
    """A body with its secrets' values, for the one call that sends it."""
    if isinstance(value, Mapping):
        return {key: revealed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [revealed(item) for item in value]
    return reveal(value) if isinstance(value, Secret) else value


@contextlib.asynccontextmanager
async def open_api(playwright: Playwright, hosts: Sequence[str], headers: Mapping[str, str | Secret]) -> AsyncIterator[Api]:
    """A client with headers of its own and no cookies from elsewhere. Its context is made by the first call: many cases make none."""
    sent = {name: reveal(value) for name, value in headers.items()}
    later = _Later(lambda: playwright.request.new_context(extra_http_headers=sent))
    try:
        yield PlaywrightApi(later, hosts)
    finally:
        if later.context is not None:
            with contextlib.suppress(PlaywrightError):
                await later.context.dispose()


@dataclass(eq=False)
class _Later:
    """A request context that is made when it is needed."""

    make: Callable[[], Awaitable[APIRequestContext]]
    context: APIRequestContext | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def fetch(self, *arguments: Any, **options: Any) -> APIResponse:
        async with self.lock:
            self.context = self.context or await self.make()
        return await self.context.fetch(*arguments, **options)
