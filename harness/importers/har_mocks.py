"""The customer's traffic as a HAR file of the workspace, for `mock: {har: …}`: only data that scripts asked for, and no secrets.

It is searched twice: the secrets that the recorded heads and bodies show are taken out in every form wherever they stand, and every field
whose name says that it holds one is blanked whatever its value.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlunsplit

from harness.evidence.learn import JWT, in_body, is_made
from harness.evidence.redact import Redactor
from harness.importers.har_facts import MOST_SECRETS, Facts, is_api, number_of, urlsplit_of
from harness.importers.har_read import CutOff, content_of, entries_of, headers_of, text_of
from harness.importers.naming import PASSWORD, names_secret
from harness.scenario.steps.mock import SITE

SIGNING_IN = re.compile(
    r"(?:^|[/_.-])(?:log[-_]?(?:in|out)|sign[-_]?(?:in|out|up)|auth\w*|oauth2?|tokens?|sessions?|sso|saml2?|oidc|otp|2fa|mfa|passwords?)(?:$|[/_.-])",
    re.IGNORECASE,
)
KEPT_HEADERS = frozenset(("content-type", "cache-control", "retry-after", "location", "content-language", "vary", "x-total-count", "link"))
CORS = "access-control-"
LARGEST_BODY = 2_000_000
LARGEST_FILE = 40_000_000
MASK = "[masked]"


@dataclass
class Tally:
    """What is not replayed, and how often."""

    kept: int = 0
    bytes: int = 0
    signing_in: int = 0
    too_large: int = 0
    unanswered: dict[str, str] = field(default_factory=dict)
    other_hosts: set[str] = field(default_factory=set)
    full: int = 0

    def sentences(self) -> Iterator[str]:
        """A sentence for each kind."""
        if self.signing_in:
            yield f"the traffic about signing in ({number_of(self.signing_in, 'request')}): staging answers it itself"
        if self.too_large:
            yield f"{number_of(self.too_large, 'answer')} of more than {LARGEST_BODY // 1_000_000} MB"
        if self.full:
            yield f"{number_of(self.full, 'answer')}: the file of the mocks is at most {LARGEST_FILE // 1_000_000} MB"
        if self.other_hosts:
            hosts = ", ".join(sorted(self.other_hosts)[:5])
            yield f"the traffic with {hosts}, where staging's pages ask another host"


def learn_bodies(path: Path, facts: Facts) -> bool:
    """Learns the secrets in the bodies that are going to be kept. False when there are too many to be sure of all."""
    for entry in _until_cut(path):
        if _is_data(entry):
            for text in (_posted(entry), _body(entry)[0]):
                for name, value in in_body(text) if len(text) <= LARGEST_BODY else ():
                    facts.learn(name, value)
    return len(facts.secrets) < MOST_SECRETS


def mocks_of(path: Path, facts: Facts, tally: Tally) -> Iterator[bytes]:
    """The file of the mocks, piece by piece. The site's own address is written so that it becomes the environment's when it is replayed."""
    yield b'{"log": {"version": "1.2", "creator": {"name": "repro import", "version": "1"}, "entries": [\n'
    site = re.compile(re.escape(facts.site.encode()) + rb"(?![\w.:-])") if facts.site else None
    for entry in _until_cut(path):
        if not _is_data(entry) or (made := _entry(entry, facts, tally)) is None:
            continue
        line = json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass")
        line = site.sub(SITE.encode(), line) if site else line
        if tally.bytes + len(line) > LARGEST_FILE:
            tally.full += 1
            continue
        yield (b",\n" if tally.kept else b"") + line
        tally.kept += 1
        tally.bytes += len(line)
    yield b"\n]}}\n"


def _until_cut(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from entries_of(path)
    except CutOff:
        return  # it was said when the file was read first


def _is_data(entry: Mapping[str, Any]) -> bool:
    mime = text_of(content_of(entry["response"]).get("mimeType"))
    scheme = urlsplit_of(text_of(entry["request"].get("url"))).scheme
    return scheme in ("http", "https") and is_api(text_of(entry.get("_resourceType")).lower(), mime, dict(headers_of(entry["request"])))


def _entry(entry: Mapping[str, Any], facts: Facts, tally: Tally) -> dict[str, Any] | None:
    request, response = entry["request"], entry["response"]
    url, method, status = text_of(request.get("url")), text_of(request.get("method")).upper(), response.get("status")
    at = urlsplit_of(url)
    if SIGNING_IN.search(at.path):
        tally.signing_in += 1
        return None
    if type(status) is not int or status < 100:
        if f"{at.scheme}://{at.netloc}" == facts.site and (method, url, 0) in facts.failing:
            tally.unanswered.setdefault(at.path or "/", method)
        return None
    body, was_text = _body(entry)
    if len(body) > LARGEST_BODY:
        tally.too_large += 1
        return None
    if f"{at.scheme}://{at.netloc}" != facts.site:
        tally.other_hosts.add(at.hostname or "")
    content: dict[str, Any] = {"size": len(body), "mimeType": text_of(content_of(response).get("mimeType")) or "text/plain"}
    if was_text:
        content["text"] = without_secrets(body, facts.redactor)
    else:
        data = facts.redactor.data(base64.b64decode(body))
        content |= {"text": base64.b64encode(data).decode(), "encoding": "base64"}
    posted = _posted(entry)
    kept_post = posted if posted and without_secrets(posted, facts.redactor) == posted else ""
    return {
        "startedDateTime": text_of(entry.get("startedDateTime")) or "1970-01-01T00:00:00.000Z",
        "time": 0,
        "request": {
            "method": method,
            "url": _address(url, facts.redactor),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "queryString": [],
            "headersSize": -1,
            "bodySize": -1,
            **({"postData": {"mimeType": "", "params": [], "text": kept_post}} if kept_post else {}),
        },
        "response": {
            "status": status,
            "statusText": facts.redactor.text(text_of(response.get("statusText"))[:100]),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _headers(response, facts.redactor),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }


def _headers(response: Mapping[str, Any], redactor: Redactor) -> list[dict[str, str]]:
    kept = [(name, value) for name, value in headers_of(dict(response)) if name in KEPT_HEADERS or name.startswith(CORS)]
    return [{"name": name, "value": redactor.text(value)} for name, value in kept]


def _address(url: str, redactor: Redactor) -> str:
    """Without user and password, and without secrets in its query."""
    at = urlsplit_of(url)
    query = [(name, MASK if _holds_secret(name, value) else value) for name, value in parse_qsl(at.query, keep_blank_values=True)]
    changed = any(value == MASK for _, value in query)
    clean = urlunsplit((at.scheme, at.netloc.rpartition("@")[2], at.path, urlencode(query) if changed else at.query, ""))
    return redactor.text(clean)


def _posted(entry: Mapping[str, Any]) -> str:
    posted = entry["request"].get("postData")
    return text_of(posted.get("text")) if isinstance(posted, dict) else ""


def _body(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """The answer's body, and whether it is text; else it is base64."""
    content = content_of(entry["response"])
    text = text_of(content.get("text"))
    if content.get("encoding") != "base64":
        return text, True
    try:
        return base64.b64decode(text, validate=True).decode("utf-8"), True
    except UnicodeDecodeError:
        return text, False
    except (binascii.Error, ValueError):
        return "", True


