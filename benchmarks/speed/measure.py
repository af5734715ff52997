"""Runs one command and tells what it cost with everything that it started: `measure.py RESULT.json [--watch] -- COMMAND…`.

It is a process of its own: what its descendants leave behind comes to it (Linux: PR_SET_CHILD_SUBREAPER), it waits for all of them, and
so getrusage(RUSAGE_CHILDREN) is the CPU of the whole tree, browsers included, and of nothing else. `--watch` also looks at the tree a few
times a second: memory, and whose CPU it was. Looking costs, so figures of CPU and time are taken without it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PAUSE_S = 0.2
STRAGGLERS_S = 15
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds; MiB by proportional set size; `parts` is CPU seconds by kind of process."""

    exit_code: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    killed: int = 0


def run(command: list[str], watch: bool) -> Cost:
    """Runs it, and waits for all that it left."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    cost = Cost()
    watcher = Watcher(cost) if watch else None
    begun = time.monotonic()
    child = subprocess.Popen(command)
    if watcher:
        watcher.start()
    _, status, _ = os.wait4(child.pid, 0)
    cost.wall = time.monotonic() - begun
    cost.exit_code = os.waitstatus_to_exitcode(status)
    cost.killed = _wait_for_the_rest()
    if watcher:
        watcher.stop()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost.cpu = used.ru_utime + used.ru_stime
    return cost


def _wait_for_the_rest() -> int:
    """How many did not end by themselves and were ended."""
    until, killed = time.monotonic() + STRAGGLERS_S, 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return killed
        if pid == 0 and time.monotonic() > until:
            left = _tree() - {os.getpid()}
            killed += len(left)
            for each in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
        if pid == 0:
            time.sleep(0.02)


class Watcher(threading.Thread):
    """Looks at the tree."""

    def __init__(self, cost: Cost) -> None:
        super().__init__(daemon=True)
        self.cost = cost
        self.seconds: dict[int, tuple[str, float]] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(PAUSE_S):
            tree = _tree() - {os.getpid()}
            self.cost.peak = max(self.cost.peak, sum(map(_pss_mib, tree)))
            for pid in tree:
                with contextlib.suppress(OSError, IndexError, ValueError):
                    self.seconds[pid] = (_kind(pid), _cpu(pid))

    def stop(self) -> None:
        """Ends it and adds up."""
        self.ended.set()
        self.join()
        parts: dict[str, float] = defaultdict(float)
        for kind, seconds in self.seconds.values():
            parts[kind] += seconds
        self.cost.parts = dict(parts)


def _tree(root: int | None = None) -> set[int]:
    """A process, this one when none is named, and everything below it."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError, IndexError, ValueError):
                children[int(_stat(int(entry.name))[1])].append(int(entry.name))
    tree, new = set(), {root or os.getpid()}
    while new:
        tree |= new
        new = {child for pid in new for child in children[pid]} - tree
    return tree


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _cpu(pid: int) -> float:
    """Of the process itself."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) * TICK_S


def _pss_mib(pid: int) -> float:
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def _kind(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    name = Path(words[0]).name
    if name.startswith("python") or "/bin/python" in words[0]:
        return "python"
    if name.startswith("node") or "node" in Path(f"/proc/{pid}/exe").readlink().name:
        return "node (driver)" if "run-driver" in words else "node"
    kinds = [word.partition("=")[2].split()[0] for word in " ".join(words).split(" ") if word.startswith("--type=")]
    if kinds or "chrom" in name or "headless" in name:
        return f"browser: {kinds[0] if kinds else 'main'}"
    return "other"


def main() -> None:
    """The command's own exit code stands in the result."""
    at = sys.argv.index("--")
    cost = run(sys.argv[at + 1 :], "--watch" in sys.argv[:at])
    Path(sys.argv[1]).write_text(json.dumps(asdict(cost)), encoding="utf-8")


if __name__ == "__main__":
    main()
