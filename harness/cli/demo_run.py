"""Runs the demo's scenarios against the demo staging, both in this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from harness.cli.progress import Progress, print_record
from harness.demo import SECRETS
from harness.demo.server import FlaskMissing, serving
from harness.diagnostics import problem


def demo_scenarios() -> Path:
    """The workspace of the demo: in the repository, or as the package brings it along."""
    here = Path("scenarios")
    if (here / "repro.yaml").is_file() and (here / "billing" / "pays-too-little.yaml").is_file():
        return here
    package = Path(__file__).resolve().parent.parent
    return next(
        (folder for folder in (package / "demo" / "scenarios", package.parent / "scenarios") if (folder / "repro.yaml").is_file()), here
    )


def run_demo(workers: int | None, reports: Path | None, tag: str | None) -> int:
    """The exit code of the run."""
    from harness import workflow

    try:
        with serving() as staging:
            print(f"demo staging: {staging.base_url}", file=sys.stderr)
            secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
            world = workflow.World(environ={**secrets, **os.environ, "REPRO_VAR_DEMO_BASE_URL": staging.base_url})
            asked = workflow.Options(
                paths=(demo_scenarios(),), workers=workers, reports=reports or Path("reports"), tag=tag, command=("repro", "demo")
            )
            with Progress(json=False) as progress:
                finished = workflow.run(asked, world, progress.event, progress.began)
    except FlaskMissing as missing:
        raise problem("demo-extra", str(missing)) from None
    print_record(finished.short, finished.report)
    return int(workflow.exit_of(finished, None))
