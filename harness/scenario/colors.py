"""Colours as people write them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from harness.scenario.shapes import ScalarShape, ShapeError


class Color(NamedTuple):
    """sRGB channels, 0 to 255."""

    red: int
    green: int
    blue: int


# The sixteen names of HTML 4.01, and the two more that people write.
_NAMES = {
    "black": "000000", "silver": "c0c0c0", "gray": "808080", "white": "ffffff", "maroon": "800000", "red": "ff0000", "purple": "800080",
    "fuchsia": "ff00ff", "green": "008000", "lime": "00ff00", "olive": "808000", "yellow": "ffff00", "navy": "000080", "blue": "0000ff",
    "teal": "008080", "aqua": "00ffff", "orange": "ffa500", "grey": "808080",
}  # fmt: skip
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+[\d.]+%?)?\s*\)")


def parse_color(text: str) -> Color | None:
    """The colour of `#d33`, `#dd3333`, `rgb(221, 51, 51)` or a name; None when it is none of them."""
    word = _NAMES.get(text.strip().lower(), text.strip().lower().removeprefix("#"))
    if match := _RGB.fullmatch(word):
        channels = [int(channel) for channel in match.groups()]
        return Color(*channels) if max(channels) < 256 else None
    if re.fullmatch(r"[0-9a-f]{3}", word):
        word = "".join(2 * digit for digit in word)
    if not re.fullmatch(r"[0-9a-f]{6}", word):
        return None
    return Color(*(int(word[i : i + 2], 16) for i in (0, 2, 4)))


class _ColorShape(ScalarShape):
    expected = "a colour such as #d33, rgb(221, 51, 51) or red"

    def convert(self, value: Any) -> Color:
        color = parse_color(str(value))
        if color is None:
            raise ShapeError(f"expected {self.expected}, found `{value}`", "quote a colour that begins with #")
        return color


COLOR = _ColorShape()
