"""Events of a recording -> steps of a scenario: typing joined, pointless clicks and keys dropped, tabs and dialogs put in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from harness.browser.recorder.events import Acted, Answered, Event, Marked, Unheard, Unvouched
from harness.draft.locators import role
from harness.draft.model import DraftStep, literal, shown
from harness.draft.selectors import NoLocator, Plain, locator_of

MODIFIERS = ((1, "Alt"), (2, "Control"), (4, "Meta"), (8, "Shift"))
CARET = frozenset(("ArrowLeft", "ArrowRight", "Home", "End"))
MOVING = CARET | {"ArrowUp", "ArrowDown", "PageUp", "PageDown"}
UNKNOWN_PASSWORD = "${secrets.PASSWORD}"
UNKNOWN_CODE = "${secrets.CODE}"
PASSWORD_NOTE = "a value was typed here that no secret in scope has; it was not kept: declare the secret, or use another reference"
MOST_TEXT = 80
LASTING = "3s"
LOADING = re.compile(r"\b(loading|please wait|wird geladen|laden|chargement|cargando|caricamento)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """One action that became part of a step. `locator` is None where it has none (`goto`) or where none could be said. `step` is the
    whole step, for what an import knows more of than the recorder tells."""

    event: Acted
    locator: Plain | None = None
    step: DraftStep | None = None


@dataclass(frozen=True)
class Recorded:
    """All that was recorded so far. `answers` tells how dialogs were answered, by the person's event that opened them."""

    base_url: str
    items: tuple[Item, ...] = ()
    answers: Mapping[int, Answered] = field(default_factory=dict)
    symptom: Marked | None = None
    expected: Marked | None = None
    unsaid: tuple[str, ...] = ()


def heard(recorded: Recorded, event: Event) -> Recorded:
    """With one more event."""
    match event:
        case Acted():
            return _acted(recorded, event)
        case Marked():
            return _marked(recorded, event)
        case Answered():
            return replace(recorded, answers={**recorded.answers, event.number: event})
        case Unvouched():
            return _unsaid(recorded, f"{event.what}: the page said that it was done, but nobody did it")
        case Unheard():
            return _unsaid(recorded, f"{event.sentence}; look at what is missing above all at the end")
    return recorded


def _unsaid(recorded: Recorded, sentence: str) -> Recorded:
    sentence = shown(sentence)
    return recorded if sentence in recorded.unsaid else replace(recorded, unsaid=(*recorded.unsaid, sentence))


def _marked(recorded: Recorded, mark: Marked) -> Recorded:
    if mark.kind == "expected":
        return replace(recorded, expected=mark)
    recorded = replace(recorded, symptom=mark)
    if mark.what != "visible" and mark.should:
        return replace(recorded, expected=replace(mark, kind="expected", text=mark.should))
    return recorded


def _acted(recorded: Recorded, event: Acted) -> Recorded:
    if event.name == "upload":
        names = ", ".join(event.options) or "nothing"
        return _unsaid(recorded, f"upload of {names}: put the file into the workspace's files/ and write `upload: {{locator: files/…}}`")
    locator: Plain | None = None
    if event.selector:
        try:
            locator = locator_of(event.selector)
        except NoLocator as error:
            return _unsaid(recorded, f"{event.name}: {error}")
    if _is_pointless(recorded.items, event):
        return recorded
    return replace(recorded, items=(*_without_superseded(recorded.items, event), Item(event, locator)))


def _is_pointless(items: tuple[Item, ...], event: Acted) -> bool:
    """A click that the browser made of a key or of a label, and a key that moves to another place in what was typed."""
    last = items[-1].event if items else None
    if event.name == "press" and event.key in CARET:
        return last is not None and last.name == "fill" and (last.selector, last.tab) == (event.selector, event.tab)
    if event.name == "click" and event.clicks == 0:
        return last is not None and last.name == "press" and last.tab == event.tab
    return event.name == "click" and event.from_label and last is not None and last.on_label


def _without_superseded(items: tuple[Item, ...], event: Acted) -> tuple[Item, ...]:
    """What came before, without what the event makes pointless."""
    while items and _is_superseded(items[-1].event, event):
        items = items[:-1]
    return items


def _is_superseded(last: Acted, event: Acted) -> bool:
    same = last.selector == event.selector and last.tab == event.tab
    match event.name:
        case "fill":
            typing = last.name in ("fill", "click") and last.button == "left"
            return _moves(last, same) or (same and typing)
        case "select":
            return same and (last.name in ("select", "click") or (last.name == "press" and last.key != "Tab"))
        case "check" | "uncheck":
            return last.name == "click" and last.on_label and event.from_label
        case "click":
            doubled = same and last.name == "click" and event.clicks == last.clicks + 1 and event.button == last.button == "left"
            return (last.name == "press" and last.key == "Tab") or doubled
        case _:
            return False


def _moves(last: Acted, same: bool) -> bool:
    """A key that only brought one to the field, or to a place in it."""
    return last.name == "press" and (last.key == "Tab" or (same and (last.key in MOVING or last.key.lower() == "a")))


