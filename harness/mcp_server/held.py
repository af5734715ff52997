"""The live sessions that an agent has open. Each is entered and left by a task of its own, whatever request asked for it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import anyio

from harness.diagnostics import Problems, problem
from harness.live.session import LiveSession

T = TypeVar("T")
MOST_SESSIONS = 4
IDLE_S = 15 * 60.0


@dataclass
class Held:
    """One live session. `told` is what it had to say while it was opened and closed; `unsaved`: steps were kept that no file has."""

    name: str
    customer: str
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    told: list[str] = field(default_factory=list)
    used: float = field(default_factory=time.monotonic)
    unsaved: bool = False
    live: LiveSession | None = None
    task: asyncio.Task[None] | None = None

    def locks(self) -> frozenset[str]:
        """What nobody else can have while it is open."""
        return frozenset(self.live.case.locks) if self.live else frozenset()


Opening = Callable[[Callable[[str], None]], AbstractAsyncContextManager[LiveSession]]


class Sessions:
    """All that are open. One that nobody has used for `idle_s` seconds is closed, so that no tenant stays locked for good."""

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._held: dict[str, Held] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0

    def all(self) -> tuple[Held, ...]:
        """Those that are open."""
        return tuple(self._held.values())

    def under_way(self) -> bool:
        """Whether one is open, or being opened or closed: staging may be changed."""
        return bool(self._tasks)

    def named(self, name: str | None) -> Held:
        """The one that is meant; the only one when none is named. Raises Problems."""
        if name is None and len(self._held) == 1:
            return next(iter(self._held.values()))
        if name is not None and name in self._held:
            return self._held[name]
        there = ", ".join(f"{each.name} ({each.customer})" for each in self._held.values())
        if name is None and there:
            raise problem("no-live-session", "several sessions are open", f"name one: {there}")
        what = f"there is no session `{name}`: it was closed, or left unused" if name else "no session is open"
        raise problem("no-live-session", what, f"open are {there}" if there else "`open` begins one")

    async def open(self, customer: str, opening: Opening, told: Callable[[str], None]) -> Held:
        """Begins one. Raises Problems and whatever opening raises."""
        if len(self._held) >= MOST_SESSIONS:
            raise problem("no-live-session", f"{MOST_SESSIONS} sessions are open already", "close one first")
        self._count += 1
        held = Held(f"s{self._count}", customer)

        def tell(text: str) -> None:
            held.told.append(text)
            told(text)

        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        held.task = asyncio.create_task(self._hold(held, opening(tell), ready))
        self._tasks.add(held.task)
        held.task.add_done_callback(self._tasks.discard)
        try:
            await asyncio.shield(ready)
        except asyncio.CancelledError:
            await self._end(held, at_once=True)
            raise
        return held

    async def _hold(self, held: Held, opening: AbstractAsyncContextManager[LiveSession], ready: asyncio.Future[None]) -> None:
        try:
            async with opening as live:
                held.live, held.used = live, time.monotonic()
                self._held[held.name] = held
                ready.set_result(None)
                await self._until_unused(held)
                self._held.pop(held.name, None)
        except BaseException as error:
            self._held.pop(held.name, None)
            if not ready.done():
                ready.set_exception(error)
                ready.exception()  # whoever waited may have gone
            elif isinstance(error, Problems):
                held.told += [each.message for each in error.diagnostics]
            elif not isinstance(error, asyncio.CancelledError):
                raise

    async def _until_unused(self, held: Held) -> None:
        while not held.closing.is_set():
            left = held.used + self._idle_s - time.monotonic()
            if left <= 0 and not held.lock.locked():
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(held.closing.wait(), max(left, 0.1))

    async def close(self, held: Held) -> tuple[str, ...]:
        """Ends one, after what is under way in it, and puts the customer's settings back; what could not be put back is said."""
        before = len(held.told)
        async with held.lock:
            held.closing.set()
            await self._end(held)
        return tuple(held.told[before:])

    async def _end(self, held: Held, at_once: bool = False) -> None:
        assert held.task is not None
        if at_once:
            held.task.cancel()
        with anyio.CancelScope(shield=True):
            await asyncio.wait([held.task])

    async def close_all(self) -> None:
        """At the end of the server."""
        for held in self.all():
            held.closing.set()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks))


async def whole(work: Coroutine[Any, Any, T]) -> T:
    """What the work gives. A request that is cancelled ends it in good order: it is told once, and waited for."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        with anyio.CancelScope(shield=True):
            await asyncio.wait([task])
        raise
