"""`repro show`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from harness.cli import options


def show(
    run: str = typer.Argument(None, help="A run's id, the beginning of one, or its folder; the newest when left out.", show_default=False),
    reports: options.Reports = None,
    json: options.AsJson = False,
    serve: bool | None = typer.Option(
        None, "--serve/--no-serve", help="Serve the report, with the trace viewer, until interrupted; as usual on a terminal."
    ),
    viewer: bool = typer.Option(False, "--viewer", help="Put the trace viewer beside the report, so that any web server shows its traces."),
    port: int = typer.Option(0, help="The port to serve on; any free one by default."),
) -> None:
    """Show a run again: its verdicts, its report, its traces."""
    from harness import workflow
    from harness.cli.progress import print_record
    from harness.record.store import find_run, read_record

    folder = find_run(workflow.default_reports(reports, os.environ), run)
    record = read_record(folder)
    if json:
        print((folder / "results.json").read_text(encoding="utf-8"))
        return
    if viewer:
        from harness.report.serve import place_viewer

        print(f"the trace viewer is in {place_viewer(folder)}; serve {folder} over https")
        return
    print_record(record, folder / "report.html")
    if serve if serve is not None else sys.stdout.isatty():
        from harness.report.serve import serve_folder

        serve_folder(Path(folder), port)
