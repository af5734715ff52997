"""Cases and runs: repeated attempts, controls, kept sign-ins, secrets, interrupts, and what was planned against what came back."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from harness.core.exits import Exit
from harness.record.asked import Came
from harness.record.assemble import Context, asked_of, result_of
from harness.record.model import AttemptRecord, Classification
from harness.run.events import AttemptEnded, CaseEnded, RunEvent
from harness.run.ports import StepFailed
from harness.verdict.outcome import Outcome
from harness.workflow import Options, check, exit_of, plan
from tests.run.conftest import SECRETS, Bench
from tests.run.fake import UNREACHABLE, Page, Staging

SYMPTOM = "visible: alert"
EXPECTED = "visible: heading"
PLAIN = f"title: T\nsteps: [click: button]\nsymptom: {{{SYMPTOM}}}\nexpected: {{{EXPECTED}}}\n"


def each(*shown: str):
    """The n-th attempt's click brings the n-th condition about; an empty one fails."""

    def script(page: Page) -> None:
        condition = shown[page.number - 1]

        def click(page: Page) -> None:
            if not condition:
                raise StepFailed("there is no button")
            page.show(condition)

        page.does["click: button"] = click
        page.does["reload"] = click

    return script


def test_attempts_stop_at_the_first_that_reproduced(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "attempts: 5\n")
    result = bench.result(each(EXPECTED, SYMPTOM, SYMPTOM))
    assert result.verdict is Outcome.REPRODUCED
    assert [attempt.outcome.value for attempt in result.attempts] == ["not_reproduced", "reproduced"]
    assert (result.rate.reproduced, result.rate.decided) == (1, 2)
    assert result.reason.startswith("Reproduced in 1 of 2 decided attempts (50%, 95 % interval")


def test_measure_makes_them_all(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "attempts: 4\nmeasure: true\n")
    result = bench.result(each(SYMPTOM, EXPECTED, EXPECTED, EXPECTED))
    assert (result.rate.reproduced, result.rate.decided, result.rate.attempts) == (1, 4, 4)


def test_clean_attempts_say_what_they_leave_possible(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "attempts: 3\n")
    result = bench.result(each(EXPECTED, EXPECTED, EXPECTED))
    assert result.verdict is Outcome.NOT_REPRODUCED
    assert result.rate.upper_bound == pytest.approx(0.63, abs=0.01)
    assert "would have shown with 95 % confidence" in result.reason


def test_an_undecided_attempt_is_never_counted_as_clean(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "attempts: 3\n")
    assert bench.result(each(EXPECTED, "", "")).verdict is Outcome.INCONCLUSIVE
    result = bench.result(each(EXPECTED, EXPECTED, ""))
    assert result.verdict is Outcome.NOT_REPRODUCED
    assert result.rate.decided == 2


def test_every_attempt_has_a_token_of_its_own(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace("click: button", "fill: {textbox: '${run.token}-${run.attempt}'}") + "attempts: 2\n")
    bench.result(lambda page: page.later(5, lambda: page.show(EXPECTED)))
    assert bench.host
    filled = [page.filled[0] for page in bench.host.pages]
    assert [text.partition("-")[2] for text in filled] == ["1", "2"]
    assert len(set(filled)) == 2


def test_a_control_that_reproduces_too_makes_it_a_defect(bench: Bench) -> None:
    bench.write("customers/other.yaml", "tenant: other\n")
    bench.write("a.yaml", PLAIN + "control: other\n")
    result = bench.result(each(SYMPTOM, SYMPTOM))
    assert result.classification is Classification.DEFECT
    assert result.control and result.control.customer == "other"


def test_a_control_that_does_not_makes_it_the_configuration_and_names_the_difference(bench: Bench) -> None:
    bench.write("customers/other.yaml", "tenant: other\nsettings: {plan: free}\n")
    bench.write("customers/acme.yaml", "tenant: acme\nsettings: {plan: enterprise}\n")
    bench.write("a.yaml", PLAIN + "control: other\n")

    def by_tenant(page: Page) -> None:
        page.does["click: button"] = lambda page: page.show(SYMPTOM if "--control" not in str(page.spec.folder) else EXPECTED)

    result = bench.result(by_tenant)
    assert result.classification is Classification.CONFIGURATION
    assert "plan" in (result.classification_reason or "")


