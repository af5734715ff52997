"""`repro init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(folder: Annotated[Path, typer.Argument(help="Where the workspace is made.")] = Path("scenarios")) -> None:
    """Make a workspace: one environment, one customer, a login flow and one scenario, all commented."""
    from harness.cli.templates import write_workspace

    for path in write_workspace(folder):
        print(path)
    print(f"\nNext: set base_url in {folder / 'environments/staging.yaml'}, then: repro validate {folder}")
