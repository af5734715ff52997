"""One attempt's context in a real browser: run.ports.Session over Playwright."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route
from playwright.async_api import Error as PlaywrightError

from harness.browser import observers, performers, reading
from harness.browser.api import PlaywrightApi
from harness.browser.capture import Camera
from harness.browser.contexts import context_options
from harness.browser.guard import complaint, hosts_of, with_ports
from harness.browser.listen import Listener
from harness.browser.near import nearest_names
from harness.browser.network import emulate
from harness.browser.untraced import send_stacks, untraced
from harness.browser.view import View
from harness.core.secret import reveal
from harness.diagnostics import Place
from harness.evidence import learn
from harness.evidence.events import EventLog, HeldEvent
from harness.evidence.groups import Group
from harness.evidence.redact import Redactor
from harness.evidence.trace import EVENTS, acted_boxes, finish_trace
from harness.run.ports import (
    ApiAnswer,
    Box,
    BrowserLost,
    Look,
    PageState,
    Performed,
    Picture,
    Session,
    SessionEvidence,
    SessionSpec,
    StepFailed,
    Truth,
)
from harness.scenario.action import Step
from harness.scenario.condition import Leaf
from harness.scenario.locators import Locator
from harness.scenario.network import Profile

CLOSE_S = 6
GRACE_S = 10
READ_MS = 5_000
SNAPSHOT_S = 2

T = TypeVar("T")


@dataclass(eq=False)
class Attempted:
    """What all contexts of an attempt share."""

    playwright: Playwright
    browser: Browser
    spec: SessionSpec
    log: EventLog
    is_lost: Callable[[], bool]
    release: Callable[[], Awaitable[None]]
    abandon: Callable[[], Awaitable[None]]
    downloads: Path
    traces: Path
    bare: bool = False
    contexts: dict[str, Opened] = field(default_factory=dict)
    group_numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    closed: bool = False


@dataclass(eq=False)
class Opened:
    """One context with what belongs to it."""

    context: BrowserContext
    listener: Listener
    camera: Camera
    pages: list[Page]
    raw_trace: Path
    groups: list[Group] = field(default_factory=list)
    clock_installed: bool = False
    profile: str | Profile | None = None
    notes: list[str] = field(default_factory=list)


async def open_session(attempted: Attempted) -> PlaywrightSession:
    """A fresh context for the customer's own account."""
    opened = await _open_context(attempted, "")
    return PlaywrightSession(attempted, opened, opened.pages[0])


async def _open_context(attempted: Attempted, account: str) -> Opened:
    spec = attempted.spec if not account else replace(attempted.spec, storage_state=None)
    context = await attempted.browser.new_context(**context_options(attempted.playwright, spec, attempted.bare))
    hosts = hosts_of(spec.base_url, spec.allow_hosts)
    chromium = spec.browser.engine == "chromium"
    suffix = f"-{account}" if account else ""
    folder = spec.folder
    listener = Listener(attempted.log, hosts, folder / "downloads", attempted.downloads, spec.redactor)
    opened = Opened(context, listener, Camera(folder, spec.masks, spec.redactor, chromium), [], attempted.traces / uuid.uuid4().hex)
    attempted.contexts[account] = opened
    context.set_default_timeout(10_000)
    opened.profile = spec.network.profile
    opened.listener.attach(context, lambda page: _watch_page(opened, page, chromium))
    if spec.capture.trace:
        await context.tracing.start(name=opened.raw_trace.name, snapshots=True, title=f"{spec.title}{suffix}")
        send_stacks(context, False)
    await _limit(opened, attempted, hosts)
    if spec.clock is not None:
        await context.clock.install(time=spec.clock)
        opened.clock_installed = True
    page = await context.new_page()
    await emulate(context, page, spec.network.profile, chromium)
    return opened


