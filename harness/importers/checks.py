"""What a recording waits for or asserts of an element, as a condition of the language. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from harness.draft.model import literal
from harness.draft.selectors import Plain

COUNTS = {"==": "is", ">=": "at_least", "<=": "at_most"}
TEXTS = frozenset(("innerText", "textContent"))
STATES = {"checked": ("checked", "unchecked"), "disabled": ("disabled", "enabled"), "hidden": ("hidden", "visible")}


class Uncheckable(ValueError):
    """The language has no condition for it."""


def condition_of(locator: Plain, data: Mapping[str, Any]) -> dict[str, Any]:
    """The condition of DevTools' `waitForElement`: `operator`, `count`, `visible`, `attributes`, `properties`. Raises Uncheckable."""
    count, operator = data.get("count"), data.get("operator") or ">="
    if operator not in COUNTS or not (count is None or (type(count) is int and count >= 0)):
        raise Uncheckable(f"it waits for a number of elements that can't be: {operator} {count}")
    wanted = data.get("visible") is not False
    details = [*_attributes(locator, data.get("attributes")), *_properties(locator, data.get("properties"))]
    counted = {"count": locator, COUNTS[operator]: 1 if count is None else count}
    several = count not in (None, 1) or operator == "<="
    if several and details:
        raise Uncheckable("it waits for details of several elements at once")
    if several:
        return counted if wanted else {"not": counted}
    if not details:
        return {"visible" if wanted else "hidden": locator}
    whole = details[0] if len(details) == 1 else {"all": details}
    return whole if wanted else {"not": whole}


def _attributes(locator: Plain, found: Any) -> Iterator[dict[str, Any]]:
    if found is not None and not isinstance(found, Mapping):
        raise Uncheckable("its attributes can't be read")
    for name, value in (found or {}).items():
        if not re.fullmatch(r"[A-Za-z][\w-]*", str(name)):
            raise Uncheckable(f"it waits for the attribute `{str(name)[:40]}`")
        yield {"attribute": locator, "name": literal(str(name)), "is": literal(str(value))}


def _properties(locator: Plain, found: Any) -> Iterator[dict[str, Any]]:
    if found is not None and not isinstance(found, Mapping):
        raise Uncheckable("its properties can't be read")
    for name, value in (found or {}).items():
        if name in TEXTS and isinstance(value, str):
            yield {"text": locator, "is": literal(value)}
        elif name == "value" and isinstance(value, str):
            yield {"value": locator, "is": literal(value)}
        elif name in STATES and isinstance(value, bool):
            yield {STATES[name][0 if value else 1]: locator}
        elif name in ("id", "title", "className", "placeholder") and isinstance(value, str):
            yield {"attribute": locator, "name": {"className": "class"}.get(name, name), "is": literal(value)}
        else:
            raise Uncheckable(f"it waits for the property `{str(name)[:40]}`, which has no condition")
