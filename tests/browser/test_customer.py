"""Each part of a customer's browser is proven by what the page itself sees."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from harness.browser.pool import PlaywrightHost
from harness.evidence.events import EventLog
from harness.evidence.redact import Redactor
from harness.run.ports import Capture, SessionSpec
from harness.scenario.customer import BrowserSettings, Cookie, Credentials, Geolocation, NetworkSettings, Viewport
from harness.scenario.network import Profile
from tests.browser import site

PAGE = "<!doctype html><meta name=viewport content='width=device-width'><title>x</title><h1>Plain</h1>"
PAGE += "<script>document.querySelector('h1').textContent = 'Scripted'</script>"

SEEN = [
    ("locale", {"browser": BrowserSettings(locale="de-DE")}, "() => [navigator.language, (1234.5).toLocaleString()]", ["de-DE", "1.234,5"]),
    ("norwegian", {"browser": BrowserSettings(locale="no")}, "() => navigator.language", "no"),
    (
        "timezone",
        {"browser": BrowserSettings(timezone="Pacific/Auckland")},
        "() => Intl.DateTimeFormat().resolvedOptions().timeZone",
        "Pacific/Auckland",
    ),
    ("viewport", {"browser": BrowserSettings(viewport=Viewport(width=390, height=844))}, "() => [innerWidth, innerHeight]", [390, 844]),
    (
        "device",
        {"browser": BrowserSettings(device="iPhone 15")},
        "() => [navigator.maxTouchPoints > 0, /iPhone/.test(navigator.userAgent)]",
        [True, True],
    ),
    ("dark", {"browser": BrowserSettings(color_scheme="dark")}, "() => matchMedia('(prefers-color-scheme: dark)').matches", True),
    (
        "less motion",
        {"browser": BrowserSettings(reduced_motion="reduce")},
        "() => matchMedia('(prefers-reduced-motion: reduce)').matches",
        True,
    ),
    ("user agent", {"browser": BrowserSettings(user_agent="Old/1.0")}, "() => navigator.userAgent", "Old/1.0"),
    (
        "geolocation",
        {"browser": BrowserSettings(permissions=("geolocation",), geolocation=Geolocation(latitude=48.1, longitude=11.5))},
        "() => new Promise(done => navigator.geolocation.getCurrentPosition(p => done([p.coords.latitude, p.coords.longitude])))",
        [48.1, 11.5],
    ),
    (
        "permission",
        {"browser": BrowserSettings(permissions=("clipboard-read",))},
        "() => navigator.permissions.query({name: 'clipboard-read'}).then(p => p.state)",
        "granted",
    ),
    (
        "headers",
        {"browser": BrowserSettings(headers={"X-Tenant": "acme"})},
        "() => fetch('/echo').then(r => r.json()).then(h => h['x-tenant'])",
        "acme",
    ),
    (
        "http credentials",
        {"browser": BrowserSettings(http_credentials=Credentials(username="ann", password="pw"))},
        "() => fetch('/private').then(r => r.status)",
        200,
    ),
    ("cookies", {"browser": BrowserSettings(cookies=(Cookie(name="beta", value="on"),))}, "() => document.cookie", "beta=on"),
    ("local storage", {"browser": BrowserSettings(local_storage={"theme": "compact"})}, "() => localStorage.getItem('theme')", "compact"),
    ("offline", {"network": NetworkSettings(profile="offline")}, "() => navigator.onLine", False),
    (
        "latency",
        {"network": NetworkSettings(profile=Profile(latency_ms=400))},
        "async () => { const begun = performance.now(); await fetch('/echo'); return performance.now() - begun >= 380 }",
        True,
    ),
    (
        "blocked host",
        {"network": NetworkSettings(block=("localhost",))},
        "() => fetch(location.href.replace('127.0.0.1', 'localhost'), {mode: 'no-cors'}).then(() => 'reached', () => 'blocked')",
        "blocked",
    ),
    ("clock", {"clock": datetime(2026, 1, 31, 23, 50, tzinfo=UTC)}, "() => new Date().toISOString().slice(0, 15)", "2026-01-31T23:5"),
]


class Handler(site._Handler):
    """Tells what was sent, and asks for a password."""

    def do_GET(self) -> None:
        if self.path == "/echo":
            self._send(200, "application/json", json.dumps({name.lower(): value for name, value in self.headers.items()}))
        elif self.path == "/private" and not self.headers.get("Authorization"):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(200, "text/html", PAGE)


def spec(base_url: str, folder: Path, **parts: Any) -> SessionSpec:
    """A session's specification, with nothing special but `parts`."""
    folder.mkdir(parents=True, exist_ok=True)
    plain: dict[str, Any] = {"browser": BrowserSettings(), "network": NetworkSettings(), "clock": None}
    return SessionSpec(
        title="x",
        base_url=base_url,
        allow_hosts=("localhost",),
        allow_evaluate=True,
        masks=(),
        folder=folder,
        workspace=folder,
        capture=Capture(trace=False, screenshots=False),
        redactor=Redactor(),
        **{**plain, **parts},
    )


async def _all(base_url: str, folder: Path) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    async with PlaywrightHost() as host:
        for name, parts, script, _ in SEEN:
            session: Any = await host.open(spec(base_url, folder / name, **parts), EventLog(lambda: 0))
            offline = name == "offline"
            if not offline:
                await session.page.goto("/")
            seen[name] = await session.page.evaluate(script)
            await session.close(keep_trace=False)
        session = await host.open(spec(base_url, folder / "no script", browser=BrowserSettings(javascript=False)), EventLog(lambda: 0))
        await session.page.goto("/")
        seen["javascript off"] = await session.page.get_by_role("heading", name="Plain").is_visible()
        await session.close(keep_trace=False)
    return seen


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    handler: Callable[[], BaseHTTPRequestHandler] = Handler  # type: ignore[assignment]
    with site.serving_with(handler) as base_url:
        return asyncio.run(_all(base_url, tmp_path_factory.mktemp("customers")))


@pytest.mark.parametrize(("name", "wanted"), [(name, wanted) for name, _, _, wanted in SEEN], ids=[name for name, *_ in SEEN])
def test_the_page_sees_it(seen: dict[str, Any], name: str, wanted: Any) -> None:
    assert seen[name] == wanted


def test_without_javascript_no_script_runs(seen: dict[str, Any]) -> None:
    assert seen["javascript off"]
