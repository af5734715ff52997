"""Requests, responses, failed requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from harness.browser.observers.support_.waiting import clean, on_events, truth
from harness.browser.view import View
from harness.core.durations import format_duration
from harness.core.globs import address_matches
from harness.evidence.events import Exchange
from harness.run.answers import answer_fits
from harness.run.ports import Look, Truth
from harness.scenario.conditions.traffic import Traffic
from harness.scenario.http import Answer, status_fits


async def traffic(view: View, check: Traffic, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits on the log; for `slower_than` also until a request that is under way has taken too long."""

    async def test() -> Look:
        exchanges = [event for event in view.log.since(since) if isinstance(event, Exchange)]
        found = [each for each in exchanges if _is_meant(view, check, each)]
        fits = [await _fits(view, check, each) for each in found]
        fitting = [each for each, fit in zip(found, fits, strict=True) if fit]
        unread = fits.count(None)
        if unread and _enough(check, len(fitting)) != _enough(check, len(fitting) + unread):
            return Look(Truth.UNKNOWN, f"{_one(check, found[fits.index(None)])}, but its {_part(check)} can't be read")
        return Look(truth(_enough(check, len(fitting))), _said(check, found, fitting))

    def wake_ms() -> float | None:
        if check.slower_than_ms is None:
            return None
        now = view.log.now_ms()
        open_ = [e for e in view.log.since(since) if isinstance(e, Exchange) and _took_ms(e) is None and _is_meant(view, check, e)]
        return min((e.at_ms + check.slower_than_ms - now + 1 for e in open_ if e.at_ms + check.slower_than_ms >= now), default=None)

    return await on_events(view, test, wanted, timeout_ms, wake_ms)


def _is_meant(view: View, check: Traffic, exchange: Exchange) -> bool:
    if check.method is not None and exchange.method != check.method:
        return False
    return address_matches(check.url, exchange.url, view.spec.base_url)


def _took_ms(exchange: Exchange) -> int | None:
    """How long its answer took; of one that is not read to its end, or never ends, how long it took to begin. None without an answer."""
    return exchange.answered_ms if exchange.duration_ms is None else exchange.duration_ms


def _part(check: Traffic) -> str:
    return "body" if check.key == "request" else "answer's body"


async def _fits(view: View, check: Traffic, exchange: Exchange) -> bool | None:
    """None when it can't be told."""
    if check.slower_than_ms is not None:
        took = _took_ms(exchange)
        if (took if took is not None else view.log.now_ms() - exchange.at_ms) <= check.slower_than_ms:
            return False
    if check.key == "request_failed":
        return exchange.failure is not None and not exchange.held
    if check.key == "request":
        return check.body_contains is None or _sends(exchange, check.body_contains)
    if exchange.status is None:
        return check.slower_than_ms is not None and (check.status, check.body_contains, check.json) == (None, None, None)
    if check.status is not None and not status_fits(exchange.status, check.status):
        return False
    if check.body_contains is None and check.json is None:
        return True
    body = await exchange.body() if exchange.body is not None and exchange.duration_ms is not None else None
    if body is None:
        return None
    wanted = Answer(body_contains=check.body_contains, json=check.json)
    return answer_fits(wanted, exchange.status, _text(body, exchange.charset))


def _text(body: bytes, charset: str) -> str:
    """Chromium gives most texts as UTF-8, whatever they were sent in, and some as they came."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(charset, errors="replace")


def _sends(exchange: Exchange, text: str) -> bool | None:
    """Whether a request's body holds the text, as it is or as forms write it. The browser does not show every body."""
    if exchange.post_data is None:
        return None if exchange.method in ("POST", "PUT", "PATCH") else False
    return text in exchange.post_data or text in unquote_plus(exchange.post_data)


def _enough(check: Traffic, count: int) -> bool:
    least = check.at_least if check.at_least is not None else (0 if check.at_most is not None else 1)
    return count >= least and (check.at_most is None or count <= check.at_most)


def _said(check: Traffic, found: list[Exchange], fitting: list[Exchange]) -> str:
    if check.at_least is not None or check.at_most is not None:
        kind = {"request": "requests to", "response": "such answers of", "request_failed": "failed requests to"}[check.key]
        return f"there were {len(fitting)} {kind} {check.url}"
    if fitting:
        return _one(check, fitting[-1])
    if found:
        return f"{_one(check, found[-1])}, which is not what was looked for"
    return f"no request to {check.url} was seen"


def _one(check: Traffic, exchange: Exchange) -> str:
    what = f"{exchange.method} {clean(exchange.url, 150)}"
    if exchange.held:
        return f"{what} was held back: its host is not among `allow_hosts`"
    if exchange.failure is not None:
        return f"{what} failed ({clean(exchange.failure, 80)})"
    if check.slower_than_ms is not None:
        took = _took_ms(exchange)
        return f"{what} {f'took {format_duration(took)}' if took is not None else 'is still without an answer'}"
    return f"{what} answered {exchange.status}" if exchange.status is not None else f"{what} was sent"


OBSERVERS: dict[str, Any] = {"request": traffic, "response": traffic, "request_failed": traffic}
