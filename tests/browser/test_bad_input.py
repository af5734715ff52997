"""Whatever staging does, there is a verdict with a reason, never a guess, never a traceback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.verdict.outcome import Outcome
from tests.browser import site
from tests.browser.trying import run


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with site.serving() as url:
        yield url


def scenario(steps: str, symptom: str, expected: str = "", within: str = "1s", more: str = "") -> str:
    """A scenario's text."""
    lines = "".join(f"  - {step}\n" for step in steps.split(" | "))
    return (
        f"title: A case\nsteps:\n{lines}symptom: {symptom}\n"
        + (f"expected: {expected}\n" if expected else "")
        + f"within: {within}\n{more}"
    )


HOME = '{visible: heading "Home"}'


def test_staging_refuses_connections(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = run(tmp_path, url, scenario("goto: /", "{blank: page}", HOME))
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "the connection was refused" in result.reason


def test_staging_is_down_by_its_health(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /", HOME), environment="health: {request: GET /502}\n")
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "is down" in result.reason and "502" in result.reason


def test_a_page_that_answers_502_proves_nothing_by_what_is_not_there(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /502", '{hidden: heading "Revenue"}', '{visible: heading "Revenue"}'))
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "502" in result.reason


def test_staging_answers_after_a_minute(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /slow\n    timeout: 1s", "{blank: page}", HOME))
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "no page came within 1 s" in result.reason


def test_a_page_that_never_stops_loading_is_no_failure(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /never\n    timeout: 2s", "{visible: alert}", '{visible: heading "Never done"}'))
    assert result.verdict == Outcome.NOT_REPRODUCED
    assert "still loading" in (result.attempts[0].steps[0].note or "")


def test_fifty_dialogs(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /dialogs", "{dialog: alert, at_least: 50}", "{visible: alert}", within="5s"))
    assert result.verdict == Outcome.REPRODUCED, result.reason


def test_redirects_for_ever(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /round", "{request: /round, at_least: 10}", HOME))
    assert result.verdict == Outcome.REPRODUCED
    assert "redirects for ever" in result.reason


def test_several_matches_are_listed(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario('goto: /three | click: button "Delete"', "{visible: alert}", HOME))
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "is there 3 times" in result.reason


def test_an_oracle_with_several_matches_is_not_a_no(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /three", '{visible: button "Delete"}'))
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "is there 3 times" in result.reason


def test_what_was_there_instead_is_named(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario('goto: / | click: button "Sav it"\n    timeout: 1s', "{visible: alert}", HOME))
    assert result.verdict == Outcome.INCONCLUSIVE
    assert 'there is no button "Sav it"' in result.reason
    assert 'button "Save"' in result.reason


def test_an_endless_script_is_seen_and_ends_the_run_all_the_same(tmp_path: Path, base_url: str) -> None:
    steps = 'goto: /endless | click: button "Freeze"\n    timeout: 1s\n    optional: true'
    result = run(tmp_path, base_url, scenario(steps, "{unresponsive: true}", '{visible: heading "Thawed"}', within="8s"))
    assert result.verdict == Outcome.REPRODUCED, result.reason
    assert "does not react" in result.reason


def test_a_page_that_closes_itself_gives_way_to_the_other_tab(tmp_path: Path, base_url: str) -> None:
    steps = 'goto: /opener | click: button "Open" | tab: -1'
    result = run(tmp_path, base_url, scenario(steps, "{visible: alert}", '{visible: heading "Opener"}', within="3s"))
    assert result.verdict == Outcome.NOT_REPRODUCED, result.reason


def test_a_huge_download_is_cut_and_no_answer_is_made_of_it(tmp_path: Path, base_url: str) -> None:
    steps = 'goto: /huge | click: link "Get it"'
    result = run(tmp_path, base_url, scenario(steps, "{download: huge.bin}", '{visible: heading "Elsewhere"}', within="8s"))
    assert result.verdict == Outcome.INCONCLUSIVE, result.reason
    assert not list((tmp_path / "reports").rglob("download-*"))


def test_hostile_text_stays_text(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, scenario("goto: /hostile", "{console: error, contains: alert(2)}", HOME))
    assert result.verdict == Outcome.REPRODUCED
    folder = next((tmp_path / "reports").iterdir())
    html = "".join(path.read_text() for path in folder.rglob("*.html"))
    assert "<script>alert(2)" not in html
    assert "\u001b" not in html


def test_an_expectation_that_held_before_waits_for_the_symptom(tmp_path: Path, base_url: str) -> None:
    steps = "goto: /late"
    result = run(tmp_path, base_url, scenario(f"goto: / | {steps}", "{text: status, is: Done}", "{visible: heading}", within="3s"))
    assert result.verdict == Outcome.REPRODUCED, result.reason
