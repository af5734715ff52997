"""One look at a page as a customer: signed in, at an address, told as text."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from harness.diagnostics import Problems
from harness.draft.write import to_yaml
from harness.live.session import LiveSession, Options, Said, open_live
from harness.live.typed import read_locator
from harness.scenario.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What is to be looked at. None is "as repro.yaml says"; without a path it is the page after the flows, or else the start page."""

    path: str | None = None
    environment: str | None = None
    customer: str | None = None
    after: tuple[str, ...] = ()
    locator: str | None = None
    max_chars: int = 20_000


@dataclass(frozen=True)
class Inspected:
    """The page: `said` is where it is and whether it could be shown."""

    said: Said
    page: str = ""
    events: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        said = self.said
        where = {"url": said.url, "title": said.title, "found": list(said.found)}
        return {"ok": said.ok, "sentence": said.sentence, **where, "page": self.page, "events": list(self.events)}


def inspect_page(workspace: Workspace, asked: Asked, options: Options) -> Inspected:
    """Opens the page and reads it. Raises Problems, and NotOpen when staging can't be used."""
    if asked.locator is not None:
        read_locator(asked.locator)  # what is wrong with it is said before a browser is started
    return asyncio.run(_ended_in_order(_inspect(workspace, asked, options)))


async def _ended_in_order(work: Coroutine[Any, Any, T]) -> T:
    """Being told to end cancels the work, so that what it has changed is put back. Raises KeyboardInterrupt."""
    task = asyncio.ensure_future(work)
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        if not task.cancelled():
            await asyncio.gather(task, return_exceptions=True)
        raise KeyboardInterrupt from None


async def _inspect(workspace: Workspace, asked: Asked, options: Options) -> Inspected:
    async with open_live(workspace, asked.environment, asked.customer, asked.after, options) as live:
        went = live.began
        path = asked.path or (None if asked.after else "/")
        if went.ok and path is not None:
            went = await live.do(to_yaml({"goto": path}))
        return await _read(live, went, asked)


async def _read(live: LiveSession, went: Said, asked: Asked) -> Inspected:
    """What the page is, also where one could not go on."""
    try:
        page = await live.snapshot(asked.locator, asked.max_chars)
    except Problems as problems:
        first = problems.diagnostics[0]
        missing = f"{first.message}; {first.hint}" if first.hint else first.message
        said = went if not went.ok else Said(False, missing, (), went.url, went.title)
        return Inspected(said, "", live.events())
    return Inspected(went if not went.ok else await live.here(), page, live.events())
