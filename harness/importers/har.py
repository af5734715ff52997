"""What a HAR file tells, as a customer's file, the first steps of a scenario, and the symptoms that it suggests. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from harness.draft.model import literal
from harness.importers.har_facts import Facts, Failing, family, number_of, urlsplit_of
from harness.importers.making import Making, path_of

LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
SIDES = range(100, 10_001)
USUAL_HEIGHT = 0.5625
MOST_PAGES = 10
MOST_SUGGESTED = 6
MOST_HOSTS = 5
SCHEMES = frozenset(("light", "dark"))
METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"))


@dataclass(frozen=True)
class Told:
    """`browser` is the customer's `browser:`; `remarks` are comments for their file, `unsaid` what could not be carried over."""

    browser: dict[str, Any]
    remarks: tuple[str, ...]
    unsaid: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A symptom that the file suggests, and what would have been right; conditions as plain data."""

    symptom: dict[str, Any]
    expected: dict[str, Any]


def told(facts: Facts) -> Told:
    """The customer's browser."""
    browser: dict[str, Any] = {}
    remarks: list[str] = []
    unsaid: list[str] = []
    agent = _most(facts.agents)
    engine = _engine(agent)
    if engine != "chromium":
        browser["engine"] = engine
    if "Edg/" in agent:
        remarks.append("It was Microsoft Edge: `channel: msedge` takes the installed one.")
    _language(facts, browser, remarks, unsaid)
    if facts.zones:
        browser["timezone"] = _most(facts.zones)
    else:
        unsaid.append("the time zone: no request of the file names it; write `timezone:` in the customer's file")
    _window(facts, browser, remarks, unsaid)
    scheme = facts.hints.get("prefers-color-scheme", "").strip('"')
    if scheme in SCHEMES:
        browser["color_scheme"] = scheme
    if facts.hints.get("prefers-reduced-motion", "").strip('"') == "reduce":
        browser["reduced_motion"] = "reduce"
    if agent:
        browser["user_agent"] = literal(facts.redactor.text(agent))
    if facts.hints.get("ua-mobile") == "?1":
        unsaid.append("a mobile device: choose one with `device:` in the customer's file, which brings a touch screen and its user agent")
    return Told(browser, tuple(remarks), tuple(unsaid))


def _language(facts: Facts, browser: dict[str, Any], remarks: list[str], unsaid: list[str]) -> None:
    accepted = _most(facts.languages)
    first = accepted.split(",")[0].split(";")[0].strip()
    if LOCALE.fullmatch(first):
        browser["locale"] = first
        if "," in accepted:
            remarks.append(f"Languages that the browser accepts: {accepted}")
    else:
        unsaid.append("the language: no request of the file has an Accept-Language; write `locale:` in the customer's file")


def _window(facts: Facts, browser: dict[str, Any], remarks: list[str], unsaid: list[str]) -> None:
    width = _side(facts.hints.get("viewport-width", ""))
    height = _side(facts.hints.get("viewport-height", ""))
    if facts.sizes and not (width and height):
        width, height = facts.sizes.most_common(1)[0][0]
    if width in SIDES and height == 0:
        height = round(width * USUAL_HEIGHT)
        remarks.append("The file tells the window's width only; the height is a usual one for it.")
    if width in SIDES and height in SIDES:
        browser["viewport"] = f"{width}x{height}"
    else:
        unsaid.append("the window's size: no request of the file tells it; write `viewport:` in the customer's file")
    scale = facts.hints.get("dpr", "1").strip('"')
    if scale not in ("1", "1.0"):
        unsaid.append(f"the screen's scale factor {scale[:10]}: a device of `device:` may have it")


def _side(text: str) -> int:
    digits = text.strip('"').partition(".")[0]
    return int(digits) if digits.isdecimal() and len(digits) < 6 else 0


def _engine(agent: str) -> str:
    if "Firefox/" in agent:
        return "firefox"
    return "webkit" if "AppleWebKit/" in agent and not re.search(r"Chrome/|Chromium/|Edg/|Android", agent) else "chromium"


def _most(found: Any) -> str:
    return str(found.most_common(1)[0][0]) if found else ""


def go_to_pages(facts: Facts, making: Making) -> None:
    """The pages that were opened, as steps."""
    pages = list(facts.pages)
    for url in pages[:MOST_PAGES]:
        making.goto("page", url)
    if len(pages) > MOST_PAGES:
        making.unsaid(f"{len(pages) - MOST_PAGES} further pages that were opened: {_listed(_path(url) for url in pages[MOST_PAGES:])}")
    if not pages:
        making.step("page", {"goto": "/"}, "the file does not tell which page was open")
    else:
        making.unsaid("what was clicked and typed: a HAR file does not tell it; write the steps between the pages")
    for sent, times in facts.sent.items():
        often = "once" if times == 1 else f"{times} times"
        making.unsaid(f"a form that was sent {often}: {sent[:120]}; write the steps that send it")


def left_out(facts: Facts) -> Iterator[str]:
    """What of the traffic is not carried over, a sentence each."""
    if facts.sockets:
        yield f"{number_of(facts.sockets, 'WebSocket connection')}: what was sent there can't be replayed"
    if facts.others:
        hosts = [f"{host} ({times})" for host, times in facts.others.most_common()]
        yield f"requests to other hosts: {_listed(hosts)}; the environment has to allow those that matter"
    if facts.given_up:
        yield f"{number_of(facts.given_up, 'request')} that the browser gave up, as when a page is left"
    if facts.left_out:
        yield f"{number_of(facts.left_out, 'further request')} that failed"
    if facts.began:
        yield f"the time of the recording, {facts.began[:40]}; if it matters, write `clock:` in the customer's file"


def suggestions(facts: Facts) -> tuple[Suggestion, ...]:
    """The likeliest first: data that the page's own site could not give, then what was refused, failed, or came late."""
    ranked = sorted(facts.failing.values(), key=lambda each: _rank(each, facts.site))
    unique = {json.dumps(found.symptom, sort_keys=True): found for each in ranked if (found := _suggestion(each, facts)) is not None}
    return tuple(unique.values())[:MOST_SUGGESTED]


def _rank(found: Failing, site: str) -> tuple[int, ...]:
    foreign = family(found.url) != family(site)
    kind = 0 if found.status >= 500 else 1 if found.status == 0 else 2 if found.status >= 400 else 3
    return (foreign, found.status == 401, not found.api, kind)


def _suggestion(found: Failing, facts: Facts) -> Suggestion | None:
    path = _path_glob(found.url, facts)
    if not path:
        return None
    method = {"method": found.method} if found.method in METHODS - {"GET"} else {}
    right = {"response": path, **method, "status": "2xx"}
    if found.slow_ms:
        return Suggestion({"request": path, **method, "slower_than": f"{found.slow_ms // 2000}s"}, right)
    if found.status == 0:
        return Suggestion({"request_failed": path, **method}, right)
    return Suggestion({"response": path, **method, "status": found.status}, right)


def _path_glob(url: str, facts: Facts) -> str:
    at = urlsplit_of(url)
    path = path_of(facts.redactor.text(url))
    if not at.netloc or not path.startswith("/"):
        return ""
    own = f"{at.scheme}://{at.netloc}" == facts.site
    return literal(path if own else f"**/{at.hostname}{path}")


def _path(url: str) -> str:
    return urlsplit(url).path or "/"


def _listed(names: Any) -> str:
    found = [str(name)[:80] for name in names]
    return ", ".join(found[:MOST_HOSTS]) + (f" and {len(found) - MOST_HOSTS} more" if len(found) > MOST_HOSTS else "")
