"""`repro check`."""

from __future__ import annotations

import sys

import typer

from harness.cli import options


def check(
    scenario: options.Scenario,
    before: str = typer.Option(..., "--before", help="The environment in which it happens."),
    after: str = typer.Option(..., "--after", help="The environment with the fix."),
    customer: options.Customers = None,
    confidence: options.Confidence = 0.95,
    reports: options.Reports = None,
) -> None:
    """Check a fix: reproduced before, not after, each as often as the rate demands."""
    from harness import triage, workflow

    asked = workflow.Options(
        paths=(scenario,), customers=tuple(customer or ()), reports=reports, trace="off", command=("repro", *sys.argv[1:])
    )
    checked = triage.check_fix(asked, workflow.World(), before, after, confidence, lambda text: print(text, file=sys.stderr, flush=True))
    print(checked.sentence)
    print(f"report: {checked.finished.report}")
    raise typer.Exit(int(checked.exit))
