"""A run that is killed at any moment loses only the attempts in flight; none is missing from the report, and it can be gone on with."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from harness import workflow
from harness.merge import merge
from harness.record.model import Outcome, Record
from tests.merge.victim import script
from tests.run.conftest import SECRETS, Bench
from tests.run.conftest import bench as bench
from tests.run.fake import FakeHost

CASES = 6
ATTEMPTS = 3
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
TIMES = 5
LINES = 2 * CASES * ATTEMPTS + 2


def prepare(bench: Bench) -> None:
    bench.write("customers/acme.yaml", "tenant: acme\n")
    bench.write("customers/other.yaml", "name: no tenant\n")
    for number in range(CASES):
        bench.write(f"case-{number}.yaml", SCENARIO)


def run_and_kill(root: Path, after: int, *resume: str) -> list[dict[str, object]]:
    """The lines that a run told before it was killed behind the `after`-th one."""
    command = [sys.executable, "-m", "tests.merge.victim", str(root), *resume]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as victim:
        assert victim.stdout is not None
        told = [json.loads(line) for _, line in zip(range(after), victim.stdout, strict=False)]
        victim.kill()
        told += [json.loads(line) for line in victim.stdout if line.endswith("\n")]
    return told


def made(record: Record) -> dict[tuple[str, int], str]:
    """Every attempt that was made, with its outcome."""
    found = {}
    for result in record.results:
        assert result.control is not None
        for key, attempts in ((result.key, result.attempts), (result.key.replace("acme", "other") + "--control", result.control.attempts)):
            found |= {(key, attempt.number): str(attempt.outcome) for attempt in attempts if attempt.decided_by != "lost"}
    return found


def test_killed_at_fifty_moments(bench: Bench) -> None:
    prepare(bench)
    moments = random.Random(20260).sample(range(TIMES), TIMES)
    for moment in moments:
        told = run_and_kill(bench.root, 1 + moment * (LINES - 1) // TIMES)
        folder = Path(str(told[0]["folder"]))
        ended = {(str(line["key"]), int(str(line["attempt"]))): str(line["outcome"]) for line in told if "attempt" in line}
        world = bench.world(FakeHost(script))
        merged = merge([folder], bench.root / "reports", world, ("repro", "merge")).record
        assert len(merged.results) == CASES
        assert ended.items() <= made(merged).items()
        again = workflow.Options(reports=bench.root / "reports", resume=folder.name, workers=4)
        whole = workflow.run(again, world, lambda event: None, lambda plan, where: None)
        assert whole.folder.resolve() == folder.resolve()
        assert len(made(whole.record)) == 2 * CASES * ATTEMPTS
        assert ended.items() <= made(whole.record).items()
        assert all(result.verdict is not Outcome.INCONCLUSIVE for result in whole.record.results)


def test_what_is_killed_again_and_again_comes_to_its_end(bench: Bench) -> None:
    prepare(bench)
    folder = Path(str(run_and_kill(bench.root, 3)[0]["folder"]))
    counts = []
    for _ in range(20):
        told = run_and_kill(bench.root, 6, folder.name)
        counts.append(sum("attempt" in line for line in told))
        if told[-1].get("ended"):
            break
    record = json.loads((folder / "results.json").read_text())
    assert all(result["rate"]["decided"] == ATTEMPTS for result in record["results"])
    assert len(counts) < 20


def test_only_one_process_works_on_a_run(bench: Bench) -> None:
    from filelock import FileLock

    from harness.diagnostics import Problems

    prepare(bench)
    folder = Path(str(run_and_kill(bench.root, 2)[0]["folder"]))
    world = bench.world(FakeHost(script))
    (lock,) = (bench.root / "state" / "locks").glob("run-*.lock")
    with FileLock(lock), pytest.raises(Problems, match="another process is working on"):
        workflow.run(
            workflow.Options(reports=bench.root / "reports", resume=folder.name), world, lambda event: None, lambda plan, where: None
        )
    assert SECRETS  # the same environment as the killed run's
