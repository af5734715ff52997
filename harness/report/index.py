"""What the run's index shows: counts, and a row a result as plain data that the page's script renders in pieces. No markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.record.model import Record, Result
from harness.report import words
from harness.report.links import href, result_folder
from harness.report.text import one_line

FALLBACK_ROWS = 500
COLUMNS = (
    *("href", "verdict", "title", "scenario", "ticket", "area", "customer", "classification"),
    *("rate", "share", "ms", "note", "reason", "tags"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A verdict with its number, and where its part of the bar begins."""

    key: str
    label: str
    number: int
    start: int


@dataclass(frozen=True, slots=True)
class Index:
    """`data` goes into the page as JSON; `fallback` are the rows shown where no script runs, what needs attention first."""

    tiles: tuple[Tile, ...]
    attention: int
    data: dict[str, Any]
    fallback: tuple[tuple[str, Result], ...]


def index(record: Record) -> Index:
    """The index of a run, rows in the order of urgency."""
    ordered = words.attention_order(record.results)
    return Index(
        tiles=_tiles(record),
        attention=sum(map(words.needs_attention, ordered)),
        data={"columns": COLUMNS, "rows": [_row(result) for result in ordered]},
        fallback=tuple((_link(result), result) for result in ordered[:FALLBACK_ROWS]),
    )


def _tiles(record: Record) -> tuple[Tile, ...]:
    tiles, start = [], 0
    for outcome, number in words.counts(record).items():
        tiles.append(Tile(str(outcome), words.VERDICT[outcome], number, start))
        start += number
    return tuple(tiles)


def _link(result: Result) -> str:
    return href(f"{result_folder(result.key)}/index.html") or ""


def _row(result: Result) -> list[str | int | float]:
    """The cells of COLUMNS. `note` is empty, `attention` or `regression`; `share` is the rate as a number, -1 without one."""
    rate = result.rate
    note = "regression" if words.is_regression(result) else "attention" if words.needs_attention(result) else ""
    return [
        _link(result),
        str(result.verdict),
        one_line(result.title, 300),
        one_line(result.scenario, 300),
        one_line(result.ticket or "", 100),
        one_line(result.area or "", 100),
        one_line(result.customer or "", 100),
        words.CLASSIFICATION[result.classification] if result.classification else "",
        words.rate_short(rate),
        round(rate.reproduced / rate.decided, 4) if rate.decided else -1,
        result.duration_ms,
        note,
        one_line(result.reason, 280),
        one_line(" ".join(result.tags), 200),
    ]
