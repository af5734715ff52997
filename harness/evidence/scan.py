"""Looks whether a secret is left in what was written. It works the other way round than the redactor: it undoes every packing and escaping
that it can, and looks for the plain values, so that what one overlooks the other finds."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_plus

from harness.evidence.encodings import SHORTEST, misread
from harness.evidence.learn import JWT
from harness.evidence.packed import BROKEN, PICTURES, ZIP, is_packed, parts_of, unpack
from harness.evidence.redact import Redactor
from harness.evidence.scrub import TAG
from harness.evidence.trace import secrets_in

WIDE = ("utf-16-le", "utf-16-be")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
WRAPPED = re.compile(r"(?<=[A-Za-z0-9+/]{60})(?:\\+r)?(?:\\+n|\r?\n)(?=[A-Za-z0-9+/=])")
HEX = re.compile(r"[0-9A-Fa-f]{2}(?:[ :-]?[0-9A-Fa-f]{2}){3,}")
ESCAPE = re.compile(r"(?:\\+|%)u([0-9A-Fa-f]{4})|\\+(?:x([0-9A-Fa-f]{2})|([^A-Za-z0-9\r\n\t]))")
PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
LONGEST_RUN = 20_000
DEEPEST = 3
MOST_UNPACKED = 4_000_000


def written_leaks(folder: Path, redactor: Redactor) -> tuple[str, ...]:
    """What the redactor still finds in the files of a folder, a sentence each. Quick: for the end of an attempt."""
    if not redactor.knows:
        return ()
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    members = ((f"{path.relative_to(folder).as_posix()}{inner}", data) for path in files for inner, data in contents(path.read_bytes()))
    return tuple(f"{place} holds {name}" for place, data in members for name in redactor.found_in(data))


def contents(data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """What is in a file: itself, and what is packed in it, with how one gets there. Pictures are passed over."""
    if data.startswith(PICTURES):
        return
    for part in parts_of(data) if depth < DEEPEST else ():
        for name, member in part.members:
            step = f" > {name}" if name else ""
            if name:
                yield step, name.encode("utf-8", "surrogatepass")
            yield from ((f"{step}{inner}", content) for inner, content in contents(member, depth + 1))
    if depth == DEEPEST or not is_packed(data):
        yield "", data


def leaks(files: Iterable[tuple[str, bytes]], secrets: Mapping[str, str]) -> tuple[str, ...]:
    """Where any of these secrets (name to value) or anything that looks like one is left in (name, content), a sentence each. Thorough:
    for what leaves the team."""
    wanted = {name: value for name, value in secrets.items() if len(value) >= SHORTEST}
    found: dict[str, None] = {}
    for file, data in files:
        for inner, content in contents(data):
            found |= dict.fromkeys(f"{file}{inner} holds {name}" for name in _held(content, wanted))
        if data.startswith(ZIP):
            found |= dict.fromkeys(f"{file} holds {name}" for name in _unmarked(data))
    return tuple(found)


def _unmarked(data: bytes) -> Iterator[str]:
    """What in a trace should have been learned as a secret and taken out."""
    try:
        members = list(unpack(data))
    except BROKEN:
        return
    yield from (f"a value of {name}" for name, value in secrets_in(members) if "[" not in value)


def _held(data: bytes, secrets: Mapping[str, str], depth: int = 0) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    if PRIVATE_KEY.search(text):
        yield "a private key"
    if JWT.search(text):
        yield "a token (JWT)"
    views = [*_views(text), *([] if data.isascii() else _views(data.decode("latin-1")))]
    packed = b"\n".join(_unpacked(text)) if depth < 2 else b""
    inner = set(_held(packed, secrets, depth + 1)) if 0 < len(packed) <= MOST_UNPACKED else set()
    for name, value in secrets.items():
        wide = any(value.encode(charset, "surrogatepass") in data for charset in WIDE if b"\0" in data)
        plain = len(packed) > MOST_UNPACKED and any(value.encode(charset, "replace") in packed for charset in PACKED)
        if wide or plain or name in inner or any(form in view for view in views for form in (value, *misread(value))):
            yield name


def _views(text: str) -> Iterator[str]:
    """The text, and what it is without one or two layers of escapes, in any order."""
    seen = {text}
    for layer in range(2):
        seen |= {undo(view) for view in seen for sign, undo in (UNDO if layer else [*UNDO, *LATIN]) if sign in view}
    yield from seen
    for view in (view for view in seen if "<" in view):
        yield (shown := TAG.sub("", view))
        yield html.unescape(shown)
    yield "".join(_shown(text))


def _unescape(text: str) -> str:
    return ESCAPE.sub(lambda found: found[3] or chr(int(found[1] or found[2], 16)), text)


UNDO: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("%", unquote),
    ("+", unquote_plus),
    ("&", html.unescape),
    ("\\", _unescape),
    ("%u", _unescape),
)
LATIN: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("%", lambda text: unquote_plus(text, encoding="latin-1")),
    ("%", lambda text: unquote(text, encoding="latin-1")),
)
PACKED = ("utf-8", "latin-1", *WIDE)


def _shown(text: str) -> Iterator[str]:
    """The texts of the pages that a trace holds, one behind the other."""
    for line in text.splitlines():
        if line.startswith('{"type":"frame-snapshot"') or '"frame-snapshot"' in line[:60]:
            try:
                yield from _texts(json.loads(line)["snapshot"]["html"])
            except (ValueError, KeyError, TypeError):
                continue


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list) and node and isinstance(node[0], str):
        for child in node[1:]:
            yield from _texts(child)


def _unpacked(text: str) -> Iterator[bytes]:
    """What stands in it as base64, at any offset, or as hex."""
    plain = WRAPPED.sub("", text).replace("%2B", "+").replace("%2F", "/").replace("\\/", "/")
    for found in BASE64.finditer(plain):
        run = found[0][:LONGEST_RUN].replace("-", "+").replace("_", "/")
        for offset in range(4):
            part = run[offset:]
            try:
                yield base64.b64decode(part[: len(part) // 4 * 4])
                yield base64.b64decode(part[: len(part) // 4 * 4 + 4] + "=" * (-len(part) % 4))
            except (binascii.Error, ValueError):
                continue
    for found in HEX.finditer(text):
        digits = re.sub("[ :-]", "", found[0])
        yield bytes.fromhex(digits)
        yield bytes.fromhex(digits[1:-1])
