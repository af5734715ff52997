"""How one attempt ends, with a scripted browser behind the real engine."""

from __future__ import annotations

import asyncio

import pytest

from harness.evidence.events import ConsoleEvent, Exchange
from harness.record.model import StepStatus
from harness.run.ports import BrowserLost, PageState, Performed, StepFailed
from harness.verdict.outcome import Outcome
from tests.run.conftest import Bench
from tests.run.fake import Page

SYMPTOM = "visible: alert"
EXPECTED = "visible: heading"
STEPS = "steps: [goto: /dashboard, click: button]"
PLAIN = f"""
title: T
{STEPS}
symptom: {{{SYMPTOM}}}
expected: {{{EXPECTED}}}
"""


def on_click(*shown: str, after_ms: int = 0):
    """A page on which the click brings these conditions about."""

    def script(page: Page) -> None:
        def click(page: Page) -> None:
            page.later(after_ms, lambda: page.show(*shown)) if after_ms else page.show(*shown)

        page.does["click: button"] = click

    return script


def test_the_symptom_decides_when_it_comes_first(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    attempt = bench.attempt(on_click(SYMPTOM, after_ms=10))
    assert attempt.outcome is Outcome.REPRODUCED
    assert attempt.decided_by == "symptom"
    assert attempt.reason == "The symptom was seen: visible: alert is so."
    assert [step.status for step in attempt.steps] == [StepStatus.DONE, StepStatus.DONE]
    assert [step.line for step in attempt.steps] == [3, 3]


def test_what_was_expected_decides_when_it_comes_first(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    attempt = bench.attempt(on_click(EXPECTED, after_ms=10))
    assert attempt.outcome is Outcome.NOT_REPRODUCED
    assert attempt.decided_by == "expected"


def test_both_at_the_same_time_can_not_tell(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    attempt = bench.attempt(on_click(SYMPTOM, EXPECTED))
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert "held at the same time" in attempt.reason


def test_neither_is_inconclusive_and_says_both(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    attempt = bench.attempt()
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert attempt.reason == (
        "Neither the symptom nor what was expected was seen within 60 ms. "
        "Symptom: visible: alert is not so. Expected: visible: heading is not so."
    )


def test_without_expected_the_end_of_the_time_decides(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{{SYMPTOM}}}\n")
    attempt = bench.attempt()
    assert attempt.outcome is Outcome.NOT_REPRODUCED
    assert attempt.decided_by == "window"
    assert attempt.reason.startswith("All 2 steps were done and the symptom did not come within 60 ms")


@pytest.mark.parametrize(
    "state",
    [PageState("https://staging.example.com/", 503), PageState("about:blank", None), PageState("https://x/", None, error_page=True)],
)
def test_a_page_that_is_not_there_is_no_answer(bench: Bench, state: PageState) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{{SYMPTOM}}}\n")

    def script(page: Page) -> None:
        page.state = state

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert attempt.decided_by == "environment"


def test_what_is_seen_on_a_page_that_refuses_is_seen(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        on_click(SYMPTOM)(page)
        page.state = PageState("https://staging.example.com/", 403)

    attempt = bench.attempt(script)
    assert (attempt.outcome, attempt.reason) == (Outcome.REPRODUCED, "The symptom was seen: visible: alert is so.")


def test_an_absence_is_decided_only_at_the_end(bench: Bench) -> None:
    """The heading comes late: its absence before that is no symptom."""
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{hidden: heading}}\nexpected: {{{EXPECTED}}}\n")
    attempt = bench.attempt(on_click(EXPECTED, after_ms=20))
    assert attempt.outcome is Outcome.NOT_REPRODUCED


def test_an_absence_that_lasts_is_the_symptom(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{hidden: heading}}\nexpected: {{{EXPECTED}}}\n")
    attempt = bench.attempt()
    assert attempt.outcome is Outcome.REPRODUCED
    assert attempt.duration_ms >= 60


def test_an_expected_absence_is_decided_only_at_the_end(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{{SYMPTOM}}}\nexpected: {{hidden: alert}}\n")
    assert bench.attempt(on_click(SYMPTOM, after_ms=20)).outcome is Outcome.REPRODUCED
    assert bench.attempt().outcome is Outcome.NOT_REPRODUCED


def test_what_was_expected_before_the_last_step_says_nothing_until_the_end(bench: Bench) -> None:
    """The old report is still there when the button is clicked; the alert comes a moment later."""
    bench.write("a.yaml", PLAIN)

    def late_alert(page: Page) -> None:
        page.show(EXPECTED)
        page.does["click: button"] = lambda page: page.later(20, lambda: (page.hide(EXPECTED), page.show(SYMPTOM)))

    assert bench.attempt(late_alert).outcome is Outcome.REPRODUCED

    attempt = bench.attempt(lambda page: page.show(EXPECTED))
    assert attempt.outcome is Outcome.NOT_REPRODUCED
    assert attempt.duration_ms >= 60


def test_a_symptom_from_before_the_last_step_decides_only_when_it_stays(bench: Bench) -> None:
    """One row is shown while the filter is taken away; the page needs a moment to show all."""
    bench.write("a.yaml", PLAIN)

    def is_replaced(page: Page) -> None:
        page.show(SYMPTOM)
        page.does["click: button"] = lambda page: page.later(20, lambda: (page.hide(SYMPTOM), page.show(EXPECTED)))

    assert bench.attempt(is_replaced).outcome is Outcome.NOT_REPRODUCED

    def comes_again(page: Page) -> None:
        page.show(SYMPTOM)
        page.does["click: button"] = lambda page: (page.later(10, lambda: page.hide(SYMPTOM)), page.later(20, lambda: page.show(SYMPTOM)))

    assert bench.attempt(comes_again).outcome is Outcome.REPRODUCED

    attempt = bench.attempt(lambda page: page.show(SYMPTOM))
    assert attempt.outcome is Outcome.REPRODUCED
    assert attempt.duration_ms >= 60
    assert attempt.reason == "The symptom was seen: visible: alert is so, from before the last step until 60 ms after it."


def test_both_from_before_the_last_step_until_the_end_can_not_tell(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)
    attempt = bench.attempt(lambda page: page.show(SYMPTOM, EXPECTED))
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert "held at the same time" in attempt.reason


def test_a_step_that_only_looks_is_not_the_last_one(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace(STEPS, "steps: [click: button, wait_for: {visible: alert}, screenshot: end]"))
    attempt = bench.attempt(on_click(SYMPTOM))
    assert attempt.outcome is Outcome.REPRODUCED
    assert attempt.reason == "The symptom was seen: visible: alert is so."


def test_for_demands_that_it_lasts(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{visible: status, for: 30ms}}\nexpected: {{{EXPECTED}}}\n")

    def flickers(page: Page) -> None:
        page.show("visible: status")
        page.does["click: button"] = lambda page: page.later(10, lambda: (page.hide("visible: status"), page.show(EXPECTED)))

    assert bench.attempt(flickers).outcome is Outcome.NOT_REPRODUCED
    attempt = bench.attempt(lambda page: page.show("visible: status"))
    assert attempt.outcome is Outcome.REPRODUCED
    assert attempt.reason.endswith("for 30 ms.")


def test_for_may_reach_beyond_the_time_once_it_began(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{visible: status, for: 90ms}}\n")
    assert bench.attempt(lambda page: page.show("visible: status")).outcome is Outcome.REPRODUCED


def test_all_needs_every_part_at_the_same_moment(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{all: [visible: alert, visible: status]}}\nexpected: {{{EXPECTED}}}\n")
    assert bench.attempt(on_click("visible: alert", "visible: status")).outcome is Outcome.REPRODUCED
    assert bench.attempt(on_click("visible: alert")).outcome is Outcome.INCONCLUSIVE


def test_parts_that_never_meet_are_not_all(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{all: [visible: alert, visible: status]}}\n")

    def one_after_the_other(page: Page) -> None:
        page.show("visible: alert")
        page.does["click: button"] = lambda page: page.later(15, lambda: (page.hide("visible: alert"), page.show("visible: status")))

    assert bench.attempt(one_after_the_other).outcome is Outcome.NOT_REPRODUCED


def test_any_needs_one_part(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{any: [visible: alert, visible: status]}}\nexpected: {{{EXPECTED}}}\n")
    attempt = bench.attempt(on_click("visible: status"))
    assert attempt.outcome is Outcome.REPRODUCED
    assert "visible: status is so" in attempt.reason


def test_not_turns_round_and_counts_as_an_absence(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{not: {{visible: heading}}}}\nexpected: {{{EXPECTED}}}\n")
    assert bench.attempt(on_click(EXPECTED, after_ms=20)).outcome is Outcome.NOT_REPRODUCED
    assert bench.attempt().outcome is Outcome.REPRODUCED


def test_a_symptom_that_can_not_be_observed_is_never_a_no(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{{SYMPTOM}}}\n")
    attempt = bench.attempt(lambda page: page.blind(SYMPTOM))
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert "could not be checked" in attempt.reason


def test_not_of_what_can_not_be_observed_is_no_symptom(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{not: {{visible: heading}}}}\n")
    assert bench.attempt(lambda page: page.blind("visible: heading")).outcome is Outcome.INCONCLUSIVE


def test_expected_with_an_unobservable_symptom_does_not_acquit(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        page.blind(SYMPTOM)
        on_click(EXPECTED)(page)

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert "the symptom could not be checked" in attempt.reason


def test_all_with_an_unknown_part_and_a_false_one_is_false(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{all: [visible: alert, visible: status]}}\n")
    assert bench.attempt(lambda page: page.blind("visible: status")).outcome is Outcome.NOT_REPRODUCED


def fails(page: Page) -> None:
    def click(page: Page) -> None:
        raise StepFailed('there is no button "Save"', ['button "Sign in"'])

    page.does["click: button"] = click


def test_a_step_that_can_not_be_done_is_inconclusive_and_says_what_was_there(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace("click: button]", "click: button, reload]"))
    attempt = bench.attempt(fails)
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert attempt.decided_by == "step"
    assert attempt.stopped_at == 3
    assert attempt.reason == (
        'Step 2 of 3 (click: button) could not be done: there is no button "Save". The page has instead: button "Sign in". '
        "The symptom was not seen there: visible: alert is not so."
    )
    assert [step.status for step in attempt.steps] == [StepStatus.DONE, StepStatus.FAILED, StepStatus.NOT_REACHED]


def test_a_symptom_at_the_step_that_can_not_be_done_is_reproduced(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        fails(page)
        page.show(SYMPTOM)

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.REPRODUCED
    assert "stopped at step 2 of 2" in attempt.reason


def test_what_was_expected_does_not_acquit_where_a_step_can_not_be_done(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        fails(page)
        page.show(EXPECTED)

    assert bench.attempt(script).outcome is Outcome.INCONCLUSIVE


def test_an_absence_proves_nothing_where_a_step_can_not_be_done(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{hidden: heading}}\nexpected: {{{EXPECTED}}}\n")
    attempt = bench.attempt(fails)
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert "proves nothing there" in attempt.reason


def test_a_blank_page_has_no_button_to_click_and_is_the_symptom(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{blank: page}}\nexpected: {{{EXPECTED}}}\n")

    def script(page: Page) -> None:
        fails(page)
        page.show("blank: page")

    assert bench.attempt(script).outcome is Outcome.REPRODUCED


def test_setup_that_fails_is_inconclusive_and_nothing_is_watched(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace(STEPS, f"setup: [click: button]\n{STEPS}"))

    def script(page: Page) -> None:
        fails(page)
        page.show(SYMPTOM)

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.INCONCLUSIVE
    assert attempt.decided_by == "setup"
    assert attempt.reason.startswith("Setup step 1 of 1 (click: button) could not be done")


def test_staging_that_is_down_is_the_environment(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        def goto(page: Page) -> None:
            raise StepFailed("the server refused the connection", unreachable=True)

        page.does["goto: /dashboard"] = goto
        page.show(SYMPTOM)

    attempt = bench.attempt(script)
    assert (attempt.outcome, attempt.decided_by) == (Outcome.INCONCLUSIVE, "environment")


def test_events_of_setup_do_not_count(bench: Bench) -> None:
    bench.write(
        "a.yaml",
        f"title: T\nsetup: [reload]\n{STEPS}\nsymptom: {{console: quota}}\nexpected: {{{EXPECTED}}}\n".replace(
            "console: quota", "console: error"
        ),
    )

    def script(page: Page) -> None:
        page.does["reload"] = lambda page: page.happen(ConsoleEvent(0, "error", "while setting up"))
        on_click(EXPECTED)(page)

    assert bench.attempt(script).outcome is Outcome.NOT_REPRODUCED


def test_an_event_stays_true_and_counts_from_a_named_step(bench: Bench) -> None:
    bench.write(
        "a.yaml",
        f"""
        title: T
        steps:
          - goto: /dashboard
          - click: button
            name: save
        symptom: {{response: /api, after: save}}
        expected: {{{EXPECTED}}}
        """,
    )
    answer = Exchange(0, "GET", "https://staging.example.com/api", status=500, duration_ms=1)

    def before(page: Page) -> None:
        page.does["goto: /dashboard"] = lambda page: page.happen(answer)
        page.does["click: button, name: save"] = lambda page: page.show(EXPECTED)

    def after(page: Page) -> None:
        page.does["click: button, name: save"] = lambda page: (page.happen(answer), page.show(EXPECTED))

    assert bench.attempt(before).outcome is Outcome.NOT_REPRODUCED
    assert bench.attempt(after).outcome is Outcome.REPRODUCED


def test_cleanup_is_always_run_and_never_decides(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "cleanup: [request: DELETE /api/a, request: DELETE /api/b]\n")

    def script(page: Page) -> None:
        fails(page)

        def delete(page: Page) -> None:
            raise StepFailed("DELETE /api/a answered 404")

        page.does["request: DELETE /api/a"] = delete
        page.show(SYMPTOM)

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.REPRODUCED
    assert bench.done()[-2:] == ["request: DELETE /api/a", "request: DELETE /api/b"]
    assert attempt.notes == ("clean-up could not be done: request: DELETE /api/a",)


def test_cleanup_runs_after_a_setup_that_failed_too(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace(STEPS, f"setup: [click: button]\n{STEPS}") + "cleanup: [request: DELETE /api/a]\n")
    bench.attempt(fails)
    assert bench.done()[-1] == "request: DELETE /api/a"


def test_an_optional_step_may_fail(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace("click: button]", "{click: button, optional: true}]"))

    def script(page: Page) -> None:
        def click(page: Page) -> None:
            raise StepFailed("there is no button")

        page.does["click: button, optional: true"] = click
        page.later(10, lambda: page.show(EXPECTED))

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.NOT_REPRODUCED
    assert attempt.steps[-1].status is StepStatus.SKIPPED
    assert attempt.steps[-1].note == "there is no button"


def test_times_repeats_a_step(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace("click: button]", "{click: button, times: 3}]"))
    bench.attempt(lambda page: page.show(SYMPTOM))
    assert bench.done().count("click: button, times: 3") == 3


def test_flows_take_parameters_and_defaults(bench: Bench) -> None:
    bench.write(
        "flows/open.yaml", "params: {page: , tab: {default: latest}}\nsteps: [goto: '/${params.page}?tab=${params.tab}', use: inner]\n"
    )
    bench.write("flows/inner.yaml", "steps: [reload]\n")
    bench.write("a.yaml", PLAIN.replace(STEPS, "steps: [{use: open, with: {page: invoices}}]"))
    attempt = bench.attempt(lambda page: page.show(SYMPTOM))
    assert [(step.text, step.depth) for step in attempt.steps] == [
        ("use: open, with: {page: invoices}", 0),
        ("goto: /${params.page}?tab=${params.tab}", 1),
        ("use: inner", 1),
        ("reload", 2),
    ]


def test_a_step_that_fails_in_a_flow_names_the_line_in_the_flow(bench: Bench) -> None:
    bench.write("flows/save.yaml", "title: saves\nsteps:\n  - reload\n  - click: button\n")
    bench.write("a.yaml", PLAIN.replace(STEPS, "steps: [use: save]"))
    attempt = bench.attempt(fails)
    assert attempt.stopped_at == 4
    assert attempt.steps[-1].file.endswith("flows/save.yaml")


def test_another_account_has_a_session_of_its_own(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace("click: button]", "{fill: {textbox: '${customer.account.email}'}, as: viewer}]"))
    bench.attempt(lambda page: page.show(SYMPTOM))
    assert bench.done()[-1].startswith("viewer: fill")
    assert bench.host and bench.host.pages[-1].filled == ["vic@acme.example"]


def test_together_begins_all_steps_before_any_has_ended(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace(STEPS, "steps: [together: [click: button, {click: link, as: viewer}]]"))

    def script(page: Page) -> None:
        both = asyncio.Barrier(2)
        page.does["click: button"] = lambda page: both.wait()
        page.does["click: link, as: viewer"] = lambda page: both.wait()
        page.later(30, lambda: page.show(SYMPTOM))

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.REPRODUCED
    assert [step.status for step in attempt.steps] == [StepStatus.DONE] * 3


def test_a_step_that_fails_together_with_others_is_a_failed_step(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace(STEPS, "steps: [together: [click: button, reload]]"))
    attempt = bench.attempt(fails)
    assert (attempt.outcome, attempt.decided_by) == (Outcome.INCONCLUSIVE, "step")


def test_saved_values_are_compared_and_can_be_inserted(bench: Bench) -> None:
    bench.write(
        "a.yaml",
        """
        title: T
        steps:
          - save: {total: {number_of: cell}}
          - goto: /invoices/${saved.total}
        symptom: {saved: total, above: 100}
        expected: {saved: total, below: 100}
        """,
    )

    def total(value: float):
        def script(page: Page) -> None:
            page.does["save: {total: {number_of: cell}}"] = lambda page: Performed(saved={"total": value})

        return script

    assert bench.attempt(total(119.0)).outcome is Outcome.REPRODUCED
    assert bench.attempt(total(19.0)).outcome is Outcome.NOT_REPRODUCED
    assert bench.attempt(total(100)).outcome is Outcome.INCONCLUSIVE


def test_what_the_application_says_is_never_read_as_a_template(bench: Bench) -> None:
    bench.write(
        "a.yaml",
        "title: T\nsteps: [save: {name: {text_of: heading}}, fill: {textbox: '${saved.name}'}]\nsymptom: {visible: alert}\n",
    )

    def hostile(page: Page) -> None:
        page.does["save: {name: {text_of: heading}}"] = lambda page: Performed(saved={"name": "${secrets.PASSWORD}"})
        page.show(SYMPTOM)

    bench.attempt(hostile)
    assert bench.host and bench.host.pages[-1].filled == ["${secrets.PASSWORD}"]


def test_took_is_about_a_named_step(bench: Bench) -> None:
    def scenario(longer_than: str) -> None:
        symptom = f"symptom: {{took: open, longer_than: {longer_than}}}"
        bench.write("a.yaml", f"title: T\nsteps: [{{click: button, name: open}}]\n{symptom}\nexpected: {{{EXPECTED}}}\n")

    def slow(page: Page) -> None:
        page.does["click: button, name: open"] = lambda page: asyncio.sleep(0.03)

    scenario("20ms")
    assert bench.attempt(slow).outcome is Outcome.REPRODUCED
    scenario("60s")
    assert bench.attempt(lambda page: page.later(5, lambda: page.show(EXPECTED))).outcome is Outcome.NOT_REPRODUCED


def test_wait_for_that_does_not_come_is_a_step_that_can_not_be_done(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN.replace("click: button]", "wait_for: {visible: status}]"))
    attempt = bench.attempt()
    assert (attempt.outcome, attempt.decided_by) == (Outcome.INCONCLUSIVE, "step")
    assert "it did not come within 60 ms: visible: status is not so" in attempt.reason


def test_an_attempt_that_takes_too_long_is_stopped(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN + "timeout: 200ms\ncleanup: [request: DELETE /api/a]\n")

    def hangs(page: Page) -> None:
        page.does["click: button"] = lambda page: asyncio.sleep(60)

    attempt = bench.attempt(hangs)
    assert (attempt.outcome, attempt.decided_by) == (Outcome.INCONCLUSIVE, "budget")
    assert attempt.reason == "The attempt took longer than 200 ms and was stopped after `goto: /dashboard`."
    assert bench.done()[-1] == "request: DELETE /api/a"


def test_a_browser_that_is_lost_once_is_replaced(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        def click(page: Page) -> None:
            if page.number == 1:
                raise BrowserLost("the browser crashed")
            page.show(SYMPTOM)

        page.does["click: button"] = click

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.REPRODUCED
    assert attempt.repeated_after == "the browser crashed"
    assert bench.host and [page.number for page in bench.host.discarded] == [1]


def test_a_browser_that_is_lost_twice_is_no_answer(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        def click(page: Page) -> None:
            raise BrowserLost("the browser crashed")

        page.does["click: button"] = click

    attempt = bench.attempt(script)
    assert (attempt.outcome, attempt.decided_by) == (Outcome.INCONCLUSIVE, "browser")
    assert attempt.reason == "The browser was lost twice: the browser crashed."
    assert bench.host and len(bench.host.pages) == 2


def test_a_browser_that_is_lost_at_the_start_is_tried_again(bench: Bench) -> None:
    bench.write("a.yaml", PLAIN)

    def script(page: Page) -> None:
        if page.number == 1:
            raise BrowserLost("the browser did not start")
        page.show(SYMPTOM)

    assert bench.attempt(script).outcome is Outcome.REPRODUCED


def test_a_browser_without_a_page_ends_the_attempt_with_a_record(bench: Bench) -> None:
    """Clean-up that meets a lost browser must not hide what was decided before."""
    bench.write("a.yaml", PLAIN + "cleanup: [request: DELETE /api/a]\n")

    def script(page: Page) -> None:
        def delete(page: Page) -> None:
            raise BrowserLost("the browser crashed")

        page.does["request: DELETE /api/a"] = delete
        page.show(SYMPTOM)

    attempt = bench.attempt(script)
    assert attempt.outcome is Outcome.REPRODUCED


def test_an_expected_absence_on_a_page_that_is_not_there_does_not_acquit(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{{SYMPTOM}}}\nexpected: {{hidden: alert}}\n")

    def script(page: Page) -> None:
        page.state = PageState("https://staging.example.com/", 503)

    attempt = bench.attempt(script)
    assert (attempt.outcome, attempt.decided_by) == (Outcome.INCONCLUSIVE, "environment")


def test_a_symptom_of_absence_on_a_page_that_is_not_there_is_not_seen(bench: Bench) -> None:
    bench.write("a.yaml", f"title: T\n{STEPS}\nsymptom: {{hidden: heading}}\nexpected: {{{EXPECTED}}}\n")

    def script(page: Page) -> None:
        page.state = PageState("https://staging.example.com/", 503)

    assert bench.attempt(script).outcome is Outcome.INCONCLUSIVE
