"""`repro restore`."""

from __future__ import annotations

import sys

import typer

from harness.core.exits import Exit


def restore() -> None:
    """Put back what a run that was killed left changed on staging."""
    from harness.restore import restore_all
    from harness.workflow import World

    outcomes = restore_all(World())
    for outcome in outcomes:
        print(
            f"{'restored' if outcome.problem is None else 'failed  '}  {outcome.environment}  {outcome.customer}"
            + (f"  {outcome.problem}" if outcome.problem else "")
        )
    if not outcomes:
        print("nothing is left to be put back", file=sys.stderr)
    if any(outcome.problem for outcome in outcomes):
        raise typer.Exit(int(Exit.INCONCLUSIVE))
