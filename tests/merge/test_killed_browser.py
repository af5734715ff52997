"""With a real browser: the run and its browsers are killed at random moments, and every attempt that had ended is in the report."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.record.model import Outcome, Record
from harness.record.store import read_record
from tests.browser import site
from tests.browser.test_lost import below
from tests.browser.trying import workspace

SCENARIO = """
title: Waits a little
steps:
  - goto: /late
  - wait_for: {text: status, is: Done}
  - goto: /
symptom: {visible: alert}
expected: {text: status, is: Ready}
attempts: 4
measure: true
"""
CASES = 2
PLANNED = 4 * CASES
Attempts = dict[tuple[str, int], str]


class Run:
    """`repro run` as a process. `ended` are the attempts that it has told of."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "harness", "run", *words, "--json", "--workers", "2", "--reports", str(folder / "reports")]
        environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "REPRO_STATE": str(folder / "state")}
        self.process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        self.folder: Path | None = None
        self.ended: Attempts = {}

    def read(self, attempts: int) -> None:
        """Reads what it tells until so many attempts have ended, or the process."""
        assert self.process.stdout is not None
        for text in self.process.stdout:
            line = json.loads(text)
            if line["event"] == "run":
                self.folder = Path(line["folder"])
            if line["event"] == "attempt":
                self.ended[line["key"], line["number"]] = line["outcome"]
            if self.folder and len(self.ended) >= attempts:
                return


def made(record: Record) -> Attempts:
    return {(result.key, attempt.number): str(attempt.outcome) for result in record.results for attempt in result.attempts}


@pytest.mark.parametrize("seed", range(2))
def test_a_run_and_its_browsers_are_killed(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with site.serving() as base_url:
        root = workspace(tmp_path, base_url, SCENARIO)
        (root / "other.yaml").write_text(SCENARIO)
        first = Run(tmp_path, str(root))
        first.read(chance.randint(0, 3))
        time.sleep(chance.uniform(0, 0.5))  # so that it is not always killed between two attempts
        first.process.kill()
        first.read(PLANNED)
        assert first.folder is not None and first.process.wait() == -signal.SIGKILL
        again = Run(tmp_path, "--resume", first.folder.name)
        for attempts in (1, 2):
            again.read(attempts)
            time.sleep(chance.uniform(0, 0.5))
            for pid in below(again.process.pid):
                os.kill(pid, signal.SIGKILL)
        again.read(PLANNED)
        again.process.wait()
    record = read_record(first.folder)
    assert len(record.results) == CASES and len(made(record)) == PLANNED
    assert (first.ended | again.ended).items() <= made(record).items()
    wrong = [attempt for result in record.results for attempt in result.attempts if attempt.outcome is Outcome.REPRODUCED]
    assert wrong == []
    lost = [attempt for result in record.results for attempt in result.attempts if attempt.outcome is Outcome.INCONCLUSIVE]
    assert [attempt.reason for attempt in lost if "lost twice" not in attempt.reason] == []
