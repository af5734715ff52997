"""What a file is that somebody sends: a recording of DevTools, one of codegen, or a HAR file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.diagnostics import Problems, problem

LARGEST_RECORDING = 20_000_000
HEAD = 65_536
HAR = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:""")
SOURCE_MAP = re.compile(r"^//# recorderSourceMap=.*$", re.MULTILINE)
PACKED = (b"\x1f\x8b", b"PK\x03\x04")
WHICH = "a recording of Chrome's DevTools Recorder (JSON), `playwright codegen --target jsonl`, or a HAR file"


@dataclass(frozen=True)
class DevTools:
    """The recording as plain data: `steps` is a list."""

    path: Path
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Codegen:
    """The lines of the recording as plain data."""

    path: Path
    lines: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Har:
    """Only where it is: it may be larger than memory."""

    path: Path


Given = DevTools | Codegen | Har


def recognise(path: Path) -> Given:
    """What the file is. Raises Problems for one that is none of the kinds, with the reason."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        size = path.stat().st_size
    except FileNotFoundError:
        raise problem("no-such-file", f"there is no file `{path}`", "give the file that the customer sent") from None
    except OSError as error:
        raise problem("not-importable", f"{path} can't be read: {error.strerror}") from None
    if head.startswith(PACKED):
        raise problem("not-importable", f"{path.name} is packed", "unpack it first")
    if HAR.match(head):
        return Har(path)
    if not head.strip():
        raise problem("not-importable", f"{path.name} is empty", f"wanted is {WHICH}")
    if size > LARGEST_RECORDING:
        raise problem("not-importable", f"{path.name} has {size // 1_000_000} MB: that is no recording", f"wanted is {WHICH}")
    return _recording(path, head)


def _recording(path: Path, head: bytes) -> Given:
    try:
        text = SOURCE_MAP.sub("", path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise problem("not-importable", f"{path.name} is no text", f"wanted is {WHICH}") from None
    lines = [line for line in text.splitlines() if line.strip()]
    first = _object(lines[0]) if lines else None
    if first is not None and "steps" not in first and ("name" in first or "browserName" in first or "launchOptions" in first):
        return Codegen(path, _lines(path, lines))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_json(path, text, error) from None
    if isinstance(data, dict) and isinstance(data.get("steps"), list):
        return DevTools(path, data)
    if isinstance(data, dict) and isinstance(data.get("log"), dict):
        return Har(path)
    raise problem("not-importable", f"{path.name} is JSON, but none of a recording", f"wanted is {WHICH}")


def _not_json(path: Path, text: str, error: Exception) -> Problems:
    if re.search(r"page\.goto\(|from playwright|@playwright/test|puppeteer\.launch", text):
        hint = "`playwright codegen --target jsonl -o recording.jsonl`, or in DevTools: Export > JSON"
        return problem("not-importable", f"{path.name} is a script; what it does can't be read back from it", hint)
    if not text.lstrip().startswith(("{", "[")):
        return problem("not-importable", f"{path.name} is no JSON", f"wanted is {WHICH}")
    where = f"line {error.lineno}, column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else "nested too deeply"
    return problem("not-importable", f"{path.name} is broken JSON: {where}", "export it once more; it may have been cut off on its way")


def _lines(path: Path, lines: list[str]) -> tuple[Mapping[str, Any], ...]:
    found = [_object(line) for line in lines]
    for number, each in enumerate(found, 1):
        if each is None and number < len(found):
            raise problem("not-importable", f"{path.name} is broken: line {number} is no action", "export it once more")
    cut = {"name": "a line that is cut off"}
    return tuple(cut if each is None else each for each in found)


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
