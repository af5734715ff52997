"""`repro diff`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from harness.cli import options
from harness.core.exits import Exit

if TYPE_CHECKING:
    from harness.record.model import Outcome, Record, Result
    from harness.verdict.changes import Change, Name


def diff(
    before: str = typer.Argument(help="The earlier run: its id, the beginning of one, or its folder."),
    after: str = typer.Argument(None, help="The later run; the newest when left out.", show_default=False),
    reports: options.Reports = None,
    json: options.AsJson = False,
) -> None:
    """Compare two runs: what came back, was fixed, is new, still there or no longer decidable. Exits with 1 when something came back."""
    from harness import workflow
    from harness.record.store import find_run, read_record
    from harness.verdict.changes import Became, changes

    place = workflow.default_reports(reports, os.environ)
    old, new = read_record(find_run(place, before)), read_record(find_run(place, after))
    found = changes(_verdicts(old), _verdicts(new))
    (_print_json if json else _print)(found, _results(old), _results(new))
    raise typer.Exit(int(Exit.VERDICT if any(change.became is Became.CAME_BACK for change in found) else Exit.AS_EXPECTED))


def _results(record: Record) -> dict[Name, Result]:
    return {(result.scenario, result.customer, result.environment): result for result in record.results}


def _verdicts(record: Record) -> dict[Name, Outcome]:
    return {name: result.verdict for name, result in _results(record).items()}


def _print(found: Sequence[Change], old: dict[Name, Result], new: dict[Name, Result]) -> None:
    from collections import Counter

    from harness.report.text import one_line
    from harness.verdict.changes import Became

    for change in found:
        if change.became is Became.SAME:
            continue
        scenario, customer, _ = change.name
        result = new.get(change.name) or old[change.name]
        print(f"{change.became}\t{scenario} [{customer or '-'}]\t{one_line(result.reason, 200)}")
    counts = Counter(change.became for change in found)
    print(", ".join(f"{counts[each]} {each}" for each in Became if counts[each]) or "neither run has a result")


def _print_json(found: Sequence[Change], old: dict[Name, Result], new: dict[Name, Result]) -> None:
    import json

    for change in found:
        scenario, customer, environment = change.name
        line = {"became": str(change.became), "scenario": scenario, "customer": customer, "environment": environment}
        line |= {"before": change.before and str(change.before), "after": change.after and str(change.after)}
        print(json.dumps(line, ensure_ascii=False))
