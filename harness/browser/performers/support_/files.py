"""Files that a scenario names: only those of its workspace."""

from __future__ import annotations

from pathlib import Path

from harness.run.ports import StepFailed


def workspace_file(root: Path, name: str) -> Path:
    """The file, links followed. Raises StepFailed for one that is outside the workspace or not there."""
    path = (root / name).resolve()
    if root.resolve() not in path.parents:
        raise StepFailed(f"the file {name} is outside the workspace")
    if not path.is_file():
        raise StepFailed(f"there is no file {name} in the workspace")
    return path
