"""Scenarios against the customers and environments they were run with: shown when any was run with more than one. No markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.record.model import Record, Result
from harness.report.links import href, result_folder

MOST_ROWS = 300
MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario, and its results in the order of the matrix's columns; None where it was not run."""

    title: str
    scenario: str
    cells: tuple[tuple[str, Result] | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`columns` are customers, with the environment where there are several; `left_out` counts what was too much to show."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int


def matrix(record: Record) -> Matrix | None:
    """The matrix, or None when every scenario was run once."""
    by_scenario: dict[str, list[Result]] = {}
    for result in record.results:
        by_scenario.setdefault(result.scenario, []).append(result)
    several = {scenario: results for scenario, results in by_scenario.items() if len(results) > 1}
    if not several:
        return None
    names = _Names(len({result.environment for result in record.results}) > 1)
    columns = tuple(dict.fromkeys(names(result) for results in several.values() for result in results))[:MOST_COLUMNS]
    rows = tuple(_row(results, columns, names) for results in list(several.values())[:MOST_ROWS])
    return Matrix(columns, rows, max(0, len(several) - MOST_ROWS))


@dataclass(frozen=True)
class _Names:
    with_environment: bool

    def __call__(self, result: Result) -> str:
        customer = result.customer or "no customer"
        return f"{customer} on {result.environment}" if self.with_environment else customer


def _row(results: Sequence[Result], columns: Sequence[str], names: _Names) -> Row:
    by_column = {names(result): result for result in results}
    cells = (by_column.get(column) for column in columns)
    found = tuple((href(f"{result_folder(cell.key)}/index.html") or "", cell) if cell is not None else None for cell in cells)
    return Row(results[0].title, results[0].scenario, found)
