"""`repro shrink`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.cli import options

Into = Annotated[Path | None, typer.Option("--output", "-o", help="Write what is left into this file.", show_default=False)]
Write = Annotated[bool, typer.Option("--write", help="Write what is left into the scenario's own file.")]


def shrink(
    scenario: options.Scenario,
    output: Into = None,
    write: Write = False,
    environment: options.Environment = None,
    customer: options.Customers = None,
    control: options.Control = None,
    confidence: options.Confidence = 0.95,
    probes: int = typer.Option(60, "--probes", min=1, help="At most so many different scenarios."),
    minutes: float = typer.Option(30.0, "--minutes", min=0.1, help="Begin no further probe after so many minutes."),
) -> None:
    """Leave out the steps that the symptom does not need, and show what is left as a diff."""
    from harness import shrink as shrinking
    from harness import workflow
    from harness.diagnostics import problem
    from harness.run.bisect import Limits

    if output is not None and write:
        raise problem("wrong-value", "--write and --output exclude each other", "--write is for the scenario's own file")
    if output is not None and output.exists():
        raise problem("file-exists", f"{output} is there already", "name another file")
    asked = workflow.Options(
        paths=(scenario,), environments=(environment,) if environment else (), customers=tuple(customer or ()), control=control,
        command=("repro", *sys.argv[1:]),
    )  # fmt: skip
    limits = Limits(confidence, probes, minutes)
    shrunk = shrinking.shrink(asked, workflow.World(), limits, lambda text: print(text, file=sys.stderr, flush=True))
    print(shrunk.sentence)
    if shrunk.diff:
        print(f"\n{shrunk.diff}", end="")
    if shrunk.diff and not shrunk.exit and (write or output is not None):
        shrinking.write(shrunk, output or shrunk.path)
        print(f"\nwritten: {output or shrunk.shown}")
    raise typer.Exit(int(shrunk.exit))