def _watch_page(opened: Opened, page: Page, chromium: bool) -> None:
    if opened.pages and opened.profile is not None and chromium:  # the first has it before it is used
        opened.listener.spawn(_slowed(opened, page, opened.profile))
    opened.pages.append(page)
    opened.camera.add(page)
    page.on("close", lambda _: opened.pages.remove(page) if page in opened.pages else None)


async def _slowed(opened: Opened, page: Page, profile: str | Profile) -> None:
    """A tab that the application opened has the customer's connection as well, but only when it has been noticed."""
    with contextlib.suppress(PlaywrightError):  # it is closed already
        await emulate(opened.context, page, profile, True)
        opened.notes.append("a tab that was opened may have begun to load with the harness's own connection, not with the customer's")


async def _limit(opened: Opened, attempted: Attempted, hosts: Sequence[str]) -> None:
    """What the browser's host rules can't say: hosts that the customer's network holds back, ports, extra headers."""
    spec = attempted.spec
    blocked = spec.network.block
    headers = {name: reveal(value) for name, value in (spec.browser.headers or {}).items()}
    ports = with_ports(hosts)
    if headers and not (blocked or ports):
        await opened.context.set_extra_http_headers(headers)
        return
    if not (blocked or ports or spec.browser.engine != "chromium"):
        return

    async def decide(route: Route) -> None:
        url = route.request.url
        if why := complaint(url, hosts):
            attempted.log.append(HeldEvent(attempted.log.now_ms(), why.split(" ")[2] if " " in why else "", "page", url))
            await route.abort("namenotresolved")
        elif blocked and not complaint(url, blocked):
            await route.abort("blockedbyclient")
        else:
            await route.fallback(headers={**route.request.headers, **headers}) if headers else await route.fallback()

    await opened.context.route("**/*", decide)


