"""Starts the demo staging in this process: the application on one port, its identity provider on another host name and port."""

from __future__ import annotations

import contextlib
import io
import logging
import signal
import sys
import tempfile
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.demo import SECRETS
from harness.demo.defects import IDS
from harness.demo.store import TENANTS, Store

HOST = "127.0.0.1"
SSO_HOST = "localhost"


class FlaskMissing(ImportError):
    """The demo needs an extra that is not installed."""

    def __init__(self) -> None:
        super().__init__("the demo needs Flask: pip install 'repro-harness[demo]'")


class PortTaken(OSError):
    """Another program has the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} can't be had, another program may have it; choose another one with --port, or end that program")


@dataclass(frozen=True)
class Staging:
    """Where the demo is."""

    base_url: str
    sso_url: str


@contextlib.contextmanager
def serving(
    port: int = 0, fixed: bool | Collection[str] = False, data: Path | None = None, admin_token: str = SECRETS["DEMO_ADMIN_TOKEN"]
) -> Iterator[Staging]:
    """The demo staging while the block runs; any free port by default. `fixed` is the version without its defects, or without those named.

    The database is a new one that goes away, but for a folder given as `data`. Raises FlaskMissing, PortTaken, and ValueError for a
    defect that does not exist.
    """
    mended = _mended(fixed)
    try:
        from harness.demo.app import World, create_app
        from harness.demo.sso import create_provider
    except ModuleNotFoundError:
        raise FlaskMissing from None
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with (
        _folder(data) as folder,
        contextlib.closing(Store(folder / "demo.sqlite")) as store,
        _running(0, create_provider(HOST)) as sso_port,
    ):
        sso_url = f"http://{SSO_HOST}:{sso_port}"
        with _running(port, create_app(World(store, mended, admin_token, lambda: sso_url))) as app_port:
            yield Staging(f"http://{HOST}:{app_port}", sso_url)


def _mended(fixed: bool | Collection[str]) -> frozenset[str]:
    if isinstance(fixed, bool):
        return IDS if fixed else frozenset()
    unknown = sorted(set(fixed) - IDS)
    if unknown:
        raise ValueError(f"the demo has no such defect: {', '.join(unknown)}")
    return frozenset(fixed)


@contextlib.contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="repro-demo-") as name:
        yield Path(name)


@contextlib.contextmanager
def _running(port: int, app: Any) -> Iterator[int]:
    """The port on which the application answers. Raises PortTaken."""
    from werkzeug.serving import make_server

    try:
        with contextlib.redirect_stderr(io.StringIO()):
            server = make_server(HOST, port, app, threaded=True)
    except SystemExit:
        raise PortTaken(port) from None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def main(port: int, fixed: bool) -> None:
    """Serves the demo until it is interrupted. What keeps it from starting ends the process with 2 and a sentence."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    try:
        _serve(port, fixed, stop)
    except (FlaskMissing, PortTaken) as problem:
        print(f"error: {problem}", file=sys.stderr)
        raise SystemExit(2) from None


def _serve(port: int, fixed: bool, stop: threading.Event) -> None:
    with serving(port, fixed) as staging:
        print(f"demo staging{' without its defects' if fixed else ''}: {staging.base_url}   (identity provider: {staging.sso_url})")
        print(f"tenants: {', '.join(TENANTS)}")
        print("sign in as jane@TENANT.example with orbit-owner-pass, or as vic@TENANT.example (a viewer) with orbit-viewer-pass")
        print("Ctrl-C ends it", flush=True)
        stop.wait()
