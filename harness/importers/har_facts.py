"""What a HAR file tells of the customer's browser and of what went wrong: gathered entry by entry, so that memory stays flat. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from harness.evidence.learn import cookie, in_headers, in_url
from harness.evidence.redact import Redactor
from harness.importers.har_read import content_of, headers_of, text_of
from harness.importers.naming import EMAIL, PASSWORD

NAVIGATIONS = frozenset(("document",))
API = frozenset(("xhr", "fetch"))
DATA = re.compile(r"json|xml(?!http)|text/plain|event-stream|graphql", re.IGNORECASE)
PAGE = re.compile(r"text/html|application/xhtml", re.IGNORECASE)
ZONE_KEY = re.compile(r"^(?:x[-_])?(?:browser|client|user|local)?[-_]?(?:tz|time[-_]?zone)(?:[-_]?(?:name|id))?$", re.IGNORECASE)
ZONE = re.compile(r"[A-Z][A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}|UTC")
SIZE = re.compile(r"(\d{3,4})x(\d{3,4})")
SIZE_KEYS = frozenset(("vp", "viewport", "vps", "window"))
PASSED_BY = re.compile(r"/favicon\.ico$|\.map$|/apple-touch-icon", re.IGNORECASE)
GIVEN_UP = re.compile("ABORTED|CANCEL", re.IGNORECASE)
MOST_SECRETS = 400
MOST_KEPT = 200
SLOW_MS = 10_000


@dataclass(frozen=True)
class Failing:
    """A request that did not get what it wanted. `status` is 0 when no answer came; `slow_ms` is set when it came very late."""

    method: str
    url: str
    status: int
    api: bool
    why: str = ""
    slow_ms: int = 0


@dataclass
class Facts:
    """All that is kept of the entries. `site` is the origin of the first page."""

    count: int = 0
    site: str = ""
    began: str = ""
    pages: dict[str, None] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    agents: Counter[str] = field(default_factory=Counter)
    hints: dict[str, str] = field(default_factory=dict)
    sizes: Counter[tuple[int, int]] = field(default_factory=Counter)
    zones: Counter[str] = field(default_factory=Counter)
    failing: dict[tuple[str, str, int], Failing] = field(default_factory=dict)
    left_out: int = 0
    given_up: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    sockets: int = 0
    signed_in_as: str | None = None
    redactor: Redactor = field(default_factory=Redactor, repr=False)
    secrets: set[str] = field(default_factory=set, repr=False)

    def add(self, entry: Mapping[str, Any]) -> None:
        """One request and its answer."""
        request, response = entry["request"], entry["response"]
        url, method = text_of(request.get("url")), text_of(request.get("method")).upper()
        kind = text_of(entry.get("_resourceType")).lower()
        self.count += 1
        self.began = self.began or text_of(entry.get("startedDateTime"))
        if urlsplit_of(url).scheme in ("ws", "wss") or kind == "websocket":
            self.sockets += 1
            return
        if urlsplit_of(url).scheme not in ("http", "https"):
            return
        for found in secrets_of(request, response):
            self.learn(*found)
        headers = dict(headers_of(request))
        self._browser(headers)
        self._sent(url, headers, request)
        status = response.get("status") if type(response.get("status")) is int else 0
        mime = text_of(content_of(response).get("mimeType"))
        self._page(url, method, kind, status, mime)
        self._page_of(headers.get("referer", ""), url)
        why = _why(entry, response)
        if status <= 0 and (GIVEN_UP.search(why) or status < 0):
            self.given_up += 1
            return
        self._failed(Failing(method, url, max(status, 0), is_api(kind, mime, headers), why), entry)

    def learn(self, name: str, value: str) -> None:
        """A secret of the customer's, which is taken out of everything that is written."""
        if len(self.secrets) < MOST_SECRETS and value not in self.secrets:
            self.secrets.add(value)
            self.redactor.learn(name, value)

    def _browser(self, headers: Mapping[str, str]) -> None:
        if language := headers.get("accept-language", ""):
            self.languages[language[:200]] += 1
        if agent := headers.get("user-agent", ""):
            self.agents[agent[:400]] += 1
        for name, value in headers.items():
            if name.startswith("sec-ch-") or name in ("viewport-width", "dpr", "save-data", "device-memory"):
                self.hints.setdefault(name.removeprefix("sec-ch-"), value.strip()[:200])

    def _sent(self, url: str, headers: Mapping[str, str], request: Mapping[str, Any]) -> None:
        """What the application told of its user: the time zone, the window, with whom one signed in."""
        posted = request.get("postData")
        body = text_of(posted.get("text")) if isinstance(posted, dict) else ""
        sent = [*_json_pairs(body), *_pairs(body)]
        if any(PASSWORD.search(name) for name, _ in sent) and self.signed_in_as is None:
            self.signed_in_as = next((value for _, value in sent if EMAIL.fullmatch(value)), "")
        pairs = [*headers.items(), *_pairs(urlsplit_of(url).query), *_cookies(headers.get("cookie", "")), *sent]
        for name, value in pairs:
            if ZONE_KEY.match(name) and ZONE.fullmatch(zone := unquote(value)) and _is_zone(zone):
                self.zones[zone] += 1
            if name.lower() in SIZE_KEYS and (size := SIZE.fullmatch(value)):
                self.sizes[(int(size[1]), int(size[2]))] += 1

    def _page(self, url: str, method: str, kind: str, status: int, mime: str) -> None:
        at = urlsplit_of(url)
        origin = f"{at.scheme}://{at.netloc.rpartition('@')[2]}"
        is_page = kind in NAVIGATIONS or (not kind and bool(PAGE.search(mime)))
        if is_page and not self.site and method == "GET":
            self.site = origin
        if is_page and origin == self.site and method == "GET" and not 300 <= status < 400 and len(self.pages) < MOST_KEPT:
            self.pages[url] = None
        if is_page and method != "GET":
            self.sent[f"{method} {at.path or '/'}"] += 1
        if origin != self.site:
            self.others[at.hostname or ""] += 1

    def _page_of(self, referer: str, url: str) -> None:
        """A recording that was begun on an open page has no request for it, but each of its requests names it."""
        at = urlsplit_of(referer)
        if not self.site and at.scheme in ("http", "https") and family(referer) == family(url):
            self.site = f"{at.scheme}://{at.netloc.rpartition('@')[2]}"
            self.pages[referer] = None

    def _failed(self, found: Failing, entry: Mapping[str, Any]) -> None:
        time = entry.get("time")
        slow = round(time) if isinstance(time, (int, float)) and time >= SLOW_MS else 0
        if found.status and found.status < 400 and not slow:
            return
        if PASSED_BY.search(urlsplit_of(found.url).path):
            return
        key = (found.method, found.url, found.status)
        if key in self.failing or len(self.failing) < MOST_KEPT:
            late = slow if 0 < found.status < 400 else 0
            self.failing.setdefault(key, Failing(found.method, found.url, found.status, found.api, found.why, late))
        else:
            self.left_out += 1


