"""A small application on loopback whose pages misbehave in the ways that staging can."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGES: dict[str, str] = {
    "/": "<title>Home</title><h1>Home</h1><button>Save</button><p role=status>Ready</p>",
    "/three": "<h1>Three</h1><button>Delete</button><button>Delete</button><button>Delete</button>",
    "/dialogs": "<h1>Dialogs</h1><script>for (let i = 0; i < 50; i++) alert('stop ' + i)</script><p role=status>over</p>",
    "/endless": "<h1>Endless</h1><button onclick='while (true) {}'>Freeze</button>",
    "/closes": "<h1>Closes</h1><script>setTimeout(() => window.close(), 300)</script>",
    "/opener": "<h1>Opener</h1><button onclick=\"window.open('/closes')\">Open</button>",
    "/never": "<h1>Never done</h1><img src=/slow-image>",
    "/late": "<h1>Late</h1><p role=status>Loading</p>"
    "<script>setTimeout(() => document.querySelector('p').textContent = 'Done', 400)</script>",
    "/huge": "<h1>Huge</h1><a href=/huge-file download>Get it</a>",
    "/hostile": "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title><h1>&lt;img src=x onerror=alert(1)&gt;</h1>"
    "<script>console.error('<script>alert(2)</' + 'script> ${secrets.TOP}'); throw new Error('\\u001b[31mred')</script>",
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extra: Mapping[str, tuple[str, str]] = {}
    redirect_to = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path in self.extra:
            self._send(200, *self.extra[path])
        elif path in PAGES:
            self._send(200, "text/html; charset=utf-8", PAGES[path])
        elif path == "/round":
            self._redirect("/round")
        elif path == "/redirect":
            self._redirect(self.redirect_to or "/")
        elif path == "/204":
            self.send_response(204)
            self.end_headers()
        elif path == "/502":
            self._send(502, "text/html", "<h1>Bad gateway</h1>")
        elif path in ("/slow-image", "/slow"):
            self._wait()
        elif path == "/huge-file":
            self._pour()
        else:
            self._send(404, "text/html", "<h1>Nothing here</h1>")

    def _send(self, status: int, kind: str, body: str) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _wait(self) -> None:
        """Answers after a minute, or never when the browser gives up before."""
        for _ in range(600):
            time.sleep(0.1)
            if getattr(self.server, "stopping", False):
                break
        with contextlib.suppress(OSError):
            self._send(200, "text/html", "<h1>At last</h1>")

    def _pour(self) -> None:
        """A file of 1 GB."""
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Disposition", 'attachment; filename="huge.bin"')
        self.send_header("Content-Length", str(1 << 30))
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(1 << 10):
                self.wfile.write(b"\0" * (1 << 20))

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def serving(extra: Mapping[str, tuple[str, str]] | None = None, redirect_to: str = "") -> Iterator[str]:
    """The site's base URL while the block runs."""
    with serving_with(type("Handler", (_Handler,), {"extra": extra or {}, "redirect_to": redirect_to})) as url:
        yield url


@contextlib.contextmanager
def serving_with(handler: Any) -> Iterator[str]:
    """A server with this handler; its base URL while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.stopping = False  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.stopping = True  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
