"""`repro schema`."""

from __future__ import annotations

import json

import typer

KINDS = ("scenario", "flow", "customer", "environment", "workspace", "results")


def schema(kind: str = typer.Argument("scenario", help=f"Of what: {', '.join(KINDS)}.")) -> None:
    """Print the JSON Schema (2020-12) for editors."""
    from harness.diagnostics import problem
    from harness.scenario.nearest import hint_among

    if kind not in KINDS:
        raise problem("unknown-schema", f"there is no schema of `{kind}`", hint_among(kind, KINDS))
    if kind == "results":
        from harness.record.schema import schema_text

        print(schema_text(), end="")
        return
    from harness.scenario.schema import schema_of

    print(json.dumps(schema_of(kind), indent=2, ensure_ascii=False))
