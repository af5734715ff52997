"""A page that does not come, or does not answer any more: what is shown can't be looked into
meanwhile, so nothing is said of it that was not seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.record.model import Result
from harness.verdict.outcome import Outcome
from tests.browser import site
from tests.browser.trying import run

START = """<h1>Sign in</h1><a href="/slow">Dashboard</a><a href="/late-page">Later</a>
<a href="/huge-file">File</a><a href="/204">Nothing</a>
<button onclick="location.href='/slow'; setTimeout(() => window.stop(), 200)">Stop</button>
<button onclick="location.href='/slow'; setTimeout(() => location.href='/other', 200)">Instead</button>
<button onclick="history.pushState({}, '', '/pushed')">Push</button><ul><li>One</li></ul>
<button onclick="fetch('/slow'); console.log('sent')">Beacon</button><form action="/slow"><input aria-label="Search"></form>
<label><input type="checkbox" onchange="location.href='/slow'">Remember</label>
<button ondblclick="location.href='/slow'">Twice</button>
<select aria-label="Area" onchange="location.href='/slow'"><option>A<option>B</select>
<button onclick="setTimeout(() => { for (const end = Date.now() + 12000; Date.now() < end;); }, 1500)">Freeze</button>
<script>setTimeout(() => document.body.append("loaded"), 0)</script>"""

OFF: dict[str, Any] = {"trace": "off", "screenshots": "off"}  # evidence of a page that hangs takes its time


@pytest.fixture
def base_url() -> Iterator[str]:
    """A site whose dashboard is never answered."""
    with site.serving({"/start": ("text/html", START), "/other": ("text/html", "<h1>Other</h1>")}) as url:
        yield url


def look(folder: Path, base_url: str, oracles: str, step: str = 'click: link "Dashboard"', within: str = "1s") -> Result:
    """The result when the last step leads to a page that never comes."""
    steps = f"steps:\n  - goto: /start\n  - {step}\n    timeout: 3s\n"
    return run(folder, base_url, f"title: It never loads\n{steps}{oracles}\nwithin: {within}\n", **OFF)


ACTS = (
    'click: link "Dashboard"', 'press: {textbox "Search": Enter}', 'check: checkbox "Remember"', 'dblclick: button "Twice"',
    'select: {combobox "Area": B}',
)  # fmt: skip
WAITS = ("click", "press", "check")  # for what they lead to; the others are done before the browser has asked for it


@pytest.mark.parametrize("step", ACTS)
def test_what_leads_to_a_page_that_never_comes_was_done(tmp_path: Path, base_url: str, step: str) -> None:
    result = look(tmp_path, base_url, "symptom: {request: /slow, slower_than: 500ms}", step)
    assert result.verdict is Outcome.REPRODUCED, result.reason
    done = result.attempts[0].steps[-1]
    assert done.status == "done", done
    if step.split(":")[0] in WAITS:
        assert f"(GET {base_url}/slow" in (done.note or "") and "had not come after 3 s" in (done.note or "")


@pytest.mark.parametrize(
    "oracle",
    [
        'hidden: heading "Dashboard"', 'visible: heading "Sign in"', "text: {css: h1}, is: Sign in", "count: {css: li}, is: 0",
        "unresponsive: true",
    ],
)  # fmt: skip
def test_nothing_is_said_of_a_page_that_can_not_be_looked_into(tmp_path: Path, base_url: str, oracle: str) -> None:
    result = look(tmp_path, base_url, f"symptom: {{{oracle}}}")
    assert result.verdict is Outcome.INCONCLUSIVE, result.reason
    assert f"the next page (GET {base_url}/slow) has not come yet" in result.reason


@pytest.mark.parametrize("named", ['link "File"', 'link "Nothing"', 'button "Stop"', 'button "Instead"', 'button "Push"'])
def test_what_leads_to_no_page_leaves_nothing_to_wait_for(tmp_path: Path, base_url: str, named: str) -> None:
    result = look(tmp_path, base_url, 'symptom: {visible: heading "Dashboard"}', f"click: {named}")
    assert result.verdict is Outcome.NOT_REPRODUCED, result.reason
    assert 'heading "Dashboard" is not there' in result.reason


def test_the_address_is_known_meanwhile(tmp_path: Path, base_url: str) -> None:
    result = look(tmp_path, base_url, "symptom: {url: '**/slow'}\nexpected: {request: /start}")
    assert result.verdict is not Outcome.REPRODUCED, result.reason
    assert "has not come yet" not in result.reason


def test_a_request_that_the_end_of_the_attempt_broke_off_had_no_answer(tmp_path: Path, base_url: str) -> None:
    result = look(tmp_path, base_url, "symptom: {request: /slow, slower_than: 2s}\nexpected: {request: /other}", within="4s")
    (line,) = result.attempts[0].failed_requests
    assert (line.url, line.status, line.failure) == (f"{base_url}/slow", None, None)
    assert (line.duration_ms or 0) >= 2_000
    page = (tmp_path / "reports").rglob("verdict.md")
    assert f"- GET `{base_url}/slow`: no answer" in next(page).read_text()


def test_a_request_on_its_way_when_an_attempt_ends_is_no_failed_one(tmp_path: Path, base_url: str) -> None:
    scenario = 'title: T\nsteps: [{goto: /start}, {click: button "Beacon"}]\nsymptom: {console: any, contains: sent}\nwithin: 1s\n'
    result = run(tmp_path, base_url, scenario, **OFF)
    assert (result.verdict, result.attempts[0].failed_requests) == (Outcome.REPRODUCED, ()), result.reason


def test_the_next_step_says_what_it_waited_for(tmp_path: Path, base_url: str) -> None:
    scenario = (
        'title: It never loads\nsteps:\n  - goto: /start\n  - {click: link "Dashboard", timeout: 3s}\n'
        '  - {click: link "Later", timeout: 1s}\nsymptom: {visible: heading "Sign in"}\nwithin: 1s\n'
    )
    result = run(tmp_path, base_url, scenario, **OFF)
    assert result.verdict is Outcome.INCONCLUSIVE
    assert f'link "Later" can\'t be looked for: the next page (GET {base_url}/slow) has not come yet' in result.reason


def test_a_wait_that_ended_without_a_last_look_is_no_answer(tmp_path: Path, base_url: str) -> None:
    result = look(tmp_path, base_url, 'symptom: {hidden: heading "Sign in"}', 'click: button "Freeze"', within="4s")
    assert result.verdict is Outcome.INCONCLUSIVE, result.reason
    assert "the page does not answer" in result.reason


FROZEN = """title: It freezes
steps:
  - goto: /start
  - click: button "Freeze"
  - wait_for: {request_failed: /never}
    timeout: 2500ms
    optional: true
  - click: link "Later"
    timeout: 1s
