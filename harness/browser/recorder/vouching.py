"""Which of a page's actions a person did: the recorder's own calls can be made by the page too, a trusted event can't. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BUTTONS = {"left": 0, "middle": 1, "right": 2}
ACTING = frozenset(("click", "input", "select", "file"))
MOST = 200
OLD = 20
TEXTS = {"name": 30, "selector": 2_000, "text": 10_000, "key": 30, "url": 2_000}
MOST_OPTIONS = 50
LONGEST_OPTION = 300
SOON_MS = 50


@dataclass(frozen=True)
class Witness:
    """A trusted event in a page, as the isolated script saw it."""

    number: int
    said: Mapping[str, Any]
    from_label: bool = False


@dataclass
class Witnesses:
    """The trusted events of one page that no action has used up."""

    waiting: list[Witness] = field(default_factory=list)
    last: int = 0

    @property
    def pending(self) -> bool:
        """Whether something was done whose action is still to come."""
        return bool(self.unheard)

    @property
    def unheard(self) -> int:
        """How much was done whose action has not come."""
        return sum(each.said["t"] in ACTING and each.number > self.last for each in self.waiting)

    def add(self, number: int, said: Mapping[str, Any]) -> None:
        """A trusted event. A click on a label makes the browser click the field too, which is known by its time."""
        before = next((each.said for each in reversed(self.waiting) if each.said["t"] == "click"), None)
        from_label = said["t"] == "click" and before is not None and before["label"] and said["at"] - before["at"] < SOON_MS
        self.waiting.append(Witness(number, said, from_label))
        del self.waiting[:-MOST]

    def vouch(self, action: Mapping[str, Any]) -> Witness | None:
        """The event that the action comes from; None when a person did nothing of the kind."""
        found = next((each for each in self.waiting if _fits(each.said, action)), None)
        if found is not None:
            self.last = max(self.last, found.number)
            self.waiting = [each for each in self.waiting if not _used(each, found, action)]
        return found


def told_action(told: Mapping[str, Any]) -> dict[str, Any]:
    """The action with every part of the kind and size that it should have: what calls itself an action may be the page's own words."""
    position = told.get("position")
    at = [each for side in "xy" if type(each := position.get(side)) in (int, float)] if isinstance(position, Mapping) else []
    options = told.get("options")
    return {
        **{name: str(told.get(name) or "")[:most] for name, most in TEXTS.items()},
        "modifiers": _number(told.get("modifiers"), 0) & 15,
        "clickCount": _number(told.get("clickCount"), 1),
        "button": told.get("button") if told.get("button") in ("right", "middle") else "left",
        "position": (at[0], at[1]) if len(at) == 2 else None,
        "options": [str(option)[:LONGEST_OPTION] for option in options[:MOST_OPTIONS]] if isinstance(options, list) else [],
    }


def _number(value: object, default: int) -> int:
    return value if type(value) is int else default


def _fits(said: Mapping[str, Any], action: Mapping[str, Any]) -> bool:
    kind = said["t"]
    match action["name"]:
        case "click":
            button = BUTTONS[action["button"]]
            return bool(kind == "click" and said["button"] == button and (button == 2 or said["detail"] == action["clickCount"]))
        case "check" | "uncheck":
            return bool(kind == "click" or (kind == "key" and said["key"] == " "))
        case "press":
            return bool(kind == "key" and said["key"] == action["key"])
        case "select":
            return bool(kind == "select")
        case "fill":
            return kind == "file" or (kind == "input" and _typed(said, action["text"]))
        case _:
            return False


def _typed(said: Mapping[str, Any], text: str) -> bool:
    return bool(said["length"] == _length(text) if said["secret"] else said["text"] == text)


def _length(text: str) -> int:
    """As JavaScript counts: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _used(each: Witness, found: Witness, action: Mapping[str, Any]) -> bool:
    """The event itself, the clicks that a double click began with, and what is so old that no action comes from it any more."""
    earlier = action["name"] == "click" and each.said["t"] == "click" and each.said["detail"] < found.said["detail"]
    return bool(each is found or (earlier and each.number < found.number) or each.number < found.number - OLD)
