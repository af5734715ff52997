"""The forms in which a text travels, as patterns over bytes: URL-, form-, HTML-, JSON-, JavaScript- and CSS-escaped in any mixture and
charset, UTF-16, hex, and base64 at any offset, also of an escaped text. Each pattern has a needle, bytes that are in every match, so that
most data is never searched."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from html.entities import html5
from urllib.parse import quote, quote_plus

# What forms are submitted in, by the WHATWG's Encoding Standard; all of them agree with ASCII.
CHARSETS = (
    *("utf-8", "latin-1", "cp1252", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "koi8_r", "koi8_u", "mac_roman", "mac_cyrillic"),
    *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *(f"cp{page}" for page in (437, 850, 866, 874, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)),
)
PACKED_CHARSETS = ("utf-8", "latin-1", "cp1252", "shift_jis", "gb18030")
WIDE_CHARSETS = ("utf-16-le", "utf-16-be")
NAMES: dict[str, set[bytes]] = {}
for entity, meant in html5.items():
    NAMES.setdefault(meant, set()).add(entity.rstrip(";").encode())
AMPERSAND = rb"(?:&(?:amp;){0,3}|%(?:25){0,3}26(?:amp%(?:25){0,3}3[bB])?|\\{1,8}u0026)"
SEMICOLON = rb"(?:;|%(?:25){0,3}3[bB])?"
BACKSLASH = rb"(?:\\|%(?:25){0,3}5[cC]|&#92;|&bsol;)"
ESCAPING = rb"(?=[\\%&])"
ALSO = {" ": {rb"\+", rb"\xc2\xa0", rb"[ \t\r\n]{1,40}"}, "\n": {rb"\r\n", rb"%(?i:0d)%(?i:0a)"}}
CONTROLS = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
SHORTEST = 4
SHORTEST_BASE64 = 6
UNRESERVED = "-._"
TELLING = 3
LONGEST_ESCAPE = 48


@dataclass(frozen=True)
class Form:
    """One way to write a text. `needle` is in every match; empty when nothing is known to be. `reach` is how far a match goes from it."""

    needle: bytes
    pattern: re.Pattern[bytes]
    reach: int

    def sub(self, replacement: bytes, data: bytes) -> bytes:
        """The data with every match replaced."""
        if self.needle not in data:
            return data
        if len(self.needle) < TELLING:
            return self.pattern.sub(lambda _: replacement, data)
        parts, at = [], 0
        for begin, end in self._near(data):
            parts += [data[at:begin], self.pattern.sub(lambda _: replacement, data[begin:end])]
            at = end
        return b"".join([*parts, data[at:]])

    def _near(self, data: bytes) -> Iterable[tuple[int, int]]:
        """The parts of the data, apart from each other, in which there can be a match."""
        begin = end = 0
        at = data.find(self.needle)
        while at >= 0:
            if at - self.reach > end:
                if end:
                    yield begin, end
                begin = at - self.reach
            end = min(len(data), at + len(self.needle) + self.reach)
            at = data.find(self.needle, at + 1)
        yield begin, end

    def found(self, data: bytes) -> bool:
        """Whether it stands in the data."""
        return self.needle in data and self.pattern.search(data) is not None


@lru_cache(maxsize=256)
def forms_of(value: str) -> tuple[Form, ...]:
    """Every form of a text of at least four characters, but for UTF-16."""
    raws = list(dict.fromkeys((value.encode("utf-8", "surrogatepass"), *_in_charsets(value, PACKED_CHARSETS))))
    written = [text.encode("utf-8", "surrogatepass") for text in _written(value)]
    edges = (rb"(?<![0-9.])", rb"(?![0-9])") if value.isdecimal() else (b"", b"")
    hexes = [_literal(text.encode()) for raw in raws for text in (raw.hex(), raw.hex().upper())]
    packed = [form for raw in dict.fromkeys((*raws, *written)) for form in _base64(raw)]
    return (_escaped(value, *edges), *dict.fromkeys(hexes), *packed)


def wide_forms_of(value: str) -> tuple[Form, ...]:
    """The text in UTF-16, which only data with null bytes can hold."""
    return tuple(_literal(value.encode(charset, "surrogatepass")) for charset in WIDE_CHARSETS)


@lru_cache(maxsize=256)
def shown_forms(value: str) -> tuple[str, ...]:
    """The packed and escaped forms in which a page may show it, each as one plain text."""
    raw = value.encode("utf-8", "surrogatepass")
    addresses = [quote(value, safe=""), quote(value, safe=";,/?:@&=+$-_.!~*'()#"), quote_plus(value)] if value.isprintable() else []
    cores = [core for lead in range(3) if len(core := _core(raw, lead)) >= 8]
    return tuple(form for form in dict.fromkeys([*addresses, *cores, raw.hex(), raw.hex().upper()]) if form != value)


def _core(raw: bytes, lead: int) -> str:
    """What of its base64 is the same whatever stands around it, `lead` bytes behind the begin of a group."""
    text = base64.b64encode(b"\0" * lead + raw + b"\0\0").decode()
    return text[-(-8 * lead // 6) : 8 * (lead + len(raw)) // 6]


def _written(value: str) -> list[str]:
    """How it stands in JSON, a form or markup that is then packed as a whole: a token's payload, a `state` parameter."""
    as_json = [json.dumps(value, ensure_ascii=ascii)[1:-1] for ascii in (True, False)]
    ways = [*as_json, quote_plus(value), quote(value, safe=""), html.escape(value)] if value.isprintable() else as_json
    return list(dict.fromkeys(ways))


