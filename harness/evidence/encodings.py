"""The forms in which a text travels, as patterns over bytes: URL-, form-, HTML-, JSON- and JavaScript-escaped in any mixture and
charset, hex, and base64 at any offset. Each pattern has a needle, bytes that are in every match, so that most data is never searched."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html.entities import codepoint2name

CHARSETS = ("utf-8", "latin-1", "cp1252", "iso8859-15", "cp1250", "cp1251", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
CONTROLS = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
SHORTEST = 4
SHORTEST_BASE64 = 6
DIGIT = rb"0-9"


@dataclass(frozen=True)
class Form:
    """One way to write a text. `needle` is in every match; empty when nothing is known to be."""

    needle: bytes
    pattern: re.Pattern[bytes]

    def sub(self, replacement: bytes, data: bytes) -> bytes:
        """The data with every match replaced."""
        return self.pattern.sub(lambda _: replacement, data) if self.needle in data else data

    def found(self, data: bytes) -> bool:
        """Whether it stands in the data."""
        return self.needle in data and self.pattern.search(data) is not None


def forms_of(value: str) -> tuple[Form, ...]:
    """Every form of a text of at least four characters."""
    raws = list(dict.fromkeys((value.encode("utf-8", "surrogatepass"), *_in_charsets(value))))
    edges = (rb"(?<![0-9.])", rb"(?![0-9])") if value.isdecimal() else (b"", b"")
    hexes = [_literal(raw.hex()) for raw in raws] + [_literal(raw.hex().upper()) for raw in raws]
    return (_escaped(value, *edges), *hexes, *(form for raw in raws for form in _base64(raw)))


def _in_charsets(value: str) -> Iterable[bytes]:
    for charset in CHARSETS:
        try:
            yield value.encode(charset)
        except UnicodeEncodeError:
            continue


def _literal(text: str) -> Form:
    return Form(text.encode(), re.compile(re.escape(text.encode())))


def _escaped(value: str, before: bytes, after: bytes) -> Form:
    pattern = before + b"".join(_character(character) for character in value) + after
    runs = re.findall(r"[A-Za-z0-9]+", value)
    return Form(max(runs, key=len, default="").encode(), re.compile(pattern, re.DOTALL))


@cache
def _character(character: str) -> bytes:
    """One character in all of its escapes. ASCII letters and digits are escaped by nobody."""
    if character.isascii() and character.isalnum():
        return character.encode()
    code = ord(character)
    ways: set[bytes] = {re.escape(raw) for raw in _in_charsets(character)} | {_percent(raw) for raw in _in_charsets(character)}
    ways |= {rb"&#0*%d;?" % code, rb"&#[xX]0*(?i:%x);?" % code, rb"\\{1,8}u\{0*(?i:%x)\}" % code}
    ways.add(b"".join(rb"\\{1,8}u(?i:%s)" % unit for unit in _units(character)))
    if code < 256:
        ways.add(rb"\\{1,8}x(?i:%02x)" % code)
    if code in codepoint2name:
        ways.add(rb"&%s;" % codepoint2name[code].encode())
    if character in CONTROLS:
        ways.add(rb"\\{1,8}" + CONTROLS[character].encode())
    more = {" ": rb"\+|&nbsp;", "'": rb"&apos;|\\{1,8}'", '"': rb'\\{1,8}"', "/": rb"\\{1,8}/", "\\": rb"\\{2,16}"}
    if character in more:
        ways.add(more[character])
    longest_first: list[bytes] = sorted(ways, key=lambda way: -len(way))
    return b"(?:" + b"|".join(longest_first) + b")"


def _percent(raw: bytes) -> bytes:
    """`%C3%A9`, escaped again up to three times. Bytes that are letters may stay as they are (Shift_JIS has such)."""
    return b"".join(_percent_byte(byte) for byte in raw)


def _percent_byte(byte: int) -> bytes:
    plain = b"|" + bytes([byte]) if byte < 128 and chr(byte).isalnum() else b""
    return rb"(?:%%(?:25){0,3}(?i:%02x)" % byte + plain + b")"


def _units(character: str) -> list[bytes]:
    raw = character.encode("utf-16-be", "surrogatepass")
    return [raw[at : at + 2].hex().encode() for at in range(0, len(raw), 2)]


def _base64(raw: bytes) -> Iterable[Form]:
    """What of the base64 text is the same whatever stands around the bytes, for each of the three alignments; the characters at its
    ends that hold some of their bits go with it (RFC 4648)."""
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + raw + b"\0\0").decode()
        begin, end = -(-8 * lead // 6), 8 * (lead + len(raw)) // 6
        core = text[begin:end]
        if len(core) < SHORTEST_BASE64:
            continue
        before = rb"[A-Za-z0-9+/_-]?" if 8 * lead % 6 else b""
        after = rb"[A-Za-z0-9+/_-]?={0,2}" if 8 * (lead + len(raw)) % 6 else b""
        pattern = before + b"".join(_base64_character(character) for character in core) + after
        runs = re.findall(r"[A-Za-z0-9]+", core)
        yield Form(max(runs, key=len, default="").encode(), re.compile(pattern))


def _base64_character(character: str) -> bytes:
    if character == "+":
        return rb"(?:\+|-|%(?i:2b)|\\u002[bB])"
    if character == "/":
        return rb"(?:\\*/|_|%(?i:2f)|\\u002[fF])"
    return character.encode()
