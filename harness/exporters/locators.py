"""Locators as Playwright's, as the browser room makes them."""

from __future__ import annotations

import re
from typing import Any

from harness.core.secret import reveal
from harness.exporters.code import Attr, Call, Expr, Lit, Name, Pattern
from harness.scenario.locators import Locator

_STATES = ("checked", "disabled", "expanded", "level", "pressed", "selected")


def text_or_pattern(value: Any) -> Expr:
    """A text, or a regular expression."""
    return Pattern(value.pattern, value.flags) if isinstance(value, re.Pattern) else Lit(reveal(value))


def locate(root: Expr, locator: Locator, page: Expr) -> Expr:
    """The expression that gives the element; strict, as all of Playwright's are."""
    if locator.frame is not None:
        root = Attr(locate(root, locator.frame, page), "content_frame", called=True)
    base = locate(root, locator.within, page) if locator.within is not None else root
    found = _by_kind(base, locator, page)
    filters: dict[str, Expr] = {}
    if locator.has_text is not None:
        filters["has_text"] = text_or_pattern(locator.has_text)
    if locator.has is not None:
        filters["has"] = locate(page, locator.has, page)
    if locator.visible is not None:
        filters["visible"] = Lit(locator.visible)
    if filters:
        found = Call(found, "filter", (), filters, wait=False)
    return Call(found, "nth", (Lit(locator.nth),), wait=False) if locator.nth is not None else found


def _by_kind(root: Expr, locator: Locator, page: Expr) -> Expr:
    exact: dict[str, Expr] = {} if locator.exact is None else {"exact": Lit(locator.exact)}
    if locator.kind == "role":
        return _by_role(root, locator, exact, page)
    if locator.kind in ("css", "xpath"):
        return Call(root, "locator", (Lit(f"{locator.kind}={getattr(locator, locator.kind)}"),), wait=False)
    method = {"testid": "get_by_test_id", "alt": "get_by_alt_text"}.get(locator.kind, f"get_by_{locator.kind}")
    options = {} if locator.kind == "testid" else exact
    return Call(root, method, (text_or_pattern(getattr(locator, locator.kind)),), options, wait=False)


def _by_role(root: Expr, locator: Locator, exact: dict[str, Expr], page: Expr) -> Expr:
    if locator.role == "iframe":
        frames = Call(root, "locator", (Lit("css=iframe, frame"),), wait=False)
        if locator.name is None:
            return frames
        titled = Call(page, "get_by_title", (text_or_pattern(locator.name),), wait=False)
        return Call(frames, "and_", (titled,), wait=False)
    states = {state: getattr(locator, state) for state in _STATES if getattr(locator, state) is not None}
    if any(value == "mixed" for value in states.values()):
        return Call(root, "locator", (Lit(_role_selector(locator, states)),), wait=False)
    options: dict[str, Expr] = {} if locator.name is None else {"name": text_or_pattern(locator.name)}
    options |= {state: Lit(value) for state, value in states.items()}
    return Call(root, "get_by_role", (Lit(locator.role),), {**options, **exact}, wait=False)


def _role_selector(locator: Locator, states: dict[str, Any]) -> str:
    """`mixed` is a state that only the selector engine knows."""
    parts = [f"[{state}={str(value).lower()}]" for state, value in states.items()]
    if isinstance(locator.name, re.Pattern):
        parts.append(f"[name=/{locator.name.pattern}/{'i' if locator.name.flags & re.I else ''}]")
    elif locator.name is not None:
        quoted = locator.name.replace("\\", "\\\\").replace('"', '\\"')
        parts.append(f'[name="{quoted}"{"" if locator.exact else "i"}]')
    return f"role={locator.role}" + "".join(parts)


PAGE = Name("page")
