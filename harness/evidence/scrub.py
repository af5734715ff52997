"""Takes secrets out of the content of a file, by what it is: JSON lines, JSON, HTML, a form, gzip, a zip archive, or anything else."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from harness.evidence.learn import NAMES
from harness.evidence.redact import Redactor

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
FIELDS = frozenset(("value", "text", "__playwright_value_"))
TAG = re.compile(r"(<[^<>]*>)")
FORM = re.compile(rb"[^\s={}<>\"]{1,200}=[^\s{}<>\"]*(?:&[^\s={}<>\"]{1,200}=[^\s{}<>\"]*)*", re.DOTALL)
DEEPEST = 3


def scrub(data: bytes, redactor: Redactor, depth: int = 0) -> bytes:
    """The content without secrets. Pictures are left as they are: what they show is covered when they are taken."""
    if not redactor.knows or data.startswith(PICTURES):
        return data
    if data.startswith(GZIP) and depth < DEEPEST:
        return _packed(data, redactor, depth)
    if data.startswith(ZIP) and depth < DEEPEST:
        return _zipped(data, redactor, depth)
    head = data[:200].lstrip()[:1]
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
    return value


def _text(value: str, redactor: Redactor) -> str:
    """A text, or the address of a form that was sent as its query."""
    clean = redactor.text(value)
    if redactor.has_short and "?" in clean and "=" in clean:
        head, mark, query = clean.partition("?")
        return head + mark + _form(query.encode("utf-8", "surrogatepass"), redactor).decode("utf-8", "surrogatepass")
    return clean


def _json(data: bytes, redactor: Redactor) -> bytes:
    """JSON as data where that matters, so that a pattern never eats its punctuation."""
    if not (redactor.has_short or redactor.patterns):
        return redactor.data(data)
    try:
        return json.dumps(scrub_tree(json.loads(data), redactor), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return redactor.data(data)


def _html(data: bytes, redactor: Redactor) -> bytes:
    """Markup, whose texts are read as one: a secret may be split over elements."""
    try:
        parts = TAG.split(data.decode("utf-8"))
    except UnicodeDecodeError:
        return redactor.data(data)
    parts[0::2] = redactor.pieces(parts[0::2])
    return redactor.data("".join(parts).encode())


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


def _packed(data: bytes, redactor: Redactor, depth: int) -> bytes:
    try:
        return gzip.compress(scrub(gzip.decompress(data), redactor, depth + 1), compresslevel=1, mtime=0)
    except (OSError, EOFError):
        return redactor.data(data)


def _zipped(data: bytes, redactor: Redactor, depth: int) -> bytes:
    try:
        return pack((redactor.text(name), scrub(content, redactor, depth + 1)) for name, content in unpack(data))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return redactor.data(data)


def unpack(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The members of a zip archive. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            yield member.filename, archive.read(member)


def pack(members: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip archive of these members. Pictures, which are packed already, are stored."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in members:
            kind = zipfile.ZIP_STORED if content.startswith(PICTURES) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=kind)
    return into.getvalue()
