"""Starts browsers, keeps few of them, and replaces those that are lost. One process serves many attempts, each in a fresh context."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser, Playwright
from playwright.async_api import Error as PlaywrightError

from harness.browser.driver import Driver, is_lost
from harness.browser.find import Found, find_browser
from harness.browser.guard import chromium_rules, hosts_of
from harness.core.secret import Secret
from harness.diagnostics import Problems, problem
from harness.evidence.events import EventLog
from harness.run.ports import Api, BrowserLost, Session, SessionSpec

T = TypeVar("T")
RECYCLE_AFTER = 50
START_S = 60
CLOSE_S = 10


@dataclass(eq=False)
class Running:
    """A browser process. `used` counts the contexts it has had, `open` those it has now."""

    browser: Browser
    playwright: Playwright
    key: tuple[Any, ...]
    pid: int | None
    traces: Path
    bare: bool = False
    used: int = 0
    open: int = 0
    lost: bool = False
    retired: bool = False


@dataclass
class PlaywrightHost:
    """The browsers of a run. Use it as `async with`. `guarded` is False only to measure what the guard costs."""

    headed: bool = False
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    recycle_after: int = RECYCLE_AFTER
    guarded: bool = True
    _running: list[Running] = field(default_factory=list)
    _described: dict[str, str] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _served: int = 0
    _driver: Driver = field(init=False)
    _downloads: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="repro-downloads-")))

    def __post_init__(self) -> None:
        self._driver = Driver(self.environ)

    async def __aenter__(self) -> PlaywrightHost:
        """Begins to start the driver and does not wait for it; meanwhile the modules of a session are read."""
        await self._driver.begin()
        import harness.browser.session  # noqa: F401

        return self

    async def __aexit__(self, *_: object) -> None:
        for running in list(self._running):
            await self._end(running)
        await self._driver.stop()
        await asyncio.to_thread(shutil.rmtree, self._downloads, ignore_errors=True)

    async def open(self, spec: SessionSpec, log: EventLog) -> Session:
        """A fresh context. Raises BrowserLost, or Problems when there is no browser."""
        from harness.browser.session import Attempted, open_session

        running = await self._get(spec)
        try:
            async with asyncio.timeout(START_S):
                attempted = Attempted(
                    running.playwright,
                    running.browser,
                    spec,
                    log,
                    bare=running.bare,
                    is_lost=lambda: self._is_lost(running),
                    release=lambda: self._release(running),
                    abandon=lambda: self._kill(running),
                    downloads=self._downloads,
                    traces=running.traces,
                )
                return await _unless_lost(running.browser, open_session(attempted))
        except (PlaywrightError, TimeoutError) as error:
            await self._release(running)
            if self._is_lost(running) or isinstance(error, TimeoutError):
                await self._kill(running)
                raise BrowserLost("the browser did not open a page") from None
            raise problem(
                "browser-refused", f"the browser can't be set up so: {_first_line(error)}", "look at `browser:` of the customer"
            ) from None
        except Problems:
            await self._release(running)
            raise

    async def discard(self, session: Session) -> None:
        """Gives up a session. A browser that is lost is killed; one that still answers only loses this context."""
        from harness.browser.session import PlaywrightSession

        if not isinstance(session, PlaywrightSession):
            return
        if not session.attempted.is_lost():
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSE_S):
                    await session.close(keep_trace=False)
                    return
        for running in [each for each in self._running if each.browser is session.browser]:
            await self._kill(running)

    def api(self, allow_hosts: tuple[str, ...], headers: Mapping[str, str | Secret]) -> AbstractAsyncContextManager[Api]:
        """An HTTP client that reaches these hosts only."""
        return self._api(allow_hosts, headers)

    @contextlib.asynccontextmanager
    async def _api(self, allow_hosts: tuple[str, ...], headers: Mapping[str, str | Secret]) -> AsyncIterator[Api]:
        from harness.browser.api import open_api

        async with open_api(await self._driver.get(), allow_hosts, headers) as api:
            yield api

    def describe(self) -> Mapping[str, str]:
        """The browser that was used."""
        return self._described

    async def _get(self, spec: SessionSpec) -> Running:
        """A running browser for these hosts; the lock lets attempts that begin together share one."""
        hosts = hosts_of(spec.base_url, spec.allow_hosts)
        key = (spec.browser.engine, spec.browser.channel, tuple(sorted(hosts)))
        async with self._lock:
            for running in () if spec.alone else self._running:
                if running.key == key and not self._is_lost(running) and not running.retired:
                    break
            else:
                running = await self._start(spec, key)
            running.used += 1
            running.open += 1
            running.retired = spec.alone or running.used >= self.recycle_after
            return running

    async def _start(self, spec: SessionSpec, key: tuple[Any, ...]) -> Running:
        await self._recycle_driver()
        playwright = await self._driver.get()
        engine = getattr(playwright, spec.browser.engine)
        found = find_browser(spec.browser.engine, spec.browser.channel, self.headed, engine.executable_path, self.environ)
        traces = Path(tempfile.mkdtemp(prefix="traces-", dir=self._downloads))
        try:
            browser = await self._launch(engine, found, spec, traces)
        except PlaywrightError as error:
            hint = f"`{found.path or found.channel or found.engine}` was tried; `repro install` installs another"
            raise problem("browser-not-started", f"the browser does not start: {_first_line(error)}", hint) from None
        running = Running(browser, playwright, key, await _pid(browser, found), traces, bare="headless" in found.build)
        self._running.append(running)
        self._described = {"name": found.engine, "version": browser.version, "build": found.build}
        return running

    async def _launch(self, engine: Any, found: Found, spec: SessionSpec, traces: Path) -> Browser:
        """A new browser; begun once more when it was gone before it had started. Raises PlaywrightError."""
        options: dict[str, Any] = {
            "executable_path": found.path,
            "channel": found.channel,
            "headless": not self.headed,
            "args": self._arguments(spec, found),
            "chromium_sandbox": False if _is_root() else None,
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
            "timeout": START_S * 1000,
            "downloads_path": self._downloads,
            "traces_dir": traces,
        }
        try:
            return await engine.launch(**options)  # type: ignore[no-any-return]
        except PlaywrightError as error:
            if "has been closed" not in str(error):
                raise
            return await engine.launch(**options)  # type: ignore[no-any-return]

    def _arguments(self, spec: SessionSpec, found: Found) -> list[str]:
        if found.engine != "chromium":
            return []
        rules = chromium_rules(hosts_of(spec.base_url, spec.allow_hosts)) if self.guarded else []
        return [*rules, "--disable-dev-shm-usage"]

    async def _recycle_driver(self) -> None:
        """A driver that has served many contexts is started anew when no browser needs it, so that its memory stays flat."""
        self._running = [running for running in self._running if not self._is_lost(running)]
        if self._served >= 4 * self.recycle_after and not self._running:
            self._served = 0
            await self._driver.stop()

    async def _release(self, running: Running) -> None:
        running.open -= 1
        self._served += 1
        if running.retired and running.open <= 0:
            await self._end(running)

    def _is_lost(self, running: Running) -> bool:
        return running.lost or not running.browser.is_connected() or is_lost(running.playwright)

    async def _end(self, running: Running) -> None:
        if running in self._running:
            self._running.remove(running)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSE_S):
                await running.browser.close()
                await asyncio.to_thread(shutil.rmtree, running.traces, ignore_errors=True)
                return
        await self._kill(running)

    async def _kill(self, running: Running) -> None:
        """A browser that does not close by itself."""
        running.lost = True
        if running in self._running:
            self._running.remove(running)
        if running.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(running.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        with contextlib.suppress(Exception):
            async with asyncio.timeout(2):
                await running.browser.close()
        await asyncio.to_thread(shutil.rmtree, running.traces, ignore_errors=True)


async def _pid(browser: Browser, found: Found) -> int | None:
    """The browser's process, to kill it should it hang; only Chromium tells."""
    if found.engine != "chromium":
        return None
    try:
        async with asyncio.timeout(5):
            cdp = await browser.new_browser_cdp_session()
            answer = await cdp.send("SystemInfo.getProcessInfo")
            await cdp.detach()
    except (PlaywrightError, TimeoutError):
        return None
    return next((process["id"] for process in answer["processInfo"] if process["type"] == "browser"), None)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return text[0][:300] if text else type(error).__name__


async def _unless_lost(browser: Browser, opening: Coroutine[Any, Any, T]) -> T:
    """What `opening` gives. Raises TimeoutError as soon as the browser is gone: calls to it may then never be answered."""
    gone = asyncio.Event()

    def left(_: Browser) -> None:
        gone.set()

    browser.on("disconnected", left)
    task, watch = asyncio.ensure_future(opening), asyncio.ensure_future(gone.wait())
    try:
        await asyncio.wait((task, watch), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise TimeoutError
    finally:
        browser.remove_listener("disconnected", left)
        task.cancel()
        watch.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)
