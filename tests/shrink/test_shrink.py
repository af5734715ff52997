"""Steps that a symptom does not need are left out, with as many attempts as its rate demands; nothing else is."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from harness import shrink as shrinking
from harness import workflow
from harness.core.exits import Exit
from harness.diagnostics import Problems
from harness.run.bisect import Limits
from harness.run.ports import StepFailed
from harness.shrink import Shrunk
from tests.run.conftest import Bench
from tests.run.fake import Does, FakeHost, Page

FILE = """\
title: An alert comes up            # on Mondays
setup:
  # signed in
  - use: login
  - goto: /news
steps:
  # --- the list

  - goto: /list
  - click: Sort          # by name
  # the first one
  - click: Open
  - hover: Logo
  - click: Save
symptom: {visible: alert}
within: 20ms
"""
LOGIN = "steps: [{click: Sign in}]\n"


def alert_after(*steps: str) -> Does:
    """The symptom comes once all these steps are done."""

    def script(page: Page) -> None:
        def done(page: Page) -> None:
            if set(steps) <= set(page.done):
                page.show("visible: alert")

        page.does = dict.fromkeys(steps, done)

    return script


def shrunk(bench: Bench, script: Does, text: str = FILE, limits: Limits = Limits(), **options: Any) -> Shrunk:  # noqa: B008
    bench.write("flows/login.yaml", LOGIN)
    path = bench.root / "ws" / "area" / "ticket.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    bench.host = FakeHost(script)
    said.clear()
    return shrinking.shrink(workflow.Options(paths=(path,), **options), bench.world(bench.host), limits, said.append)


said: list[str] = []


SHORTER = """\
title: An alert comes up            # on Mondays
steps:
  # --- the list

  # the first one
  - click: Open
  - click: Save
symptom: {visible: alert}
within: 20ms
"""


@pytest.mark.parametrize("oracle", ["", "expected: {visible: status}\n"], ids=["misses are clean", "misses are undecided"])
def test_what_is_not_needed_goes_and_the_rest_stays_as_it_was_written(bench: Bench, oracle: str) -> None:
    file = f"{FILE}{oracle}"
    found = shrunk(bench, alert_after("click: Open", "click: Save"), file)
    assert found.text == f"{SHORTER}{oracle}"
    assert found.exit is Exit.AS_EXPECTED
    assert found.sentence.startswith("2 of 7 steps are needed: without any one of them it does not reproduce")
    assert "-  - hover: Logo\n" in found.diff and "   - click: Save\n" in found.diff
    assert found.diff.startswith("--- ") and "ticket.yaml\n+++ " in found.diff
    assert found.path.read_text() == file, "only --write writes"
    assert any(line.startswith("probe 1: without line") for line in said)


def test_a_step_that_another_one_rests_on_stays(bench: Bench) -> None:
    def script(page: Page) -> None:
        alert_after("click: Save")(page)
        does = page.does["click: Save"]

        def save(page: Page) -> None:
            if "click: Sign in" not in page.done:
                raise StepFailed("there is no such button")
            does(page)

        page.does["click: Save"] = save

    assert [line.strip() for line in shrunk(bench, script).text.splitlines() if line.startswith("  - ")] == [
        "- use: login",
        "- click: Save",
    ]


def test_a_symptom_seen_where_a_step_fails_is_not_the_same_symptom(bench: Bench) -> None:
    def script(page: Page) -> None:
        def save(page: Page) -> None:
            page.show("visible: alert")
            if "click: Open" not in page.done:
                raise StepFailed("nothing is open")

        page.does["click: Save"] = save

    assert "- click: Open\n  - click: Save\n" in shrunk(bench, script).text


def test_a_symptom_that_stops_the_whole_scenario_may_stop_what_is_left(bench: Bench) -> None:
    def script(page: Page) -> None:
        def save(page: Page) -> None:
            page.show("visible: alert")
            raise StepFailed("there is no such button")

        page.does["click: Save"] = save

    assert [line for line in shrunk(bench, script).text.splitlines() if line.startswith("  - ")] == ["  - click: Save"]


def test_an_intermittent_symptom_is_asked_for_more_often(bench: Bench) -> None:
    def script(page: Page) -> None:
        if page.number % 3 == 0:
            alert_after("click: Open")(page)

    always = shrunk(bench, alert_after("click: Open"))
    every = len(bench.host.pages) if bench.host else 0
    found = shrunk(bench, script)
    assert found.text == always.text
    assert bench.host is not None and len(bench.host.pages) > 2 * every


SAVING = """\
title: An alert comes up
steps:
  - save: {id: {text_of: {css: main}}}
  - click: Open
