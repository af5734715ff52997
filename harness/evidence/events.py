"""What happened in the browser during an attempt, in order, as it arrives; conditions about events wait on this log.

It knows no browser: whoever watches one appends here. Times are milliseconds since the attempt began.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConsoleEvent:
    """`level` as the console API names it: log, debug, info, warning, error. `held`: it tells of a request that the harness held back."""

    at_ms: int
    level: str
    text: str
    url: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class PageErrorEvent:
    """An exception that nothing caught."""

    at_ms: int
    message: str
    stack: str = ""


@dataclass(frozen=True, slots=True)
class DialogEvent:
    """`type` is alert, confirm, prompt or beforeunload."""

    at_ms: int
    type: str
    message: str
    answered: str


@dataclass(frozen=True, slots=True)
class DownloadEvent:
    """A file that was downloaded to its end, or `failure` when it was not. `name` is the application's suggestion, `path` ours."""

    at_ms: int
    name: str
    path: Path | None
    size: int = 0
    failure: str | None = None


@dataclass(slots=True)
class Exchange:
    """A request and, once it is there, its answer. The only event that changes: the log is touched when it does. `held`: the harness held
    it back, since its host is not allowed. `answered_ms` is how long its answer took to begin, `duration_ms` to end."""

    at_ms: int
    method: str
    url: str
    resource_type: str = ""
    post_data: str | None = None
    navigation: bool = False
    status: int | None = None
    failure: str | None = None
    duration_ms: int | None = None
    answered_ms: int | None = None
    held: bool = False
    charset: str = "utf-8"
    body: Callable[[], Awaitable[bytes | None]] | None = field(default=None, repr=False)

    @property
    def finished(self) -> bool:
        return self.failure is not None or self.duration_ms is not None


@dataclass(frozen=True, slots=True)
class CrashEvent:
    """The page's process is gone."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """A host that the environment does not allow was asked for, and was not reached."""

    at_ms: int
    host: str
    by: str
    url: str = ""


Event = ConsoleEvent | PageErrorEvent | DialogEvent | DownloadEvent | Exchange | CrashEvent | HeldEvent


class EventLog:
    """Events in the order of their arrival. A position is the number of events before it."""

    def __init__(self, now_ms: Callable[[], int], most: int = 20_000) -> None:
        self._now_ms = now_ms
        self._most = most
        self._events: list[Event] = []
        self._changed = asyncio.Event()
        self.dropped = 0

    def now_ms(self) -> int:
        """Milliseconds since the attempt began."""
        return self._now_ms()

    def append(self, event: Event) -> None:
        """Adds an event and wakes who waits. Beyond the bound a page that floods the log is counted, not kept."""
        if len(self._events) >= self._most:
            self.dropped += 1
        else:
            self._events.append(event)
        self.touch()

    def touch(self) -> None:
        """Wakes who waits: an exchange has changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    def position(self) -> int:
        """Where the next event will stand."""
        return len(self._events)

    def since(self, position: int) -> Sequence[Event]:
        """The events from a position on."""
        return self._events[position:]

    async def change(self) -> None:
        """Waits for the next event or change."""
        await self._changed.wait()
