"""ARIA snapshots as Playwright prints them -> lines that are our locators. Pure.

Playwright's are YAML: a line whose name holds a colon is quoted as a whole, and names are escaped as in JSON. Here a line is always
`- role "name" [state]: text`, and what stands before the last colon is in single quotes where YAML would not read it as a whole without
them, so that it can be copied into a scenario.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import yaml

_ITEM = re.compile(r"(?P<indent> *)- (?P<rest>.*)", re.DOTALL)
_QUOTED = re.compile(r"""(?P<key>'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")(?P<after>:.*)?""", re.DOTALL)
_PLAIN = re.compile(r"""(?P<key>/?[a-z]+(?: "(?:[^"\\]|\\.)*")?(?: \[[^\]]*\])*)(?P<after>:.*)?""", re.DOTALL)
_HEAD = re.compile(r"""[a-z]+ "(?:[^"\\]|\\.)*"(?: \[[^\]]*\])*""")
_WHOLE = re.compile(r"'((?:[^']|'')*)'(?=:|$)")
_NAME = re.compile(r'"(?:[^"\\]|\\.)*"')
SHORT = 4
MASKED = "[masked]"
Texts = Callable[[str], str]


def locator_lines(snapshot: str, change: Texts = str) -> list[str]:
    """The lines of a snapshot in the notation of locators; `change` is given every text and name of the page and gives what is shown."""
    return [_shown(*line) for line in snapshot_lines(snapshot, change)]


class Line(NamedTuple):
    """One line: `key` is a role with name and states, or `text`; `text` stands behind its colon; `opens` where others are below it."""

    indent: str
    key: str
    text: str = ""
    opens: bool = False


def snapshot_lines(snapshot: str, change: Texts = str) -> list[Line]:
    """The lines of a snapshot without the quotes around them."""
    return [line for raw in snapshot.splitlines() if (line := _line(raw, change))]


def _line(raw: str, change: Texts) -> Line | None:
    item = _ITEM.fullmatch(raw)
    if item is None:
        return None
    found = _QUOTED.fullmatch(item["rest"]) or _PLAIN.fullmatch(item["rest"])
    if found is None:
        return Line(item["indent"], "text", " ".join(change(item["rest"]).split()))
    key = _NAME.sub(lambda name: _name(name[0], change), _unquoted(found["key"]), count=1)
    after = found["after"] or ""
    text = " ".join(change(_unquoted(after[1:].strip())).split())
    return Line(item["indent"], key, text, bool(after))


def _shown(indent: str, key: str, text: str, opens: bool) -> str:
    return f"{indent}- {_as_key(key)}" + (f": {text}" if text else ":" if opens else "")


def _as_key(key: str) -> str:
    """A locator as YAML reads it as a whole."""
    cut = _HEAD.fullmatch(key) and (": " in key or " #" in key)
    return "'" + key.replace("'", "''") + "'" if cut else key


def head_of(line: str) -> str:
    """What of a line names its element: without the text behind it, unless there is nothing else to tell it by."""
    bare = line.strip().removeprefix("- ")
    if quoted := _WHOLE.match(bare):
        return quoted[1].replace("''", "'")
    named = _HEAD.match(bare)
    return named[0] if named else bare.removesuffix(":")


def _name(quoted: str, change: Texts) -> str:
    try:
        name = str(json.loads(quoted))
    except ValueError:
        name = quoted[1:-1]
    escaped = " ".join(change(name).split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unquoted(text: str) -> str:
    if not text.startswith(("'", '"')):
        return text
    try:
        return str(yaml.safe_load(text))
    except yaml.YAMLError:
        return text


def with_frames(lines: Sequence[str], frames: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """The lines with what stands in each frame below its line, which gets the frame's title; unchanged where they do not fit each other."""
    places = [number for number, line in enumerate(lines) if line.lstrip() == "- iframe"]
    if len(places) != len(frames):
        return list(lines)
    inside = dict(zip(places, frames, strict=True))
    return [shown for number, line in enumerate(lines) for shown in (_frame(line, *inside[number]) if number in inside else (line,))]


def _frame(line: str, title: str, content: Sequence[str]) -> Iterable[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    escaped = title.replace("\\", "\\\\").replace('"', '\\"')
    yield line.replace("iframe", _as_key(f'iframe "{escaped}"') if title else "iframe") + (":" if content else "")
    yield from (indent + each for each in content)


def masking(masked: Iterable[str]) -> Texts:
    """Takes these texts out, the longest first. A short one would be found everywhere: it is taken out only where it is all of a text."""
    texts = sorted({" ".join(text.split()) for text in masked} - {""}, key=lambda text: -len(text))

    def change(text: str) -> str:
        for each in texts:
            if text == each:
                return MASKED
            if len(each) >= SHORT:
                text = text.replace(each, MASKED)
        return text

    return change
