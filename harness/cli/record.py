"""`repro record`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.cli import options
from harness.core.exits import Exit

Address = Annotated[
    str | None, typer.Argument(help="The path to begin at; the front page when left out.", show_default=False, metavar="[PATH]")
]
File = Annotated[Path, typer.Option("--output", "-o", help="The scenario's file, in the workspace.", show_default=False)]
Customer = Annotated[str | None, typer.Option("--customer", "-c", help="Record as this customer.", show_default=False)]
After = Annotated[str | None, typer.Option("--after", help="Run this flow first; it becomes the setup.", show_default=False)]
Title = Annotated[str | None, typer.Option("--title", help="What is wrong, in one line.", show_default=False)]
Ticket = Annotated[str | None, typer.Option("--ticket", help="The ticket's id or URL.", show_default=False)]
Report = Annotated[str | None, typer.Option("--report", help="The customer's own words.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
Headless = Annotated[bool, typer.Option("--headless", help="Without a window; somebody acts through --cdp-port.")]
CdpPort = Annotated[
    int | None, typer.Option("--cdp-port", min=1024, max=65535, help="Let DevTools on this machine in here.", show_default=False)
]


def record(
    output: File,
    address: Address = None,
    customer: Customer = None,
    environment: options.Environment = None,
    after: After = None,
    title: Title = None,
    ticket: Ticket = None,
    report: Report = None,
    force: Force = False,
    headless: Headless = False,
    cdp_port: CdpPort = None,
) -> None:
    """Record a scenario: act in the customer's browser, mark the symptom, close the window."""
    from harness import workflow
    from harness.recording.draft import left_to_do
    from harness.recording.record import Asked
    from harness.recording.record import record as make

    asked = Asked(output, customer, environment, after, address, title, ticket, report, force, headless, cdp_port)
    finished = make(asked, workflow.World(), lambda line: print(line, file=sys.stderr, flush=True))
    if finished.path is None:
        print("nothing was recorded, and no file was written", file=sys.stderr)
        raise typer.Exit(int(Exit.INCONCLUSIVE))
    print(f"recorded: {finished.path}")
    for sentence in left_to_do(finished.draft):
        print(f"  to do: {sentence}")
    print(f"next: repro validate {finished.path}\n      repro run {finished.path}")
