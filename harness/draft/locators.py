"""A locator as plain data, as one would write it in a scenario: the short notation wherever it says everything."""

from __future__ import annotations

from typing import Any

from harness.draft.model import literal

STATES = ("checked", "expanded", "pressed", "selected", "disabled", "level")


def role(name: str, accessible_name: str | None = None, **refinements: Any) -> str | dict[str, Any]:
    """`button "Save"`, or a mapping where more has to be said. The name is any text of an application."""
    if refinements:
        named = {} if accessible_name is None else {"name": literal(accessible_name)}
        return {"role": name, **named, **_plain(refinements)}
    if accessible_name is None:
        return name
    escaped = literal(accessible_name).replace("\\", "\\\\").replace('"', '\\"')
    return f'{name} "{escaped}"'


def by(kind: str, value: str, **refinements: Any) -> dict[str, Any]:
    """One of the other kinds: label, placeholder, text, testid, alt, title, css, xpath."""
    return {kind: literal(value), **_plain(refinements)}


def _plain(refinements: dict[str, Any]) -> dict[str, Any]:
    return {key: literal(value) if isinstance(value, str) else value for key, value in refinements.items() if value is not None}
