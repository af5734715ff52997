"""Globs of addresses and file names, and which hosts a list of patterns allows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import quote, urlsplit


@lru_cache(maxsize=512)
def glob_regex(glob: str) -> re.Pattern[str]:
    """`*` stays within a path segment, `**` crosses them, `{a,b}` are alternatives, `?` is itself."""
    return re.compile(_translate(glob), re.DOTALL)


def _translate(glob: str) -> str:
    out, at, depth = [], 0, 0
    while at < len(glob):
        char = glob[at]
        if glob.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 3
            continue
        if glob.startswith("**", at):
            out.append(".*")
            at += 2
            continue
        if char == "{":
            depth += 1
            out.append("(?:")
        elif char == "}" and depth:
            depth -= 1
            out.append(")")
        elif char == "," and depth:
            out.append("|")
        else:
            out.append("[^/]*" if char == "*" else _literal(char))
        at += 1
    return "".join(out) + ")" * depth


def _literal(char: str) -> str:
    """The character itself, or as an address has it."""
    if char.isascii() and char != " ":
        return re.escape(char)
    encoded = re.sub(r"[A-F]", lambda digit: f"[{digit[0]}{digit[0].lower()}]", quote(char, errors="replace"))
    return f"(?:{re.escape(char)}|{encoded})"


def address_regex(glob: str, base_url: str) -> re.Pattern[str]:
    """The whole address that `glob` means. `/path` stands below base_url, whose own path it may repeat; without a scheme, a leading `/`
    or `*`, the glob may begin at any segment. A glob without `?` leaves the address's query and fragment out of account. What an address
    has percent-encoded, a glob may have as it reads."""
    if glob.startswith("/"):
        parts = urlsplit(base_url)
        path = parts.path.rstrip("/")
        repeated = f"{glob}/".startswith(f"{path}/")
        head = re.escape(f"{parts.scheme}://{parts.netloc}{'' if repeated else path}")
    elif re.match(r"[a-z][a-z0-9+.-]*:", glob) or glob.startswith("*"):
        head = ""
    else:
        head = "(?:.*/)"
    tail = "" if "?" in glob or "#" in glob else r"(?:[?#].*)?"
    return re.compile(f"^{head}{_translate(glob)}{tail}$", re.DOTALL)


def address_matches(glob: str, url: str, base_url: str) -> bool:
    """Whether an address fits a glob, as `address_regex` says."""
    return address_regex(glob, base_url).search(url) is not None


def host_allowed(host: str, port: int | None, patterns: Iterable[str]) -> bool:
    """Whether a host is one of `patterns`: `staging.example.com`, `*.cdn.example.com`, `localhost:3000`. Without a port: any."""
    host = host.lower().rstrip(".").strip("[]")
    return any(_host_fits(host, port, pattern.lower().strip()) for pattern in patterns)


def _host_fits(host: str, port: int | None, pattern: str) -> bool:
    name, wanted = split_port(pattern)
    return fnmatchcase(host, name) and (wanted is None or wanted == port)


def split_port(pattern: str) -> tuple[str, int | None]:
    """(`localhost`, 3000) of `localhost:3000`; an IPv6 address stands in brackets when a port follows."""
    match = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+):(\d+)|(.+)", pattern)
    if match is None:
        return pattern, None
    port = match[2] or match[4]
    return (match[1] or match[3] or match[5]), int(port) if port else None
