"""A run that is killed at any moment loses only the attempts in flight; none is missing from the report, and it can be gone on with."""

from __future__ import annotations

import multiprocessing
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock

from harness import workflow
from harness.diagnostics import Problems
from harness.merge import merge
from harness.record.model import Outcome, Record
from harness.record.store import read_record
from tests.merge import victim
from tests.run.conftest import Bench
from tests.run.conftest import bench as bench
from tests.run.fake import FakeHost

CASES = 3
ATTEMPTS = 4
PLANNED = 2 * CASES * ATTEMPTS
SCENARIO = f"""\
title: A case
customer: acme
control: other
steps: [click: button]
symptom: {{visible: alert}}
expected: {{visible: heading}}
attempts: {ATTEMPTS}
measure: true
"""
TIMES = 50
Attempts = dict[tuple[str, int], str]


@dataclass
class Told:
    """What a run said before it was killed, or ended."""

    folder: Path | None = None
    ended: Attempts = field(default_factory=dict)
    whole: bool = False


def prepare(bench: Bench) -> None:
    bench.write("customers/acme.yaml", "tenant: acme\n")
    bench.write("customers/other.yaml", "name: no tenant\n")
    for number in range(CASES):
        bench.write(f"case-{number}.yaml", SCENARIO)


def run_and_kill(root: Path, lines: int, seconds: float = 0.0, resume: str | None = None) -> Told:
    """Kills a run when it has said so many lines and so many seconds have gone by."""
    processes = multiprocessing.get_context("forkserver")  # what a run needs is loaded once, not for each of them
    processes.set_forkserver_preload(["tests.merge.victim", "harness.report.write", "harness.run.run", "harness.record.assemble"])
    hears, says = processes.Pipe(duplex=False)
    process = processes.Process(target=victim.run, args=(root, resume, says))
    process.start()
    says.close()
    told = Told()
    for said in range(1000):
        if said == lines:
            time.sleep(seconds)
            process.kill()
        try:
            line = hears.recv()
        except (EOFError, OSError):
            break
        if isinstance(line, Path):
            told.folder = line
        elif line is None:
            told.whole = True
        else:
            told.ended |= [line]
    process.join()
    assert process.exitcode in (0, -9)
    return told


def made(record: Record) -> Attempts:
    """Every attempt that was made, with its outcome. What was not made is in the record, and says so."""
    found: Attempts = {}
    for result in record.results:
        assert result.control is not None
        for key, attempts in ((result.key, result.attempts), (result.key.replace("acme", "other") + "--control", result.control.attempts)):
            mine = {(key, attempt.number): str(attempt.outcome) for attempt in attempts if attempt.decided_by != "lost"}
            assert len(mine) == ATTEMPTS or [attempt.decided_by for attempt in attempts].count("lost") == 1
            found |= mine
    return found


def go_on(bench: Bench, folder: Path) -> Record:
    options = workflow.Options(reports=bench.root / "reports", resume=folder.name, workers=4)
    return workflow.run(options, bench.world(FakeHost(victim.script)), lambda event: None, lambda plan, where: None).record


def merged(bench: Bench, folder: Path) -> Record:
    return merge([folder], bench.root / "reports", bench.world(FakeHost(victim.script)), ("repro", "merge")).record


@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_at_a_random_moment(bench: Bench, seed: int) -> None:
    prepare(bench)
    chance = random.Random(seed)
    told = run_and_kill(bench.root, chance.randint(1, PLANNED + 1), chance.uniform(0, 0.01))
    assert told.folder is not None
    report = merged(bench, told.folder)
    assert len(report.results) == CASES and told.ended.items() <= made(report).items()
    whole = go_on(bench, told.folder)
    assert len(whole.results) == CASES and len(made(whole)) == PLANNED
    assert told.ended.items() <= made(whole).items()
    assert all(result.verdict is not Outcome.INCONCLUSIVE for result in whole.results)


def test_what_is_killed_again_and_again_comes_to_its_end(bench: Bench) -> None:
    prepare(bench)
    first = run_and_kill(bench.root, 3)
    assert first.folder is not None
    ended = dict(first.ended)
    for _ in range(20):
        told = run_and_kill(bench.root, 6, resume=first.folder.name)
        ended |= told.ended
        if told.whole:
            break
    assert told.whole and len(ended) == PLANNED
    assert made(read_record(first.folder)) == ended


def test_only_one_process_works_on_a_run(bench: Bench) -> None:
    prepare(bench)
    folder = run_and_kill(bench.root, 2).folder
    assert folder is not None
    (lock,) = (bench.root / "state" / "locks").glob("run-*.lock")
    with FileLock(lock), pytest.raises(Problems, match="another process is working on"):
        go_on(bench, folder)
