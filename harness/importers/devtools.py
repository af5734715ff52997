"""A recording of Chrome's DevTools Recorder (JSON, the format of @puppeteer/replay) as a draft. Pure.

The steps and their fields are those of the package's `Schema.ts`: https://github.com/puppeteer/replay
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from harness.draft.model import literal
from harness.draft.selectors import NoLocator, Plain, locator_of
from harness.importers.checks import Uncheckable, condition_of
from harness.importers.keys import Keys
from harness.importers.making import Making
from harness.importers.naming import Field, Value
from harness.importers.selectors import Element, element_of, names_in
from harness.scenario.network import PROFILES, Profile

MAIN = "main"
BUTTONS = {"primary": "left", "auxiliary": "middle", "secondary": "right"}
HISTORY = {"back": "back", "forward": "forward"}
LONG_PRESS_MS = 500
PATIENCE_MS = 10_000
TOGGLES = frozenset(("checkbox", "radio", "switch"))
LISTS = frozenset(("combobox", "listbox"))
DESKTOP = (1, False, False)
LONGEST_MS = 600_000
MOST_STEPS = 2_000


class Malformed(ValueError):
    """A step has not the fields that it should have."""


@dataclass
class Seen:
    """What a recording tells of the browser it was made in: CSS pixels."""

    viewport: tuple[int, int] | None = None
    touch: bool = False


@dataclass
class Reader:
    """Reads one recording into a Making."""

    making: Making
    names: frozenset[str]
    timeout_ms: int | None
    allow_evaluate: bool = False
    changed: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    keys: Keys = field(default_factory=Keys)
    at: str = ""

    def read(self, number: int, data: Any) -> None:
        """One step, whatever it holds."""
        kind = str(data.get("type")) if isinstance(data, Mapping) else "?"
        self.at = f"step {number} ({kind[:40]})"
        try:
            if not isinstance(data, Mapping) or kind not in HANDLERS:
                raise Malformed("no step that the Recorder makes")
            if kind not in ("keyDown", "keyUp"):
                self.flush()
            HANDLERS[kind](self, data)
        except (Malformed, Uncheckable, NoLocator) as error:
            self.making.unsaid(f"{self.at}: {error}", here=True)

    def flush(self) -> None:
        """What was typed key by key, as one step."""
        text, tab, focus = self.keys.typed, self.keys.tab, self.keys.focus
        self.keys.typed = ""
        if focus is not None and focus.is_field:
            if text:
                value = self.typed(focus, tab, text)
                written = value.text if value.reference else literal(value.text)
                locator = locator_of(focus.selector)
                pair = {locator: written} if isinstance(locator, str) else {"locator": locator, "value": written}
                self.making.step(tab, {"type": pair}, value.note)
            return
        for key in text:
            self.making.act("press", tab, key=key)

    def typed(self, element: Element, tab: str, text: str) -> Value:
        """What is written into an element."""
        field = Field(element.called, element.type, self.making.urls.get(tab, ""), element.selector)
        return self.making.naming.typed(field, text)

    def element(self, data: Mapping[str, Any], fills: str | None = None) -> Element:
        """The element of a step. It has one name in all of the recording, whatever is done with it first."""
        paths = _paths(data)
        if fills is None:
            fills = next((self.changed[key] for path in paths if (key := tuple(path)) in self.changed), None)
        return element_of(paths, _frame(data), self.names, fills)

    def tab(self, data: Mapping[str, Any]) -> str:
        """What the recording calls the tab."""
        return str(data.get("target") or MAIN)

    def options(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A time that is longer than what every step has anyway."""
        wanted = data.get("timeout") or self.timeout_ms
        if not isinstance(wanted, (int, float)) or not PATIENCE_MS < wanted < LONGEST_MS:
            return {}
        return {"timeout": f"{wanted // 1000}s" if wanted % 1000 == 0 else f"{round(wanted)}ms"}

    def led(self, data: Mapping[str, Any]) -> None:
        """Where the action led to: the recording asserts it."""
        for event in data.get("assertedEvents") or ():
            if not isinstance(event, Mapping) or event.get("type") != "navigation":
                self.making.unsaid(f"{self.at}: an event that it asserts, {str(event)[:80]}")
                continue
            url = str(event.get("url") or "")
            moved = url.partition("#")[0] != self.making.urls.get(self.tab(data), "").partition("#")[0]
            self.making.arrived(self.tab(data), url)
            if url and moved:
                self.making.waited(self.tab(data), url)


def read_steps(data: Mapping[str, Any], making: Making, allow_evaluate: bool) -> Seen:
    """All steps of a recording; gives what it tells of the browser."""
    steps = data["steps"]
    names = frozenset(name for step in steps if isinstance(step, Mapping) for name in _names(step))
    timeout = data.get("timeout")
    reader = Reader(making, names, timeout if isinstance(timeout, int) else None, allow_evaluate, _changed(steps))
    for number, step in enumerate(steps[:MOST_STEPS], 1):
        reader.read(number, step)
    if len(steps) > MOST_STEPS:
        making.unsaid(f"{len(steps) - MOST_STEPS} steps: only the first {MOST_STEPS} are read")
    reader.flush()
    for key in reader.keys.finish():
        making.step(MAIN, {"press": literal(key)})
    return reader.seen


