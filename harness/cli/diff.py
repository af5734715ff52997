"""`repro diff`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from harness.cli import options
from harness.core.exits import Exit

if TYPE_CHECKING:
    from harness.record.model import Record, Result
    from harness.verdict.changes import Change, Name


@dataclass(frozen=True)
class Compared:
    """What became of each result, and the results of both runs by the names under which they were compared."""

    changes: Sequence[Change]
    old: dict[Name, Result]
    new: dict[Name, Result]


def diff(
    before: str = typer.Argument(help="The earlier run: its id, the beginning of one, or its folder."),
    after: str = typer.Argument(None, help="The later run; the newest when left out.", show_default=False),
    reports: options.Reports = None,
    json: options.AsJson = False,
) -> None:
    """Compare two runs: what came back, was fixed, is new, still there or no longer decidable. Exits with 1 when something came back, else
    with 3 when something is undecided now."""
    from harness import workflow
    from harness.record.store import find_run, read_record

    place = workflow.default_reports(reports, os.environ)
    old, new = read_record(find_run(place, before)), read_record(find_run(place, after))
    if environments := _elsewhere(old, new):
        print(f"note: the runs were made in different environments, {environments}", file=sys.stderr)
    found = compared(old, new, apart=not environments)
    (_print_json if json else _print)(found)
    raise typer.Exit(int(exit_of(found.changes)))


def _elsewhere(old: Record, new: Record) -> str:
    """Both environments, where each run has one and they differ; then results are compared without regard to it."""
    one, other = ({result.environment for result in record.results} for record in (old, new))
    return f"{one.pop()} and {other.pop()}" if len(one) == len(other) == 1 and one != other else ""


def compared(old: Record, new: Record, apart: bool = True) -> Compared:
    """Every result of either run; `apart` keeps different environments apart."""
    from harness.verdict.changes import changes

    one, other = (
        {(each.scenario, each.customer, each.environment if apart else ""): each for each in record.results} for record in (old, new)
    )
    verdicts = ({name: result.verdict for name, result in results.items()} for results in (one, other))
    return Compared(changes(*verdicts), one, other)


def exit_of(found: Sequence[Change]) -> Exit:
    """What is worst decides."""
    from harness.verdict.changes import Became

    became = {change.became for change in found}
    if Became.CAME_BACK in became:
        return Exit.VERDICT
    return Exit.INCONCLUSIVE if became & {Became.UNDECIDABLE, Became.UNDECIDED} else Exit.AS_EXPECTED


def _print(found: Compared) -> None:
    from collections import Counter

    from harness.report.text import one_line
    from harness.verdict.changes import Became

    for change in found.changes:
        if change.became is Became.SAME:
            continue
        scenario, customer, environment = change.name
        result = found.new.get(change.name) or found.old[change.name]
        where = ", ".join(part for part in (customer, environment) if part)
        print(f"{change.became}\t{one_line(f'{scenario} [{where}]', 200)}\t{one_line(result.reason, 200)}")
    counts = Counter(change.became for change in found.changes)
    print(", ".join(f"{counts[each]} {each}" for each in Became if counts[each]) or "neither run has a result")


def _print_json(found: Compared) -> None:
    import json

    for change in found.changes:
        scenario, customer, _ = change.name
        old, new = found.old.get(change.name), found.new.get(change.name)
        line = {"became": str(change.became), "scenario": scenario, "customer": customer}
        line |= {"environment": (new or found.old[change.name]).environment}
        line |= {"before": change.before and str(change.before), "after": change.after and str(change.after)}
        line |= {"reason_before": old.reason if old else None, "reason_after": new.reason if new else None}
        print(json.dumps(line, ensure_ascii=False))
