"""Finds values that became secrets during an attempt: what a sign-in answered, what a browser keeps to stay signed in.

Which names mean a secret follows what sites, OAuth 2.0 (RFC 6749) and session frameworks use. A value counts only where it looks made by a
machine, so that a setting such as `token: expired` stays readable.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

NAMES = re.compile(
    r"pass(?:word|wd|phrase)?$|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|jwt|csrf|xsrf|nonce|assertion|"
    r"(?:^|[-_])(?:sid|sess|session(?:[-_]?id)?|auth|otp|pin|cvc|cvv|sig|signature)$|sessionid|authorization|samlresponse|set-cookie",
    re.IGNORECASE,
)
TYPED = re.compile(r"pass(?:word|wd|phrase)?$", re.IGNORECASE)
JWT = re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")
SIGN_IN = re.compile(r"auth|token|session|log-?in|sign-?in|sso|oidc|saml|identity|(?:^|/)me$", re.IGNORECASE)
HIDDEN = re.compile(
    r"<(?:meta|input)\b[^>]{0,300}?\bname=[\"']?([\w-]*(?:csrf|xsrf|token)[\w-]*)[\"']?"
    r"[^>]{0,300}?\b(?:content|value)=[\"']([^\"']{8,})[\"']",
    re.IGNORECASE,
)
LONG_ENOUGH = 8
SURELY = 20
TELLING = 6
MOST_DEPTH = 12

Found = tuple[str, str]


def is_made(value: str) -> bool:
    """Whether a value looks made by a machine: long, without spaces, of letters and digits mixed or very long."""
    if len(value) < LONG_ENOUGH or any(character.isspace() for character in value):
        return False
    mixed = any(character.isdigit() for character in value) and any(character.isalpha() for character in value)
    return mixed or len(value) >= SURELY


def in_headers(headers: Iterable[tuple[str, str]]) -> Iterator[Found]:
    """Secrets in the headers of a request or an answer."""
    for name, value in headers:
        lower = name.lower()
        if lower in ("authorization", "proxy-authorization"):
            yield from _authorization(value)
        elif lower == "cookie":
            yield from _cookies(value)
        elif lower == "set-cookie":
            yield from (found for line in value.splitlines() for found in _set_cookie(line))
        elif lower in ("location", "referer"):
            yield from in_url(value)
        elif NAMES.search(lower) and is_made(value):
            yield f"header {lower}", value


def in_url(url: str) -> Iterator[Found]:
    """Secrets in an address: its password, its query and its fragment."""
    try:
        parts = urlsplit(url)
        password = parts.password
    except ValueError:
        return
    if password:
        yield "password in an address", password
    for text in (parts.query, parts.fragment.partition("?")[2] or parts.fragment):
        yield from in_form(text)


def in_form(text: str) -> Iterator[Found]:
    """Secrets among the fields of a form or a query."""
    try:
        pairs = parse_qsl(text, max_num_fields=1000)
    except ValueError:
        return
    yield from (found for name, value in pairs for found in _named(name, value))


def in_text(text: str) -> Iterator[Found]:
    """Tokens that are known by their shape, in any text."""
    yield from (("jwt", found[0]) for found in JWT.finditer(text))


def in_body(text: str) -> Iterator[Found]:
    """Secrets in the body of a request or an answer: JSON, a form, HTML, and tokens that are known by their shape in anything."""
    yield from in_text(text)
    stripped = text.lstrip()[:1]
    if stripped in "{[" and stripped:
        try:
            yield from in_data(json.loads(text))
        except (ValueError, RecursionError):
            return
    elif stripped == "<":
        yield from ((found[1], found[2]) for found in HIDDEN.finditer(text) if is_made(found[2]))
    elif "=" in text and len(text) < 100_000 and not any(character.isspace() for character in text):
        yield from in_form(text)


def in_data(data: Any, name: str = "", depth: int = 0) -> Iterator[Found]:
    """Secrets in plain data, by the names of their keys."""
    if depth > MOST_DEPTH:
        return
    if isinstance(data, str):
        yield from _named(name, data)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from in_data(value, str(key), depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from in_data(value, name, depth + 1)


def is_telling(password: str) -> bool:
    """Whether a text that holds it anywhere can be taken to hold the password: an ordinary word, or a few digits, stand in many texts."""
    ordinary = password.isalpha() and (password.islower() or password.isupper() or password.istitle())
    return len(password) >= TELLING and not ordinary


def cookie(name: str, value: str, http_only: bool) -> Iterator[Found]:
    """A cookie, when it is one that keeps somebody signed in."""
    if (http_only and len(value) >= LONG_ENOUGH) or (NAMES.search(name) and is_made(value)):
        yield f"cookie {name}", value


def _named(name: str, value: str) -> Iterator[Found]:
    if not NAMES.search(name):
        return
    if is_made(value) or (TYPED.search(name) and len(value) >= LONG_ENOUGH and not value.isalpha()):
        yield name[:60], value


def _authorization(value: str) -> Iterator[Found]:
    scheme, _, rest = value.strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() == "basic":
        try:
            _, colon, password = base64.b64decode(rest, validate=True).decode("utf-8", "replace").partition(":")
        except (binascii.Error, ValueError):
            password, colon = "", ""
        yield "Authorization", rest
        if colon and password:
            yield "Authorization password", password
    elif rest:
        yield "Authorization", rest
    elif scheme:
        yield "Authorization", scheme


def _cookies(value: str) -> Iterator[Found]:
    for pair in value.split(";"):
        name, equals, content = pair.strip().partition("=")
        if equals:
            yield from cookie(name, content, False)


def _set_cookie(line: str) -> Iterator[Found]:
    first, *attributes = line.split(";")
    name, equals, content = first.strip().partition("=")
    if equals:
        yield from cookie(name, content.strip('"'), any(each.strip().lower() == "httponly" for each in attributes))
