"""Texts of a page made fit for a terminal and for a reader: pure, and hostile until they have been here."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]")
_SPACES = frozenset(("Zs", "Zl", "Zp"))
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co"))
LINE = 300


def clean(text: str) -> str:
    """Without terminal escapes, controls, and characters that are not seen or turn the text round; line breaks stay."""
    return "".join(map(_seen, _ESCAPES.sub("", text))) if not (text.isascii() and text.isprintable()) else text


def _seen(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    kind = unicodedata.category(character)
    return " " if kind in _SPACES or character == "\t" else "" if kind in _UNSEEN else character


def sentence(text: str, most: int = 500) -> str:
    """On one line, at most so many characters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def cut_lines(lines: Sequence[str], max_chars: int) -> str:
    """The lines as one text of at most `max_chars`, each cut at 300 characters; what is left out is counted."""
    kept: list[str] = []
    size = 0
    for number, line in enumerate(lines):
        short = line if len(line) <= LINE else line[: LINE - 1] + "…"
        size += len(short) + 1
        if size > max_chars:
            return "\n".join([*kept, f"… {len(lines) - number} more lines; name a part of the page to see less"])
        kept.append(short)
    return "\n".join(kept)


def changed_lines(before: Sequence[str], after: Sequence[str], most: int = 40) -> list[str]:
    """What came (`+`) and what went (`-`), each with the line of the part of the page in which it stands; at most `most` lines."""
    found: list[str] = []
    for kind, start, stop, begin, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        found += [f"  {above}" for above in _above(after, begin)[-1:] if f"  {above}" not in found]
        found += [f"- {line}" for line in before[start:stop]] + [f"+ {line}" for line in after[begin:end]]
    left = len(found) - most
    return found if left <= 0 else [*found[:most], f"… {left} more lines"]


def _above(lines: Sequence[str], at: int) -> list[str]:
    """The lines in whose parts the line at `at` stands, the outermost first."""
    if at >= len(lines):
        return []
    found: list[str] = []
    indent = _indent(lines[at])
    for line in reversed(lines[:at]):
        if _indent(line) < indent:
            indent = _indent(line)
            found.append(line)
    return found[::-1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
