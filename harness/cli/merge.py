"""`repro merge`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.cli import options
from harness.diagnostics import problem

Runs = Annotated[list[Path], typer.Argument(help="Folders of runs, or folders that hold some: shards, reruns, a run that was killed.")]


def merge(runs: Runs, reports: options.Reports = None, fail_on: options.FailOn = None, json: options.AsJson = False) -> None:
    """Merge shards, reruns and killed runs into one run with one report."""
    from harness import workflow
    from harness.cli.choices import verdicts
    from harness.cli.progress import Progress, print_record
    from harness.merge import merge as merged

    named = verdicts(fail_on)
    place = workflow.default_reports(reports, os.environ)
    folders = [path if path.exists() else place / path for path in runs]
    for path in folders:
        if not path.is_dir():
            raise problem("no-such-run", f"there is no folder {path}", "name folders of runs, or one that holds them")
    finished = merged(folders, place, workflow.World(), ("repro", *sys.argv[1:]))
    if json:
        Progress(json=True).finished(finished.short, finished.folder)
    else:
        for note in finished.short.run.notes:
            print(f"note: {note}", file=sys.stderr)
        print_record(finished.short, finished.report)
    raise typer.Exit(int(workflow.exit_of(finished, named)))
