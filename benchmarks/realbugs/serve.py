"""Starts a version of a case on the loopback, with an empty data folder, for as long as it is needed; or keeps a port shut."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.realbugs.cases import Case

HOST = "127.0.0.1"
NEIGHBOURS = (0, 1, 1000)
TRIES = 3
START_S = 180
STOP_S = 8
LOOK_EVERY_S = 0.1
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class StartFailed(Exception):
    """The application did not answer; the message holds the end of its log."""


@contextlib.contextmanager
def serving(case: Case, folder: Path) -> Iterator[str]:
    """The base URL of the version that is installed in `folder`, while it runs. Raises StartFailed."""
    with contextlib.ExitStack() as stack:
        yield _started(case, folder, stack)


@contextlib.contextmanager
def stopped() -> Iterator[str]:
    """The base URL of an application that is down: the port is taken, so that nobody else gets it, and nothing listens there."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        yield f"http://{HOST}:{taken.getsockname()[1]}"


def _started(case: Case, folder: Path, stack: contextlib.ExitStack) -> str:
    """Somebody else may take a port between its choice and the start: then another one is tried."""
    for left in reversed(range(TRIES)):
        try:
            return stack.enter_context(_running(case, folder, _free_port()))
        except StartFailed:
            if not left:
                raise
    raise AssertionError


@contextlib.contextmanager
def _running(case: Case, folder: Path, port: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="realbugs-", ignore_cleanup_errors=True) as parent:
        data, log = Path(parent) / "data", Path(parent) / "server.log"
        data.mkdir()
        process = _start(case, folder, port, data, log)
        try:
            _wait_until_ready(process, f"http://{HOST}:{port}{case.ready}", case, log)
            yield f"http://{HOST}:{port}"
        finally:
            _end(process)


def _start(case: Case, folder: Path, port: int, data: Path, log: Path) -> subprocess.Popen[bytes]:
    """In a process group of its own: some cases are several processes."""
    environ = {**os.environ, "DATA_DIR": str(data), "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["bash", str(case.start), str(folder), str(port)]
    with log.open("wb") as out:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, env=environ
        )


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, case: Case, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise StartFailed(f"{case.name} did not start: {log.read_text(errors='replace')[-1500:]}")
        time.sleep(LOOK_EVERY_S)


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=5) as answer:
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """First politely, then not."""
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _free_port() -> int:
    """A port whose neighbours are free too: some cases put an identity provider, a proxy or a second server there."""
    for _ in range(100):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
        if port < 60_000 and not any(_taken(port + neighbour) for neighbour in NEIGHBOURS):
            return port
    raise StartFailed("there is no free port with free neighbours")


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