symptom: {visible: alert}
within: 20ms
cleanup:
  - reload
  # take it away again
  - request: DELETE /views/${saved.id}
"""


def test_cleanup_stays_but_for_what_it_can_not_do_any_more(bench: Bench) -> None:
    found = shrunk(bench, alert_after("click: Open"), SAVING)
    kept = "title: An alert comes up\nsteps:\n  - click: Open\nsymptom: {visible: alert}\nwithin: 20ms\ncleanup:\n  - reload\n"
    assert found.text == kept


def test_what_the_oracles_name_is_needed_without_an_attempt(bench: Bench) -> None:
    text = FILE.replace("  - hover: Logo", "  - hover: Logo\n    name: hovered").replace("alert}", "alert, after: hovered}")
    found = shrunk(bench, alert_after("click: Save"), text)
    assert "- hover: Logo" in found.text and "- click: Open" not in found.text


def test_what_reproduces_more_rarely_than_the_whole_is_said(bench: Bench) -> None:
    def script(page: Page) -> None:
        alert_after("click: Save")(page)
        if page.number % 2:
            alert_after("click: Save", "hover: Logo")(page)

    found = shrunk(bench, script)
    assert "- hover: Logo" not in found.text
    assert re.search(r"What is left reproduced in 5 of (9|10) attempts, the whole in 5 of 5\. A step that was left out", found.sentence)


def test_a_budget_ends_it_with_the_best_so_far(bench: Bench) -> None:
    found = shrunk(bench, alert_after("click: Open", "click: Save"), limits=Limits(probes=2))
    assert found.exit is Exit.AS_EXPECTED and "the budget ended the search: this is the best so far" in found.sentence
    assert "- click: Save" in found.text and "- click: Open" in found.text


def test_ctrl_c_ends_it_with_the_best_so_far(bench: Bench) -> None:
    def script(page: Page) -> None:
        alert_after("click: Open", "click: Save")(page)
        if any(line.startswith("probe 4:") for line in said):
            os.kill(os.getpid(), signal.SIGINT)

    found = shrunk(bench, script)
    assert found.exit is Exit.INTERRUPTED and "when it was interrupted: this is the best so far" in found.sentence
    assert "- click: Save" in found.text


def test_what_does_not_reproduce_is_left_alone(bench: Bench) -> None:
    found = shrunk(bench, lambda page: None)
    assert found.exit is Exit.INCONCLUSIVE and found.text == FILE and found.diff == ""
    assert found.sentence.startswith("It did not reproduce, so no step was left out. ")


def test_a_staging_that_is_down_is_said_and_nothing_is_left_out(bench: Bench) -> None:
    bench.write("environments/staging.yaml", "base_url: https://staging.example.com\nhealth: {request: GET /healthz}\n")
    found = shrunk(bench, alert_after("click: Open"))
    assert found.exit is Exit.INCONCLUSIVE and found.diff == ""
    assert found.sentence.startswith(
        "Whether it reproduces could not be decided, so no step was left out. The environment staging is down: "
    )


def test_what_would_reproduce_with_the_control_too_is_refused(bench: Bench) -> None:
    bench.write("customers/base.yaml", "tenant: base\n")

    def script(page: Page) -> None:
        page.show("visible: alert")
        page.does["click: Save"] = lambda page: page.hide("visible: alert") if page.number in with_control else None

    with_control: set[int] = set()

    def open_page(page: Page) -> None:
        script(page)
        with_control.update({page.number} if any(line.startswith("what is left") or "needed" in line for line in said) else ())

    found = shrunk(bench, open_page, control="base")
    assert found.exit is Exit.INCONCLUSIVE and found.diff == ""
    assert "it reproduces with base too, which the whole scenario does not" in found.sentence


def test_a_file_in_braces_has_nothing_to_leave_out(bench: Bench) -> None:
    with pytest.raises(Problems, match="has no steps"):
        shrunk(bench, alert_after("reload"), "{title: x, steps: [reload, back], symptom: {visible: alert}}")


def test_what_is_left_is_written_unless_the_file_was_changed_meanwhile(bench: Bench, tmp_path: Path) -> None:
    found = shrunk(bench, alert_after("click: Open"))
    shrinking.write(found, tmp_path / "shorter.yaml")
    assert (tmp_path / "shorter.yaml").read_text() == found.text and found.path.read_text() == FILE
    found.path.write_text(FILE + "# mine\n")
    with pytest.raises(Problems, match="was changed meanwhile"):
        shrinking.write(found, found.path)
    found.path.write_text(FILE)
    shrinking.write(found, found.path)
    assert found.path.read_text() == found.text
    with pytest.raises(Problems, match="can't be written"):
        shrinking.write(found, tmp_path / "shorter.yaml" / "x.yaml")
