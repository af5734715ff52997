"""Takes secrets out of a value of the record before it is written. What other files and programs find things by stays: keys, ids, paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from harness.evidence.redact import Redactor
from harness.evidence.scrub import scrub_tree
from harness.record.asked import PLAN, read_plan, write_plan
from harness.record.model import ControlRecord, Result, Value

V = TypeVar("V", bound=Value)
KEPT = frozenset(
    (
        *("key", "control_key", "mine", "scenario", "customer", "environment", "control", "id", "schema_version", "fingerprint"),
        *("outcome", "verdict", "decided_by", "status", "phase", "level", "classification", "answer", "started", "finished"),
        *("file", "path", "screenshot", "deciding_screenshot", "trace", "console_log", "network_log", "evidence", "leaks"),
    )
)
OPEN = frozenset(("settings", "facts", "browser"))


def without_secrets(value: V, redactor: Redactor) -> V:
    """The same value with every secret that `redactor` knows replaced by its name."""
    if not redactor.knows:
        return value
    before = value.model_dump()
    after = _clean(before, redactor)
    return value if after == before else type(value).model_validate(after)


def result_without_secrets(result: Result, redactor: Redactor) -> Result:
    """The result without secrets. Attempts are left: each was cleaned when it ended, with more than a run as a whole knows."""
    if not redactor.knows:
        return result
    control = result.control
    bare = result.model_copy(update={"attempts": (), "control": control.model_copy(update={"attempts": ()}) if control else None})
    clean = without_secrets(bare, redactor)
    attempted: dict[str, Any] = {"attempts": result.attempts}
    if control is not None and isinstance(clean.control, ControlRecord):
        attempted["control"] = clean.control.model_copy(update={"attempts": control.attempts})
    return clean.model_copy(update=attempted)


def clean_plan(folder: Path, redactor: Redactor | None) -> None:
    """Takes out of `plan.json` what only the run itself found to be secret, such as a password that a scenario types as it is."""
    if redactor is not None and redactor.knows and (folder / PLAN).is_file():
        write_plan(without_secrets(read_plan(folder), redactor), folder)


def _clean(value: Any, redactor: Redactor, key: str = "") -> Any:
    if key in KEPT:
        return value
    if key in OPEN:
        return scrub_tree(value, redactor)
    if isinstance(value, str):
        return redactor.text(value)
    if isinstance(value, dict):
        return (
            _difference(value, redactor)
            if "customer_given" in value
            else {name: _clean(each, redactor, name) for name, each in value.items()}
        )
    return type(value)(_clean(each, redactor, key) for each in value) if isinstance(value, (list, tuple)) else value


def _difference(value: dict[str, Any], redactor: Redactor) -> dict[str, Any]:
    """Its sides are settings' values, which may be anything."""
    return {**value, **{side: scrub_tree(value[side], redactor) for side in ("customer", "baseline")}}