def test_an_undecided_control_claims_nothing(bench: Bench) -> None:
    bench.write("customers/other.yaml", "tenant: other\n")
    bench.write("a.yaml", PLAIN + "control: other\n")

    def script(page: Page) -> None:
        page.does["click: button"] = lambda page: page.show(SYMPTOM) if "--control" not in str(page.spec.folder) else None

    assert bench.result(script).classification is None


def test_a_signed_in_session_is_kept_and_not_blamed_for_a_symptom(bench: Bench) -> None:
    """An attempt that begins with a kept session and does not end clean is made anew from the start."""
    bench.write("flows/login.yaml", "session: true\nsteps: [goto: /login]\n")
    bench.write("a.yaml", PLAIN.replace("steps:", "setup: [use: login]\nsteps:") + "attempts: 2\n")
    result = bench.result(each(EXPECTED, SYMPTOM, SYMPTOM))
    assert result.verdict is Outcome.REPRODUCED
    assert bench.host
    signed_in = [page.spec.storage_state is not None for page in bench.host.pages]
    assert signed_in == [False, True, False]
    assert [page.done[0] for page in bench.host.pages] == ["goto: /login", "click: button", "goto: /login"]


def test_health_is_asked_before_any_browser_starts(bench: Bench) -> None:
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nhealth: {request: GET /healthz}\n")
    bench.write("a.yaml", PLAIN)
    result = bench.result(each(SYMPTOM), Staging({"GET /healthz": UNREACHABLE}))
    assert result.verdict is Outcome.INCONCLUSIVE
    assert result.reason == "The environment staging is down: GET /healthz: connection refused."
    assert bench.host and bench.host.pages == []


def test_a_symptom_while_staging_goes_down_is_no_verdict(bench: Bench) -> None:
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nhealth: {request: GET /healthz}\n")
    bench.write("a.yaml", PLAIN)
    answers = iter([200, 503])
    result = bench.result(each(SYMPTOM), Staging({"GET /healthz": lambda json: next(answers)}))
    assert result.verdict is Outcome.INCONCLUSIVE
    assert "may come from that" in result.reason


def test_the_version_of_staging_is_in_the_record(bench: Bench) -> None:
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nversion: {request: GET /v, json: $.sha}\n")
    bench.write("a.yaml", PLAIN)
    finished = bench.run(each(SYMPTOM), Staging({"GET /v": {"sha": "abc123"}}))
    assert finished.record.run.environment_version == "abc123"


def test_secrets_reach_the_page_and_nothing_else(bench: Bench, tmp_path: Path) -> None:
    bench.write(
        "a.yaml",
        PLAIN.replace("click: button", "fill: {textbox: '${secrets.PASSWORD}'}, click: button")
        .replace("[fill", "[{fill")
        .replace("}, click", "}}, click"),
    )

    def leaks(page: Page) -> None:
        def click(page: Page) -> None:
            raise StepFailed(f"the page says {SECRETS['REPRO_SECRET_PASSWORD']}", [f'cell "{SECRETS["REPRO_SECRET_PASSWORD"]}"'])

        page.does["click: button"] = click

    finished = bench.run(leaks)
    assert bench.host and bench.host.pages[0].filled == [SECRETS["REPRO_SECRET_PASSWORD"]]
    written = [path for path in finished.folder.rglob("*") if path.is_file()]
    assert {"results.json", "report.html", "junit.xml", "summary.md"} <= {path.name for path in written}
    for path in written:
        for value in SECRETS.values():
            assert value.encode() not in path.read_bytes(), path
    assert "PASSWORD" in finished.record.results[0].reason


def test_an_undeclared_secret_can_not_be_read(bench: Bench) -> None:
    bench.write("flows/steal.yaml", "params: {name: }\nsteps: [fill: {textbox: '${params.name}'}]\n")
    bench.write("a.yaml", PLAIN.replace("click: button", "{use: steal, with: {name: '${environment.stolen}'}}"))
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nnotes: '${secrets.ADMIN}'\n")
    bench.write(
        "a.yaml",
        PLAIN.replace("click: button", "fill: {textbox: '${environment.notes}'}").replace("[fill", "[{fill").replace("'}]", "'}}]"),
    )
    attempt = bench.attempt()
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert "the secret ADMIN is declared neither by the customer nor by the environment" in attempt.reason
    assert bench.host and bench.host.pages[0].filled == []


