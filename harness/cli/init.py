"""`repro init`."""

from __future__ import annotations

from pathlib import Path

import typer


def init(folder: Path = typer.Argument(Path("scenarios"), help="Where the workspace is made.")) -> None:
    """Make a workspace: one environment, one customer, a login flow and one scenario, all commented."""
    from harness.cli.templates import write_workspace

    for path in write_workspace(folder):
        print(path)
    print(f"\nNext: set base_url in {folder / 'environments/staging.yaml'}, then: repro validate {folder}")