symptom: {visible: heading "Dashboard"}
within: 1s
"""


def test_nothing_is_said_to_be_missing_on_a_page_that_does_not_answer(tmp_path: Path, base_url: str) -> None:
    result = run(tmp_path, base_url, FROZEN, **OFF)
    assert 'link "Later" can\'t be looked for: the page does not answer' in result.reason


def test_a_click_that_closes_the_last_tab_was_done(tmp_path: Path) -> None:
    page = "<button onclick=\"open('', '_self'); window.close()\">Close</button>"
    with site.serving({"/start": ("text/html", page)}) as url:
        result = look(tmp_path, url, "symptom: {request: /start, at_least: 1}", 'click: button "Close"')
    assert result.attempts[0].steps[-1].status == "done", result.reason


def test_a_secret_in_the_address_of_the_page_that_is_coming_is_not_written(tmp_path: Path) -> None:
    secret = "kq7zP2mWx9sLr4Tn8vBd"
    page = f'<a href="/slow?pad={"x" * 244}&access_token={secret}">Dashboard</a>'
    with site.serving({"/start": ("text/html", page)}) as url:
        result = look(tmp_path, url, 'symptom: {visible: heading "Dashboard"}')
    assert "has not come yet" in result.reason
    assert secret[:6] not in result.reason + str(result.attempts[0].steps[-1].note)
