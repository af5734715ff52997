"""The HTML report as files: what it says, where its links lead, what becomes of hostile text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from harness.record.model import Classification, Outcome, StepStatus
from harness.report import html
from harness.report.html import render_index
from harness.report.links import result_folder
from harness.report.pictures import labels

from . import sample
from .conftest import written

KEY = "dashboard--blank-for-eu@acme-eu"


class Page(HTMLParser):
    """The tags, the links and the visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def page(folder: Path, key: str = KEY) -> Page:
    return Page((folder / result_folder(key) / "index.html").read_text(encoding="utf-8"))


def pages(folder: Path) -> list[Path]:
    return [folder / "report.html", *folder.glob("*/index.html")]


@pytest.mark.parametrize("run", ["showcase", "hostile"])
def test_every_link_leads_to_a_file_of_the_run(run: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(run)
    for file in pages(folder):
        for link in Page(file.read_text(encoding="utf-8")).links:
            parts = urlsplit(link)
            if parts.scheme in ("https", "data") or link.startswith("#"):
                continue
            target = (file.parent / unquote(parts.path)).resolve()
            assert not parts.scheme and target.is_file() and target.is_relative_to(folder.resolve()), (file, link)


def test_hostile_text_makes_no_element_no_handler_and_no_script_link(hostile: Path) -> None:
    for file in pages(hostile):
        found = Page(file.read_text(encoding="utf-8"))
        assert found.tags.count("script") == (2 if file.name == "report.html" else 1)
        assert not [name for name, _ in found.attributes if name.startswith("on") or name == "style"]
        assert not [link for link in found.links if "javascript" in link.lower() or "passwd" in link or link.startswith("data:text")]
        assert "onerror=" not in " ".join(name for name, _ in found.attributes)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", file.read_text(encoding="utf-8"))


def test_nothing_is_written_outside_the_folder(hostile: Path) -> None:
    assert [path.name for path in hostile.parent.iterdir()] == ["run"]


def test_a_page_tells_the_whole_story(showcase: Path) -> None:
    text = " ".join(page(showcase).text.split())
    for part in (
        "Since Monday the dashboard just spins.",
        'status "Loading" was visible for 10 s',
        "Edge case",
        "Seen in 3 of 5 attempts (60%; 95% interval 23% to 88%).",
        "Not seen in 5 attempts. It could still come in up to 43% of attempts.",
        "features.new_dashboard and integrations.crm.region together trigger it",
        "settings.integrations.crm.region triggers it customer can change it",
        "TypeError: region.currency is undefined",
        "[revenue] giving up after 3 tries",
        "https://staging.example.com/api/revenue?region=eu&range=30d",
        "net::ERR_CONNECTION_RESET",
        "widget.intercom.io",
        "Does it also happen with the range set to the last 7 days?",
        "repro run scenarios/dashboard/blank-for-eu.yaml --customer acme-eu --attempts 5",
        "2026.1.4+9c1f2e7",
        "c1:7f3e9b2a44d0",
        "read back and as wanted; restored afterwards",
        "playwright show-trace dashboard--blank-for-eu@acme-eu/attempt-2/trace.zip",
        "repro show 20260131-235000-4f2a",
    ):
        assert part in text, part


def test_a_page_and_a_verdict_tell_of_the_results_own_environment(tmp_path: Path) -> None:
    run = {"environment": "buggy, fixed", "base_url": "http://one.example, http://two.example", "environment_version": "1.0, 2.0"}
    one = sample.result("a", environment="buggy", base_url="http://one.example", environment_version="1.0")
    two = sample.result("b", environment="fixed", base_url="http://two.example", environment_version="2.0")
    folder = written(sample.record(one, two, **run), tmp_path / "run")
    for key, own, other in (("a", ("http://one.example", "1.0"), "two.example"), ("b", ("http://two.example", "2.0"), "one.example")):
        shown = (folder / key / "index.html").read_text(encoding="utf-8")
        told = (folder / key / "verdict.md").read_text(encoding="utf-8")
        assert f"<dt>Version</dt><dd><code>{own[1]}</code>" in shown and f"<dt>Address</dt><dd><code>{own[0]}</code>" in shown
        assert f", version `{own[1]}`, `{own[0]}`\n" in told
        assert other not in shown + told


def test_an_older_record_tells_what_the_run_knows_where_the_run_had_one_environment(tmp_path: Path) -> None:
    one, several = sample.record(sample.result("a")), sample.record(sample.result("a"), environment="staging, canary")
    assert "2026.1.4+9c1f2e7" in page(written(one, tmp_path / "one"), "a").text
    assert "2026.1.4+9c1f2e7" not in page(written(several, tmp_path / "several"), "a").text


def test_culprits_come_first(showcase: Path) -> None:
    html = (showcase / KEY / "index.html").read_text(encoding="utf-8")
    rows = [row.replace("<wbr>", "") for row in re.findall(r'<th scope="row"><code>(.+?)</code>', html)]
    assert rows == ["settings.integrations.crm.region", "settings.features.new_dashboard", "browser.locale", "settings.plan"]
    assert html.count('class="culprit"') == 2


def test_the_strip_numbers_nested_steps_outlines_the_element_and_ends_with_the_deciding_moment(showcase: Path) -> None:
    html = (showcase / KEY / "index.html").read_text(encoding="utf-8")
    strip = html[html.index('<ol class="strip few"') : html.index("</ol>", html.index('<ol class="strip few"'))]
    labels = re.findall(r"<b>([^<]+)</b><span class=\"shot-state\"", strip)
    assert labels == ["Setup 1", "Setup 1.1", "Setup 1.2", "Step 1", "Step 2", "Step 3", "The symptom"]
    assert '<svg class="outline" viewBox="0 0 1280 720"' in strip and 'x="1030' in strip
    assert strip.count("s-deciding") == 1


def test_a_step_that_is_repeated_is_one_step_as_the_reason_counts() -> None:
    often, twice, nested = "click: button, times: 3", "use: login, times: 2", {"file": "flows/login.yaml", "depth": 1}
    steps = (
        sample.step("goto: /", 2, phase="setup"),
        *(sample.step(often, 4) for _ in range(3)),
        sample.step(twice, 6),
        sample.step("press: Tab", 1, **nested),
        sample.step(twice, 6),
        sample.step("press: Tab", 1, **nested),
        sample.step("press: Tab", 8),
        sample.step("press: Tab", 8),
        sample.step("press: Enter, times: 2", 9, status=StepStatus.NOT_REACHED),
    )
    assert labels(steps) == [
        *("Setup 1", "Step 1, time 1 of 3", "Step 1, time 2 of 3", "Step 1, time 3 of 3"),
        *("Step 2, time 1 of 2", "Step 2.1", "Step 2, time 2 of 2", "Step 2.1"),
        *("Step 3", "Step 4", "Step 5"),
    ]


def test_the_text_shows_what_was_reached_and_what_failed(tmp_path: Path) -> None:
    steps = (
        sample.step("goto: /dashboard", 14),
        sample.step('click: button "Last 30 days"', 15, status=StepStatus.FAILED, error="No such button"),
        sample.step('click: tab "Revenue"', 16, status=StepStatus.NOT_REACHED),
    )
    stopped = sample.attempt(steps=steps, stopped_at=15, decided_by="symptom")
    html = (written(sample.record(sample.result(KEY, attempts=(stopped,))), tmp_path / "run") / KEY / "index.html").read_text(
        encoding="utf-8"
    )
    marks = re.findall(r'<li class="l-(\w+)"><code>(.*?)</code><span class="mark">([^<]+)', html)
    assert [(state, mark) for state, _, mark in marks] == [("done", "done"), ("failed", "failed here"), ("not_reached", "not reached")]
    assert "No such button" in html


def test_an_empty_run_says_so(tmp_path: Path) -> None:
    found = Page((written(sample.record(), tmp_path / "run") / "report.html").read_text(encoding="utf-8"))
    assert "Nothing was run" in found.text and "table" not in found.tags


def test_an_interrupted_run_says_so_on_every_page(tmp_path: Path) -> None:
    lost = sample.result(KEY, Outcome.INCONCLUSIVE, attempts=(), reason="It was planned and never came back.")
    folder = written(sample.record(lost, interrupted=True, finished=None), tmp_path / "run")
    for file in pages(folder):
        assert "The run was interrupted" in file.read_text(encoding="utf-8")
    assert "It was planned and never came back." in page(folder).text
    assert "No attempt was made." in page(folder).text


def test_missing_pictures_leave_a_place_and_a_missing_trace_no_link(tmp_path: Path) -> None:
    folder = written(sample.record(sample.result(KEY, attempts=(sample.attempt(folder=KEY),))), tmp_path / "run")
    found = page(folder)
    assert "The picture is missing" in found.text and "No trace was kept." in found.text
    assert "img" not in found.tags


def test_a_ticket_is_a_link_only_for_web_addresses(tmp_path: Path) -> None:
    results = (
        sample.result("a"),
        sample.result("b", ticket_url="javascript:alert(1)"),
        sample.result("c", ticket="https://t.example/1", ticket_url=None),
    )
    folder = written(sample.record(*results), tmp_path / "run")
    links = [[link for link in page(folder, key).links if "//" in link or "javascript" in link] for key in "abc"]
    web = [[link for link in found if not link.startswith("data:")] for found in links]
    assert web == [["https://tickets.example.com/SUP-1423"], [], ["https://t.example/1"]]


def test_a_key_with_slashes_is_a_folder_in_a_folder(tmp_path: Path) -> None:
    folder = written(sample.record(sample.result("a/b@c"), sample.result("d")), tmp_path / "run")
    found = page(folder, "a/b@c")
    assert "../../_report/report.css" in found.links and "../../report.html" in found.links and "../../d/index.html" in found.links


def test_a_misconfiguration_is_explained_where_the_record_gives_no_reason(tmp_path: Path) -> None:
    folder = written(sample.record(sample.result(KEY, classification=Classification.MISCONFIGURATION)), tmp_path / "run")
    assert "settings that the customer can change themselves" in page(folder).text


def test_writing_again_changes_nothing(showcase: Path, tmp_path: Path) -> None:
    again = written(sample.showcase(tmp_path / "run"), tmp_path / "run")
    for file in pages(showcase):
        assert file.read_bytes() == (again / file.relative_to(showcase)).read_bytes()
    assert not list(again.rglob("*.part"))


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where compiled templates are kept between runs, and none of this process."""
    monkeypatch.delenv("REPRO_STATE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    html._environment.cache_clear()
    yield tmp_path / "cache" / "repro" / "templates"
    html._environment.cache_clear()


def test_templates_compiled_by_an_earlier_run_give_the_same_report(templates: Path) -> None:
    first = render_index(sample.record())
    kept = list(templates.iterdir())
    assert kept
    html._environment.cache_clear()
    assert render_index(sample.record()) == first
    for path in kept:
        path.write_bytes(path.read_bytes()[:40])  # broken off
    html._environment.cache_clear()
    assert render_index(sample.record()) == first


def test_a_report_is_written_where_templates_can_not_be_kept(templates: Path) -> None:
    templates.parent.parent.mkdir(parents=True)
    templates.parent.write_text("no folder")
    assert "<html" in render_index(sample.record())
