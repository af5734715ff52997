"""Playwright's internal selectors, as its recorder and its generator write them, as locators of the language. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from harness.draft import locators
from harness.draft.model import literal
from harness.scenario.locators import ROLES, Locator, parse_locator
from harness.scenario.shapes import ShapeError

Plain = str | dict[str, Any]

ENTER_FRAME = "internal:control=enter-frame"
STATES = ("checked", "disabled", "expanded", "level", "pressed", "selected")
ATTRIBUTES = {"placeholder": "placeholder", "alt": "alt", "title": "title"}
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PATTERN = r"/(?:[^/\\]|\\.)+/[a-z]*"
_ATTRIBUTE = re.compile(rf"\[([\w-]+)(?:=({_QUOTED}[is]?|{_PATTERN}|[^\]]*))?\]", re.DOTALL)
_ROLE = re.compile(rf"([a-z]+)((?:{_ATTRIBUTE.pattern})*)", re.DOTALL)
_FRAME = re.compile(rf"iframe\[title=({_QUOTED})\]", re.DOTALL)
_PIECE = re.compile(rf"{_QUOTED}|'(?:[^'\\]|\\.)*'|\\.|( >> )|.", re.DOTALL)


class NoLocator(ValueError):
    """The selector says something that the language can't."""


def locator_of(selector: str) -> Plain:
    """`internal:role=button[name="Save"i]` -> `button "Save"`. Raises NoLocator, also for what is no selector at all."""
    try:
        found: Plain = ""
        for parts in _frames(list(_split(selector))):
            found = _chain(parts, found or None)
        return found
    except NoLocator:
        raise
    except (ValueError, RecursionError):
        raise NoLocator(f"`{selector[:60]}` is no selector") from None


def _split(selector: str) -> Iterator[str]:
    """The parts between ` >> `, but not those in a quoted text."""
    part = ""
    for piece in _PIECE.finditer(selector):
        if piece[1]:
            yield part
            part = ""
        else:
            part += piece[0]
    yield part


def _frames(parts: list[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for part in parts:
        if part == ENTER_FRAME:
            yield group
            group = []
        else:
            group.append(part)
    yield group


def _chain(parts: list[str], frame: Plain | None) -> Plain:
    """One frame's parts: each stands in the one before it, or refines it."""
    found: dict[str, Any] | None = None
    for part in parts:
        refined = _refinement(part)
        if refined is None:
            base = _base(part)
            outer = {"frame": frame} if found is None and frame is not None else {"within": _short(found)} if found is not None else {}
            found = {**base, **outer}
        elif found is None:
            raise NoLocator(f"the selector begins with `{part[:60]}`")
        elif set(refined) & set(found):
            raise NoLocator(f"`{part[:60]}` stands twice in the selector")
        else:
            found = {**found, **refined}
    if found is None:
        raise NoLocator("the selector is empty")
    return _short(found)


def _refinement(part: str) -> dict[str, Any] | None:
    engine, _, body = part.partition("=")
    if engine == "nth":
        return {"nth": int(body)}
    if engine == "visible":
        return {"visible": body == "true"}
    if engine == "internal:has-text":
        value, _ = _text(body)
        return {"has_text": value}
    if engine == "internal:has":
        return {"has": locator_of(str(json.loads(body)))}
    return None


def _base(part: str) -> dict[str, Any]:
    engine, _, body = part.partition("=")
    if engine == "internal:role":
        return _role(body)
    if engine in ("internal:text", "internal:label"):
        value, exact = _text(body)
        return {engine.removeprefix("internal:"): value, **exact}
    if engine in ("internal:attr", "internal:testid"):
        return _attribute(engine, body)
    if engine == "xpath" or part.startswith("//"):
        return {"xpath": literal(part.removeprefix("xpath="))}
    if engine.startswith("internal:"):
        raise NoLocator(f"`{engine}` can't be said in a scenario")
    if not part.strip():
        raise NoLocator("a part of the selector is empty")
    if title := _FRAME.fullmatch(part):
        return {"role": "iframe", "name": literal(_unescaped(title[1]))}
    return {"css": literal(part.removeprefix("css="))}


def _role(body: str) -> dict[str, Any]:
    match = _ROLE.fullmatch(body)
    if match is None or match[1] not in ROLES:
        raise NoLocator(f"`{body[:60]}` is no role that the language knows")
    found: dict[str, Any] = {"role": match[1]}
    for name, value in _ATTRIBUTE.findall(match[2]):
        if name == "name":
            found["name"], exact = _value(value)
            found |= exact
        elif name in STATES:
            found[name] = int(value) if name == "level" else {"": True, "true": True, "false": False}.get(value, value)
    return found


def _attribute(engine: str, body: str) -> dict[str, Any]:
    match = _ATTRIBUTE.fullmatch(body)
    kind = "testid" if engine == "internal:testid" else ATTRIBUTES.get(match[1]) if match else None
    if match is None or kind is None:
        raise NoLocator(f"`{body[:60]}` can't be said in a scenario")
    value, exact = _value(match[2])
    return {kind: value, **({} if kind == "testid" else exact)}


def _text(body: str) -> tuple[str, dict[str, Any]]:
    return _value(body) if body.startswith(('"', "/")) else (_not_a_pattern(body), {})


def _value(body: str) -> tuple[str, dict[str, Any]]:
    """The text, and whether it is all of it; a regular expression stays one."""
    if body.startswith("/"):
        return literal(body), {}
    exact = body.endswith("s")
    text = _unescaped(body.rstrip("is") if not body.endswith('"') else body)
    return _not_a_pattern(text), {"exact": True} if exact else {}


def _unescaped(quoted: str) -> str:
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)


def _not_a_pattern(text: str) -> str:
    """A text that looks like a regular expression has to be one that finds it."""
    escaped = "/" + re.escape(text).replace("/", r"\/") + "/"
    return literal(escaped if re.fullmatch(r"/.+/[ims]*", text, re.DOTALL) else text)


def _short(found: dict[str, Any]) -> Plain:
    """`button "Save"` where role and name are all of it."""
    name = found.get("name")
    if set(found) <= {"role", "name"} and "role" in found and not (isinstance(name, str) and re.fullmatch(r"/.+/[a-z]*", name, re.DOTALL)):
        return locators.role(found["role"], None if name is None else name.replace("$${", "${"))
    return found["text"] if set(found) == {"text"} and _is_visible_text(found["text"]) else found


def _is_visible_text(text: str) -> bool:
    """Whether the text alone is read as visible text, and not as a role."""
    try:
        return parse_locator(text) == Locator(text=text)
    except ShapeError:
        return False
