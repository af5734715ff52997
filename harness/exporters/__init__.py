"""Scenarios as scripts that run without the harness: pytest-playwright, Playwright Test, plain Python. Pure: a case becomes text."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from harness.plan.model import Case

TARGETS = ("pytest", "playwright-test", "playwright-python")
"""What a scenario can be exported to."""


@dataclass(frozen=True)
class Exported:
    """A script. `unsupported` is what it can't say, and fails at; `files` are those of the workspace that it needs beside it."""

    text: str
    unsupported: tuple[str, ...]
    files: tuple[str, ...]


def file_name(case: Case, target: str) -> str:
    """What a script of the case is usually called."""
    from harness.exporters.making import identifier

    name = identifier(case.scenario.id)
    return {"pytest": f"test_{name}.py", "playwright-test": f"{name.replace('_', '-')}.spec.ts", "playwright-python": f"{name}.py"}[target]


def export(case: Case, target: str, name: str) -> Exported:
    """The case as a script for one of TARGETS; `name` is its file's, for the command in its head. Raises TemplateError for a reference
    that has no value."""
    from harness.exporters.script import script_of

    module = import_module(f"harness.exporters.{target.replace('-', '_')}")
    script = script_of(case, getattr(module, "CAN", frozenset()))
    return Exported(module.write(script, name), script.unsupported, script.files)
