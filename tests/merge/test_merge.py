"""Shards and reruns become one report; what did not come back is a row that says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness import workflow
from harness.diagnostics import Problems
from harness.evidence.events import PageErrorEvent
from harness.merge import merge
from harness.record.model import Outcome
from harness.workflow import Finished
from tests.run.conftest import Bench
from tests.run.conftest import bench as bench
from tests.run.fake import Does, FakeHost, Page, Staging

SCENARIO = "title: Case {n}\nstatus: fixed\nsteps: [click: button]\nsymptom: {{visible: alert}}\nexpected: {{visible: heading}}\n"


def prepare(bench: Bench, cases: int = 7) -> None:
    bench.write("customers/acme.yaml", "name: no tenant\n")
    for number in range(cases):
        bench.write(f"case-{number}.yaml", SCENARIO.format(n=number))


def well(page: Page) -> None:
    page.does["click: button"] = lambda page: page.show("visible: heading")


def badly(page: Page) -> None:
    page.does["click: button"] = lambda page: page.show("visible: alert")


def merged(bench: Bench, *folders: Path) -> Finished:
    return merge(folders, bench.root / "reports", bench.world(FakeHost(well)), ("repro", "merge"))


def shards(bench: Bench, of: int, script: Does = well, **options: object) -> list[Finished]:
    return [bench.run(script, shard=f"{number}/{of}", **options) for number in range(1, of + 1)]


def test_all_shards_make_the_whole(bench: Bench) -> None:
    prepare(bench)
    parts = shards(bench, 5)
    whole = merged(bench, *(part.folder for part in parts))
    assert [result.scenario for result in whole.record.results] == [f"case-{number}" for number in range(7)]
    assert {result.verdict for result in whole.record.results} == {Outcome.NOT_REPRODUCED}
    assert whole.record.run.notes == ()
    assert whole.report.is_file()


def test_a_shard_that_was_lost_is_shown(bench: Bench) -> None:
    prepare(bench)
    parts = shards(bench, 5)
    whole = merged(bench, *(part.folder for part in parts[:1] + parts[2:]))
    lost = [result.scenario for result in whole.record.results if result.verdict is Outcome.INCONCLUSIVE]
    assert lost == ["case-1", "case-6"]
    assert "no result of it came back" in whole.record.results[1].reason
    assert whole.record.run.notes[0].startswith("Shard 2/5 is not among the merged runs")
    assert "2 of 7 planned results did not come back" in whole.record.run.notes[1]
    assert "Shard 2/5" in whole.report.read_text()
    assert int(workflow.exit_of(whole, None)) == 3


def test_a_shard_that_was_killed_and_gone_on_with_is_no_lost_one(bench: Bench) -> None:
    prepare(bench)
    parts = shards(bench, 3)
    shutil.rmtree(parts[1].folder / parts[1].record.results[0].key)
    (parts[1].folder / "results.json").unlink()
    whole = merged(bench, *(part.folder for part in parts))
    unfinished, lost = whole.record.run.notes
    assert unfinished == f"The run {parts[1].folder.name}, shard 2/3, did not come to its end; --resume goes on with it."
    assert lost.startswith("1 of 7 planned results did not come back: ")
    resumed(bench, parts[1].folder, FakeHost(well))
    again = merged(bench, *(part.folder for part in parts))
    assert again.record.run.notes == () and {result.verdict for result in again.record.results} == {Outcome.NOT_REPRODUCED}


def test_a_folder_of_artifacts_is_enough(bench: Bench) -> None:
    prepare(bench)
    parts = shards(bench, 2)
    artifacts = bench.root / "artifacts"
    for number, part in enumerate(parts):
        shutil.move(part.folder, artifacts / f"shard-{number}" / part.folder.name)
    assert len(merged(bench, artifacts).record.results) == 7


def test_a_rerun_takes_the_place_of_what_was_not_decided(bench: Bench) -> None:
    prepare(bench, 3)

    def fails_once(page: Page) -> None:
        page.does["click: button"] = lambda page: page.show("visible: heading") if page.number != 2 else page.blind("visible: alert")

    first = bench.run(fails_once, workers=1)
    assert [str(result.verdict) for result in first.record.results].count("inconclusive") == 1
    again = bench.run(well, last_failed=True)
    assert len(again.record.results) == 1
    whole = merged(bench, first.folder, again.folder)
    assert {result.verdict for result in whole.record.results} == {Outcome.NOT_REPRODUCED}
    assert len(whole.record.results) == 3


def test_merging_twice_changes_nothing(bench: Bench) -> None:
    prepare(bench)
    parts = shards(bench, 2)
    once = merged(bench, *(part.folder for part in parts))
    twice = merged(bench, once.folder, parts[0].folder)
    assert [(each.key, each.verdict, len(each.attempts)) for each in twice.record.results] == [
        (each.key, each.verdict, len(each.attempts)) for each in once.record.results
    ]


def test_evidence_comes_along(bench: Bench) -> None:
    prepare(bench, 1)

    def speaks(page: Page) -> None:
        badly(page)
        page.happen(PageErrorEvent(1, "boom"))

    part = bench.run(speaks)
    whole = merged(bench, part.folder)
    (result,) = whole.record.results
    assert result.verdict is Outcome.REPRODUCED
    assert all((whole.folder / path).is_file() for path in result.evidence)
    assert result.evidence


def test_a_scenario_that_changed_in_between_is_named(bench: Bench) -> None:
    prepare(bench, 2)
    first = bench.run(well)
    bench.write("case-1.yaml", SCENARIO.format(n="one"))
    whole = merged(bench, first.folder, bench.run(well).folder)
    assert any("case-1 changed between the merged runs" in note for note in whole.record.run.notes)


def test_what_is_no_run_is_refused(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Problems, match=r"holds no plan\.json"):
        merged(bench, tmp_path / "empty")


def test_shards_are_balanced_by_an_earlier_run(bench: Bench) -> None:
    prepare(bench, 6)
    slow = {"case-0", "case-1"}
    first = bench.run(well)
    stretched = [result.model_copy(update={"duration_ms": 9000 if result.scenario in slow else 1000}) for result in first.record.results]
    (first.folder / "results.json").write_text(first.record.model_copy(update={"results": tuple(stretched)}).model_dump_json())
    parts = shards(bench, 2, balance=first.folder)
    assert [sum(result.scenario in slow for result in part.record.results) for part in parts] == [1, 1]
    assert sorted(result.scenario for part in parts for result in part.record.results) == [f"case-{number}" for number in range(6)]
    blind = shards(bench, 3)
    assert sum(len(part.record.results) for part in blind) == 6


def test_resuming_with_another_scenario_text_begins_that_one_anew(bench: Bench) -> None:
    prepare(bench, 2)
    first = bench.run(well)
    bench.write("case-1.yaml", SCENARIO.format(n="changed"))
    host = FakeHost(badly)
    options = workflow.Options(reports=bench.root / "reports", resume=first.folder.name)
    again = workflow.run(options, bench.world(host), lambda event: None, lambda plan, where: None)
    assert [str(result.verdict) for result in again.record.results] == ["not_reproduced", "reproduced"]
    assert len(host.pages) == 1


def resumed(bench: Bench, folder: Path, host: FakeHost) -> Finished:
    options = workflow.Options(reports=bench.root / "reports", resume=folder.name)
    return workflow.run(options, bench.world(host), lambda event: None, lambda plan, where: None)


def test_a_scenario_that_is_gone_when_a_run_is_resumed_keeps_its_row(bench: Bench) -> None:
    prepare(bench, 2)
    first = bench.run(well)
    (bench.root / "ws/case-1.yaml").unlink()
    again = resumed(bench, first.folder, FakeHost(well))
    assert [(result.scenario, len(result.attempts)) for result in again.record.results] == [("case-0", 1), ("case-1", 1)]


def half_done(bench: Bench) -> Finished:
    """A run of which one of three attempts has an answer, and staging went down."""
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nhealth: {request: GET /healthz}\n")
    prepare(bench, 0)
    bench.write("case.yaml", SCENARIO.format(n=1) + "attempts: 3\nmeasure: true\n")

    def once(page: Page) -> None:
        badly(page) if page.number == 1 else page.blind("visible: alert")

    first = bench.run(once, Staging({"GET /healthz": 200}), workers=1)
    for number in (2, 3):
        shutil.rmtree(first.folder / first.record.results[0].key / f"attempt-{number}")
    return first


def test_a_run_that_is_resumed_while_staging_is_down_loses_nothing(bench: Bench) -> None:
    first = half_done(bench)
    case = first.folder / first.record.results[0].key / "case.json"
    case.write_text(case.read_text().replace('"complete":true', '"complete":false'))
    (result,) = resumed(bench, first.folder, FakeHost(well, Staging({"GET /healthz": 503}))).record.results
    assert [(each.number, str(each.outcome)) for each in result.attempts] == [(1, "reproduced"), (2, "inconclusive")]
    (result,) = resumed(bench, first.folder, FakeHost(well, Staging({"GET /healthz": 200}))).record.results
    assert [(each.number, str(each.outcome)) for each in result.attempts] == [
        (1, "reproduced"),
        (2, "not_reproduced"),
        (3, "not_reproduced"),
    ]


def test_a_rerun_while_staging_is_down_does_not_hide_what_was_seen(bench: Bench) -> None:
    first = half_done(bench)
    again = bench.run(well, Staging({"GET /healthz": 503}))
    whole = merged(bench, first.folder, again.folder)
    assert whole.record.results[0].verdict is Outcome.REPRODUCED
    assert again.record.results[0].verdict is Outcome.INCONCLUSIVE


def test_attempts_that_are_missing_of_a_measured_rate_are_said(bench: Bench) -> None:
    first = half_done(bench)
    case = first.folder / first.record.results[0].key / "case.json"
    case.write_text(case.read_text().replace('"complete":true', '"complete":false'))
    (result,) = merged(bench, first.folder).record.results
    assert result.verdict is Outcome.REPRODUCED
    assert [each.decided_by for each in result.attempts] == ["symptom", "lost"]


def test_a_merged_report_names_browser_and_environment(bench: Bench) -> None:
    prepare(bench)
    run = merged(bench, *(part.folder for part in shards(bench, 2))).record.run
    assert run.browser is not None and run.browser.name == "fake" and run.environment == "staging"


def test_what_came_back_stops_the_rest(bench: Bench) -> None:
    """`--fail-fast`: what was not run is a row that says so, and what had ended is kept."""
    prepare(bench, 4)
    finished = bench.run(lambda page: badly(page) if page.number == 2 else well(page), workers=1, fail_fast=True)
    verdicts = [str(result.verdict) for result in finished.record.results]
    assert verdicts.count("reproduced") == 1 and len(verdicts) == 4 and "inconclusive" in verdicts
    assert int(workflow.exit_of(finished, None)) == 1
    again = resumed(bench, finished.folder, FakeHost(well))
    assert "inconclusive" not in [str(result.verdict) for result in again.record.results]
