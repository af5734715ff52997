"""A customer's browser settings as the options of a Playwright context."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Playwright

from harness.core.secret import reveal
from harness.diagnostics import problem
from harness.run.ports import SessionSpec
from harness.scenario.customer import Cookie
from harness.scenario.nearest import did_you_mean

PLAIN = ("locale", "color_scheme", "reduced_motion", "user_agent")


def context_options(playwright: Playwright, spec: SessionSpec, bare: bool = False) -> dict[str, Any]:
    """Keyword arguments for `browser.new_context`. Raises Problems for a device that Playwright does not know. A `bare` browser, the
    headless shell, has nobody who is asked for permissions, and refuses what Chrome allows a page that was clicked: to copy."""
    browser = spec.browser
    options: dict[str, Any] = {"base_url": spec.base_url, "accept_downloads": True, **_device(playwright, browser.device)}
    options |= {name: value for name in PLAIN if (value := getattr(browser, name)) is not None}
    if browser.timezone is not None:
        options["timezone_id"] = browser.timezone
    if browser.viewport is not None:
        options["viewport"] = {"width": browser.viewport.width, "height": browser.viewport.height}
    if browser.permissions or bare:
        copies = ("clipboard-write",) if browser.engine == "chromium" else ()
        options["permissions"] = list(dict.fromkeys((*browser.permissions, *copies)))
    if browser.geolocation is not None:
        place = browser.geolocation
        options["geolocation"] = {"latitude": place.latitude, "longitude": place.longitude, "accuracy": place.accuracy or 0}
    if browser.http_credentials is not None:
        secret = browser.http_credentials
        origin = _origin(spec.base_url)
        options["http_credentials"] = {"username": reveal(secret.username), "password": reveal(secret.password), "origin": origin}
    if not browser.javascript:
        options["java_script_enabled"] = False
    if state := _storage(spec):
        options["storage_state"] = state
    return options


def _device(playwright: Playwright, device: str | None) -> dict[str, Any]:
    if device is None:
        return {}
    if device not in playwright.devices:
        raise problem("unknown-device", f"`{device}` is no device that Playwright knows", did_you_mean(device, playwright.devices))
    return {key: value for key, value in playwright.devices[device].items() if key != "default_browser_type"}


def _storage(spec: SessionSpec) -> dict[str, Any] | None:
    """Cookies and local storage that are there from the start: those of a kept session and the customer's own."""
    kept = spec.storage_state or {}
    cookies = [*kept.get("cookies", ()), *(_cookie(cookie, spec.base_url) for cookie in spec.browser.cookies)]
    origins = list(kept.get("origins", ()))
    if spec.browser.local_storage:
        entries = [{"name": name, "value": reveal(value)} for name, value in spec.browser.local_storage.items()]
        origins.append({"origin": _origin(spec.base_url), "localStorage": entries})
    return {"cookies": cookies, "origins": origins} if cookies or origins else None


def _cookie(cookie: Cookie, base_url: str) -> dict[str, Any]:
    return {
        "name": cookie.name,
        "value": reveal(cookie.value),
        "domain": cookie.domain or urlsplit(base_url).hostname,
        "path": cookie.path,
        "expires": -1,
        "httpOnly": cookie.http_only,
        "secure": cookie.secure,
        "sameSite": cookie.same_site or "Lax",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
