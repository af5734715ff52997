"""`repro validate`."""

from __future__ import annotations

import os
import sys

import typer

from harness.cli import options
from harness.core.exits import Exit


def validate(
    paths: options.Paths = None,
    environment: options.Environment = None,
    customer: options.Customers = None,
    json: options.AsJson = False,
    github: bool = typer.Option(False, "--github", help="As annotations of GitHub Actions."),
    strict: bool = typer.Option(False, "--strict", help="Warnings count as errors."),
) -> None:
    """Check scenarios without running them: every problem of every file at once. Files of customers, environments and flows may be
    named too."""
    from harness import workflow
    from harness.diagnostics import render_json

    asked = workflow.Options(paths=tuple(paths or ()), environments=(environment,) if environment else (), customers=tuple(customer or ()))
    checked = workflow.check(asked, os.environ, whole=True)
    problems, errors = checked.problems, len(checked.problems) if strict else len(checked.errors)
    if json:
        print(render_json(problems))
    for diagnostic in [] if json else problems:
        print(diagnostic.as_github() if github else diagnostic.render(), end="\n" if github else "\n\n")
    warnings = len(problems) - len(checked.errors)
    said = _count(len(checked.errors), "error") if checked.errors else _right(len(checked.scenarios), checked.parts)
    print(f"{said}, {_count(warnings, 'warning')}", file=sys.stderr)
    if not checked.scenarios and not checked.parts and not problems:
        print(f"there is no scenario below {checked.workspace.shown_root}; `repro init` makes a first one", file=sys.stderr)
    raise typer.Exit(int(Exit.USAGE) if errors else int(Exit.AS_EXPECTED))


def _right(scenarios: int, parts: int) -> str:
    if not parts:
        return f"{_count(scenarios, 'scenario')} can be run"
    files = f"{_count(parts, 'file')} of customers, environments and flows can be used"
    return f"{_count(scenarios, 'scenario')} can be run, {files}" if scenarios else files


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
