"""A browser that is a script: it drives the real engine through the ports, without any page.

What a condition gives is kept by its text (`visible: alert`). Steps change it at once, or a few milliseconds later.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from harness.core.secret import Secret, reveal
from harness.diagnostics import Place
from harness.evidence.events import Event, EventLog
from harness.run.ports import (
    ApiAnswer,
    ApiUnreachable,
    Look,
    PageState,
    Performed,
    Picture,
    SessionEvidence,
    SessionSpec,
    Truth,
)
from harness.scenario.action import Step
from harness.scenario.condition import Leaf
from harness.scenario.locators import Locator
from harness.scenario.steps.fill import Fill

Does = Callable[["Page"], object]


class Page:
    """What one attempt's browser shows. A script fills `does` (step -> what it changes) and may set anything at the start."""

    def __init__(self, number: int, spec: SessionSpec, log: EventLog) -> None:
        self.number = number
        self.spec = spec
        self.log = log
        self.state = PageState("https://staging.example.com/", 200)
        self.does: dict[str, Does] = {}
        self.done: list[str] = []
        self.filled: list[str] = []
        self.ended = asyncio.Event()
        self._truths: dict[str, Truth] = {}
        self._changed = asyncio.Event()

    def show(self, *conditions: str) -> None:
        """These hold from now on."""
        self._set(Truth.YES, conditions)

    def hide(self, *conditions: str) -> None:
        """These do not hold any more."""
        self._set(Truth.NO, conditions)

    def blind(self, *conditions: str) -> None:
        """These can't be observed."""
        self._set(Truth.UNKNOWN, conditions)

    def later(self, ms: int, change: Callable[[], object]) -> None:
        """Something that happens in a while."""
        asyncio.get_running_loop().call_later(ms / 1000, change)

    def happen(self, event: Event) -> None:
        """An event of the browser."""
        self.log.append(event)
        self._touch()

    def truth(self, text: str) -> Truth:
        """What a condition gives now."""
        if text not in self._truths and text.startswith("hidden: "):
            return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(self.truth(f"visible: {text[8:]}"), Truth.UNKNOWN)
        return self._truths.get(text, Truth.NO)

    def _set(self, truth: Truth, conditions: Sequence[str]) -> None:
        self._truths |= dict.fromkeys(conditions, truth)
        self._touch()

    def _touch(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Waits for the next change."""
        await self._changed.wait()


class FakeSession:
    """One account's view of the page."""

    def __init__(self, page: Page, account: str | None = None) -> None:
        self.page = page
        self.account = account

    @property
    def log(self) -> EventLog:
        return self.page.log

    async def perform(self, step: Step, timeout_ms: int) -> Performed:
        said = f"{self.account}: {step.text}" if self.account else step.text
        self.page.done.append(said)
        if isinstance(step.action, Fill):
            self.page.filled += [reveal(value) for _, value in step.action.fields]
        does = self.page.does.get(step.text)
        given = does(self.page) if does else None
        if asyncio.iscoroutine(given):
            given = await given
        return given if isinstance(given, Performed) else Performed()

    async def wait(self, leaf: Leaf, wanted: bool, timeout_ms: int, since: int) -> Look:
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                while (look := await self.look(leaf, since)).truth is not (Truth.YES if wanted else Truth.NO):
                    await self.page.change()
        except TimeoutError:
            return await self.look(leaf, since)
        return look

    async def look(self, leaf: Leaf, since: int) -> Look:
        text = leaf.text.partition(", for:")[0].partition(", after:")[0]
        if leaf.check.event:
            return self._events(text, since)
        truth = self.page.truth(text)
        said = {Truth.YES: "is so", Truth.NO: "is not so", Truth.UNKNOWN: "can't be observed"}[truth]
        return Look(truth, f"{text} {said}")

    def _events(self, text: str, since: int) -> Look:
        found = [event for event in self.page.log.since(since) if text.partition(": ")[2] in repr(event)]
        return Look(Truth.YES if found else Truth.NO, f"{text} {'happened' if found else 'did not happen'}")

    async def picture(self, name: str, full_page: bool = False, fresh: bool = True) -> Picture | None:
        return None

    async def names_near(self, locator: Locator) -> tuple[str, ...]:
        return ()

    async def state(self) -> PageState:
        return self.page.state

    @asynccontextmanager
    async def group(self, title: str, place: Place, snapshot: bool = False) -> AsyncIterator[None]:
        yield

    async def as_account(self, account: str) -> FakeSession:
        return FakeSession(self.page, account)

    async def tabs(self, count: int) -> Sequence[FakeSession]:
        return [FakeSession(self.page) for _ in range(count)]

    async def storage_state(self) -> Mapping[str, Any]:
        return {"cookies": [{"name": "session", "value": str(self.page.number)}]}

    async def close(self, keep_trace: bool) -> SessionEvidence:
        self.page.ended.set()
        return SessionEvidence()


@dataclass
class Staging:
    """The HTTP side of a fake environment: answers by `METHOD /path`, each JSON, a status, an exception, or made by a function."""

    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)

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
        path = url.removeprefix("https://staging.example.com")
        self.calls.append((f"{method} {path}", json))
        answer = self.answers.get(f"{method} {path}", 404)
        if callable(answer):
            answer = answer(json)
            if asyncio.iscoroutine(answer):
                answer = await answer
        if isinstance(answer, Exception):
            raise answer
        return ApiAnswer(answer, "") if isinstance(answer, int) else ApiAnswer(200, _dumps(answer))

    def made(self, start: str = "") -> list[str]:
        """The calls that were made, as `METHOD /path`."""
        return [call for call, _ in self.calls if call.startswith(start)]


def _dumps(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


UNREACHABLE = ApiUnreachable("connection refused")


class FakeHost:
    """Gives every attempt a page that `script` has prepared; `script` may raise BrowserLost."""

    def __init__(self, script: Does, staging: Staging | None = None) -> None:
        self.script = script
        self.staging = staging or Staging()
        self.pages: list[Page] = []
        self.discarded: list[Page] = []

    async def __aenter__(self) -> FakeHost:
        return self

    async def __aexit__(self, *error: object) -> None:
        return None

    async def open(self, spec: SessionSpec, log: EventLog) -> FakeSession:
        page = Page(len(self.pages) + 1, spec, log)
        self.pages.append(page)
        self.script(page)
        return FakeSession(page)

    async def discard(self, session: FakeSession) -> None:
        self.discarded.append(session.page)

    @asynccontextmanager
    async def api(self, allow_hosts: tuple[str, ...], headers: Mapping[str, str | Secret]) -> AsyncIterator[Staging]:
        yield self.staging

    def describe(self) -> Mapping[str, str]:
        return {"name": "fake", "version": "1", "build": "fake"}
