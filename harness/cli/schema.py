"""`repro schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

KINDS = ("scenario", "flow", "customer", "environment", "workspace", "results")
Kind = Annotated[str, typer.Argument(help=f"Of what: {', '.join(KINDS)}.")]
Folder = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write all of them into this folder, as scenario.json and so on.", show_default=False)
]


def schema(kind: Kind = "scenario", output: Folder = None) -> None:
    """Print the JSON Schema (2020-12) for editors, or write all of them into a folder."""
    from harness.diagnostics import problem
    from harness.scenario.nearest import hint_among

    if kind not in KINDS:
        raise problem("unknown-schema", f"there is no schema of `{kind}`", hint_among(kind, KINDS))
    if output is None:
        print(_text(kind), end="")
        return
    output.mkdir(parents=True, exist_ok=True)
    for each in KINDS:
        path = output / f"{each}.json"
        path.write_text(_text(each), encoding="utf-8")
        print(path)


def _text(kind: str) -> str:
    if kind == "results":
        from harness.record.schema import schema_text

        return schema_text()
    from harness.scenario.schema import schema_of

    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"
