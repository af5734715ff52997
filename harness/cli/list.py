"""`repro list`."""

from __future__ import annotations

import json as json_module
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from harness.cli import options

KINDS = ("scenarios", "customers", "flows", "environments")
COLUMNS = {
    "scenarios": ("id", "status", "area", "customer", "title"),
    "customers": ("id", "tenant", "baseline", "name"),
    "flows": ("id", "title"),
    "environments": ("id", "base_url", "name"),
}
Kind = Annotated[str, typer.Option("--kind", help=f"What to list: {', '.join(KINDS)}.")]


def list_(paths: options.Paths = None, tag: options.Tag = None, kind: Kind = "scenarios", json: options.AsJson = False) -> None:
    """List scenarios (id, status, area, customer, title), or the customers, flows and environments that they use."""
    from harness import workflow
    from harness.cli.choices import one_of
    from harness.plan.select import tags_fit
    from harness.scenario import overview

    one_of("--kind", kind, KINDS)
    checked = workflow.check(workflow.Options(paths=tuple(paths or ())), os.environ)
    workspace = checked.workspace
    makers = {"customers": overview.customer_rows, "flows": overview.flow_rows, "environments": overview.environment_rows}
    chosen = [scenario for scenario in checked.scenarios if tags_fit(scenario, tag)]
    rows = makers[kind](workspace) if kind in makers else overview.scenario_rows(chosen, workspace)
    if json:
        print(json_module.dumps(rows, indent=2, ensure_ascii=False))
        return
    print_table(rows, COLUMNS[kind])
    if not rows:
        what = kind.removesuffix("s")
        print(f"no {what} below {workspace.shown_root}" + (f" fits `{tag}`" if tag else ""), file=sys.stderr)
    if checked.errors:
        print(f"{len(checked.errors)} errors: `repro validate` shows them", file=sys.stderr)


def print_table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    """The columns as wide as their longest value, the last one open."""
    widths = {key: max((len(str(row[key])) for row in rows), default=0) for key in columns[:-1]}
    for row in rows:
        print("  ".join([*(str(row[key]).ljust(width) for key, width in widths.items()), str(row[columns[-1]])]))