def without_secrets(text: str, redactor: Redactor) -> str:
    """A body without secrets: JSON and forms field by field, anything else as text."""
    head = text.lstrip()[:1]
    if head in ("{", "[") and head:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            data = None
        if data is not None and (blank := _blanked(data)) != data:
            text = json.dumps(blank, ensure_ascii=False)
    elif "=" in text and not re.search(r"[\s<>{}]", text):
        pairs = parse_qsl(text, keep_blank_values=True)
        if any(_holds_secret(name, value) for name, value in pairs):
            text = urlencode([(name, MASK if _holds_secret(name, value) else value) for name, value in pairs])
    return redactor.text(JWT.sub(MASK, text))


def _blanked(data: Any, name: str = "", depth: int = 0) -> Any:
    if depth > 60:
        return data
    if isinstance(data, dict):
        return {key: _blanked(value, key, depth + 1) for key, value in data.items()}
    if isinstance(data, list):
        return [_blanked(value, name, depth + 1) for value in data]
    return MASK if isinstance(data, str) and _holds_secret(name, data) else data


def _holds_secret(name: str, value: str) -> bool:
    """A password whatever it is; a key, a token, a session where it looks made by a machine."""
    return bool(value) and (bool(PASSWORD.search(name)) or (names_secret(name) and is_made(value)))
