"""Keys by the names that Playwright's keyboard has for them, which are those of a US layout. Pure."""

from __future__ import annotations

from typing import Any

from harness.core.secret import Secret
from harness.scenario.nearest import nearest
from harness.scenario.shapes import ShapeError, TextLike, as_text

_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 `~!@#$%^&*()-_=+[{]}\\|;:'\",<.>/?\r\n")
_NAMES = frozenset((
    "Escape", "Backspace", "Tab", "Enter", "Space", "Insert", "Delete", "Home", "End", "PageUp", "PageDown",
    "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown",
    "CapsLock", "NumLock", "ScrollLock", "PrintScreen", "Pause", "ContextMenu", "AltGraph",
    "Shift", "ShiftLeft", "ShiftRight", "Control", "ControlLeft", "ControlRight", "Alt", "AltLeft", "AltRight", "Meta",
    "MetaLeft", "MetaRight", "ControlOrMeta",
    "Backquote", "Minus", "Equal", "Backslash", "BracketLeft", "BracketRight", "Semicolon", "Quote", "Comma", "Period",
    "Slash",
    "NumpadDivide", "NumpadMultiply", "NumpadSubtract", "NumpadAdd", "NumpadDecimal", "NumpadEnter",
    "AudioVolumeMute", "AudioVolumeDown", "AudioVolumeUp", "MediaTrackNext", "MediaTrackPrevious", "MediaPlayPause",
    *(f"F{number}" for number in range(1, 13)),
    *(f"{row}{digit}" for row in ("Digit", "Numpad") for digit in range(10)),
    *(f"Key{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
))  # fmt: skip
KEYS = _CHARACTERS | _NAMES

# What keys are called elsewhere: on keyboards, in menus, in other tools.
_CALLED = {
    "Control": ("ctrl", "ctl", "strg"),
    "ControlOrMeta": ("ctrlormeta", "cmdorctrl"),
    "Meta": ("cmd", "command", "win", "windows", "super"),
    "Alt": ("option", "opt"),
    "AltGraph": ("altgr",),
    "Escape": ("esc",),
    "Enter": ("return",),
    "Delete": ("del",),
    "Insert": ("ins",),
    "Space": ("spacebar",),
    "PageUp": ("pgup",),
    "PageDown": ("pgdn",),
    "ArrowUp": ("up",),
    "ArrowDown": ("down",),
    "ArrowLeft": ("left",),
    "ArrowRight": ("right",),
    "ContextMenu": ("menu",),
    "+": ("plus",),
}
_NEAREST = {name.lower(): name for name in sorted(_NAMES)} | {word: name for name, words in _CALLED.items() for word in words}


class Keys(TextLike):
    """A key, or several that are held together: `Enter`, `Control+S`."""

    expected = "keys"

    def convert(self, value: Any) -> str | Secret:
        text = as_text(value)
        wrong = [key for key in split_keys(text) if key not in KEYS] if isinstance(text, str) else []
        if not wrong:
            return text
        if not wrong[0]:
            raise ShapeError(f"a key is missing in `{text}`", "the key + itself is `+`, and with Control `Control++`", "no-such-key")
        raise ShapeError(f"`{wrong[0]}` is not a key", _hint(wrong[0]), "no-such-key")


def split_keys(text: str) -> list[str]:
    """The keys of a chord. A `+` that follows no key is the key itself, so `Control++` is two; a missing key is an empty text."""
    keys, key = [], ""
    for character in text:
        if character == "+" and key:
            keys.append(key)
            key = ""
        else:
            key += character
    return [*keys, key]


def _hint(key: str) -> str:
    near = nearest(key.lower(), _NEAREST)
    return f"did you mean `{_NEAREST[near]}`?" if near else "a key is such as Enter, ArrowDown, a, Control+S; `type` enters text"
