"""Takes secrets out of the content of a file, by what it is: JSON lines, JSON, HTML, a form, gzip, a zip archive, or anything else."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from harness.evidence.learn import NAMES
from harness.evidence.packed import PICTURES, Member, is_packed, repacked
from harness.evidence.redact import Redactor

FIELDS = frozenset(("value", "text", "__playwright_value_"))
TAG = re.compile(r"(<[^<>]*>)")
COMMENT_OR_TAG = re.compile(r"(<!--.*?-->|<[^<>]*>)", re.DOTALL)
FORM = re.compile(rb"[^\s={}<>\"]{1,200}=[^\s{}<>\"]*(?:&[^\s={}<>\"]{1,200}=[^\s{}<>\"]*)*", re.DOTALL)
DEEPEST = 3


def scrub(data: bytes, redactor: Redactor, depth: int = 0) -> bytes:
    """The content without secrets. Pictures are left as they are: what they show is covered when they are taken."""
    if not redactor.knows or data.startswith(PICTURES):
        return data
    if depth < DEEPEST:

        def clean(member: Member) -> Member:
            return redactor.text(member[0]), scrub(member[1], redactor, depth + 1)

        data = repacked(data, clean)
        if is_packed(data):
            return data
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if head in (b"{", b"["):
        return _json(data, redactor)
    if head == b"<":
        return _html(data, redactor)
    if redactor.has_short and FORM.fullmatch(data):
        return _form(data, redactor)
    return redactor.data(_multipart(data, redactor) if redactor.has_short else data)


def scrub_files(folder: Path, redactor: Redactor) -> None:
    """Takes secrets out of every file of a folder, which need not be there."""
    for path in folder.rglob("*") if redactor.knows else ():
        if path.is_file() and (clean := scrub(data := path.read_bytes(), redactor)) != data:
            path.write_bytes(clean)


def scrub_lines(data: bytes, redactor: Redactor, each: Callable[[Any], Any]) -> bytes:
    """JSON values, one a line; `each` gives a value without secrets. Lines that are not JSON are treated as bytes."""
    return b"\n".join(_scrub_line(line, redactor, each) for line in data.split(b"\n"))


def _scrub_line(line: bytes, redactor: Redactor, each: Callable[[Any], Any]) -> bytes:
    if not line:
        return line
    try:
        value = json.loads(line)
    except ValueError:
        return redactor.data(line)
    clean = each(value)
    return line if clean == value else json.dumps(clean, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def scrub_tree(value: Any, redactor: Redactor, key: str = "") -> Any:
    """Plain data with every text in it redacted, keys too. Short secrets are replaced where they are all of a field."""
    if isinstance(value, str):
        return redactor.field(value) if key in FIELDS or NAMES.search(key) else _text(value, redactor)
    if isinstance(value, dict):
        return {redactor.text(name): scrub_tree(item, redactor, name) for name, item in value.items()}
    if isinstance(value, list):
        return [scrub_tree(item, redactor, key) for item in value]
    if type(value) is int and str(value) in redactor.numbers:
        return _number(value, redactor, key)
    return value


def _number(value: int, redactor: Redactor, key: str) -> Any:
    """A code that stands as a number; a short one only where the key says that it is one."""
    text = str(value)
    clean = redactor.field(text) if NAMES.search(key) else redactor.text(text)
    return value if clean == text else clean


def _text(value: str, redactor: Redactor) -> str:
    """A text, markup in it, or the address of a form that was sent as its query."""
    clean = redactor.text(markup(value, redactor) if "<" in value else value)
    if redactor.has_short and "?" in clean and "=" in clean:
        head, mark, query = clean.partition("?")
        return head + mark + _form(query.encode("utf-8", "surrogatepass"), redactor).decode("utf-8", "surrogatepass")
    return clean


def _json(data: bytes, redactor: Redactor) -> bytes:
    """JSON as data where that matters: a pattern never eats its punctuation, and markup in it is read as markup."""
    if not (redactor.has_short or redactor.patterns or redactor.numbers or b"<" in data or b"u003c" in data):
        return redactor.data(data)
    try:
        tree = json.loads(data)
        clean = scrub_tree(tree, redactor)
    except (ValueError, RecursionError):
        return redactor.data(data)
    return redactor.data(data) if clean == tree else json.dumps(clean, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _html(data: bytes, redactor: Redactor) -> bytes:
    try:
        text, charset = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, charset = data.decode("latin-1"), "latin-1"
    return redactor.data(markup(text, redactor).encode(charset, "replace"))


def markup(text: str, redactor: Redactor) -> str:
    """HTML without the secrets that are split over its elements; what stands in one piece is left."""
    parts = _tags(text)
    pieces = [html.unescape(piece) if "&" in piece else piece for piece in parts[0::2]]
    clean = redactor.joined(pieces)
    if clean is pieces:
        return text
    parts[0::2] = [html.escape(new, quote=False) if new != old else raw for raw, old, new in zip(parts[0::2], pieces, clean, strict=True)]
    return "".join(parts)


def _tags(text: str) -> list[str]:
    """Texts and what stands between them, in turn. Comments end before what is left, so that none is looked for in vain."""
    end = text.rfind("-->") + 3
    if end < 3:
        return TAG.split(text)
    before, after = COMMENT_OR_TAG.split(text[:end]), TAG.split(text[end:])
    return [*before[:-1], before[-1] + after[0], *after[1:]]


def _form(data: bytes, redactor: Redactor) -> bytes:
    pairs = (pair.partition(b"=") for pair in redactor.data(data).split(b"&"))
    return b"&".join(name + equals + _value(value, redactor) for name, equals, value in pairs)


def _value(value: bytes, redactor: Redactor) -> bytes:
    plain = unquote_plus(value.decode("latin-1"))
    clean = redactor.field(plain)
    return value if clean == plain else clean.encode()


def _multipart(data: bytes, redactor: Redactor) -> bytes:
    return re.sub(
        rb"(\r\n\r\n)([^\r\n]{1,3})(?=\r\n--)", lambda found: found[1] + redactor.field(found[2].decode("utf-8", "replace")).encode(), data
    )
