"""Attempts that only wait should cost nothing while they do: `python -m benchmarks.speed.waiting [--attempts N]`.

Fifty attempts, all at once, wait for a spinner to end. Measured are the whole run's time, and the CPU of the harness (Python) and of
Playwright's driver (Node.js) from the moment when all pages stand until the first spinner ends; for that the spinner turns longer.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from benchmarks.speed.runs import ROOT
from benchmarks.speed.site import Server

PAGE = """<!doctype html><title>Import</title><h1>Import</h1><p role="status">Importing</p><div class="spinner"></div>
<style>.spinner {{ width: 40px; height: 40px; border: 4px solid #ccc; border-top-color: #36c; border-radius: 50%;
animation: turn 1s linear infinite }} @keyframes turn {{ to {{ rotate: 1turn }} }}</style>
<script>setTimeout(() => {{
  document.querySelector('.spinner').remove();
  document.querySelector('p').textContent = 'Done';
}}, {ms});</script>"""
SCENARIO = """
title: The import never ends
steps:
  - goto: /
symptom: {{visible: alert}}
expected: {{text: status, is: Done}}
within: {within}s
attempts: {attempts}
measure: true
"""
SETTLE_S = 2.0


@dataclass
class Site:
    """The page, and when it was asked for."""

    spinner_s: float
    attempts: int
    at: list[float] = field(default_factory=list)
    all_stand: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> bytes:
        """The page."""
        self.at.append(time.monotonic())
        if len(self.at) >= self.attempts:
            self.all_stand.set()
        return PAGE.format(ms=int(self.spinner_s * 1000)).encode()


@contextlib.contextmanager
def serving(site: Site) -> Iterator[str]:
    """The page's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/"
            body = site.answer() if known else b""
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Waited:
    """`wall` of the whole run; `window` in seconds, with the CPU seconds in it by process."""

    wall: float
    stood: float
    window: float
    cpu: Mapping[str, float]


def run(spinner_s: float, attempts: int, evidence: bool) -> Waited:
    """One run of the harness. Raises SystemExit when an attempt came out otherwise than it should."""
    site = Site(spinner_s, attempts)
    with tempfile.TemporaryDirectory(prefix="repro-waiting-") as folder, serving(site) as base_url:
        root = Path(folder) / "scenarios"
        (root / "environments").mkdir(parents=True)
        (root / "repro.yaml").write_text("environment: local\n")
        (root / "environments/local.yaml").write_text(f"base_url: {base_url}\n")
        (root / "case.yaml").write_text(SCENARIO.format(within=int(spinner_s) + 30, attempts=attempts))
        switches = [] if evidence else ["--trace", "off", "--screenshots", "off"]
        words = [
            sys.executable,
            "-m",
            "harness",
            "run",
            str(root),
            "--workers",
            str(attempts),
            "--reports",
            str(Path(folder) / "out"),
            *switches,
        ]
        begun = time.monotonic()
        environ = {**os.environ, "REPRO_STATE": str(Path(folder) / "state")}
        process = subprocess.Popen(words, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        window, cpu = _while_all_wait(site, process.pid)
        _, said = process.communicate()
        wall = time.monotonic() - begun
        _check(Path(folder) / "out", attempts, said)
    return Waited(wall, max(site.at) - begun, window, cpu)


def _while_all_wait(site: Site, pid: int) -> tuple[float, dict[str, float]]:
    """(seconds, CPU seconds in them), or no seconds when the first spinner ended before all pages stood."""
    if not site.all_stand.wait(timeout=120):
        return 0.0, {}
    time.sleep(SETTLE_S)
    end = min(site.at) + site.spinner_s - 0.5
    window = end - time.monotonic()
    if window <= 1:
        return 0.0, {}
    before = _seconds(pid)
    time.sleep(window)
    after = _seconds(pid)
    return window, {kind: after[kind] - before[kind] for kind in after if kind in before}


def _seconds(pid: int) -> dict[str, float]:
    from benchmarks.speed.measure import _cpu, _tree

    found = {"Python": _cpu(pid), "driver": 0.0, "browser": 0.0}
    for each in _tree(pid) - {pid}:
        with contextlib.suppress(OSError, IndexError, ValueError):
            words = Path(f"/proc/{each}/cmdline").read_bytes().decode(errors="replace")
            found["driver" if "run-driver" in words else "browser"] += _cpu(each)
    return found


def _check(reports: Path, attempts: int, said: str) -> None:
    records = list(reports.glob("*/results.json"))
    if not records:
        raise SystemExit(f"the run did not come to its end: {said[-500:]}")
    made = json.loads(records[0].read_text(encoding="utf-8"))["results"][0]["attempts"]
    if len(made) != attempts or any(attempt["outcome"] != "not_reproduced" for attempt in made):
        raise SystemExit(f"not all {attempts} attempts came out as they should: {[attempt['reason'] for attempt in made][:3]}")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.waiting", description=__doc__)
    parser.add_argument("--attempts", type=int, default=50)
    parser.add_argument("--spinner", type=float, default=10.0, help="seconds")
    attempts, spinner_s = vars(parser.parse_args()).values()
    print(f"| {attempts} attempts at once, each waits {spinner_s:g} s | all pages stood after s | whole run s (target < 20) |")
    print("|---|---:|---:|")
    for evidence, name in ((True, "with trace and pictures"), (False, "nothing captured")):
        waited = run(spinner_s, attempts, evidence)
        print(f"| {name} | {waited.stood:.1f} | {waited.wall:.1f} |", flush=True)
    print(f"\n| CPU while all {attempts} wait, % of a core | Python | driver | browser | seconds looked at |")
    print("|---|---:|---:|---:|---:|")
    for evidence, name in ((True, "with trace and pictures"), (False, "nothing captured")):
        waited = run(spinner_s + 30, attempts, evidence)
        shares = [f"{waited.cpu[kind] / waited.window * 100:.1f}" if waited.window else "–" for kind in ("Python", "driver", "browser")]
        print(f"| {name} | {' | '.join(shares)} | {waited.window:.1f} |", flush=True)


if __name__ == "__main__":
    main()
