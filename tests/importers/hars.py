"""HAR files as browsers write them, made for a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SITE = "https://app.acme.example"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


def rows(pairs: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs.items()]


def entry(
    url: str,
    kind: str | None = "fetch",
    method: str = "GET",
    status: int = 200,
    body: Any = "",
    sent: dict[str, str] | None = None,
    got: dict[str, str] | None = None,
    posted: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One request as Chrome writes it; `kind` None as Firefox does."""
    text = body if isinstance(body, str) else json.dumps(body)
    mime = {"document": "text/html", "script": "text/javascript"}.get(kind or "", "application/json")
    request: dict[str, Any] = {
        "method": method,
        "url": url if "://" in url else SITE + url,
        "httpVersion": "h2",
        "headers": rows({"Accept-Language": "de-DE,de;q=0.9,en;q=0.8", "User-Agent": AGENT, **(sent or {})}),
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 0,
    }
    if posted is not None:
        request["postData"] = {"mimeType": "application/x-www-form-urlencoded", "text": posted}
    response = {
        "status": status,
        "statusText": "",
        "httpVersion": "h2",
        "headers": rows({"content-type": mime, **(got or {})}),
        "cookies": [],
        "content": {"size": len(text), "mimeType": mime, "text": text},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }
    kinds = {} if kind is None else {"_resourceType": kind}
    return {"startedDateTime": "2026-01-20T22:59:58.120Z", "time": 80.5, "request": request, "response": response, **kinds, **more}


def har(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole file as data."""
    pages = [{"startedDateTime": "2026-01-20T22:59:58.120Z", "id": "page_1", "title": SITE, "pageTimings": {}}]
    return {"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": pages, "entries": entries}}


def write(path: Path, entries: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(har(entries)))
    return path
