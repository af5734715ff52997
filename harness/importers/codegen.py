"""What `playwright codegen --target jsonl` writes, as a draft: a line of options, then an action a line. Pure.

The format is that of Playwright's `codegen/jsonl.ts` (1.40 to 1.60): each action has its name, its own fields, `signals` (popup, download,
dialog, navigation), the page (`pageGuid`, formerly `pageAlias`), the frames above it (`framePath`, formerly) and `locator`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.browser.recorder.vouching import told_action
from harness.draft.model import literal
from harness.draft.selectors import NoLocator, locator_of
from harness.importers.making import Making
from harness.importers.naming import Field

MAIN = "page"
EMPTY = ("about:blank", "chrome://newtab/", "")
PASSED_BY = frozenset(("navigation", "expect"))


@dataclass
class Header:
    """The browser that was recorded in, as plain data of `newContext`'s options."""

    browser: str = "chromium"
    device: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def read_actions(lines: Sequence[Mapping[str, Any]], making: Making) -> Header:
    """All actions, into the making; gives what the first line says of the browser."""
    first = lines[0] if lines and "name" not in lines[0] else {}
    for number, line in enumerate(lines[1 if first else 0 :], 2 if first else 1):
        try:
            _read(making, line, f"line {number} ({str(line.get('name'))[:40]})")
        except (NoLocator, ValueError, TypeError) as error:
            making.unsaid(f"line {number} ({str(line.get('name'))[:40]}): {error}", here=True)
    options = first.get("contextOptions")
    device = first.get("deviceName")
    return Header(
        str(first.get("browserName") or "chromium"),
        device if isinstance(device, str) else "",
        options if isinstance(options, Mapping) else {},
    )


def _read(making: Making, line: Mapping[str, Any], at: str) -> None:
    told = told_action(line)
    name, tab = told["name"], str(line.get("pageGuid") or line.get("pageAlias") or MAIN)
    selector = _framed(line, told["selector"] or _selector_of(line.get("locator")))
    match name:
        case "openPage":
            _open(making, tab, told["url"])
        case "closePage":
            making.close(tab)
        case "navigate":
            making.goto(tab, told["url"])
        case "fill":
            locator_of(selector)
            field = Field(selector.rpartition(" >> ")[2], page=making.urls.get(tab, ""), selector=selector)
            making.fill(tab, selector, making.naming.typed(field, told["text"]))
        case "click" | "press" | "check" | "uncheck" | "select":
            _act(making, name, tab, selector, told)
        case "hover":
            making.step(tab, {"hover": locator_of(selector)})
        case "setInputFiles":
            names = ", ".join(str(each)[:80] for each in line.get("files") or ()) or "nothing"
            raise ValueError(f"upload of {names}: put the file into the workspace's files/ and write `upload: {{locator: files/…}}`")
        case _:
            making.check(tab, _assertion(name, selector, line))
    _signals(making, line.get("signals"), tab, at)


def _open(making: Making, tab: str, url: str) -> None:
    """The first page is open anyway; a further one that nothing opened is one that the person opened."""
    if making.tabs and tab not in making.tabs:
        making.step(making.tabs[-1], {"tab": "new"})
    making.tab(tab)
    if url not in EMPTY:
        making.goto(tab, url)


def _act(making: Making, name: str, tab: str, selector: str, told: Mapping[str, Any]) -> None:
    """One of the recorder's actions. Raises NoLocator."""
    if name != "press" or selector:
        locator_of(selector)
    fields = {"key": told["key"], "modifiers": told["modifiers"], "button": told["button"], "clicks": told["clickCount"]}
    making.act(name, tab, selector=selector, **fields, position=told["position"], options=tuple(told["options"]))
    if name in ("click", "press"):
        making.urls[tab] = ""  # it may have led anywhere


