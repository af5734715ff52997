"""One run of one tool, measured from outside."""

from __future__ import annotations

import compileall
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.speed.install import Missing
from benchmarks.speed.peers import Asked, Peer, problem
from benchmarks.speed.write import write_all

MEASURE = Path(__file__).with_name("measure.py")
ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 300


@dataclass(frozen=True)
class Measured:
    """Seconds, MiB and bytes of one run; `problem` says why it doesn't count."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    size: int = 0
    parts: tuple[tuple[str, float], ...] = ()
    problem: str | None = None


def run(peer: Peer, asked: Asked, watch: bool = False) -> Measured:
    """Makes the run in a folder of its own, which is gone afterwards. `asked.work` and `asked.out` are given here."""
    with tempfile.TemporaryDirectory(prefix="repro-speed-") as folder:
        work, out = Path(folder) / "work", Path(folder) / "out"
        out.mkdir()
        asked = replace(asked, work=work, out=out)
        try:
            write_all(peer.files(asked), work)
            peer.prepare(asked)
            command = peer.command(asked)
        except Missing as missing:
            return Measured(problem=str(missing).splitlines()[0])
        return _measured(peer, asked, command, Path(folder), watch)


def _measured(peer: Peer, asked: Asked, command: list[str], folder: Path, watch: bool) -> Measured:
    result, log = folder / "cost.json", folder / "log.txt"
    words = [sys.executable, str(MEASURE), str(result), *(["--watch"] if watch else []), "--", *command]
    environ = asked.environ() | {"PYTHONPATH": str(ROOT)}
    with log.open("wb") as file:
        try:
            subprocess.run(words, cwd=asked.work, env=environ, stdout=file, stderr=subprocess.STDOUT, timeout=LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            return Measured(problem=f"it took longer than {LIMIT_S} s")
    printed = log.read_text(encoding="utf-8", errors="replace")
    if not result.exists():
        return Measured(problem="it could not be started")
    cost: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    why = problem(peer, asked, printed)
    if why is None and cost["killed"]:
        why = f"{cost['killed']} processes did not end by themselves"
    return Measured(cost["wall"], cost["cpu"], cost["peak"], _size(asked.out), tuple(sorted(cost["parts"].items())), why)


def compiled() -> None:
    """Leaves the harness's modules compiled, as an installation does; the other tools are installed."""
    compileall.compile_dir(ROOT / "harness", quiet=2)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def keep(peer: Peer, asked: Asked, folder: Path) -> None:
    """Writes the files that the tool would be given, to look at them."""
    shutil.rmtree(folder, ignore_errors=True)
    write_all(peer.files(asked), folder)
