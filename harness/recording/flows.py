"""A known flow at the beginning of a recording becomes `use:`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.diagnostics import Problems, Source
from harness.draft.model import DraftStep
from harness.draft.write import to_yaml
from harness.recording.steps import UNKNOWN_CODE, UNKNOWN_PASSWORD, Recorded, relative, step_of
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.scenario import Flow
from harness.scenario.shapes import Decoder, Invalid
from harness.scenario.source import parse, plain

IDLE = frozenset(("wait_for", "screenshot", "save", "hover", "focus", "scroll_to"))
FILLING = frozenset(("fill", "type"))
PLAIN = frozenset(("goto", "click", "check", "uncheck", "dblclick"))
PAIRED = frozenset(("fill", "type", "select", "press"))


@dataclass(frozen=True)
class Atom:
    """One thing done: `value` is what was typed, chosen or pressed, or the address."""

    verb: str
    locator: Locator | None
    value: Any


@dataclass(frozen=True)
class Found:
    """The flow that the first `count` items are, and the step that stands for them. `again` is an address asked for before it, to go to
    once more."""

    flow: str
    step: DraftStep
    count: int
    again: str | None


def leading_flow(recorded: Recorded, flows: Sequence[Flow]) -> Found | None:
    """The longest flow with which the recording begins; None when there is none."""
    done = [_atoms(step_of(item, recorded.base_url).data) or [] for item in recorded.items]
    if any(len(atoms) != 1 for atoms in done):
        done = done[: next(index for index, atoms in enumerate(done) if len(atoms) != 1)]
    found = [match for flow in flows if (match := _match(flow, [atoms[0] for atoms in done], recorded)) is not None]
    return max(found, key=lambda each: each.count, default=None)


def _match(flow: Flow, done: Sequence[Atom], recorded: Recorded) -> Found | None:
    wanted = _flow_atoms(flow)
    if wanted is None or len(wanted) < 2 or len(wanted) > len(done) or not any(atom.verb == "fill" for atom in wanted):
        return None
    given: dict[str, Any] = {}
    again: str | None = None
    for index, (asked, atom) in enumerate(zip(wanted, done, strict=False)):
        if asked.verb == atom.verb == "goto":
            landed = relative(recorded.items[index + 1].event.url, recorded.base_url) if index + 1 < len(done) else ""
            if _path(asked.value) not in (_path(atom.value), _path(landed)):
                return None
            again = atom.value if _path(atom.value) not in ("/", _path(asked.value)) else None
        elif _submits(asked, atom, index == len(wanted) - 1):
            continue
        elif not _same(asked, atom, flow, given):
            return None
    step = {"use": flow.id, **({"with": given} if given else {})}
    return Found(flow.id, DraftStep(step), len(wanted), again)


def _path(address: Any) -> str:
    return str(address).split("?")[0].split("#")[0].rstrip("/") or "/"


def _submits(asked: Atom, atom: Atom, last: bool) -> bool:
    """Pressing Enter in a form does what its button does."""
    pressed = [each for each in (asked, atom) if each.verb == "press" and each.value == "Enter"]
    return last and len(pressed) == 1 and {asked.verb, atom.verb} == {"press", "click"}


def _same(asked: Atom, atom: Atom, flow: Flow, given: dict[str, Any]) -> bool:
    if asked.verb != atom.verb or not _same_element(asked.locator, atom.locator):
        return False
    wanted = _with_defaults(asked.value, flow)
    if wanted == atom.value:
        return True
    name = str(asked.value)[len("${params.") : -1]
    if asked.value != f"${{params.{name}}}" or atom.value in (UNKNOWN_PASSWORD, UNKNOWN_CODE):
        return False
    return bool(given.setdefault(name, atom.value) == atom.value)


def _with_defaults(value: Any, flow: Flow) -> Any:
    """The value with the defaults of the flow's parameters in it."""
    if not isinstance(value, str):
        return value
    for name, param in (flow.params or {}).items():
        if param is not None and param.default is not None:
            value = value.replace(f"${{params.{name}}}", str(param.default))
    return value


def _same_element(one: Locator | None, other: Locator | None) -> bool:
    """Equal, or named alike: `textbox "Email"` and `{label: Email}`."""
    if one == other:
        return True
    if one is None or other is None or (one.role and other.role and one.role != other.role):
        return False
    first, second = (str(each.name or each.label or each.placeholder or each.text or "").strip(" *:").lower() for each in (one, other))
    return bool(first) and first == second


def _flow_atoms(flow: Flow) -> list[Atom] | None:
    """What the flow does, or None where that can't be compared with what somebody did."""
    try:
        data = plain(parse(flow.source))
    except (Problems, Invalid):
        return None
    found: list[Atom] = []
    for step in data.get("steps", ()):
        atoms = _atoms(step)
        if atoms is None:
            return None
        found += atoms
    return found


def _atoms(step: str | Mapping[str, Any]) -> list[Atom] | None:
    if isinstance(step, str):
        return [Atom(step, None, None)]
    verb = next(iter(step))
    if verb in IDLE:
        return []
    if len(step) != 1 or verb not in PLAIN | PAIRED:
        return None
    if verb == "goto":
        return [Atom("goto", None, step[verb])]
    if verb in PAIRED:
        return list(_paired(verb, step[verb]))
    return [Atom(verb, _locator(step[verb]), None)]


def _paired(verb: str, pairs: Any) -> Iterator[Atom]:
    if not isinstance(pairs, Mapping):
        yield Atom(verb, None, pairs)
        return
    entries = [(pairs["locator"], pairs["value"])] if set(pairs) == {"locator", "value"} else list(pairs.items())
    for locator, value in entries:
        yield Atom("fill" if verb in FILLING else verb, _locator(locator), value)


def _locator(data: Any) -> Locator | None:
    try:
        found = LOCATOR.decode(parse(Source("recording", to_yaml(data))), Decoder())
    except (Problems, Invalid):
        return None
    return found if isinstance(found, Locator) else None