@dataclass(eq=False)
class PlaywrightSession:
    """One tab of one context. Several of these may look at one attempt."""

    attempted: Attempted
    opened: Opened
    page: Page

    @property
    def log(self) -> EventLog:
        return self.attempted.log

    @property
    def browser(self) -> Browser:
        """The browser it runs in."""
        return self.attempted.browser

    @property
    def spec(self) -> SessionSpec:
        return self.attempted.spec

    def view(self) -> View:
        """What performers and observers see."""
        return View(self._current(), self.spec, self.log, self._call, self._coming)

    def _coming(self, page: Page) -> str | None:
        request = self.opened.listener.coming.get(page)
        return f"{request.method} {self.spec.redactor.text(request.url)[:300]}" if request is not None else None

    async def arrival(self, timeout_ms: float) -> str | None:
        """Waits until the page that is on its way has come, at most so long; gives what is still to come."""
        end = time.monotonic() + timeout_ms / 1000
        while (coming := self._coming(self.page)) is not None and (left := end - time.monotonic()) > 0:
            change = asyncio.ensure_future(self.log.change())
            await asyncio.sleep(0)  # it listens from now on
            if self._coming(self.page) is not None:
                await asyncio.wait([change], timeout=left)
            change.cancel()
        return coming

    def _current(self) -> Page:
        """The current tab; when it has closed itself, the newest that is left."""
        if self.page.is_closed():
            if not self.opened.pages:
                raise StepFailed("the page closed itself, and no other tab is open")
            self.page = self.opened.pages[-1]
        return self.page

    async def perform(self, step: Step, timeout_ms: int) -> Performed:
        return await self._guard(performers.perform(self, step.action, timeout_ms), timeout_ms)

    async def wait(self, leaf: Leaf, wanted: bool, timeout_ms: int, since: int) -> Look:
        return await self._observe(lambda: self._untraced(lambda: observers.wait(self.view(), leaf, wanted, timeout_ms, since)), timeout_ms)

    async def look(self, leaf: Leaf, since: int) -> Look:
        return await self._observe(lambda: self._untraced(lambda: observers.look(self.view(), leaf, since)), 3_000)

    async def _untraced(self, work: Callable[[], Awaitable[T]]) -> T:
        return await untraced(self.opened.context, work)

    async def _observe(self, observe: Callable[[], Awaitable[Look]], timeout_ms: int) -> Look:
        """The look; once more in the tab that is left when the one that was looked at closed meanwhile."""
        for _ in range(2):
            page = self.page
            try:
                look = await self._guard(observe(), timeout_ms)
            except StepFailed as failure:
                look = Look(Truth.UNKNOWN, failure.message)
            if look.truth is not Truth.UNKNOWN or not (page.is_closed() or self.attempted.is_lost()):
                return look
            await self._still_there()
        return look

    async def _still_there(self) -> None:
        """Pages are gone a moment before the browser is known to be. Raises BrowserLost."""
        for _ in range(5):
            if self.attempted.is_lost():
                raise BrowserLost("the browser crashed or was closed")
            await asyncio.sleep(0.1)

    async def _guard(self, work: Awaitable[T], timeout_ms: int) -> T:
        """The work, unless the browser is lost meanwhile or answers nothing long after the time is over."""
        try:
            async with asyncio.timeout(timeout_ms / 1000 + GRACE_S):
                return await work
        except TimeoutError:
            raise BrowserLost("the browser did not answer any more") from None
        except (PlaywrightError, StepFailed) as error:
            if self.page.is_closed() or self.attempted.is_lost():
                await self._still_there()
            if isinstance(error, StepFailed):
                raise
            raise StepFailed(performers.plain_error(error)) from None

    async def picture(self, name: str, full_page: bool = False, fresh: bool = True) -> Picture | None:
        if self.page.is_closed() and not self.opened.pages:
            return None
        page = self._current()
        return await self._untraced(lambda: self.opened.camera.take(page, name, full_page, fresh))

    async def names_near(self, locator: Locator) -> tuple[str, ...]:
        return await nearest_names(self._current(), locator)

    async def aria(self, locator: Locator | None = None) -> str:
        return await self._guard(reading.read(self._current(), locator, self.spec.masks), READ_MS)

    async def matches(self, locator: Locator) -> tuple[str, ...]:
        return await self._guard(reading.matches(self._current(), locator, self.spec.masks), READ_MS)

    async def title(self) -> str:
        return await reading.title(self._current())

    async def settle(self, timeout_ms: int) -> None:
        await self._guard(reading.settle(self._current(), timeout_ms), timeout_ms)

    async def state(self) -> PageState:
        if self.page.is_closed() and not self.opened.pages:
            return PageState("", None)
        page = self._current()
        status, refused = self.opened.listener.statuses.get(page), await self._refused(page)
        return PageState(page.url, status, page.url.startswith("chrome-error:"), refused)

    async def _refused(self, page: Page) -> str:
        asked, path = self.opened.listener.sent.get(page, ("", ""))
        if not asked or urlsplit(page.url).path != path or self.view().next_page():
            return ""
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(SNAPSHOT_S):
                return asked if await page.locator("input[type=password]").count() else ""
        return ""

    @contextlib.asynccontextmanager
    async def group(self, title: str, place: Place, snapshot: bool = False) -> AsyncIterator[int | None]:
        if not self.spec.capture.trace:
            yield None
            return
        begun_ms = time.time() * 1000
        number, page = next(self.attempted.group_numbers), self.opened.camera.number(self.page)
        self.opened.camera.reused = False
        try:
            yield number
            if snapshot and not self.opened.camera.reused:
                await self._snapshot()
        except StepFailed:
            if snapshot:
                await self._snapshot()  # what was waited for did not come: this is what was there instead
            raise
        finally:
            where = (place.source.path, place.line, place.column)
            self.opened.groups.append(Group(number, self.spec.redactor.text(title), *where, begun_ms, time.time() * 1000, page))

    async def _snapshot(self) -> None:
        """Puts the page as it is now into the trace: looks leave none there. A page that still shows the same is there already."""
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(SNAPSHOT_S):
                await self.page.locator("html").count()

    async def as_account(self, account: str) -> Session:
        opened = self.attempted.contexts.get(account)
        if opened is None:
            opened = await _open_context(self.attempted, account)
        return PlaywrightSession(self.attempted, opened, opened.pages[-1])

    async def tabs(self, count: int) -> Sequence[Session]:
        if count == 0:
            return ()
        pages = [self._current()]
        for _ in range(count - 1):
            page = await self.opened.context.new_page()
            with contextlib.suppress(PlaywrightError):
                await page.goto(pages[0].url, wait_until="load")
            pages.append(page)
        return [PlaywrightSession(self.attempted, self.opened, page) for page in pages]

    async def storage_state(self) -> Mapping[str, Any]:
        return dict(await self.opened.context.storage_state())

    async def close(self, keep_trace: bool) -> SessionEvidence:
        """Ends every context of the attempt; the first trace is the customer's own."""
        if self.attempted.closed:
            return SessionEvidence()
        self.attempted.closed = True
        traces: list[Path] = []
        notes: list[str] = []
        boxes: dict[int, Box] = {}
        for account, opened in self.attempted.contexts.items():
            path = self.spec.folder / (f"trace-{account}.zip" if account else "trace.zip")
            await _finished(_learn_cookies(opened.context, self.spec.redactor))
            stopped = not self.spec.capture.trace or await _finished(_stop_trace(opened, boxes, path if keep_trace else None))
            if keep_trace and not stopped:
                notes.append("the trace could not be finished: the page did not answer")
            traces += [path] if path.is_file() else []
            if not await _finished(_close_context(opened)):
                notes.append("the browser did not close in time and was ended")
                await self.attempted.abandon()
            await _forget_trace(opened)
            notes += dict.fromkeys(opened.notes)
        await self.attempted.release()
        return SessionEvidence(traces[0] if traces else None, tuple(notes), boxes)

    async def _call(self, method: str, url: str, **options: Any) -> ApiAnswer:
        hosts = hosts_of(self.spec.base_url, self.spec.allow_hosts)
        absolute = urljoin(f"{self.spec.base_url}/", url.lstrip("/")) if url.startswith("/") else urljoin(self.page.url, url)
        return await PlaywrightApi(self.opened.context.request, hosts).call(method, absolute, **options)


