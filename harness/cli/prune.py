"""`repro prune`."""

from __future__ import annotations

import os

import typer

from harness.cli import options


def prune(
    keep: str = typer.Option(..., "--keep", help="How long runs are kept: 30d, 12h. Older ones are removed."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would be removed."),
    reports: options.Reports = None,
) -> None:
    """Remove the reports of old runs. Nothing is ever removed unless this is asked for."""
    import shutil
    from datetime import UTC, datetime

    from harness import workflow
    from harness.core.durations import parse_duration
    from harness.diagnostics import Problems, problem
    from harness.record.store import runs_before
    from harness.report.bundle import shown_size

    try:
        kept_ms = parse_duration(keep)
    except ValueError as error:
        raise problem("wrong-value", str(error), "write --keep 30d") from None
    place = workflow.default_reports(reports, os.environ)
    old = runs_before(place, datetime.now(UTC).timestamp() - kept_ms / 1000)
    freed = sum(path.stat().st_size for folder in old for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    for folder in old:
        try:
            with workflow.alone(folder, workflow.World()):
                print(f"{'would remove' if dry_run else 'removed'} {folder}")
                if not dry_run:
                    shutil.rmtree(folder)
        except Problems as problems:
            print(f"kept {folder}: {problems.diagnostics[0].message}")
    print(f"{len(old)} {'run' if len(old) == 1 else 'runs'} older than {keep} in {place}" + (f", {shown_size(freed)}" if old else ""))
