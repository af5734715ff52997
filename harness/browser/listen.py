"""Everything that a context tells by itself -> the attempt's event log."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Download, Frame, Page, Request, Response, WebError
from playwright.async_api import Error as PlaywrightError

from harness.browser.guard import HELD_ERRORS, complaint
from harness.evidence import learn
from harness.evidence.events import ConsoleEvent, CrashEvent, DialogEvent, DownloadEvent, EventLog, Exchange, HeldEvent, PageErrorEvent
from harness.evidence.redact import Redactor

LEVELS = {"warning": "warning", "error": "error", "assert": "error", "info": "info", "debug": "debug"}
MOST_BYTES = 50 * 1024 * 1024
MOST_TEXT = 20_000
MOST_BODY = 200_000
TOO_LARGE = f"larger than {MOST_BYTES // 1024 // 1024} MiB"


@dataclass(eq=False)
class Listener:
    """Listens to one context. Downloads are kept in `downloads`; while they come they are in `arriving`. `answer` says how the next
    dialogs are answered: None dismisses them. `statuses` are those of the tabs' documents, `coming` the requests for those that are to
    replace them, `sent` the path that a tab was to go to and the one that it came to instead."""

    log: EventLog
    hosts: tuple[str, ...]
    downloads: Path
    arriving: Path
    redactor: Redactor
    answer: str | None = None
    prompt_text: str | None = None
    statuses: dict[Page, int] = field(default_factory=dict)
    coming: dict[Page, Request] = field(default_factory=dict)
    sent: dict[Page, tuple[str, str]] = field(default_factory=dict)
    _exchanges: dict[Request, Exchange] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _count: int = 0
    _sizes: dict[str, int] = field(default_factory=dict)

    def attach(self, context: BrowserContext, on_page: Callable[[Page], None]) -> None:
        """Begins to listen; `on_page` is told of every new page."""

        def page(new: Page) -> None:
            new.on("crash", lambda _: self.log.append(CrashEvent(self.log.now_ms())))
            new.on("websocket", lambda socket: self._note_held(socket.url, "websocket"))
            new.on("download", lambda download: self.spawn(self._download(download)))
            new.on("framenavigated", lambda frame: self._came(new, frame))
            on_page(new)

        context.on("page", page)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("dialog", lambda dialog: self.spawn(self._dialog(dialog)))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfinished", self._finished)
        context.on("requestfailed", self._failed)

    async def stop(self) -> None:
        """Ends what is still being saved. Requests that have no answer yet stay so, however they end when the context is closed."""
        for exchange in self._exchanges.values():
            exchange.duration_ms = self.log.now_ms() - exchange.at_ms
        self._exchanges.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Any) -> None:
        """Lets it be done beside, until the context is closed."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _console(self, message: ConsoleMessage) -> None:
        level = LEVELS.get(message.type, "log")
        text = message.text[:MOST_TEXT]
        url = message.location.get("url", "")
        self.log.append(ConsoleEvent(self.log.now_ms(), level, text, url, held=self._is_held(text, url)))
        self._learn(learn.in_text(text))

    def _error(self, error: WebError) -> None:
        thrown = error.error
        message = getattr(thrown, "message", None) or str(thrown)
        self.log.append(PageErrorEvent(self.log.now_ms(), message[:MOST_TEXT], (getattr(thrown, "stack", None) or "")[:MOST_TEXT]))

    async def _dialog(self, dialog: Dialog) -> None:
        accept = self.answer == "accept"
        event = DialogEvent(self.log.now_ms(), dialog.type, dialog.message[:MOST_TEXT], "accepted" if accept else "dismissed")
        self.log.append(event)
        try:
            if accept:
                await dialog.accept(dialog.default_value if self.prompt_text is None else self.prompt_text)
            else:
                await dialog.dismiss()
        except PlaywrightError:
            return  # the page went away with its dialog

    def _request(self, request: Request) -> None:
        try:
            sent = request.post_data_buffer
            post_data = sent.decode("utf-8", errors="replace") if sent is not None else None
        except PlaywrightError:
            post_data = None
        exchange = Exchange(
            self.log.now_ms(), request.method, request.url, request.resource_type, post_data, navigation=request.is_navigation_request()
        )
        self._exchanges[request] = exchange
        if exchange.navigation:
            self._note_coming(request)
        self.log.append(exchange)
        self._learn(learn.in_url(request.url))
        self._learn(learn.in_headers(request.headers.items()))
        if post_data is not None and len(post_data) <= MOST_TEXT:
            self._learn(learn.in_body(post_data))

    def _response(self, response: Response) -> None:
        exchange = self._exchanges.get(response.request)
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > MOST_BYTES:
            self._sizes[response.url] = int(announced)
        if exchange is not None:
            exchange.status = response.status
            exchange.answered_ms = self.log.now_ms() - exchange.at_ms
            exchange.charset = _charset(response.headers.get("content-type", ""))
            asked = response.request.method != "GET" or learn.SIGN_IN.search(urlsplit(response.url).path)
            if asked and "json" in response.headers.get("content-type", ""):
                reading = asyncio.ensure_future(_body(response))  # at once: it can't be read any more when the page goes on
                self.spawn(self._learn_answer(reading))
                exchange.body = lambda: asyncio.shield(reading)
            else:
                exchange.body = lambda: _body(response)
            if exchange.navigation:
                self._note_document(response)
            if 300 <= response.status < 400:
                exchange.duration_ms = self.log.now_ms() - exchange.at_ms
            self.log.touch()

    def _note_document(self, response: Response) -> None:
        with contextlib.suppress(PlaywrightError):  # a service worker's answer has no frame
            page = response.frame.page
            if response.frame == page.main_frame:
                self.statuses[page] = response.status

    def _note_coming(self, request: Request) -> None:
        with contextlib.suppress(PlaywrightError):  # a service worker's request has no frame
            page = request.frame.page
            if request.frame == page.main_frame:
                self.coming[page] = request

    def arrived(self, page: Page, asked: str) -> str | None:
        """What is worth a remark of the page that came for the address that was asked for."""
        asked_path, path = urlsplit(asked).path or "/", urlsplit(page.url).path or "/"
        self.sent.pop(page, None)
        status = self.statuses.get(page)
        if status is not None and status >= 400:
            return f"the server answered {status}"
        if path == asked_path or page.url.startswith("about:"):
            return None
        self.sent[page] = (asked_path, path)
        return f"the server sent it to {path[:200]}"

    def _came(self, page: Page, frame: Frame) -> None:
        """A document has replaced the tab's; a change of the address within the old one leaves what is coming."""
        request = self.coming.get(page)
        if request is not None and frame == page.main_frame and _same_document(frame.url, request.url):
            self._no_longer_coming(request)

    def _no_longer_coming(self, request: Request) -> None:
        for page in [page for page, coming in self.coming.items() if coming == request]:
            del self.coming[page]
            self.log.touch()

    async def _learn_answer(self, reading: Awaitable[bytes | None]) -> None:
        """What was sent is answered with tokens, and so is a page that asks for its session."""
        body = await reading
        if body is not None and len(body) <= MOST_BODY:
            self._learn(learn.in_body(body.decode("utf-8", "replace")))

    def _learn(self, found: Iterable[learn.Found]) -> None:
        for name, value in found:
            self.redactor.learn(name, value)

    def _finished(self, request: Request) -> None:
        self._no_longer_coming(request)
        exchange = self._exchanges.pop(request, None)
        if exchange is not None:
            exchange.duration_ms = self.log.now_ms() - exchange.at_ms
            self.log.touch()

    def _failed(self, request: Request) -> None:
        self._no_longer_coming(request)
        exchange = self._exchanges.pop(request, None)
        failure = request.failure or "failed"
        if exchange is not None:
            exchange.failure = failure
            exchange.held = self._is_held(failure, request.url)
            exchange.duration_ms = self.log.now_ms() - exchange.at_ms
            self.log.touch()
        if self._is_held(failure, request.url):
            self._note_held(request.url, request.resource_type or "page")

    def _is_held(self, text: str, url: str) -> bool:
        """Whether the browser says so of a request that it held back for us."""
        return any(error in text for error in HELD_ERRORS) and complaint(url, self.hosts) is not None

    def _note_held(self, url: str, kind: str) -> None:
        """Notes a host that is not allowed; the browser has held it already."""
        if complaint(url, self.hosts):
            self.log.append(HeldEvent(self.log.now_ms(), urlsplit(url).hostname or "", kind, url))

    async def _download(self, download: Download) -> None:
        """Saved under a name of ours. One that grows beyond the limit is cancelled."""
        self._count += 1
        suffix = re.sub(r"[^A-Za-z0-9.]", "", Path(download.suggested_filename).suffix)[:10]
        path = self.downloads / f"download-{self._count}{suffix}"
        name = download.suggested_filename[:300]
        large = asyncio.Event()
        limit = asyncio.ensure_future(_cancel_when_large(download, self.arriving, self._sizes.get(download.url, 0), large))
        try:
            failure = await download.failure()
            if failure is None:
                self.downloads.mkdir(parents=True, exist_ok=True)
                await download.save_as(path)
        except (PlaywrightError, OSError) as error:
            failure = (str(error).splitlines() or ["it was broken off"])[0][:200]
        finally:
            limit.cancel()
        if failure is not None:
            self.log.append(DownloadEvent(self.log.now_ms(), name, None, 0, TOO_LARGE if large.is_set() else failure))
        else:
            self.log.append(DownloadEvent(self.log.now_ms(), name, path, path.stat().st_size))


