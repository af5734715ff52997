"""How fast the harness is beside people's other choices, at equal evidence: `python -m benchmarks.speed`.

Everything that it needs beside the harness (React TodoMVC, the other tools) is installed into a cache the first time.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.speed import install, table
from benchmarks.speed.peers import EVIDENCE, PEERS, Asked
from benchmarks.speed.runs import ROOT, Measured, compiled, keep, run
from benchmarks.speed.scenarios import SCENARIOS, steps_of
from benchmarks.speed.site import serving

DOC = ROOT / "docs/speed.md"
NOWHERE = "/nowhere/chromium"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count; one more, which doesn't, looks at memory")
    parser.add_argument("--workers", default="1,2,4", help="numbers of workers: 1,2,4")
    parser.add_argument("--peers", default=",".join(PEERS), help=f"of {', '.join(PEERS)}")
    parser.add_argument("--evidence", default=",".join(EVIDENCE), help=f"of {', '.join(EVIDENCE)}")
    parser.add_argument("--scenarios", type=int, default=len(SCENARIOS), help="the first so many")
    parser.add_argument("--browser", default="", help="the Chromium that all of them use; the harness's own choice is the default")
    parser.add_argument("--no-memory", action="store_true", help="leave out the round that looks at memory")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/speed.md")
    parser.add_argument("--keep", type=Path, help="write each tool's files below this folder, and do nothing else")
    options = parser.parse_args()
    options.workers = [int(word) for word in options.workers.split(",")]
    for option, known in (("peers", list(PEERS)), ("evidence", list(EVIDENCE))):
        setattr(options, option, getattr(options, option).split(","))
        if unknown := set(getattr(options, option)) - set(known):
            parser.error(f"--{option}: unknown: {', '.join(sorted(unknown))}; known are {', '.join(known)}")
    return options


def browser(chosen: str) -> str:
    """The browser's program. Raises Problems when there is none."""
    from harness.browser.find import find_browser

    found = find_browser("chromium", None, False, NOWHERE, {**os.environ, **({"REPRO_BROWSER": chosen} if chosen else {})})
    assert found.path is not None
    return found.path


def cells(options: argparse.Namespace, asked: Asked) -> list[tuple[table.Key, Asked]]:
    """Every combination that is run, with what it is asked for."""
    return [
        ((evidence, name, workers), replace(asked, evidence=evidence, workers=workers))
        for evidence in options.evidence
        for workers in options.workers
        for name in options.peers
        if evidence in PEERS[name].evidence
    ]


def in_turn(names: Sequence[table.Key], rounds: int) -> Iterator[tuple[int, list[int]]]:
    """The order of each round: another one each time, the same whenever it is run."""
    order = random.Random(rounds * 1000 + len(names))
    for turn in range(rounds):
        indexes = list(range(len(names)))
        order.shuffle(indexes)
        yield turn, indexes


def measure(options: argparse.Namespace, asked: Asked) -> tuple[dict[table.Key, list[Measured]], dict[table.Key, list[Measured]]]:
    """(runs for time and CPU, runs for memory), in the order of the tables."""
    chosen = cells(options, asked)
    timed: dict[table.Key, list[Measured]] = defaultdict(list, {key: [] for key, _ in chosen})
    watched: dict[table.Key, list[Measured]] = defaultdict(list)
    for turn, indexes in in_turn([key for key, _ in chosen], options.rounds + (not options.no_memory)):
        watch = turn == 0 and not options.no_memory
        for index in indexes:
            key, mine = chosen[index]
            if any(each.problem for each in timed[key]):
                continue
            measured = run(PEERS[key[1]], mine, watch)
            (watched if watch else timed)[key].append(measured)
            if watch and measured.problem:
                timed[key].append(measured)
            said = measured.problem or f"{measured.wall:.1f} s, CPU {measured.cpu:.1f} s"
            print(f"round {turn + 1}: {' / '.join(map(str, key))}: {said}", file=sys.stderr, flush=True)
    order = [key for key, _ in chosen]
    return {key: timed[key] for key in order}, {key: watched[key] for key in order if key in watched}


def machine() -> str:
    """Where it was measured."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.processor()
    )
    memory = next((int(line.split()[1]) / 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores ({model or 'unknown'}), {memory:.0f} GiB"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def report(options: argparse.Namespace, asked: Asked, timed: table.Runs, watched: table.Runs) -> str:
    """All that is told, as Markdown."""
    shown = subprocess.run([asked.browser, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    names = {name: peer.name for name, peer in PEERS.items()}
    steps = steps_of(asked.scenarios)
    head = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {machine()}; {shown}, {install.versions()}. {len(asked.scenarios)} scenarios with"
        f" {steps} steps, {steps / len(asked.scenarios):.1f} on average; medians of {options.rounds} rounds."
    )
    found = [head, table.tables(timed, watched, names), "### Targets", table.targets(timed, names)]
    if watched:
        found += ["### Whose CPU it was", "In seconds, of one run each, by kind of process.", table.parts(watched, names)]
    return "\n\n".join(found)


def write(text: str) -> None:
    """Puts it between the markers of docs/speed.md."""
    doc = DOC.read_text(encoding="utf-8")
    before, _, rest = doc.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOC.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Measures, prints, and with --write writes."""
    options = arguments()
    scenarios = SCENARIOS[: options.scenarios]
    if options.keep:
        asked = Asked(scenarios, "full", 1, "http://127.0.0.1:8000", "", Path(), Path())
        for name in options.peers:
            keep(PEERS[name], asked, options.keep / name)
        return
    try:
        site = install.application()
    except install.Missing as missing:
        sys.exit(str(missing))
    compiled()
    with serving(site) as base_url:
        asked = Asked(scenarios, "full", 1, base_url, browser(options.browser), Path(), Path())
        timed, watched = measure(options, asked)
    text = report(options, asked, timed, watched)
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()
