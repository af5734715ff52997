"""Old records made new: one step a version, from n to n + 1, on plain JSON values. Knows neither files nor the model.

A field that only comes in addition needs no new version; one that goes, or changes its meaning, does, and a step here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.diagnostics import problem
from harness.record.model import SCHEMA_VERSION

Raw = dict[str, Any]
Steps = Mapping[int, Callable[[Raw], Raw]]

STEPS: Steps = {}


def migrate(raw: Raw, steps: Steps = STEPS, current: int = SCHEMA_VERSION) -> Raw:
    """`raw` as a record of version `current`. Raises the problems `not-a-record` and `newer-record`."""
    version = raw.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise problem("not-a-record", "the file has no `schema_version`, so it is not a run's record", "expected the results.json of a run")
    if version > current:
        raise problem(
            "newer-record",
            f"the record has version {version}, this harness reads up to version {current}",
            "it was written by a newer harness: update this one",
        )
    for step in range(version, current):
        raw = {**steps[step](raw), "schema_version": step + 1}
    return raw
