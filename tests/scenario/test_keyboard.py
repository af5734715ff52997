"""Keys by Playwright's names: chords are told apart as Playwright does it, and what a key is called elsewhere leads to its name."""

from __future__ import annotations

import pytest

from harness.core.secret import Secret
from harness.scenario.keyboard import KEYS, Keys, split_keys
from harness.scenario.shapes import ShapeError


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Enter", ["Enter"]),
        ("Control+Shift+K", ["Control", "Shift", "K"]),
        ("+", ["+"]),
        ("Control++", ["Control", "+"]),
        ("Control+", ["Control", ""]),
        ("", [""]),
    ],
)
def test_a_chord_is_its_keys(text: str, keys: list[str]) -> None:
    assert split_keys(text) == keys


def test_keys_that_there_are_can_be_pressed() -> None:
    for text in (*KEYS, "ControlOrMeta+KeyA", "Control++", "Shift+ArrowLeft", "Alt+F4"):
        assert Keys().convert(text) == text


def test_a_secret_is_not_looked_at() -> None:
    secret = Secret("PASSWORD", "hunter2")
    assert Keys().convert(secret) is secret


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ctrl+A", "Control"),
        ("Controll+V", "Control"),
        ("Shift+cmd+z", "Meta"),
        ("PageDwn", "PageDown"),
        ("enter", "Enter"),
        ("ESC", "Escape"),
        ("Down", "ArrowDown"),
        ("keya", "KeyA"),
        ("Control+plus", "+"),
    ],
)
def test_the_name_that_was_meant(text: str, meant: str) -> None:
    with pytest.raises(ShapeError) as refused:
        Keys().convert(text)
    assert refused.value.hint == f"did you mean `{meant}`?"
