"""A script in an isolated world of every frame, and what it says. The page can neither see nor call any of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("page.js", "overlay.js"))

Said = Callable[[Page, Mapping[str, Any]], None]
Told = Callable[[Page, str, Mapping[str, Any]], None]


@dataclass(eq=False)
class Worlds:
    """One context's pages. `said` is given what the script says, `told` what the browser's protocol says of a page's main frame: `asked`
    (the page asks for an address itself), `arrived`, `stopped` (nothing more comes), `dialog` and `answered`.

    The names of the world and of its binding are made anew for every recording.
    """

    context: BrowserContext
    said: Said
    told: Told
    _name: str = field(default_factory=lambda: f"w{secrets.token_hex(12)}")
    _binding: str = field(default_factory=lambda: f"b{secrets.token_hex(12)}")
    _sessions: dict[Page | Frame, _Session] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        """Puts the script into what is open, and into whatever opens."""
        self.context.on("page", self._new_page)
        for page in self.context.pages:
            await self._add_page(page)

    async def stop(self) -> None:
        """Waits for nothing more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def call(self, page: Page, function: str, argument: object, everywhere: bool = False) -> None:
        """Calls a function of the script in the page's main frame, or in all its frames. One that is gone is left out."""
        expression = f"globalThis.reproRecorder && globalThis.reproRecorder.{function}({json.dumps(argument)})"
        for owner, session in list(self._sessions.items()):
            if owner is page or (everywhere and isinstance(owner, Frame) and owner.page is page):
                await session.evaluate(expression, everywhere)

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _new_page(self, page: Page) -> None:
        self._spawn(self._add_page(page))

    async def _add_page(self, page: Page) -> None:
        page.on("framenavigated", lambda frame: self._frame_navigated(page, frame))
        await self._add(page, page)
        for frame in page.frames[1:]:
            await self._add(page, frame)

    def _frame_navigated(self, page: Page, frame: Frame) -> None:
        """A frame of another site may have got a process, and so a session, of its own."""
        if frame.parent_frame is not None and not (frame in self._sessions and self._sessions[frame].alive):
            self._spawn(self._add(page, frame))

    async def _add(self, page: Page, owner: Page | Frame) -> None:
        with contextlib.suppress(PlaywrightError):  # a frame in its parent's process has no session, a page may be closed
            session = _Session(await self.context.new_cdp_session(owner), self._name)
            self._sessions[owner] = session
            session.cdp.on("Runtime.bindingCalled", lambda event: self._called(page, event))
            if isinstance(owner, Page):
                self._listen(page, session)
            await session.install(self._binding)

    def _called(self, page: Page, event: Mapping[str, Any]) -> None:
        if event["name"] == self._binding:
            self.said(page, json.loads(event["payload"]))

    def _listen(self, page: Page, session: _Session) -> None:
        def of_main(what: str) -> Callable[[Mapping[str, Any]], None]:
            def tell(event: Mapping[str, Any]) -> None:
                if (event.get("frameId") or event["frame"]["id"]) == session.main:
                    self.told(page, what, event)

            return tell

        session.cdp.on("Page.frameRequestedNavigation", of_main("asked"))
        session.cdp.on("Page.frameNavigated", of_main("arrived"))
        session.cdp.on("Page.frameStoppedLoading", of_main("stopped"))
        session.cdp.on("Page.javascriptDialogOpening", lambda event: self.told(page, "dialog", event))
        session.cdp.on("Page.javascriptDialogClosed", lambda event: self.told(page, "answered", event))


@dataclass(eq=False)
class _Session:
    cdp: CDPSession
    world: str
    main: str = ""
    contexts: dict[str, int] = field(default_factory=dict)
    alive: bool = True

    async def install(self, binding: str) -> None:
        self.cdp.on("Runtime.executionContextCreated", self._created)
        self.cdp.on("Runtime.executionContextDestroyed", self._destroyed)
        self.cdp.on("Runtime.executionContextsCleared", lambda _: self.contexts.clear())
        self.cdp.on("close", self._closed)
        await self.cdp.send("Page.enable")
        await self.cdp.send("Runtime.enable")
        self.main = (await self.cdp.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        await self.cdp.send("Runtime.addBinding", {"name": binding, "executionContextName": self.world})
        page, overlay = (f"({path.read_text(encoding='utf-8')}\n)" for path in SCRIPTS)
        source = f"{page}({json.dumps({'binding': binding})}, {overlay})"
        script = {"source": source, "worldName": self.world, "runImmediately": True}
        await self.cdp.send("Page.addScriptToEvaluateOnNewDocument", script)

    async def evaluate(self, expression: str, everywhere: bool) -> None:
        wanted = list(self.contexts.values()) if everywhere else [id for frame, id in self.contexts.items() if frame == self.main]
        for context in wanted:
            with contextlib.suppress(PlaywrightError):
                await self.cdp.send("Runtime.evaluate", {"expression": expression, "contextId": context})

    def _created(self, event: Mapping[str, Any]) -> None:
        context = event["context"]
        if context["name"] == self.world:
            self.contexts[context.get("auxData", {}).get("frameId", "")] = context["id"]

    def _destroyed(self, event: Mapping[str, Any]) -> None:
        gone = event["executionContextId"]
        self.contexts = {frame: id for frame, id in self.contexts.items() if id != gone}

    def _closed(self, _: object) -> None:
        self.alive = False
