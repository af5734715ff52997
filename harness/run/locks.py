"""What may be held by one case at a time: a tenant. In this process and across the processes of a machine."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout


@dataclass
class Locks:
    """Named locks. They are taken in the order of their names, so that two cases can't wait for each other."""

    folder: Path
    _inside: dict[str, asyncio.Lock] = field(default_factory=dict)

    @asynccontextmanager
    async def held(self, names: Sequence[str], waiting: Callable[[str], None]) -> AsyncIterator[None]:
        """Holds all of them. `waiting` is told the name of one that another process holds."""
        async with AsyncExitStack() as stack:
            for name in sorted(names):
                await stack.enter_async_context(self._inside.setdefault(name, asyncio.Lock()))
                file_lock = await self._acquire(name, waiting)
                stack.callback(file_lock.release)
            yield

    async def _acquire(self, name: str, waiting: Callable[[str], None]) -> FileLock:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting(name)
            await self._wait(lock)
        return lock

    async def _wait(self, lock: FileLock) -> None:
        """The other process lets go when it ends, however it ends. A cancelled wait gives up within a second."""
        while True:
            try:
                await asyncio.to_thread(lock.acquire, timeout=1, poll_interval=0.1)
            except Timeout:
                continue
            return