def steps_of(recorded: Recorded, items: tuple[Item, ...] | None = None) -> tuple[DraftStep, ...]:
    """The steps, each on its own; tabs and the answers of dialogs stand where they are needed."""
    return tuple(_steps(recorded, recorded.items if items is None else items))


def _steps(recorded: Recorded, items: tuple[Item, ...]) -> Iterator[DraftStep]:
    tab, answer = 0, "dismiss"
    for item in items:
        if item.event.tab != tab:
            tab = item.event.tab
            yield DraftStep({"tab": tab})
        answered = recorded.answers.get(item.event.number)
        if answered is not None and (wanted := _answer(answered)) != answer:
            answer = wanted
            yield DraftStep({"dialog": wanted})
        yield step_of(item, recorded.base_url)


def _answer(answered: Answered) -> Any:
    if not answered.accepted:
        return "dismiss"
    return {"accept": literal(answered.text)} if answered.text else "accept"


def step_of(item: Item, base_url: str) -> DraftStep:
    """One action as a step."""
    if item.step is not None:
        return item.step
    event = item.event
    match event.name:
        case "navigate":
            return DraftStep({"goto": literal(relative(event.url, base_url))})
        case "fill":
            return DraftStep({"fill": _pair(item.locator, _typed(event))}, _note(event))
        case "select":
            options = [literal(option) for option in event.options]
            return DraftStep({"select": _pair(item.locator, options[0] if len(options) == 1 else options)})
        case "press":
            return _press(item)
        case "check" | "uncheck":
            return DraftStep({event.name: item.locator})
        case _:
            return _click(item)


def relative(url: str, base_url: str) -> str:
    """The path on the environment's own site, else the whole address."""
    at, base = urlsplit(url), urlsplit(base_url)
    if (at.scheme, at.netloc) != (base.scheme, base.netloc):
        return url
    path = at.path.removeprefix(base.path.rstrip("/")) if at.path.startswith(base.path.rstrip("/") + "/") else at.path
    return (path or "/") + (f"?{at.query}" if at.query else "") + (f"#{at.fragment}" if at.fragment else "")


def _typed(event: Acted) -> str:
    if event.reference:
        return event.value
    return UNKNOWN_PASSWORD if event.hidden else literal(event.value)


def _note(event: Acted) -> str:
    return PASSWORD_NOTE if event.hidden and not event.reference else ""


def _pair(locator: Plain | None, value: Any) -> dict[str, Any]:
    return {locator: value} if isinstance(locator, str) else {"locator": locator, "value": value}


def _press(item: Item) -> DraftStep:
    event = item.event
    if event.key == "F5" or (event.key.lower() == "r" and event.modifiers in (2, 4)):
        return DraftStep("reload")
    keys = "+".join([*_modifiers(event), {" ": "Space", "+": "NumpadAdd"}.get(event.key, event.key)])
    return DraftStep({"press": literal(keys) if item.locator is None else _pair(item.locator, literal(keys))})


def _click(item: Item) -> DraftStep:
    event = item.event
    more: dict[str, Any] = {"button": event.button} if event.button != "left" else {}
    if names := _modifiers(event):
        more["modifiers"] = names
    if event.position is not None:
        more["position"] = {"x": round(event.position[0]), "y": round(event.position[1])}
    return DraftStep({"dblclick" if event.clicks == 2 else "click": item.locator, **more})


def _modifiers(event: Acted) -> list[str]:
    return [name for bit, name in MODIFIERS if event.modifiers & bit]


def joined(steps: tuple[DraftStep, ...]) -> tuple[DraftStep, ...]:
    """Fields that were filled one after the other as one step."""
    found: list[DraftStep] = []
    for step in steps:
        fields, before = _fields(step), _fields(found[-1]) if found else {}
        if fields and before and not set(fields) & set(before):
            found[-1] = DraftStep({"fill": {**before, **fields}})
        else:
            found.append(step)
    return tuple(found)


def _fields(step: DraftStep) -> dict[str, Any]:
    """What a step fills, when it has no remark and its locators can be keys."""
    filled = step.data["fill"] if isinstance(step.data, Mapping) and set(step.data) == {"fill"} and not step.note else {}
    return {} if "locator" in filled else dict(filled)


def oracle(mark: Marked | None) -> dict[str, Any] | None:
    """A mark as a condition. Raises NoLocator."""
    if mark is None:
        return None
    if not mark.selector:
        return {"visible": {"text": literal(mark.text)}}
    if mark.what != "visible":
        return {mark.what: locator_of(mark.selector), "is": literal(mark.text)}
    lasting = {"for": LASTING} if mark.kind == "symptom" and _passes_by(mark) else {}
    return {"visible": _by_role(mark) or locator_of(mark.selector), **lasting}


def _by_role(mark: Marked) -> dict[str, Any] | None:
    if not mark.role:
        return None
    part = {"within": role(*mark.part)} if mark.part else {}
    return {"role": mark.role, "has_text": literal(mark.text[:MOST_TEXT]), **part}


def _passes_by(mark: Marked) -> bool:
    """What a page shows while it loads is a symptom only when it stays."""
    return mark.role == "status" or bool(LOADING.search(mark.text))
