"""Resident memory of a run's whole process tree after 50 and after 500 attempts: `python -m benchmarks.memory [FIRST LAST]`.

One run, one trivial page, all evidence taken. The figure that counts is the ratio: flat memory is close to 1.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import workflow
from harness.run.events import AttemptEnded, RunEvent

PAGE = b"<!doctype html><title>Home</title><h1>Home</h1><p role=status>Ready</p>"
PAGE += b"<button onclick=\"document.querySelector('p').textContent = 'Saved'\">Save</button>"
SCENARIO = """
title: A trivial page
steps:
  - goto: /
  - click: button "Save"
symptom: {visible: alert}
expected: {text: status, is: Saved}
within: 1s
measure: true
"""


class Page(BaseHTTPRequestHandler):
    """One page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The page's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def resident_mib() -> dict[str, float]:
    """MiB of this process and of everything below it, from /proc; shared pages of browsers are counted by their share."""
    parents, sizes = {}, {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError, ValueError):
            if entry.name.isdecimal():
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    tree = {os.getpid()}
    while grown := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= grown
    for pid in tree:
        with contextlib.suppress(OSError, StopIteration):
            rollup = (Path("/proc") / str(pid) / "smaps_rollup").read_text()
            sizes[pid] = int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1024
    return {"harness": sizes.get(os.getpid(), 0.0), "all": sum(sizes.values())}


def measure(first: int, last: int) -> tuple[dict[str, float], dict[str, float]]:
    """Memory around the first and around the last attempt: the median of ten looks each."""
    looks: dict[int, dict[str, float]] = {}
    done = 0

    def emit(event: RunEvent) -> None:
        nonlocal done
        if isinstance(event, AttemptEnded):
            done += 1
            if first - 10 < done <= first or last - 10 < done <= last:
                looks[done] = resident_mib()

    with serving() as base_url, tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "scenarios"
        (root / "environments").mkdir(parents=True)
        (root / "repro.yaml").write_text("environment: local\n")
        (root / "environments" / "local.yaml").write_text(f"base_url: {base_url}\n")
        (root / "case.yaml").write_text(SCENARIO)
        asked = workflow.Options(paths=(root,), reports=Path(folder) / "reports", workers=2, attempts=last)
        workflow.run(asked, workflow.World(), emit, lambda plan, where: None)
    return tuple(  # type: ignore[return-value]
        {kind: statistics.median(look[kind] for number, look in looks.items() if end - 10 < number <= end) for kind in ("harness", "all")}
        for end in (first, last)
    )


def main() -> None:
    """Prints the table."""
    first, last = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (50, 500)
    early, late = measure(first, last)
    print(f"| process | after {first} attempts | after {last} attempts | ratio |\n|---|---:|---:|---:|")
    for kind, name in (("harness", "the harness"), ("all", "with driver and browsers")):
        print(f"| {name} | {early[kind]:.0f} MiB | {late[kind]:.0f} MiB | {late[kind] / early[kind]:.2f} |")


if __name__ == "__main__":
    main()
