"""Looks whether a secret is left in what was written. It works the other way round than the redactor: it undoes every packing and escaping
that it can, and looks for the plain values, so that what one overlooks the other finds."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_plus

from harness.evidence.encodings import SHORTEST
from harness.evidence.redact import Redactor
from harness.evidence.scrub import GZIP, PICTURES, TAG, ZIP, unpack
from harness.evidence.trace import secrets_in

CHARSETS = ("utf-8", "latin-1", "utf-16-le")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")
HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){4,}")
ESCAPE = re.compile(r"\\+(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([\"'/\\]))")
PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
LONGEST_RUN = 20_000
DEEPEST = 3


def written_leaks(folder: Path, redactor: Redactor) -> tuple[str, ...]:
    """What the redactor still finds in the files of a folder, a sentence each. Quick: for the end of an attempt."""
    if not redactor.knows:
        return ()
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    members = ((f"{path.relative_to(folder).as_posix()}{inner}", data) for path in files for inner, data in contents(path.read_bytes()))
    return tuple(f"{place} holds {name}" for place, data in members for name in redactor.found_in(data))


def contents(data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """What is in a file: itself, or what is packed in it, with how one gets there. Pictures are passed over."""
    if data.startswith(PICTURES):
        return
    if depth < DEEPEST and data.startswith(ZIP):
        try:
            for name, member in unpack(data):
                yield f" > {name}", name.encode()
                yield from ((f" > {name}{inner}", content) for inner, content in contents(member, depth + 1))
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
            yield "", data
        return
    if depth < DEEPEST and data.startswith(GZIP):
        try:
            yield from contents(gzip.decompress(data), depth + 1)
        except (OSError, EOFError):
            yield "", data
        return
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
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return
    yield from (f"a value of {name}" for name, value in secrets_in(members) if "[" not in value)


def _held(data: bytes, secrets: Mapping[str, str]) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    if PRIVATE_KEY.search(text):
        yield "a private key"
    views = [*_views(text), data.decode("latin-1"), data.decode("utf-16-le", "replace")]
    packed = b"\n".join(_unpacked(text))
    for name, value in secrets.items():
        if any(value in view for view in views) or any(_encoded(value, charset) in packed for charset in CHARSETS):
            yield name


def _encoded(value: str, charset: str) -> bytes:
    return value.encode(charset, "replace")


def _views(text: str) -> Iterator[str]:
    """The text, and what it is without one or two layers of escapes, in any order."""
    seen = {text}
    for layer in range(2):
        seen |= {undo(view) for view in seen for undo in (UNDO if layer else [*UNDO, _latin])}
    yield from seen
    yield from [TAG.sub("", view) for view in seen if "<" in view]
    yield "".join(_shown(text))


def _latin(text: str) -> str:
    return unquote_plus(text, encoding="latin-1")


def _unescape(text: str) -> str:
    return ESCAPE.sub(lambda found: found[3] or chr(int(found[1] or found[2], 16)), text)


UNDO: tuple[Callable[[str], str], ...] = (unquote, unquote_plus, html.unescape, _unescape)


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
    for found in BASE64.finditer(text):
        run = found[0][:LONGEST_RUN].replace("-", "+").replace("_", "/")
        for offset in range(4):
            part = run[offset:]
            try:
                yield base64.b64decode(part[: len(part) // 4 * 4])
                yield base64.b64decode(part[: len(part) // 4 * 4 + 4] + "=" * (-len(part) % 4))
            except (binascii.Error, ValueError):
                continue
    yield from (bytes.fromhex(found[0]) for found in HEX.finditer(text))
