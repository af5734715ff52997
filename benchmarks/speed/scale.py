"""What the harness itself costs, without a browser: `python -m benchmarks.speed.scale [NUMBER…]`.

So many attempts (100, 1,000, 10,000) of a hundred scenarios are planned, run, recorded and reported, with the tests' fake browser in place
of a real one. Each number is measured in a process of its own. A folder and a file are written an attempt, so the kernel's part is the
disk's: in a temporary folder in memory (`TMPDIR=/dev/shm`) hardly anything is left of it.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.speed.runs import ROOT, compiled
from harness import workflow
from harness.evidence.events import EventLog
from harness.run.events import AttemptEnded, RunEvent
from harness.run.ports import SessionSpec
from tests.run.fake import FakeHost, FakeSession, Page

NUMBERS = (100, 1_000, 10_000)
SCENARIOS = 100
SCENARIO = """
title: Saving number {number}
steps:
  - goto: /
  - fill: {{textbox "Name": Jane}}
  - click: button "Save"
symptom: {{visible: alert}}
expected: {{text: status, is: Saved}}
attempts: {attempts}
"""


class Forgetful(FakeHost):
    """Keeps no page that has been used: what grows is then the harness's own."""

    async def open(self, spec: SessionSpec, log: EventLog) -> FakeSession:
        session = await super().open(spec, log)
        self.pages.clear()
        return session


def script(page: Page) -> None:
    """The application works."""
    page.does = {'click: button "Save"': lambda page: page.show("text: status, is: Saved")}


def measure(number: int) -> dict[str, float]:
    """Seconds of CPU and of time, MiB. One process can measure once."""
    done: dict[str, float] = {}

    def emit(event: RunEvent) -> None:
        if isinstance(event, AttemptEnded):
            done.update(cpu=time.process_time(), kernel=os.times().system, at=time.monotonic(), peak=peak_mib())

    with tempfile.TemporaryDirectory(prefix="repro-scale-") as folder:
        root = Path(folder) / "scenarios"
        write_workspace(root, number)
        asked = workflow.Options(paths=(root,), reports=Path(folder) / "reports", workers=4)
        world = workflow.World(environ={"REPRO_STATE": str(Path(folder) / "state")}, host=Forgetful(script))
        cpu, kernel, begun = time.process_time(), os.times().system, time.monotonic()
        finished = workflow.run(asked, world, emit, lambda plan, where: None)
        ended, peak = time.monotonic(), peak_mib()
        attempts = [attempt for result in finished.record.results for attempt in result.attempts]
    assert [len(attempts), {str(attempt.outcome) for attempt in attempts}] == [number, {"not_reproduced"}]
    used = {"cpu": done["cpu"] - cpu, "kernel": done["kernel"] - kernel}
    return {**used, "wall": done["at"] - begun, "report": ended - done["at"], "run": done["peak"], "peak": peak}


def peak_mib() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_workspace(root: Path, number: int) -> None:
    """A hundred scenarios that make so many attempts together."""
    (root / "environments").mkdir(parents=True)
    (root / "repro.yaml").write_text("environment: local\n")
    (root / "environments/local.yaml").write_text("base_url: https://staging.example.com\n")
    for each in range(SCENARIOS):
        (root / f"case-{each:03}.yaml").write_text(SCENARIO.format(number=each, attempts=number // SCENARIOS))


def main() -> None:
    """Prints the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    compiled()
    numbers = [int(word) for word in sys.argv[1:]] or NUMBERS
    head = ("attempts", "run s", "CPU per attempt ms (target < 1)", "of it in the kernel", "record and reports s (target < 20)")
    print(f"| {' | '.join((*head, 'memory MiB: run', 'with reports'))} |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for number in numbers:
        command = [sys.executable, "-m", "benchmarks.speed.scale", "--one", str(number)]
        found = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
        each, kernel = found["cpu"] / number * 1000, found["kernel"] / number * 1000
        took = f"{found['wall']:.1f} | {each:.2f} | {kernel:.2f} | {found['report']:.2f}"
        print(f"| {number:,} | {took} | {found['run']:.0f} | {found['peak']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