def _changed(steps: Sequence[Any]) -> dict[tuple[str, ...], str]:
    """What is written into an element, by each of its selectors."""
    found: dict[tuple[str, ...], str] = {}
    for step in steps:
        if isinstance(step, Mapping) and step.get("type") == "change" and isinstance(step.get("value"), str):
            with suppress(Malformed):
                found |= {tuple(path): step["value"] for path in _paths(step)}
    return found


def _names(step: Mapping[str, Any]) -> list[str]:
    try:
        return [name for name in names_in(_paths(step)) if name]
    except Malformed:
        return []


def _paths(data: Mapping[str, Any]) -> list[list[str]]:
    found = data.get("selectors")
    paths = [[each] if isinstance(each, str) else each for each in found] if isinstance(found, list) else []
    if any(not isinstance(path, list) or any(not isinstance(part, str) for part in path) for path in paths) or not any(paths):
        raise Malformed("it has no selectors that can be read")
    return [[part[:2_000] for part in path] for path in paths if path]


def _frame(data: Mapping[str, Any]) -> list[int]:
    found = data.get("frame") or []
    if not isinstance(found, list) or any(type(index) is not int or index < 0 for index in found):
        raise Malformed("it names a frame that can't be")
    return found


def _set_viewport(reader: Reader, data: Mapping[str, Any]) -> None:
    width, height = (_number(data, side) for side in ("width", "height"))
    size = (round(width), round(height))
    if not all(100 <= side <= 10_000 for side in size):
        raise Malformed(f"a window of {size[0]}x{size[1]} can't be made")
    if reader.seen.viewport not in (None, size):
        reader.making.unsaid(f"{reader.at}: the window became {size[0]}x{size[1]}; a scenario keeps one size", here=True)
    reader.seen.viewport = reader.seen.viewport or size
    if (data.get("deviceScaleFactor", 1), data.get("isMobile", False), data.get("hasTouch", False)) != DESKTOP:
        reader.seen.touch = bool(data.get("hasTouch") or data.get("isMobile"))
        what = f"a device with scale factor {data.get('deviceScaleFactor')}{' and a touch screen' if reader.seen.touch else ''}"
        reader.making.unsaid(f"{reader.at}: {what}; choose one with `browser: {{device: …}}` in the customer's file")


def _navigate(reader: Reader, data: Mapping[str, Any]) -> None:
    url = data.get("url")
    if not isinstance(url, str) or not url:
        raise Malformed("it has no address")
    reader.making.goto(reader.tab(data), url)
    events = data.get("assertedEvents")
    for event in events if isinstance(events, list) else ():
        reader.making.arrived(reader.tab(data), str(event.get("url") or "") if isinstance(event, Mapping) else "")


def _click(reader: Reader, data: Mapping[str, Any]) -> None:
    button = str(data.get("button") or "primary")
    tab = reader.tab(data)
    if button in HISTORY:
        reader.making.step(tab, HISTORY[button], f"{reader.at}: the mouse's {button} button")
        return
    if button not in BUTTONS:
        raise Malformed(f"it has a button `{button[:40]}`")
    element = reader.element(data)
    if data.get("deviceType") in ("touch", "pen"):
        reader.making.unsaid(f"{reader.at}: done by {data['deviceType']}, here a click; `tap` needs a customer with a touch device")
    if isinstance(held := data.get("duration"), (int, float)) and held >= LONG_PRESS_MS:
        reader.making.unsaid(f"{reader.at}: the button was held for {round(held)} ms; a click is short", here=True)
    reader.making.act(
        "click",
        tab,
        selector=element.selector,
        button=BUTTONS[button],
        modifiers=reader.keys.modifiers(),
        clicks=2 if data["type"] == "doubleClick" else 1,
        position=(_number(data, "offsetX"), _number(data, "offsetY")) if element.is_surface else None,
        more=reader.options(data),
    )
    reader.keys.focus = element
    reader.led(data)


def _hover(reader: Reader, data: Mapping[str, Any]) -> None:
    reader.making.step(reader.tab(data), {"hover": locator_of(reader.element(data).selector), **reader.options(data)})
    reader.led(data)


def _change(reader: Reader, data: Mapping[str, Any]) -> None:
    value = data.get("value")
    if not isinstance(value, str):
        raise Malformed("it has no value")
    element, tab = reader.element(data, value), reader.tab(data)
    if "fakepath" in value or element.type == "file":
        name = value.replace("\\", "/").rpartition("/")[2]
        raise Malformed(f"upload of {name[:80]}: put the file into the workspace's files/ and write `upload: {{locator: files/…}}`")
    if element.role in TOGGLES or element.type in TOGGLES:
        _toggle(reader, data, element)
    elif element.role in LISTS or element.tag == "select":
        reader.making.act("select", tab, selector=element.selector, options=(value,), more=reader.options(data))
    else:
        _fill(reader, data, element, value)
    reader.keys.focus = element
    reader.led(data)