def misread(text: str) -> set[str]:
    """What a browser takes UTF-8 for when nobody names the charset: `Ã¤` for `ä`."""
    raw = text.encode("utf-8", "surrogatepass")
    return set() if raw.isascii() else {raw.decode("latin-1"), raw.decode("cp1252", "replace")}


def _in_charsets(value: str, charsets: Iterable[str] = CHARSETS) -> Iterable[bytes]:
    for charset in charsets:
        try:
            yield value.encode(charset)
        except UnicodeEncodeError:
            continue


def _literal(raw: bytes) -> Form:
    return Form(raw, re.compile(re.escape(raw)), 0)


def _escaped(value: str, before: bytes, after: bytes) -> Form:
    pattern = before + b"".join(_character(character) for character in value) + after
    runs = re.findall(r"[A-Za-z0-9]+", value)
    return Form(max(runs, key=len, default="").encode(), re.compile(pattern, re.DOTALL), LONGEST_ESCAPE * len(value) + 2)


@cache
def _character(character: str) -> bytes:
    """One character in all of its escapes, one inside another too: JSON in a form, a form in markup. ASCII letters and digits are
    escaped by nobody, what is unreserved in addresses (RFC 3986) only by backslashes."""
    if character.isascii() and character.isalnum():
        return character.encode()
    if character in UNRESERVED:
        return rb"(?:\\{1,8})?" + re.escape(character.encode())
    raws = {*_in_charsets(character), *(text.encode() for text in misread(character))} or {character.encode("utf-8", "surrogatepass")}
    plain = {re.escape(raw) for raw in raws} | ALSO.get(character, set())
    backslashed = character.isascii() and character.isprintable() and character != "\\"
    before = b"(?:" + ESCAPING + BACKSLASH + b"{1,16})?" if backslashed else b""
    escaped = ESCAPING + _any_of({_percent(raw) for raw in raws} | _escapes(character))
    return before + _any_of(plain, first=escaped)


def _escapes(character: str) -> set[bytes]:
    """What HTML, JavaScript, JSON and the old `escape()` make of it."""
    code, units = ord(character), [b"(?i:%s)" % unit for unit in _units(character)]
    backslashes = BACKSLASH + b"{1,16}"
    ways = {AMPERSAND + name + SEMICOLON for name in (b"#0*%d" % code, b"#[xX]0*(?i:%x)" % code, *NAMES.get(character, ()))}
    ways |= {backslashes + b"u" + rb"\\{1,8}u".join(units), backslashes + rb"u\{0*(?i:%x)\}" % code, b"%u" + b"%u".join(units)}
    if code < 256:
        ways.add(backslashes + b"x(?i:%02x)" % code)
    if character in CONTROLS:
        ways.add(backslashes + CONTROLS[character].encode())
    return ways | ({backslashes} if character == "\\" else set())


def _any_of(ways: set[bytes], first: bytes | None = None) -> bytes:
    """One of them, the longest first."""
    ordered = sorted(ways, key=lambda way: (-len(way), way))
    return b"(?:" + b"|".join([*([first] if first is not None else []), *ordered]) + b")"


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
        core = _core(raw, lead)
        if len(core) < SHORTEST_BASE64:
            continue
        before = rb"[A-Za-z0-9+/_-]?" if 8 * lead % 6 else b""
        after = rb"[A-Za-z0-9+/_-]?={0,2}" if 8 * (lead + len(raw)) % 6 else b""
        pattern = before + b"".join(_base64_character(character) for character in core) + after
        runs = re.findall(r"[A-Za-z0-9]+", core)
        yield Form(max(runs, key=len, default="").encode(), re.compile(pattern), LONGEST_ESCAPE * len(core))


def _base64_character(character: str) -> bytes:
    if character == "+":
        return rb"(?:\+|-|%(?i:2b)|\\u002[bB])"
    if character == "/":
        return rb"(?:\\*/|_|%(?i:2f)|\\u002[fF])"
    return character.encode()
