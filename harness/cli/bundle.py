"""`repro bundle`."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from harness.cli import options
from harness.diagnostics import problem

HERE = Path()


def bundle(
    run: str = typer.Argument(None, help="A run's id, the beginning of one, or its folder; the newest when left out.", show_default=False),
    scenario: str = typer.Option(None, "--scenario", "-s", help="Which scenario of the run, where it has several."),
    customer: str = typer.Option(None, "--customer", "-c", help="Which customer, where there are several."),
    environment: str = typer.Option(None, "--environment", "-e", help="Which environment, where there are several."),
    output: options.Output = HERE,
    max_size: str = typer.Option(
        None, "--max-size", help="The most that either file may take: 10MB, 500KB. The least telling is left out."
    ),
    reports: options.Reports = None,
    json: options.AsJson = False,
) -> None:
    """Make one ticket's evidence into a page that stands alone and an archive with everything behind it."""
    from harness import workflow
    from harness.record.store import find_run, read_record
    from harness.report.bundle import choose, make_bundle, shown_size

    folder = find_run(workflow.default_reports(reports, os.environ), run)
    record = read_record(folder)
    place = choose(record, scenario, customer, environment)
    made = make_bundle(folder, record, place, output, size_of(max_size), workflow.set_secrets(os.environ))
    if json:
        print_json(made.html, made.zip, made.dropped)
        return
    for path in (made.html, made.zip):
        print(f"{path}  {shown_size(path.stat().st_size)}")
    if made.dropped:
        print(f"left out for its size: {', '.join(made.dropped)}")
    print("searched for secrets: none found")


def print_json(html: Path, archive: Path, dropped: tuple[str, ...]) -> None:
    """One object on one line."""
    import json

    print(json.dumps({"html": str(html), "zip": str(archive), "left_out": list(dropped)}))


def size_of(text: str | None) -> int | None:
    """A size as the option gives it. Raises Problems."""
    from harness.report.bundle import parse_size

    try:
        return None if text is None else parse_size(text)
    except ValueError as error:
        raise problem("wrong-size", str(error), "write 10MB, 500KB or a number of bytes") from None
