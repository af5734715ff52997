"""Playwright's errors as sentences for a support agent: one sentence, no call log, no values that were typed."""

from __future__ import annotations

import re

from playwright.async_api import Error as PlaywrightError

_MATCH = re.compile(r"^\s*\d+\)\s*(?P<html><.*?>.*?)\s+aka\s+(?P<aka>.*)$", re.MULTILINE)
MOVING = "it did not stop moving"


def plain_error(error: PlaywrightError) -> str:
    """The first line of an error, without the name of the method."""
    if "Element is not an <input>" in str(error):
        return "it can't be filled: it is no field"
    first = str(error).strip().splitlines()[0] if str(error).strip() else "the browser gave no reason"
    return re.sub(r"^(?:\w+\.\w+: )?(?:Error: )?", "", first)[:300]


def is_strict(error: PlaywrightError) -> bool:
    """Whether several elements matched where one was meant."""
    return "strict mode violation" in str(error)


def is_done(error: PlaywrightError) -> bool:
    """Whether the input was given, and only what it led to was waited for in vain: that is no reason to say that it could not be done."""
    return "Timeout" in str(error) and re.search(r"click action done|elementHandle\.press\(", str(error)) is not None


def matches_of(error: PlaywrightError) -> tuple[int, tuple[str, ...]]:
    """How many elements matched, and what tells the first five apart."""
    text = str(error)
    count = re.search(r"resolved to (\d+) elements", text)
    found = [match["aka"].strip()[:120] for match in _MATCH.finditer(text)]
    return (int(count[1]) if count else len(found)), tuple(found[:5])


def obstacle(error: PlaywrightError) -> str | None:
    """Why an element that is there could not be acted on, from the last thing that Playwright waited for."""
    text = str(error)
    if covered := re.findall(r"<([a-z][\w-]*)([^>]*)>.*?intercepts pointer events", text):
        tag, attributes = covered[-1]
        name = re.search(r'(?:aria-label|id|class)="([^"]*)"', attributes)
        return f"it is covered by another element (<{tag}>{f' {name[1][:60]}' if name else ''})"
    reasons = (
        ("element is not visible", "it is there, but hidden"),
        ("element is not enabled", "it is disabled"),
        ("element is not stable", MOVING),
        ("element is not editable", "it can't be edited"),
        ("element is outside of the viewport", "it is outside the window and can't be scrolled to"),
        ("did not find some options", "it has no such option"),
        ("waiting for navigation", "a navigation did not finish"),
    )
    return next((reason for words, reason in reasons if words in text), None)
