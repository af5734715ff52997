"""Finds what is packed inside other data, and packs it again: gzip, zlib and zip archives, as a whole, in the middle of a multipart form,
or as base64 in a text. It knows formats, and nothing of what is in them."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
GZIP = b"\x1f\x8b\x08"
ZIP = b"PK\x03\x04"
ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22
MAGIC = re.compile(rb"\x1f\x8b\x08|PK\x03\x04|H4sI|UEsDB")
RUN = re.compile(rb"(?:[A-Za-z0-9+/_-]|%2[BbFf]|\\/)+(?:=|%3[Dd]){0,2}")
MOST = 300_000_000
BROKEN = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error)

Member = tuple[str, bytes]
"""Name and content; what is not an archive has one member without a name."""


@dataclass(frozen=True)
class Part:
    """`data[begin:end]` unpacked. `kind` is gzip, zlib or zip; `text` says that it stands there as base64."""

    begin: int
    end: int
    kind: str
    members: tuple[Member, ...]
    text: bool = False


def parts_of(data: bytes) -> Iterator[Part]:
    """What is packed in the data, in its order, each part behind the one before. What can't be unpacked is passed over."""
    if data.startswith(PICTURES):
        return
    if (whole := _zlib(data)) is not None:
        yield whole
        return
    end = 0
    for magic in MAGIC.finditer(data):
        if magic.start() < end:
            continue
        part = _encoded(data, magic.start()) if magic[0][:1] in b"HU" else _binary(data, magic.start())
        if part is not None:
            yield part
            end = part.end


def repacked(data: bytes, clean: Callable[[Member], Member]) -> bytes:
    """The data with every member of every part as `clean` gives it. Parts of which nothing changed stay byte for byte."""
    pieces, at = [], 0
    for part in parts_of(data):
        members = tuple(clean(member) for member in part.members)
        if members != part.members:
            pieces += [data[at : part.begin], _again(part, members, data)]
            at = part.end
    return b"".join([*pieces, data[at:]]) if pieces else data


def is_packed(data: bytes) -> bool:
    """Whether all of it is one part, so that nothing of it can be read as it is."""
    if not data.startswith((GZIP, ZIP, b"\x78")):
        return False
    part = next(parts_of(data), None)
    return part is not None and (part.begin, part.end) == (0, len(data))


def _binary(data: bytes, begin: int) -> Part | None:
    return _gzip(data, begin) if data.startswith(GZIP, begin) else _zip(data, begin)


def _gzip(data: bytes, begin: int) -> Part | None:
    content, left = _inflated(data[begin:], 31)
    return None if content is None else Part(begin, len(data) - left, "gzip", (("", content),))


def _zlib(data: bytes) -> Part | None:
    if len(data) < 8 or data[0] != 0x78 or int.from_bytes(data[:2], "big") % 31:
        return None
    content, left = _inflated(data, 15)
    return None if content is None or left else Part(0, len(data), "zlib", (("", content),))


def _inflated(data: bytes, window: int) -> tuple[bytes | None, int]:
    """The content, and how many bytes follow its end; None for what is broken or larger than anything that can be looked through."""
    machine = zlib.decompressobj(window)
    try:
        content = machine.decompress(data, MOST)
    except zlib.error:
        return None, 0
    return (content, len(machine.unused_data)) if machine.eof else (None, 0)


def _zip(data: bytes, begin: int) -> Part | None:
    last = data.find(ZIP_END, begin) if begin else data.rfind(ZIP_END)
    if last < 0:
        return None
    end = min(len(data), last + ZIP_END_BYTES + int.from_bytes(data[last + 20 : last + 22], "little"))
    try:
        return Part(begin, end, "zip", tuple(unpack(data[begin:end])))
    except BROKEN:
        return None


def _encoded(data: bytes, begin: int) -> Part | None:
    run = RUN.match(data, begin)
    if run is None or len(run[0]) < 24:
        return None
    text = unquote_to_bytes(run[0].replace(b"\\/", b"/")).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        raw = base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    part = _binary(raw, 0) if raw.startswith((GZIP, ZIP)) else None
    return None if part is None else Part(run.start(), run.end(), part.kind, part.members, text=True)


def _again(part: Part, members: tuple[Member, ...], data: bytes) -> bytes:
    packed = pack(members) if part.kind == "zip" else _deflated(members[0][1], part.kind)
    if not part.text:
        return packed
    text = base64.b64encode(packed).decode("ascii")
    return (quote(text, safe="") if b"%" in data[part.begin : part.end] else text).encode("ascii")


def _deflated(content: bytes, kind: str) -> bytes:
    return gzip.compress(content, compresslevel=1, mtime=0) if kind == "gzip" else zlib.compress(content, 1)


def unpack(data: bytes) -> Iterator[Member]:
    """The members of a zip archive. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            yield member.filename, archive.read(member)


def pack(members: Iterable[Member]) -> bytes:
    """A zip archive of these members. Pictures, which are packed already, are stored."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in members:
            kind = zipfile.ZIP_STORED if content.startswith(PICTURES) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=kind)
    return into.getvalue()