def _assertion(name: str, selector: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """What codegen's toolbar asserts. Raises ValueError."""
    if not name.startswith("assert"):
        raise ValueError("no action that the recorder makes")
    locator = locator_of(selector)
    match name:
        case "assertVisible":
            return {"visible": locator}
        case "assertText":
            return {"text": locator, "contains" if line.get("substring") else "is": literal(str(line.get("text", "")))}
        case "assertValue":
            return {"value": locator, "is": literal(str(line.get("value", "")))}
        case "assertChecked":
            return {"checked" if line.get("checked") else "unchecked": locator}
        case "assertSnapshot":
            template = line.get("ariaSnapshot") or line.get("snapshot")
            if not isinstance(template, str) or not template.strip():
                raise ValueError("the snapshot that it asserts is not in the file; `repro inspect` shows what `aria:` can be given")
            return {"aria": literal(template), "of": locator}
    raise ValueError("it asserts something that the language has no condition for")


def _signals(making: Making, found: Any, tab: str, at: str) -> None:
    """What an action led to."""
    for signal in found if isinstance(found, list) else ():
        name = str(signal.get("name")) if isinstance(signal, Mapping) else "?"
        if name == "popup":
            making.tab(str(signal.get("popupPageGuid") or signal.get("popupAlias") or MAIN))
        elif name == "navigation":
            making.arrived(tab, str(signal.get("url") or ""))
        elif name == "dialog":
            making.unsaid(f"{at}: a dialog opened; it is dismissed, `dialog: accept` before the step accepts it")
        elif name == "download":
            making.unsaid(f"{at}: a download began; `download: '*'` is a condition for it")
        elif name not in PASSED_BY:
            making.unsaid(f"{at}: it led to something that is not known here: {name[:40]}")


def _framed(line: Mapping[str, Any], selector: str) -> str:
    path = line.get("framePath")
    frames = [str(each) for each in path] if isinstance(path, list) and selector else []
    return "".join(f"{each} >> internal:control=enter-frame >> " for each in frames) + selector


def _selector_of(locator: Any) -> str:
    """The selector of a `locator` value: kind, body, options, next. Raises NoLocator."""
    parts: list[str] = []
    at = locator
    while isinstance(at, Mapping) and len(parts) < 40:
        options = at.get("options")
        parts.append(_part(str(at.get("kind")), at.get("body"), options if isinstance(options, Mapping) else {}))
        at = at.get("next")
    return " >> ".join(parts)


def _part(kind: str, body: Any, options: Mapping[str, Any]) -> str:
    if not isinstance(body, str):
        raise NoLocator(f"a locator by {kind} whose text is not in the file")
    quoted = json.dumps(body, ensure_ascii=False) + ("s" if options.get("exact") else "i")
    match kind:
        case "role":
            return f"internal:role={body}" + _attributes(options)
        case "text" | "label" | "has-text":
            return f"internal:{kind}={quoted}"
        case "placeholder" | "alt" | "title":
            return f"internal:attr=[{kind}={quoted}]"
        case "test-id":
            return f"internal:testid=[data-testid={json.dumps(body, ensure_ascii=False)}s]"
        case "default":
            return body
        case "nth" | "first" | "last":
            return f"nth={ {'first': '0', 'last': '-1'}.get(kind, body) }"
        case "visible" | "filter-visible":
            return f"visible={'true' if kind == 'visible' else body}"
        case "frame":
            return "internal:control=enter-frame"
        case "frame-locator":
            return f"{body} >> internal:control=enter-frame"
        case "has":
            return f"internal:has={json.dumps(_selector_of(json.loads(body)))}"
    raise NoLocator(f"a locator by `{kind[:40]}` can't be said in a scenario")


def _attributes(options: Mapping[str, Any]) -> str:
    name, attrs = options.get("name"), options.get("attrs")
    if name is not None and not isinstance(name, str):
        raise NoLocator("a role whose name is not in the file")
    said = "" if name is None else f"[name={json.dumps(name, ensure_ascii=False)}{'s' if options.get('exact') else 'i'}]"
    states = [each for each in attrs if isinstance(each, Mapping)] if isinstance(attrs, list) else []
    return said + "".join(f"[{each.get('name')}={str(each.get('value')).lower()}]" for each in states)
