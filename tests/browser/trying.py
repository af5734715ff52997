"""Runs a scenario text against a base URL in a real browser, as a user would, and gives its result."""

from __future__ import annotations

from pathlib import Path

from harness import workflow
from harness.record.model import Result


def workspace(folder: Path, base_url: str, scenario: str, environment: str = "") -> Path:
    """A workspace with one scenario; gives its folder."""
    root = folder / "scenarios"
    (root / "environments").mkdir(parents=True, exist_ok=True)
    (root / "repro.yaml").write_text("environment: local\n")
    (root / "environments" / "local.yaml").write_text(f"base_url: {base_url}\n{environment}")
    (root / "case.yaml").write_text(scenario)
    return root


def run(folder: Path, base_url: str, scenario: str, environment: str = "", **options: object) -> Result:
    """The one result."""
    root = workspace(folder, base_url, scenario, environment)
    world = workflow.World(environ={"PATH": "/usr/bin:/bin:/usr/local/bin", "REPRO_STATE": str(folder / "state")})
    asked = workflow.Options(paths=(root,), reports=folder / "reports", workers=1, **options)  # type: ignore[arg-type]
    return workflow.run(asked, world, lambda event: None, lambda plan, where: None).record.results[0]
