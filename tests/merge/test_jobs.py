"""One attempt is a plain function of plain values: made in other processes, in any order, some twice and some not at all."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from harness import jobs, workflow
from harness.diagnostics import Problems
from harness.merge import merge
from harness.record.model import Outcome, Record
from harness.workflow import World
from tests.merge.pool import make
from tests.merge.victim import script
from tests.run.conftest import SECRETS, Bench
from tests.run.conftest import bench as bench
from tests.run.fake import FakeHost, Page, Staging

SCENARIO = """\
title: A case
customer: acme
control: other
steps: [click: button]
symptom: {visible: alert}
expected: {visible: heading}
attempts: 3
"""


def prepare(bench: Bench, cases: int = 2) -> World:
    bench.write("customers/other.yaml", "tenant: other\n")
    for number in range(cases):
        bench.write(f"folder/case-{number}.yaml", SCENARIO)
    return bench.world(FakeHost(script))


def planned(bench: Bench, world: World, **options: Any) -> tuple[Path, tuple[dict[str, Any], ...]]:
    return jobs.plan_jobs(workflow.Options(paths=(bench.root / "ws",), reports=bench.root / "reports", **options), world)


def merged(bench: Bench, *folders: Path) -> Record:
    return merge(folders, bench.root / "reports", bench.world(FakeHost(script)), ("repro", "merge")).record


def test_jobs_travel_as_json_to_other_processes(bench: Bench) -> None:
    folder, todo = planned(bench, prepare(bench))
    environ = {**SECRETS, "REPRO_STATE": str(bench.root / "state")}
    sent = [json.dumps(job) for job in todo]
    random.Random(7).shuffle(sent)
    twice = [*sent, *sent[:4]]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        answers = [json.loads(answer) for answer in pool.map(make, twice, [environ] * len(twice))]
    assert {process for process, _ in answers}.isdisjoint({os.getpid()})
    assert len(todo) == 12 and {(made["scenario"], made["customer"]) for _, made in answers} == {
        (f"folder/case-{number}", customer) for number in (0, 1) for customer in ("acme", "other")
    }
    record = merged(bench, folder)
    assert [len(each.attempts) for result in record.results for each in (result, result.control) if each] == [3] * 4
    assert record.run.notes == () and Outcome.INCONCLUSIVE not in [result.verdict for result in record.results]


def test_an_attempt_that_never_came_is_said(bench: Bench) -> None:
    world = prepare(bench, 1)
    folder, todo = planned(bench, world)
    for job in todo:
        if (job["customer"], job["attempt"]) != ("acme", 2):
            jobs.run_job(job, bench.world(FakeHost(lambda page: page.show("visible: heading"))))
    (result,) = merged(bench, folder).results
    assert [(each.number, each.decided_by) for each in result.attempts] == [(1, "expected"), (2, "lost"), (3, "expected")]
    assert result.control is not None and result.control.verdict is Outcome.NOT_REPRODUCED
    jobs.run_job(todo[1], world)
    (result,) = merged(bench, folder).results
    assert [each.decided_by for each in result.attempts] == ["expected"] * 3


def test_bundles_of_two_machines_are_one_report(bench: Bench) -> None:
    world = prepare(bench)
    folder, todo = planned(bench, world)
    shutil.copytree(folder, bench.root / "there" / folder.name)
    for number, job in enumerate(todo):
        there = {**job, "folder": str(bench.root / "there" / folder.name)}
        jobs.run_job(there if number % 2 else job, world)
    record = merged(bench, folder, bench.root / "there")
    assert [len(result.attempts) for result in record.results] == [3, 3]
    assert Outcome.INCONCLUSIVE not in [result.verdict for result in record.results]


def test_a_worker_that_is_killed_loses_its_attempt_only(bench: Bench) -> None:
    world = prepare(bench, 1)
    folder, todo = planned(bench, world)
    for job in (*todo[:1], *todo[2:]):
        jobs.run_job(job, world)
    worker = multiprocessing.get_context("spawn").Process(target=die, args=(todo[1], dict(world.environ)))
    worker.start()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    (result,) = merged(bench, folder).results
    assert [(each.number, each.decided_by) for each in result.attempts] == [(1, "expected"), (2, "lost"), (3, "expected")]
    jobs.run_job(todo[1], world)
    (result,) = merged(bench, folder).results
    assert "lost" not in [each.decided_by for each in result.attempts]


def die(job: dict[str, Any], environ: dict[str, str]) -> None:
    """A worker that is killed in the middle of its attempt."""

    def killed(page: Page) -> None:
        page.does["click: button"] = lambda page: os.kill(os.getpid(), signal.SIGKILL)

    jobs.run_job(job, World(environ=environ, host=FakeHost(killed)))


def test_a_bundle_says_what_it_belongs_to_and_is_replaced_whole(bench: Bench) -> None:
    world = prepare(bench, 1)
    folder, todo = planned(bench, world)
    made = jobs.run_job(todo[1], world)
    place = folder / todo[1]["key"] / "attempt-2"
    (place / "left.png").write_bytes(b"of the first time")
    assert json.loads((place / "attempt.json").read_text()) == made
    assert (made["scenario"], made["customer"], made["environment"]) == ("folder/case-0", "acme", "staging")
    assert made["configuration"]["fingerprint"] and made["attempt"]["number"] == 2
    jobs.run_job(todo[1], world)
    assert [path.name for path in place.iterdir()] == ["attempt.json"]


def test_attempts_with_different_configurations_are_not_counted_together(bench: Bench) -> None:
    world = prepare(bench, 1)
    folder, todo = planned(bench, world)
    jobs.run_job(todo[0], world)
    bench.write("customers/acme.yaml", (bench.root / "ws/customers/acme.yaml").read_text() + "settings: {plan: other}\n")
    jobs.run_job(todo[1], world)
    (result,) = merged(bench, folder).results
    assert [(each.number, each.decided_by) for each in result.attempts] == [(1, "lost"), (2, "expected")]


def test_a_job_that_staging_refuses_is_an_attempt_of_its_own_number(bench: Bench) -> None:
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nhealth: {request: GET /healthz}\n")
    prepare(bench, 1)
    world = bench.world(FakeHost(script, Staging({"GET /healthz": 503})))
    _, todo = planned(bench, world)
    made = jobs.run_job(todo[2], world)
    assert (made["attempt"]["number"], made["attempt"]["decided_by"]) == (3, "environment")


def test_what_is_wrong_with_a_job_reaches_who_sent_it(bench: Bench) -> None:
    """Also through a pool, whose processes pickle what they raise."""
    _, todo = planned(bench, prepare(bench, 1))
    (bench.root / "ws/folder/case-0.yaml").unlink()
    environ = {**SECRETS, "REPRO_STATE": str(bench.root / "state")}
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool, pytest.raises(Problems) as problems:
        pool.submit(make, json.dumps(todo[0]), environ).result()
    assert problems.value.diagnostics[0].slug == "no-such-file"
