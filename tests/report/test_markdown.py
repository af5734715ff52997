"""Markdown for CI summaries and tickets: hostile text stays text, sizes stay below what the servers take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from harness.record.model import Outcome
from harness.report.markdown import code, fenced, plain, summary, verdict

from . import sample

READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def as_read(text: str) -> str:
    return str(READER.render(text))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a | b",
        "**bold** _under_ `code` ~~gone~~",
        "[x](javascript:alert(1)) ![x](y)",
        "# heading",
        "- item",
        "+ item",
        "1. item",
        "> quote",
        "---",
        "&lt;b&gt; &amp;",
        "back\\slash \\| \\`",
        "<!-- comment",
    ],
)
def test_text_is_read_as_it_was_written(text: str) -> None:
    html = as_read(plain(text))
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert html == f"<p>{shown}</p>\n"
    cell = as_read(f"| a | b |\n|---|---|\n| {plain(text)} | {code(text)} |\n")
    assert f"<td>{shown}</td>" in cell and cell.count("<td>") == 2


@pytest.mark.parametrize("text", ["`", "``", "a`b", "```x", "<b>", "a|b", "", "`a`"])
def test_code_is_read_as_it_was_written(text: str) -> None:
    cell = as_read(f"| a |\n|---|\n| {code(text)} |\n")
    assert cell.count("<code>") == (1 if text else 0) and "<b>" not in cell


def test_nobody_is_called_and_no_ticket_is_closed() -> None:
    assert "@team" not in plain("@team closes #12") and "#12" not in plain("closes #12")
    assert plain("jane@acme.example") == "jane@acme.example"


def test_a_fence_cannot_be_closed_from_within() -> None:
    assert as_read(fenced("a\n```\n<b>")).count("<pre>") == 1 and "<b>" not in as_read(fenced("a\n```\n<b>"))


def test_the_summary_counts_and_gives_reasons() -> None:
    text = summary(sample.showcase())
    assert text.startswith("# 24 results: 8 reproduced, 13 not reproduced, 3 inconclusive\n")
    assert "1 fixed ticket has its symptom back." in text
    rows = [line for line in text.splitlines() if line.startswith(("| 🔴", "| 🟢", "| 🟡"))]
    assert len(rows) == 24 and "**(is back)**" in rows[0] and "[SUP-1311](https://tickets.example.com/SUP-1423)" in rows[0]


def test_the_summary_stays_below_a_mebibyte_and_keeps_what_matters_most() -> None:
    long = "🐛" * 2000
    results = [sample.result(f"k{n}", reason=long, title=long) for n in range(3000)]
    text = summary(sample.record(*results, sample.result("last", Outcome.INCONCLUSIVE, title="Look here")))
    assert len(text.encode("utf-8")) < 1024 * 1024
    assert "Look here" in text and re.search(r"[\d,]+ more results are in `report.html`", text)


def test_a_verdict_holds_what_a_ticket_needs() -> None:
    result = sample.full_result()
    text = verdict(sample.run(), result)
    for part in (
        "## 🔴 Reproduced: Dashboard stays blank for EU tenants",
        "[SUP-1423](https://tickets.example.com/SUP-1423)",
        "Edge case",
        "Seen in 3 of 5 attempts (60%; 95% interval 23% to 88%).",
        "- acme-eu: reproduced 3/5\n- baseline: not reproduced 0/5",
        "| `settings.integrations.crm.region` | `eu` | `us` | **triggers it** customer can change it |",
        "### Steps (attempt 2)",
        "- Setup 1: `use: login` done\n- Setup 1.1: ",
        '- Step 3: `click: tab "Revenue"` done\n',
        "Ended because the symptom was seen",
        "- exception: `TypeError: region.currency is undefined`",
        "version `2026.1.4+9c1f2e7`",
        "Configuration: `c1:7f3e9b2a44d0`, read back",
        "```sh\nrepro run scenarios/dashboard/blank-for-eu.yaml --customer acme-eu --attempts 5\n```",
        "- `attempt-2/deciding.png`\n- `attempt-2/trace.zip`\n- `attempt-2/console.jsonl`\n",
    ):
        assert part in text, part


def test_a_hostile_verdict_makes_no_markup_and_fits_a_ticket(hostile: Path) -> None:
    for file in [hostile / "summary.md", *hostile.glob("*/verdict.md")]:
        text = file.read_text(encoding="utf-8")
        html = as_read(text)
        assert "<script" not in html and "<img" not in html and "javascript:" not in re.findall(r'href="([^"]*)"', html)
        assert not [link for link in re.findall(r'href="([^"]*)"', html) if not link.startswith("https://")]
        assert "\x1b" not in text and "\u202e" not in text and len(text) < 60_000


def test_an_empty_run() -> None:
    assert "Nothing was run." in summary(sample.record())


def test_the_browser_is_named_where_only_the_run_knows_it() -> None:
    record = sample.record(sample.result(attempts=(sample.attempt(browser=""),)))
    assert "- Browser: `chromium 141.0.7390.37`" in verdict(record.run, record.results[0])
