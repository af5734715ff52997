"""A reverse proxy as a customer has it: what is below one prefix goes to the application, without the prefix; all else is its own 404.

prefix_proxy.py PORT UPSTREAM_PORT /prefix/
"""

import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, UPSTREAM, PREFIX = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
NOT_FOUND = b"<h1>404 Not Found</h1><p>proxy: nothing here</p>"
NOT_SENT_ON = ("connection", "accept-encoding")
NOT_SENT_BACK = ("transfer-encoding", "connection", "content-length", "server", "date")


class Proxy(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        """Answers it, from the application or with the proxy's own page."""
        if not self.path.startswith(PREFIX):
            self.answer(404, [("Content-Type", "text/html")], NOT_FOUND)
            return
        try:
            self.answer(*self.ask())
        except OSError as error:
            self.send_error(502, str(error))

    def ask(self) -> tuple[int, list[tuple[str, str]], bytes]:
        """The application's status, headers and body."""
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in NOT_SENT_ON}
        connection = http.client.HTTPConnection("127.0.0.1", UPSTREAM, timeout=60)
        connection.request(self.command, self.path[len(PREFIX) - 1 :], self.rfile.read(length) if length else None, headers)
        response = connection.getresponse()
        return response.status, [pair for pair in response.getheaders() if pair[0].lower() not in NOT_SENT_BACK], response.read()

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Sends a whole answer."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = forward

    def log_message(self, *_: object) -> None:
        """Says nothing."""


ThreadingHTTPServer(("127.0.0.1", PORT), Proxy).serve_forever()
