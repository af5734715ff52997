"""What a comment says: nothing that a tracker acts on, nothing longer than it takes, and a marker that names one result."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from harness.record.model import Result
from harness.report.markdown import plain, verdict
from harness.trackers.comment import calm, cut, escalation_of, hidden, marker_of
from harness.trackers.github import body_of
from harness.trackers.jira import document_of
from harness.trackers.model import Escalation, Uploaded
from harness.trackers.render import adf, html, text_of
from harness.trackers.zendesk import html_of
from tests.report import hostility, sample

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
LOUD = "@team @acme/owners, see https://evil.example/x and www.evil.example, closes #12 and GH-34, acme/shop#5 !7 &8 %2 mailto:a@b.example"


def spoken(markdown: str) -> str:
    """The text that is neither code nor a link's address, one line a block."""
    lines = []
    for token in READER.parse(markdown):
        lines.append("".join(child.content for child in token.children or [] if child.type == "text"))
    return "\n".join(lines)


def loud_result(**changes: Any) -> Result:
    return sample.full_result(title=f"Broken {LOUD}", reason=f"seen {LOUD}", classification_reason=f"/close {LOUD}", **changes)


@pytest.mark.parametrize(
    "loud", [r"@\w", r"://", r"(?i)www\.", r"#\d", r"(?i)GH-\d", r"!\d", r"&\d", r"%\d", r"(?i)mailto:\w", r"(?m)^\s*/\w"], ids=str
)
def test_nobody_is_called_nothing_is_linked_and_no_order_is_given(loud: str) -> None:
    result = loud_result()
    before = verdict(sample.run(), result)
    said = spoken(calm(before))
    assert re.search(loud, said) is None
    assert "evil" in said and "team" in said


def test_what_the_report_itself_links_is_still_a_link() -> None:
    result = sample.full_result(ticket_url="https://tickets.example.com/SUP-1423?x=@y")
    assert "](https://tickets.example.com/SUP-1423?x=@y)" in calm(verdict(sample.run(), result))


@pytest.mark.parametrize(
    "text", ["` @team", "a ``@team`` b", "\\` @team \\`", "`` ` @team", "[x](@team)", "](https://evil.example)", ".@team", "-@team"]
)
def test_what_only_looks_like_code_or_a_link_is_calmed(text: str) -> None:
    said = spoken(calm(plain(text)))
    assert re.search(r"@\w|://", said) is None and ("team" in said or "evil" in said)


def test_code_is_left_as_it_is() -> None:
    text = "run `curl https://x.example @file` now\n\n```sh\n/close @team\nhttps://x.example\n```\n/label x\n"
    assert calm(text) == text.replace("\n/label", "\n\u200b/label")


@pytest.mark.parametrize("number", range(4))
def test_a_hostile_record_is_only_text_everywhere(number: int) -> None:
    record = hostility.hostile_record()
    escalation = escalation_of(record, record.results[number], Path("reports/run"), (), "repro bundle run")
    body = body_of(escalation)
    assert body.splitlines()[0] == hidden(marker_of(record.results[number])) and body.count("<!--") == 1
    as_read = READER.render(body)
    assert "<script" not in as_read and "<img" not in as_read and as_read.count("<!--") == 1
    assert not [link for link in re.findall(r'href="([^"]*)"', as_read) if not link.startswith("https://tickets.example.com/")]
    shown = html_of(escalation, [escalation.otherwise])
    assert "<script" not in shown and "<img" not in shown and "{{" not in shown and "{%" not in shown
    document = document_of(escalation, [escalation.otherwise])
    assert marker_of(record.results[number]) in text_of(document)


def test_zendesk_fills_nothing_in() -> None:
    assert "{{" not in html("a {{ticket.requester.email}} `{{x}}` {% if %}") and "{%" not in html("{% if %}")


@pytest.mark.parametrize("name", ["a-->b", "--", "a]b c=d", "ä🐛", "x\ny", "@team", "", "n" * 5000, "a--->"])
def test_a_marker_is_one_harmless_line(name: str) -> None:
    marker = marker_of(sample.full_result(scenario=name, customer=name))
    assert re.fullmatch(r"repro\[scenario=[\w/.%-]* customer=[\w/.%-]* environment=staging\]", marker)
    assert "--" not in marker and "_" not in marker and len(marker) < 1000
    assert READER.render(hidden(marker)) == hidden(marker)


def test_each_result_has_a_marker_of_its_own_and_none_begins_another() -> None:
    names = [
        ("a", "b", "c"),
        ("a", "b", "c2"),
        ("a/b", None, "c"),
        ("a", "b c", "c"),
        ("a b", "c", "c"),
        ("a%20b", "c", "c"),
        ("a", None, "c"),
    ]
    markers = [marker_of(sample.full_result(scenario=s, customer=c, environment=e)) for s, c, e in names]
    assert len(set(markers)) == len(markers)
    assert not [(a, b) for a in markers for b in markers if a != b and b.startswith(a)]


def enormous() -> Escalation:
    lines = "\n".join(f"- {number} " + "x" * 900 for number in range(3000))
    markdown = f"## Head\n\n```sh\nrepro run\n```\n\n{lines}\n"
    uploaded = (Uploaded("b.zip", "s3://b/b.zip", "https://x.example/b.zip"),)
    return Escalation("repro[x]", "t", markdown, None, (), "", uploaded)


def test_what_is_too_long_is_cut_to_the_limit_and_keeps_marker_and_links() -> None:
    body = body_of(enormous())
    assert 60_000 < len(body) <= 65_536 and body.startswith("<!-- repro[x] -->\n\n## Head")
    assert "left out for its length" in body and body.rstrip().endswith("(https://x.example/b.zip)")
    document = document_of(enormous(), ["- file"])
    assert 20_000 < len(json.dumps(document, ensure_ascii=False)) <= 32_767 and text_of(document).endswith("repro[x]")
    shown = html_of(enormous(), ["- file"])
    assert 60_000 < len(shown.encode()) <= 65_535 and "repro[x] digest=" in shown


BLOCK = "a\n\n````sh\n" + "```\n@x\n" * 40 + "````\n\nz\n"


@pytest.mark.parametrize("limit", range(60, len(BLOCK), 7))
def test_a_cut_within_code_closes_it(limit: int) -> None:
    made = cut(BLOCK, lambda each: len(each) <= limit)
    tail = READER.parse(made)[-3:]
    assert tail[0].type == "paragraph_open" and "left out" in tail[1].content and len(made) <= max(limit, 80)


def test_text_that_fits_is_not_touched() -> None:
    assert cut("a\n```\nb", lambda text: True) == "a\n```\nb"


@pytest.mark.parametrize("path", ["../../../etc/passwd", "/etc/passwd", "out.png", "missing.png"])
def test_a_picture_from_outside_the_run_is_none(tmp_path: Path, path: str) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (run / "out.png").symlink_to(tmp_path / "secret.png")
    attempts = (sample.attempt(deciding_screenshot=path),)
    result = sample.full_result(attempts=attempts)
    assert escalation_of(sample.record(result), result, run, (), "").picture is None


def test_the_document_says_what_the_verdict_says() -> None:
    result = sample.full_result()
    text = calm(verdict(sample.run(), result))
    words = re.sub(r"\W+", "", text_of(adf(text)))
    assert re.sub(r"\W+", "", unescape(re.sub(r"<[^>]+>", "", html(text)))) == words
