"""How the server is reached: over the process's own pipes, or over HTTP on this machine. Either way it ends in good order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, cast

import anyio
import uvicorn
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings

from harness.core.exits import Exit
from harness.diagnostics import problem
from harness.mcp_server.desk import Desk
from harness.mcp_server.server import build

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
CHUNK = 65_536
LONGEST_MESSAGE = 16_000_000
PATIENCE_S = 5


async def over_stdio(desk: Desk) -> Exit:
    """Until the client closes our standard input, or we are told to end."""
    async with desk:
        server = build(desk)
        lines = cast("anyio.AsyncFile[str]", Lines())
        low = server._lowlevel_server  # the SDK's own run_stdio_async takes no other input than one that can't be left

        async def serve() -> None:
            async with stdio_server(stdin=lines) as (incoming, outgoing):
                await low.run(incoming, outgoing, low.create_initialization_options())

        return await until_told(serve(), lambda: put_back_behind_us(desk))


async def over_http(desk: Desk, host: str, port: int, told: Callable[[str], None]) -> Exit:
    """Until we are told to end. Only requests that name this host, and come from no other site's page, are answered. Raises Problems."""
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    hosts = list(dict.fromkeys((*LOOPBACK, shown)))
    security = TransportSecuritySettings(
        allowed_hosts=[f"{each}:*" for each in hosts], allowed_origins=[f"http://{each}:*" for each in hosts]
    )
    async with desk:
        app = build(desk).streamable_http_app(host=host, transport_security=security)
        config = uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=PATIENCE_S)
        server = _Server(config, lambda bound: told(f"listening on http://{shown}:{bound}/mcp"))

        def end() -> None:
            server.should_exit = True
            put_back_behind_us(desk)

        _when_told(end)
        await server.serve(sockets=[listening])
    return Exit.INTERRUPTED


def _listen(host: str, port: int) -> socket.socket:
    """Raises Problems where the port can't be had."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        what = f"{host}:{port} can't be listened on: {error.strerror or error}"
        raise problem("port-taken", what, "--port 0 takes any free one") from None


class _Server(uvicorn.Server):
    """Leaves signals to us, since the settings are to be put back before the process ends; says which port it has."""

    def __init__(self, config: uvicorn.Config, bound: Callable[[int], None]) -> None:
        super().__init__(config)
        self._bound = bound

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: see `over_http`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to listen."""
        await super().startup(sockets)
        if self.started:
            self._bound(self.servers[0].sockets[0].getsockname()[1])


def _when_told(end: Callable[[], None]) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(each, end)


def put_back_behind_us(desk: Desk) -> None:
    """A client that ends us may kill us, and our browser with us, before the settings are put back. A process of its own waits until we
    are gone, and puts back what is left."""
    if desk.sessions.under_way():
        nothing = subprocess.DEVNULL
        command = [sys.executable, "-m", "harness", "restore"]
        subprocess.Popen(command, env=dict(desk.environ), stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)


async def until_told(work: Coroutine[Any, Any, None], first: Callable[[], None]) -> Exit:
    """Does the work; being told to end does `first` and cancels it."""
    task = asyncio.ensure_future(work)
    told = False

    def end() -> None:
        nonlocal told
        if not told:
            first()
        told = True
        task.cancel()

    _when_told(end)
    try:
        await task
    except asyncio.CancelledError:
        if not told:
            raise
    return Exit.INTERRUPTED if told else Exit.AS_EXPECTED


class Lines:
    """Our standard input, a line at a time. A thread reads it that may be left behind: a blocked read can't be cancelled."""

    def __init__(self, source: int | None = None) -> None:
        self._source = sys.stdin.fileno() if source is None else source
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def __aiter__(self) -> AsyncIterator[str]:
        threading.Thread(target=self._read, name="standard input", daemon=True).start()
        return self._until_end()

    async def _until_end(self) -> AsyncIterator[str]:
        while (line := await self._lines.get()) is not None:
            yield line

    def _read(self) -> None:
        rest = b""
        with contextlib.suppress(RuntimeError):  # the loop has ended
            while chunk := self._chunk():
                *complete, rest = (rest + chunk).split(b"\n")
                for line in complete:
                    self._put(line.decode("utf-8", "replace"))
                if len(rest) > LONGEST_MESSAGE:
                    break
            if rest.strip() and len(rest) <= LONGEST_MESSAGE:
                self._put(rest.decode("utf-8", "replace"))
            self._put(None)

    def _chunk(self) -> bytes:
        try:
            return os.read(self._source, CHUNK)
        except OSError:
            return b""

    def _put(self, line: str | None) -> None:
        self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
