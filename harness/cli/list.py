"""`repro list`."""

from __future__ import annotations

import json as json_module
import os
import sys

from harness.cli import options


def list_(paths: options.Paths = None, tag: options.Tag = None, json: options.AsJson = False) -> None:
    """List scenarios: id, status, area, customer, title."""
    from harness import workflow
    from harness.plan.select import tags_fit

    checked = workflow.check(workflow.Options(paths=tuple(paths or ())), os.environ)
    settings = checked.workspace.settings
    chosen = [scenario for scenario in checked.scenarios if tags_fit(scenario, tag)]
    rows = [
        {
            "id": scenario.id,
            "status": scenario.status,
            "area": scenario.area or "",
            "customer": scenario.customer or settings.customer or "",
            "ticket": scenario.ticket or "",
            "tags": list(scenario.tags),
            "title": scenario.title,
        }
        for scenario in chosen
    ]
    if json:
        print(json_module.dumps(rows, indent=2, ensure_ascii=False))
        return
    widths = {key: max((len(str(row[key])) for row in rows), default=0) for key in ("id", "status", "area", "customer")}
    for row in rows:
        print("  ".join([*(str(row[key]).ljust(width) for key, width in widths.items()), str(row["title"])]))
    if not rows:
        print(f"no scenario below {checked.workspace.shown_root}" + (f" fits `{tag}`" if tag else ""), file=sys.stderr)
    if checked.errors:
        print(f"{len(checked.errors)} errors: `repro validate` shows them", file=sys.stderr)
