"""`repro import`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.cli import options

Files = Annotated[
    list[Path], typer.Argument(help="Recordings of DevTools or codegen, and at most one HAR file.", show_default=False, metavar="FILE…")
]
File = Annotated[
    Path | None, typer.Option("--output", "-o", help="The scenario's file; imported/NAME.yaml when left out.", show_default=False)
]
Customer = Annotated[
    str | None, typer.Option("--customer", "-c", help="The customer; one that is not there yet is made.", show_default=False)
]
Tenant = Annotated[str | None, typer.Option("--tenant", help="The tenant on staging of a customer that is made.", show_default=False)]
After = Annotated[str | None, typer.Option("--after", help="Run this flow first; it becomes the setup.", show_default=False)]
Title = Annotated[str | None, typer.Option("--title", help="What is wrong, in one line.", show_default=False)]
Ticket = Annotated[str | None, typer.Option("--ticket", help="The ticket's id or URL.", show_default=False)]
Report = Annotated[str | None, typer.Option("--report", help="The customer's own words.", show_default=False)]
Symptom = Annotated[str | None, typer.Option("--symptom", help="What they saw, as a condition: 'visible: alert'.", show_default=False)]
Expected = Annotated[str | None, typer.Option("--expected", help="What they should have seen instead, as a condition.", show_default=False)]
Mocks = Annotated[bool, typer.Option("--mocks", help="Replay the HAR file's traffic, without secrets.")]
Force = Annotated[bool, typer.Option("--force", help="Write over files that are there.")]


def import_(
    files: Files,
    output: File = None,
    customer: Customer = None,
    environment: options.Environment = None,
    tenant: Tenant = None,
    after: After = None,
    title: Title = None,
    ticket: Ticket = None,
    report: Report = None,
    symptom: Symptom = None,
    expected: Expected = None,
    mocks: Mocks = False,
    force: Force = False,
) -> None:
    """Make a scenario and a customer of what a customer sent: a recording, a HAR file."""
    from harness.importers.bring import Asked, bring

    asked = Asked(
        tuple(files), output, customer, environment, tenant, after, title, ticket, report, symptom, expected, mocks=mocks, force=force
    )
    brought = bring(asked, os.environ)
    for sentence in brought.unsaid:
        print(f"not carried over: {sentence}", file=sys.stderr)
    for path in brought.paths:
        print(f"imported: {path}")
    for sentence in brought.to_do:
        print(f"  to do: {sentence}")
    scenarios = " ".join(str(path) for path in brought.paths if path.suffix == ".yaml" and path.parent.name != "customers")
    print(f"next: repro validate {scenarios}\n      repro run {scenarios}")
