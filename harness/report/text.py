"""Hostile text made fit to be shown: one character for one, so nothing hides. Knows no format; each report escapes for itself."""

from __future__ import annotations

import re

# Controls but tab and newline, the overrides that reorder what stands around them, halves of surrogate pairs, what XML forbids.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` with every character that could not be seen, or would reorder others, as U+FFFD; tabs and newlines stay."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n")) if _UNFIT.search(text) else text


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def one_line(text: str, limit: int = 500) -> str:
    """`text` on one line, clipped, fit to be shown."""
    return clip(" ".join(printable(text[: 4 * limit]).split()), limit)