async def _finished(work: Awaitable[None]) -> bool:
    """Whether it came to its end in time."""
    try:
        async with asyncio.timeout(CLOSE_S):
            await work
    except (PlaywrightError, TimeoutError, OSError):
        return False
    return True


async def _learn_cookies(context: BrowserContext, redactor: Redactor) -> None:
    """What keeps the customer signed in is a secret."""
    for cookie in await untraced(context, context.cookies):
        for name, value in learn.cookie(cookie.get("name", ""), cookie.get("value", ""), bool(cookie.get("httpOnly"))):
            redactor.learn(name, value)


async def _stop_trace(opened: Opened, boxes: dict[int, Box], trace: Path | None) -> None:
    """Reads out of the trace where elements stood, and writes it without secrets where it is wanted; as Playwright gives it, it never lies
    in the report's folder."""
    send_stacks(opened.context, True)
    await opened.context.tracing.stop()
    found = await asyncio.to_thread(acted_boxes, opened.raw_trace, opened.groups)
    boxes.update({number: Box(*box) for number, box in found.items()})
    if trace is not None:
        await asyncio.to_thread(finish_trace, opened.raw_trace, trace, opened.camera.redactor, opened.camera.frames, opened.groups)


async def _forget_trace(opened: Opened) -> None:
    for suffix in EVENTS:
        await asyncio.to_thread(opened.raw_trace.with_name(f"{opened.raw_trace.name}{suffix}").unlink, missing_ok=True)


async def _close_context(opened: Opened) -> None:
    await opened.listener.stop()
    await opened.context.close()
