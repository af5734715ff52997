"""Keys that went down and up as keys that were pressed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from harness.importers.selectors import Element
from harness.recording.steps import MODIFIERS
from harness.scenario.keyboard import KEYS

BITS = {name: bit for bit, name in MODIFIERS}
NAMES = {" ": "Space", "\r": "Enter", "\n": "Enter", "+": "NumpadAdd"}

Pressed = list[tuple[str, int]]


@dataclass
class Keys:
    """Which modifiers are held, whether anything was pressed with them, and what has the focus."""

    held: dict[str, bool] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    focus: Element | None = None
    typed: str = ""
    tab: str = ""

    def types(self, key: str, tab: str) -> bool:
        """Whether the key is one of a text that is being typed; it is kept in `typed`, for the tab."""
        if len(key) != 1 or not key.isprintable() or set(self.held) - {"Shift"}:
            return False
        self.modifiers()
        self.open.add(key)
        self.typed, self.tab = self.typed + key, tab
        return True

    def down(self, key: str) -> None:
        """A key goes down."""
        name = _modifier(key)
        if name:
            self.held[name] = False
        else:
            self.open.add(key)

    def pressed(self, key: str) -> Pressed | None:
        """What that presses: name and modifiers. None for a key that the harness can't press."""
        if _modifier(key):
            return []
        name = NAMES.get(key, key)
        if name not in KEYS:
            return None
        return [(name, self.modifiers())]

    def modifiers(self) -> int:
        """What is held, as bits; it was held for something."""
        self.held = dict.fromkeys(self.held, True)
        return sum(BITS[name] for name in self.held)

    def up(self, key: str) -> Pressed | None:
        """A key goes up: a modifier that was held for nothing was pressed for itself. A key that never went down was not pressed here."""
        name = _modifier(key)
        if not name:
            known = key in self.open or len(key) != 1
            self.open.discard(key)
            return [] if known else None
        used = self.held.pop(name, True)
        return [] if used else [(name, 0)]

    def finish(self) -> list[str]:
        """Modifiers that went down at the end and never up."""
        return [name for name, used in self.held.items() if not used]


def _modifier(key: str) -> str:
    name = re.sub(r"(?:Left|Right)$", "", key)
    return name if name in BITS else ""
