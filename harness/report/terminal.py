"""The verdicts as a table for the terminal, or as plain lines for a pipe. Rich only lays out: text from a record is never markup."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.core.durations import format_duration
from harness.record.model import Outcome, Record, Result
from harness.report import words
from harness.report.text import one_line

MAX_ROWS = 200
_PROOFS = {"proven": "green", "refuted": "bold red", "open": "yellow"}
_STYLES = {Outcome.REPRODUCED: "bold red", Outcome.NOT_REPRODUCED: "green", Outcome.INCONCLUSIVE: "yellow"}


def print_table(record: Record, console: Console) -> None:
    """Print a row a result with its reason, in the order planned, then the counts.

    On a terminal more than 200 results are cut to those that need attention; a pipe gets every one, each on a line, fields between tabs.
    """
    if not console.is_terminal:
        _print_lines(record, console)
    elif record.results:
        _print_rows(record, console)
    for result in record.results:
        if result.proof:
            _line(console, Text(one_line(f"{words.full_name(result)}: {result.proof.sentence}", 1000), style=_PROOFS[result.proof.answer]))
    for notice in words.notices(record):
        _line(console, Text(one_line(notice), style="yellow"))
    _line(console, Text(words.counts_sentence(record), style="bold"))


def _print_lines(record: Record, console: Console) -> None:
    """Past Rich, which would turn tabs into spaces; what the pipe's encoding lacks becomes a question mark."""
    encoding = console.encoding or "utf-8"
    for result in record.results:
        console.file.write(_plain(result).encode(encoding, "replace").decode(encoding) + "\n")


def _print_rows(record: Record, console: Console) -> None:
    shown = _chosen(record.results)
    console.print(_table(shown))
    left = len(record.results) - len(shown)
    if left:
        _line(console, Text(f"{left:,} more are in the report.", style="dim"))


def _chosen(results: Sequence[Result]) -> Sequence[Result]:
    if len(results) <= MAX_ROWS:
        return results
    return [result for result in results if words.needs_attention(result)][:MAX_ROWS]


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Scenario and reason", ratio=1, overflow="fold")
    table.add_column("Class", no_wrap=True)
    table.add_column("Rate", no_wrap=True, justify="right")
    table.add_column("Took", no_wrap=True, justify="right")
    for result in results:
        rate, took = words.rate_short(result.rate), format_duration(result.duration_ms)
        table.add_row(_verdict(result), _what(result), _kind(result), rate, took)
    return table


def _verdict(result: Result) -> Text:
    text = Text(words.VERDICT[result.verdict], style=_STYLES[result.verdict])
    return text.append("\nit is back", style="bold red") if words.is_regression(result) else text


def _what(result: Result) -> Text:
    text = Text(one_line(words.full_name(result), 200), style="bold")
    return text.append("\n" + one_line(result.reason, 400), style="not bold dim")


def _kind(result: Result) -> str:
    return words.CLASSIFICATION[result.classification] if result.classification else ""


def _plain(result: Result) -> str:
    kind, rate = str(result.classification or "-"), words.rate_short(result.rate) or "-"
    return "\t".join(one_line(field, 1000) for field in (str(result.verdict), words.full_name(result), kind, rate, result.reason))


def _line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True, highlight=False)
