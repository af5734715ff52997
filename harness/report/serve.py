"""Serves a run's report on this machine, with the trace viewer that Playwright ships, so that a trace opens with one click.

What the application left in the run's folder is hostile: only our own pages may run scripts, and nothing outside the folder is given.
"""

from __future__ import annotations

import io
import shutil
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from harness.diagnostics import problem
from harness.report.links import INDEX

HOST = "127.0.0.1"
VIEWER = "/_trace/"
READY = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
TEXT = dict.fromkeys((".jsonl", ".log", ".md", ".yaml"), "text/plain; charset=utf-8")


class ReportHandler(SimpleHTTPRequestHandler):
    """Files of the run's folder, and of the viewer below /_trace/. Nothing outside the two, links included."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TEXT}

    def __init__(self, *arguments: object, root: Path, viewer: Path | None, **options: object) -> None:
        self.root = root.resolve()
        self.viewer = viewer.resolve() if viewer else None
        super().__init__(*arguments, directory=str(root), **options)  # type: ignore[arg-type]

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """The head of an answer, and what is to follow it."""
        if not self._asked_here():
            self.send_error(HTTPStatus.FORBIDDEN)
            return None
        name = urlsplit(self.path).path
        if name == "/":
            self._redirect(f"/{INDEX}")
            return None
        if name == f"{VIEWER}ready.svg" and self.viewer:
            return self._ready()
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """The file that an address names; a name that does not exist for one outside."""
        name = unquote(urlsplit(path).path)
        base, rest = (self.viewer, name.removeprefix(VIEWER)) if name.startswith(VIEWER) else (self.root, name.lstrip("/"))
        nowhere = str(self.root / "not-there")
        if base is None or "\0" in rest:
            return nowhere
        target = (base / rest).resolve()
        return str(target) if base in target.parents and target.is_file() else nowhere

    def end_headers(self) -> None:
        """Files that are not pages of ours run no scripts, whatever they are."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        if not self._ours():
            self.send_header("Content-Security-Policy", "sandbox")
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""

    def _asked_here(self) -> bool:
        """Another site's name that was made to lead to this machine must not read the report."""
        return self.headers.get("Host", "").rpartition(":")[0] in (HOST, "localhost")

    def _ours(self) -> bool:
        parts = [part for part in urlsplit(self.path).path.split("/") if part] if hasattr(self, "path") else []
        return parts[:1] == ["_trace"] or parts == [INDEX] or (len(parts) == 2 and parts[1] == "index.html")

    def _redirect(self, target: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _ready(self) -> io.BytesIO:
        """A picture that only this server has: a page that can load it may lead to the viewer."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(READY)))
        self.end_headers()
        return io.BytesIO(READY)


def viewer_folder() -> Path | None:
    """Where Playwright keeps its trace viewer, found without importing Playwright."""
    spec = find_spec("playwright")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "driver" / "package" / "lib" / "vite" / "traceViewer"
    return folder if folder.is_dir() else None


def place_viewer(folder: Path) -> Path:
    """Puts the trace viewer beside the report in `folder`, so that any web server shows its traces; the folder that was made."""
    viewer, place = viewer_folder(), folder / VIEWER.strip("/")
    if viewer is None:
        raise problem("no-trace-viewer", "the installed Playwright brings no trace viewer along", "reinstall the harness")
    try:
        shutil.copytree(viewer, place, dirs_exist_ok=True)
        (place / "ready.svg").write_bytes(READY)
    except OSError as error:
        raise problem("unwritable-reports", f"{place} can't be written: {error.strerror or error}", "copy the run's folder first") from None
    return place


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """The server, not yet running; 0 is any free port."""
    try:
        return ThreadingHTTPServer((HOST, port), partial(ReportHandler, root=folder, viewer=viewer_folder()))
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or error
        raise problem("port-taken", f"port {port} can't be had: {said}", "leave --port out for any free one") from None


def serve_folder(folder: Path, port: int) -> None:
    """Serves until interrupted."""
    with make_server(folder, port) as server:
        print(f"report: http://{HOST}:{server.server_port}/{INDEX}   (traces open from its pages; Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("", file=sys.stderr)
