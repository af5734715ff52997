"""Starts the demo staging in this process: the application on one port, its identity provider on another host name and port."""

from __future__ import annotations

import contextlib
import logging
import signal
import tempfile
import threading
from collections.abc import Iterator
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


@dataclass(frozen=True)
class Staging:
    """Where the demo is."""

    base_url: str
    sso_url: str


@contextlib.contextmanager
def serving(port: int = 0, fixed: bool = False, mended: frozenset[str] = frozenset()) -> Iterator[Staging]:
    """The demo staging while the block runs; any free port by default. `fixed` is the version without its defects."""
    try:
        from werkzeug.serving import make_server

        from harness.demo.app import World, create_app
        from harness.demo.sso import create_provider
    except ModuleNotFoundError:
        raise FlaskMissing from None
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="repro-demo-") as folder:
        store = Store(Path(folder) / "demo.sqlite")
        provider = make_server(HOST, 0, create_provider(HOST), threaded=True)
        sso_url = f"http://{SSO_HOST}:{provider.server_port}"
        world = World(store, IDS if fixed else mended, SECRETS["DEMO_ADMIN_TOKEN"], lambda: sso_url)
        application = make_server(HOST, port, create_app(world), threaded=True)
        with _running(provider), _running(application):
            yield Staging(f"http://{HOST}:{application.server_port}", sso_url)
        store.close()


@contextlib.contextmanager
def _running(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def main(port: int, fixed: bool) -> None:
    """Serves the demo until it is interrupted."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    with serving(port, fixed) as staging:
        print(f"demo staging{' without its defects' if fixed else ''}: {staging.base_url}   (identity provider: {staging.sso_url})")
        print(f"tenants: {', '.join(TENANTS)}")
        print("sign in as jane@TENANT.example with orbit-owner-pass, or as vic@TENANT.example (a viewer) with orbit-viewer-pass")
        print("Ctrl-C ends it", flush=True)
        stop.wait()