def _toggle(reader: Reader, data: Mapping[str, Any], element: Element) -> None:
    """A box is changed by the click before, which is in the recording; without one it is checked."""
    items = reader.making.recorded.items
    if not items or items[-1].event.selector != element.selector or items[-1].event.name != "click":
        reader.making.act("check", reader.tab(data), selector=element.selector, more=reader.options(data))


def _fill(reader: Reader, data: Mapping[str, Any], element: Element, text: str) -> None:
    value = reader.typed(element, reader.tab(data), text)
    doubt = "" if element.tag or value.reference else "if this is a list of choices, write `select` in place of `fill`"
    reader.making.fill(reader.tab(data), element.selector, value, doubt, reader.options(data))


def _key(reader: Reader, data: Mapping[str, Any]) -> None:
    key, tab = data.get("key"), reader.tab(data)
    if not isinstance(key, str) or not key:
        raise Malformed("it has no key")
    if data["type"] == "keyDown" and reader.keys.types(key, tab):
        return
    if data["type"] == "keyDown":
        if not key.startswith("Shift"):
            reader.flush()
        reader.keys.down(key)
        done = reader.keys.pressed(key)
    else:
        done = reader.keys.up(key)
    if done is None:
        raise Malformed(f"`{key[:20]}` is a key that can't be pressed here")
    for name, modifiers in done:
        reader.making.act("press", tab, key=name, modifiers=modifiers, more=reader.options(data))
    reader.led(data)


def _scroll(reader: Reader, data: Mapping[str, Any]) -> None:
    place = f"to {data.get('x') or 0}, {data.get('y') or 0}"
    if data.get("selectors"):
        reader.making.step(reader.tab(data), {"scroll_to": locator_of(reader.element(data).selector)})
        reader.making.unsaid(f"{reader.at}: inside of the element, {place} px; here it is only brought into view")
    else:
        reader.making.unsaid(
            f"{reader.at}: the page, {place} px; steps scroll to what they act on, `scroll_to` to anything else", here=True
        )


def _close(reader: Reader, data: Mapping[str, Any]) -> None:
    reader.making.close(reader.tab(data))


def _wait_for_element(reader: Reader, data: Mapping[str, Any]) -> None:
    locator: Plain = locator_of(reader.element(data).selector)
    condition = condition_of(locator, data)
    reader.making.check(reader.tab(data), condition, reader.options(data))


def _wait_for_expression(reader: Reader, data: Mapping[str, Any]) -> None:
    script = data.get("expression")
    if not isinstance(script, str) or not script.strip():
        raise Malformed("it has no expression")
    if not reader.allow_evaluate:
        raise Malformed(f"`{script.strip()[:200]}`: JavaScript needs `allow_evaluate` in the environment; say it with a condition")
    reader.making.check(reader.tab(data), {"evaluate": literal(script)}, reader.options(data))


def _network(reader: Reader, data: Mapping[str, Any]) -> None:
    download, upload = (_number(data, way) * 8 / 1000 for way in ("download", "upload"))
    latency = round(_number(data, "latency"))
    if download <= 0 and upload <= 0:
        profile: Any = "online" if download < 0 or upload < 0 else "offline"
    else:
        found = Profile(latency_ms=latency, download_kbps=download, upload_kbps=upload)
        speeds = {"download_kbps": _plain(download), "upload_kbps": _plain(upload)}
        profile = next((name for name, each in PROFILES.items() if each == found), None)
        profile = profile or {"latency": f"{latency}ms", **{key: value for key, value in speeds.items() if value > 0}}
    reader.making.step(reader.tab(data), {"network": profile})


def _custom(reader: Reader, data: Mapping[str, Any]) -> None:
    given = json.dumps(data.get("parameters"), ensure_ascii=False)[:200]
    raise Malformed(f"`{str(data.get('name'))[:80]}` with {given}: only the tool that made it knows what it does")


def _plain(number: float) -> int | float:
    return round(number) if number == round(number) else round(number, 1)


def _number(data: Mapping[str, Any], key: str) -> float:
    found = data.get(key)
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not abs(found) <= 1e12:
        raise Malformed(f"it has no number `{key}`")
    return found


HANDLERS: dict[str, Callable[[Reader, Mapping[str, Any]], None]] = {
    "setViewport": _set_viewport,
    "navigate": _navigate,
    "click": _click,
    "doubleClick": _click,
    "hover": _hover,
    "change": _change,
    "keyDown": _key,
    "keyUp": _key,
    "scroll": _scroll,
    "close": _close,
    "waitForElement": _wait_for_element,
    "waitForExpression": _wait_for_expression,
    "emulateNetworkConditions": _network,
    "customStep": _custom,
}
