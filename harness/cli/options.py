"""The options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path] | None, typer.Argument(help="Scenario files, folders or ids; all of the workspace when left out.", show_default=False)
]
Environment = Annotated[str | None, typer.Option("--environment", "-e", help="Run against this environment.", show_default=False)]
Environments = Annotated[
    list[str] | None,
    typer.Option("--environment", "-e", help="Run against this environment; may be given several times.", show_default=False),
]
Customers = Annotated[
    list[str] | None, typer.Option("--customer", "-c", help="Run as this customer; may be given several times.", show_default=False)
]
Control = Annotated[str | None, typer.Option("--control", help="Run as this customer too, for comparison.", show_default=False)]
Attempts = Annotated[
    int | None, typer.Option("--attempts", "-n", min=1, max=10_000, help="Attempts of every scenario.", show_default=False)
]
Measure = Annotated[bool, typer.Option("--measure", help="Make all attempts, to measure the rate.")]
Workers = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, max=1000, help="Attempts at once; the cores by default.", show_default=False)
]
Tag = Annotated[
    str | None,
    typer.Option("--tag", "-t", help='Only scenarios whose tags, area or status fit: "billing and not slow".', show_default=False),
]
Shard = Annotated[str | None, typer.Option("--shard", help="Only the K-th of N parts: 1/4.", show_default=False)]
Headed = Annotated[bool, typer.Option("--headed", help="Show the browser's window.")]
Reports = Annotated[Path | None, typer.Option("--reports", help="The folder of the reports.", file_okay=True, show_default=False)]
Trace = Annotated[
    str | None,
    typer.Option("--trace", help="Which traces are kept: on, off, or decided (those that show the verdict).", show_default=False),
]
Screenshots = Annotated[str | None, typer.Option("--screenshots", help="Pictures of the steps: on or off.", show_default=False)]
FailOn = Annotated[
    str | None, typer.Option("--fail-on", help="Exit with 1 on these verdicts: reproduced,inconclusive.", show_default=False)
]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first fixed scenario that reproduces.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable lines on stdout.")]
UntilConfident = Annotated[
    float | None,
    typer.Option(
        "--until-confident", min=0.5, max=0.999, help="Attempt until the answer is known at this confidence: 0.95.", show_default=False
    ),
]
Scenario = Annotated[Path, typer.Argument(help="A scenario's file or id.", show_default=False)]
Confidence = Annotated[float, typer.Option("--confidence", min=0.5, max=0.999, help="How sure the answer has to be.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="The folder that is written into.")]
Balance = Annotated[
    Path | None,
    typer.Option("--balance", help="With --shard: an earlier run, by whose durations the shards become equally long.", show_default=False),
]
LastFailed = Annotated[bool, typer.Option("--last-failed", help="Only what was not as expected, or not decided, in the last run.")]
Prove = Annotated[bool, typer.Option("--prove", help="Check that the symptom is not seen where it should not be: with the control.")]
Fixed = Annotated[
    str | None, typer.Option("--fixed", help="With --prove: an environment in which it is mended, as a further check.", show_default=False)
]
Resume = Annotated[str | None, typer.Option("--resume", help="Go on with a run that was interrupted or killed.", show_default=False)]