def _charset(content_type: str) -> str:
    """In which an answer is written, as its header says; UTF-8 where that says nothing that one knows."""
    named = re.search(r"charset=[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    with contextlib.suppress(LookupError):
        return codecs.lookup(named[1]).name if named else "utf-8"
    return "utf-8"


def _same_document(one: str, other: str) -> bool:
    return one.partition("#")[0] == other.partition("#")[0]


async def _cancel_when_large(download: Download, folder: Path, announced: int, large: asyncio.Event) -> None:
    """The browser tells a download's size only at its end, so what its header does not announce is seen on the disk as it comes."""
    pattern = f"{_arriving_name(download)}*"
    while announced <= MOST_BYTES and await asyncio.to_thread(_largest, folder, pattern) <= MOST_BYTES:  # noqa: ASYNC110  (files have no event)
        await asyncio.sleep(0.2)
    large.set()
    with contextlib.suppress(PlaywrightError):
        await download.cancel()


def _arriving_name(download: Download) -> str:
    """The file's name while it comes. Playwright knows it but does not publish it; without it, any file of the folder is meant."""
    artifact = getattr(getattr(download, "_impl_obj", None), "_artifact", None)
    path = getattr(artifact, "_initializer", {}).get("absolutePath", "")
    return Path(path).name


def _largest(folder: Path, pattern: str) -> int:
    sizes = [0]
    for path in folder.glob(pattern):
        with contextlib.suppress(OSError):
            sizes.append(path.stat().st_size)
    return max(sizes)


async def _body(response: Response) -> bytes | None:
    try:
        async with asyncio.timeout(10):
            return await response.body()
    except (PlaywrightError, TimeoutError):
        return None
