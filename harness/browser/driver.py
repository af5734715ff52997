"""Playwright's driver: a process of its own, which takes a quarter of a second to start."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Playwright, async_playwright

from harness.core.state import cache_folder
from harness.diagnostics import problem

TURNS = 10  # of the event loop, in which a process that is started begins to run
STOP_S = 10


@dataclass
class Driver:
    """One driver at a time. Those that ask for it while it starts wait for the same one."""

    environ: Mapping[str, str]
    _starting: asyncio.Future[Playwright] | None = None

    async def begin(self) -> None:
        """Lets the process start, and does not wait for it."""
        asyncio.get_running_loop().set_exception_handler(_unasked)
        self._starting = self._starting or asyncio.ensure_future(_start(self.environ))
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def get(self) -> Playwright:
        """The driver, started when it is not yet, and again when it could not be started or its process is gone. Raises Problems."""
        if self._starting is not None and self._starting.done() and (self._starting.exception() or is_lost(self._starting.result())):
            await self.stop()
        if self._starting is None:
            await self.begin()
        assert self._starting is not None
        try:
            return await asyncio.shield(self._starting)
        except Exception as error:  # the library has no error of its own for it
            text = str(error) or repr(error)
            raise problem("driver-not-started", f"Playwright's driver does not start: {text.splitlines()[0][:300]}") from None

    async def stop(self) -> None:
        """Ends it; the next that asks gets a new one. Never raises and never hangs."""
        starting, self._starting = self._starting, None
        if starting is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(STOP_S):
                    await (await starting).stop()


def _unasked(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What the library keeps in a future that nobody asks would be printed at some later moment, with a traceback."""
    if context["message"] != "Future exception was never retrieved":
        loop.default_exception_handler(context)


def is_lost(playwright: Playwright) -> bool:
    """Whether its process is gone; False where the library does not tell. It publishes no sign of it: its browsers stay connected."""
    connection = getattr(getattr(playwright, "_impl_obj", None), "_connection", None)
    return getattr(connection, "_closed_error", None) is not None


@contextlib.contextmanager
def _set(wanted: Mapping[str, str]) -> Iterator[None]:
    """The library starts its driver with this process's environment; whatever else is started later has it as it was."""
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


async def _start(environ: Mapping[str, str]) -> Playwright:
    wanted = {"NODE_NO_WARNINGS": "1"}  # the driver's own remarks are not for our users
    if (cache := cache_folder(environ)) is not None:
        wanted["NODE_COMPILE_CACHE"] = str(cache / "driver")  # its modules compiled, which spares a quarter of its start
    with _set(wanted):
        playwright = await async_playwright().start()
    from harness.browser import covering  # read by now, or while nothing else is to be done

    await covering.register(playwright)
    return playwright