def test_a_secret_that_is_not_set_is_inconclusive_and_says_how_to_set_it(bench: Bench) -> None:
    bench.write("customers/acme.yaml", "secrets: [UNSET]\nbrowser: {http_credentials: {username: u, password: '${secrets.UNSET}'}}\n")
    bench.write("a.yaml", PLAIN)
    finished = bench.run(each(SYMPTOM))
    assert finished.defects == ()
    (result,) = finished.record.results
    assert result.verdict is Outcome.INCONCLUSIVE
    assert "REPRO_SECRET_UNSET" in result.reason


def test_a_defect_in_one_case_leaves_the_others_and_is_told(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    bench.write("b.yaml", PLAIN.replace("click: button", "reload"))

    def script(page: Page) -> None:
        page.show(SYMPTOM)
        if "b--" in str(page.spec.folder):
            raise ZeroDivisionError("a defect")

    finished = bench.run(script)
    assert [result.verdict.value for result in finished.record.results] == ["reproduced", "inconclusive"]
    assert [type(defect) for defect in finished.defects] == [ZeroDivisionError]
    assert exit_of(finished, None) is Exit.DEFECT


def test_an_interrupt_keeps_what_was_done_and_marks_the_rest(bench: Bench) -> None:
    bench.write("customers/acme.yaml", "name: no tenant, so that nothing waits\n")
    for name in "abc":
        bench.write(f"{name}.yaml", PLAIN)

    def script(page: Page) -> None:
        if page.number == 1:
            page.show(SYMPTOM)
        if page.number == 2:
            page.does["click: button"] = lambda page: (os.kill(os.getpid(), signal.SIGINT), asyncio.sleep(60))[1]

    finished = bench.run(script, workers=1)
    assert finished.record.run.interrupted
    assert [result.verdict.value for result in finished.record.results] == ["reproduced", "inconclusive", "inconclusive"]
    assert [result.attempts[0].decided_by for result in finished.record.results] == ["symptom", "interrupt", "interrupt"]
    assert exit_of(finished, None) is Exit.INTERRUPTED
    assert json.loads((finished.folder / "results.json").read_text())["run"]["interrupted"] is True
    assert bench.host and [page.number for page in bench.host.discarded] == [2]


def test_attempts_that_an_interrupt_left_out_are_no_clean_ones(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "attempts: 20\n")

    def script(page: Page) -> None:
        page.does["click: button"] = lambda page: page.show(EXPECTED)
        if page.number == 3:
            page.does["click: button"] = lambda page: (os.kill(os.getpid(), signal.SIGINT), asyncio.sleep(60))[1]

    (result,) = bench.run(script).record.results
    assert result.verdict is Outcome.INCONCLUSIVE
    assert "interrupted" in result.reason


def test_what_was_planned_and_did_not_come_back_is_a_row(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    options = Options(paths=(bench.root / "ws",))
    (row,) = plan(check(options, {}), options).rows
    result = result_of(asked_of(row), Came(), None, Context())
    assert result.verdict is Outcome.INCONCLUSIVE
    assert result.attempts[0].decided_by == "lost"
    assert "no result of it came back" in result.reason


def test_an_attempt_whose_folder_was_removed_meanwhile_has_not_come_back(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def emit(event: RunEvent) -> None:
        if isinstance(event, CaseEnded):
            shutil.rmtree(next((bench.root / "reports").glob("*/*/attempt-1")))

    finished = bench.run(each(EXPECTED), emit=emit)
    (result,) = finished.record.results
    assert (result.verdict, result.attempts[0].decided_by) == (Outcome.INCONCLUSIVE, "lost")
    assert exit_of(finished, None) is Exit.INCONCLUSIVE


def test_attempts_that_were_made_are_on_disk_and_not_in_memory(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "attempts: 30\n")
    held: list[int] = []

    def emit(event: RunEvent) -> None:
        if isinstance(event, AttemptEnded):
            held.append(sum(isinstance(each, AttemptRecord) for each in gc.get_objects()))

    before = sum(isinstance(each, AttemptRecord) for each in gc.get_objects())
    finished = bench.run(lambda page: page.does.update({"click: button": lambda page: page.show(EXPECTED)}), emit=emit)
    assert [len(result.attempts) for result in finished.record.results] == [30] == [len(held)]
    assert max(held) - before <= 3


def test_results_stand_in_the_order_of_the_plan(bench: Bench) -> None:
    bench.write("customers/acme.yaml", "name: no tenant\n")
    for name in "dbca":
        bench.write(f"{name}.yaml", PLAIN)

    def script(page: Page) -> None:
        page.later(40 - 10 * page.number, lambda: page.show(EXPECTED))

    finished = bench.run(script, workers=4)
    assert [result.scenario for result in finished.record.results] == ["a", "b", "c", "d"]


def test_a_run_never_writes_over_an_older_one(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    first = bench.run(each(SYMPTOM)).folder
    before = (first / "results.json").read_bytes()
    second = bench.run(each(SYMPTOM)).folder
    assert first != second
    assert (first / "results.json").read_bytes() == before


def test_two_cases_of_one_tenant_never_overlap(bench: Bench) -> None:
    for name in "abc":
        bench.write(f"{name}.yaml", PLAIN)
    inside: list[int] = []
    most: list[int] = []

    def script(page: Page) -> None:
        async def click(page: Page) -> None:
            inside.append(page.number)
            most.append(len(inside))
            await asyncio.sleep(0.01)
            inside.remove(page.number)
            page.show(SYMPTOM)

        page.does["click: button"] = click

    bench.run(script, workers=3)
    assert most == [1, 1, 1]


def test_exit_codes_follow_the_status(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    assert exit_of(bench.run(each(SYMPTOM)), None) is Exit.AS_EXPECTED
    assert exit_of(bench.run(each(EXPECTED)), None) is Exit.AS_EXPECTED
    assert exit_of(bench.run(each("")), None) is Exit.INCONCLUSIVE
    assert exit_of(bench.run(each(SYMPTOM)), ("reproduced",)) is Exit.VERDICT
    bench.write("a.yaml", PLAIN + "status: fixed\n")
    assert exit_of(bench.run(each(SYMPTOM)), None) is Exit.VERDICT
    assert exit_of(bench.run(each(EXPECTED)), None) is Exit.AS_EXPECTED


def test_fail_fast_stops_at_a_regression_and_is_no_interrupt(bench: Bench) -> None:
    for name in "abc":
        bench.write(f"{name}.yaml", PLAIN + "status: fixed\n")
    finished = bench.run(each(EXPECTED, SYMPTOM, EXPECTED), workers=1, fail_fast=True)
    assert [result.verdict.value for result in finished.record.results] == ["not_reproduced", "reproduced", "inconclusive"]
    assert exit_of(finished, None) is Exit.VERDICT


def test_an_interrupt_keeps_attempts_that_ended_before_an_earlier_one(bench: Bench) -> None:
    bench.write("customers/acme.yaml", "name: no tenant\n")
    bench.write("a.yaml", PLAIN + "attempts: 3\nmeasure: true\n")

    pages: list[Page] = []
    all_open = asyncio.Barrier(3)

    def script(page: Page) -> None:
        async def click(page: Page) -> None:
            await all_open.wait()
            if page.number > 1:
                page.show(SYMPTOM)
                return
            await asyncio.gather(*(other.ended.wait() for other in pages[1:]))
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(60)

        pages.append(page)
        page.does["click: button"] = click

    (result,) = bench.run(script, workers=3).record.results
    assert result.verdict is Outcome.REPRODUCED
    assert [(attempt.number, attempt.decided_by) for attempt in result.attempts] == [(1, "interrupt"), (2, "symptom"), (3, "symptom")]
    assert (result.rate.reproduced, result.rate.decided, result.rate.attempts) == (2, 2, 3)


def test_cleanup_is_run_when_interrupted_too(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "cleanup: [request: DELETE /api/a]\n")

    def script(page: Page) -> None:
        page.does["click: button"] = lambda page: (os.kill(os.getpid(), signal.SIGINT), asyncio.sleep(60))[1]

    assert bench.run(script).record.run.interrupted
    assert bench.done() == ["click: button", "request: DELETE /api/a"]


def test_staging_that_was_down_for_a_moment_does_not_end_the_run(bench: Bench) -> None:
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nhealth: {request: GET /healthz}\n")
    bench.write("a.yaml", PLAIN)
    bench.write("b.yaml", PLAIN)
    answers = iter([200, 503, 200])
    finished = bench.run(each(SYMPTOM, SYMPTOM), Staging({"GET /healthz": lambda json: next(answers)}), workers=1)
    assert [result.verdict.value for result in finished.record.results] == ["inconclusive", "reproduced"]
