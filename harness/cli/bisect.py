"""`repro bisect`."""

from __future__ import annotations

import os
import sys

import typer

from harness.cli import options
from harness.core.exits import Exit


def bisect(
    scenario: options.Scenario,
    environment: options.Environment = None,
    customer: options.Customers = None,
    control: options.Control = None,
    confidence: options.Confidence = 0.95,
    probes: int = typer.Option(100, "--probes", min=1, help="At most so many configurations."),
    minutes: float = typer.Option(30.0, "--minutes", min=0.1, help="Begin no further probe after so many minutes."),
    workers: options.Workers = None,
    reports: options.Reports = None,
) -> None:
    """Find the smallest set of settings that triggers the symptom, between the customer's configuration and the baseline's."""
    from harness import triage, workflow
    from harness.run.bisect import Limits

    asked = workflow.Options(
        paths=(scenario,), environments=(environment,) if environment else (), customers=tuple(customer or ()), control=control,
        workers=workers, reports=reports, trace="off",
        command=("repro", *sys.argv[1:]),
    )  # fmt: skip
    finished, sentence = triage.bisect(
        asked,
        workflow.World(),
        Limits(confidence, probes, minutes, workers or os.cpu_count() or 1),
        lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(sentence)
    print(f"report: {finished.report}")
    bisected = finished.short.results[0].bisected
    raise typer.Exit(int(Exit.AS_EXPECTED) if bisected is not None else int(Exit.INCONCLUSIVE))
