"""The files of a new workspace."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from harness.diagnostics import problem

RENAMED = {"env.example": ".env.example", "gitignore": ".gitignore"}


def write_workspace(folder: Path) -> list[Path]:
    """Writes a commented workspace into `folder`; gives its files. Raises Problems, and writes nothing, when one is there."""
    source = files("harness.cli") / "workspace_template"
    planned = [(folder / path, text) for path, text in _read(source, Path())]
    there = [target for target, _ in planned if target.exists()]
    if there:
        raise problem("workspace-exists", f"{there[0]} is there already", "choose another folder: repro init FOLDER")
    try:
        for target, text in planned:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise problem("unwritable-reports", f"{folder} can't be written: {error.strerror}") from None
    return [target for target, _ in planned]


def _read(source: Traversable, below: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for entry in sorted(source.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            found += _read(entry, below / entry.name)
        else:
            found.append((below / RENAMED.get(entry.name, entry.name), entry.read_text(encoding="utf-8")))
    return found
