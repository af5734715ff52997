"""What the host guard costs: the same attempts with it and without it, in turn, in one run. `python -m benchmarks.guard [ROUNDS]`.

The figure that counts is the ratio of the medians; above 1 the guard costs time.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.memory import SCENARIO, serving
from harness import workflow
from harness.browser.pool import PlaywrightHost

ATTEMPTS = 30


def seconds(base_url: str, guarded: bool) -> tuple[float, float]:
    """(wall, CPU of this process and its ended children) of one run."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "scenarios"
        (root / "environments").mkdir(parents=True)
        (root / "repro.yaml").write_text("environment: local\n")
        (root / "environments" / "local.yaml").write_text(f"base_url: {base_url}\n")
        (root / "case.yaml").write_text(SCENARIO)
        asked = workflow.Options(paths=(root,), reports=Path(folder) / "reports", workers=2, attempts=ATTEMPTS)
        world = workflow.World(host=PlaywrightHost(guarded=guarded))
        before, begun = os.times(), time.monotonic()
        workflow.run(asked, world, lambda event: None, lambda plan, where: None)
        after = os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    return time.monotonic() - begun, cpu


def main() -> None:
    """Prints the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    found: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    with serving() as base_url:
        seconds(base_url, True)  # warms up what both use
        for turn in range(rounds):
            for guarded in (True, False) if turn % 2 else (False, True):
                found[guarded].append(seconds(base_url, guarded))
    print(f"| {ATTEMPTS} attempts, medians of {rounds} | wall s | CPU s |\n|---|---:|---:|")
    medians = {guarded: [statistics.median(column) for column in zip(*values, strict=True)] for guarded, values in found.items()}
    for guarded, name in ((True, "guard on"), (False, "guard off")):
        print(f"| {name} | {medians[guarded][0]:.2f} | {medians[guarded][1]:.2f} |")
    print(f"| ratio | {medians[True][0] / medians[False][0]:.3f} | {medians[True][1] / medians[False][1]:.3f} |")


if __name__ == "__main__":
    main()
