"""The table on a terminal and the lines in a pipe; nothing from a record reaches the terminal as a command to it."""

from __future__ import annotations

import io

from rich.console import Console

from harness.record.model import Record
from harness.report.terminal import print_table

from . import hostility, sample


def printed(record: Record, terminal: bool, width: int = 100) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=width, color_system=None, legacy_windows=False)
    print_table(record, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_pipe_gets_a_line_a_result_and_the_counts() -> None:
    lines = printed(sample.showcase(), terminal=False).splitlines()
    assert len(lines) == 26
    fields = lines[0].split("\t")
    assert fields[:4] == ["reproduced", "dashboard/blank-for-eu [acme-eu]", "edge_case", "3/5"]
    assert fields[4].startswith("The symptom was seen")
    assert lines[-1] == "24 results: 8 reproduced, 13 not reproduced, 3 inconclusive"


def test_a_terminal_gets_a_table_with_reasons() -> None:
    text = printed(sample.record(sample.full_result()), terminal=True)
    assert "Verdict" in text and "dashboard/blank-for-eu [acme-eu]" in text and "Edge case" in text
    assert 'status "Loading" was visible' in text


def test_hostile_text_is_neither_markup_nor_control() -> None:
    for terminal in (True, False):
        text = printed(hostility.hostile_record(), terminal)
        assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text and "<script>" in text
    assert "[bold]x[/bold]" in printed(sample.record(sample.result(reason="[bold]x[/bold]")), terminal=True)


def test_a_long_run_shows_what_needs_attention() -> None:
    text = printed(sample.many(1000), terminal=True)
    assert "800 more are in the report." in text and len(text.splitlines()) < 1000


def test_an_empty_run() -> None:
    assert printed(sample.record(), terminal=True) == "0 results\n"
