"""The record as JSON Schema 2020-12, for programs that read `results.json`. Derived from the model, never written by hand.

`python -m harness.record.schema > docs/results.schema.json` renews the copy in the documentation.
"""

from __future__ import annotations

import json
from typing import Any

from harness.record.model import SCHEMA_VERSION, Record


def record_schema() -> dict[str, Any]:
    """The JSON Schema of `results.json` in its current version."""
    body = Record.model_json_schema(mode="validation")
    body["title"] = f"results.json, version {SCHEMA_VERSION}"
    body["required"] = sorted({*body.get("required", []), "schema_version"})
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}


def schema_text() -> str:
    """The schema as it stands in the documentation."""
    return json.dumps(record_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