def number_of(count: int, thing: str) -> str:
    """`1 answer`, `2 answers`."""
    return f"{count} {thing}" + ("" if count == 1 else "s")


def urlsplit_of(url: str) -> Any:
    """The parts of an address; empty ones when it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def family(url: str) -> tuple[str, ...]:
    """What hosts of one owner have in common: an API often has a host of its own."""
    return tuple((urlsplit_of(url).hostname or "").split(".")[-2:])


def is_api(kind: str, mime: str, headers: Mapping[str, str]) -> bool:
    """Whether a page's script asked for data."""
    if kind:
        return kind in API
    return bool(DATA.search(mime)) or headers.get("sec-fetch-dest") == "empty" or "x-requested-with" in headers


def secrets_of(request: Mapping[str, Any], response: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Secrets in the head of a request and of its answer. Its bodies are looked into only when they are kept."""
    yield from in_url(text_of(request.get("url")))
    for message in (request, response):
        yield from in_headers(headers_of(dict(message)))
        jar = message.get("cookies")
        for each in jar if isinstance(jar, list) else ():
            if isinstance(each, dict):
                yield from cookie(text_of(each.get("name")), text_of(each.get("value")), each.get("httpOnly") is True)


def _why(entry: Mapping[str, Any], response: Mapping[str, Any]) -> str:
    """Chrome's name of a network error."""
    return next((found for part in (response, entry) for key in ("_error", "_failureText") if (found := text_of(part.get(key)))), "")[:80]


def _pairs(text: str) -> list[tuple[str, str]]:
    if "=" not in text or len(text) > 20_000:
        return []
    try:
        return parse_qsl(text, max_num_fields=300)
    except ValueError:
        return []


def _cookies(text: str) -> list[tuple[str, str]]:
    return [(name.strip(), value.strip()) for name, _, value in (part.partition("=") for part in text.split(";"))]


def _json_pairs(text: str) -> list[tuple[str, str]]:
    """Names and texts in JSON, wherever they stand."""
    return re.findall(r'"([\w-]{2,30})"\s*:\s*"([^"\\]{1,60})"', text[:20_000]) if text[:1] in ("{", "[") else []


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
