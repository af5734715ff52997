"""Serves a run's report on this machine, with the trace viewer that Playwright ships, so that a trace opens with one click."""

from __future__ import annotations

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

VIEWER = "/_trace/"


class ReportHandler(SimpleHTTPRequestHandler):
    """Files of the run's folder, and of the viewer below /_trace/. Nothing outside the two, links included."""

    def __init__(self, *arguments: object, root: Path, viewer: Path | None, **options: object) -> None:
        self.root = root.resolve()
        self.viewer = viewer.resolve() if viewer else None
        super().__init__(*arguments, directory=str(root), **options)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """The file that an address names; a name that does not exist for one outside."""
        name = unquote(urlsplit(path).path)
        base, rest = (self.viewer, name.removeprefix(VIEWER)) if name.startswith(VIEWER) else (self.root, name.lstrip("/"))
        nowhere = str(self.root / "not-there")
        if base is None:
            return nowhere
        target = (base / rest).resolve()
        return str(target) if target == base or base in target.parents else nowhere

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


def viewer_folder() -> Path | None:
    """Where Playwright keeps its trace viewer, found without importing Playwright."""
    spec = find_spec("playwright")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "driver" / "package" / "lib" / "vite" / "traceViewer"
    return folder if folder.is_dir() else None


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """The server, not yet running; 0 is any free port."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(ReportHandler, root=folder, viewer=viewer_folder()))


def serve_folder(folder: Path, port: int) -> None:
    """Serves until interrupted."""
    with make_server(folder, port) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        print(f"report: {address}/report.html   (Ctrl-C ends it)", flush=True)
        for trace in sorted(folder.rglob("trace*.zip"))[:20]:
            print(f"trace:  {address}{VIEWER}index.html?trace={address}/{trace.relative_to(folder).as_posix()}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("", file=sys.stderr)
