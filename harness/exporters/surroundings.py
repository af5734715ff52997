"""The customer's browser as context options, and the tenant's settings as API calls."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from harness.core.secret import reveal
from harness.exporters.api import succeeding
from harness.exporters.code import Attr, Call, Do, Expr, Lit, Name, SetItem, Stmt, helper
from harness.exporters.conditions import plain_headers
from harness.exporters.making import Making
from harness.exporters.verbs import connection, moment
from harness.scenario.customer import BrowserSettings, NetworkSettings
from harness.scenario.environment import Call as EnvironmentCall
from harness.scenario.http import split_path

RECORDERS = {
    "console": "record_console",
    "crash": "record_crashes",
    "dialog": "record_dialogs",
    "download": "record_downloads",
    "request": "record_requests",
    "weberror": "record_errors",
}
SETTINGS = Name("SETTINGS")
PLAIN = ("locale", "color_scheme", "reduced_motion", "user_agent")


@dataclass(frozen=True)
class Browser:
    """How the browser is started and its context opened; `options` are named as Python's API names them."""

    engine: str
    channel: str | None
    device: str | None
    options: dict[str, Expr]


@dataclass(frozen=True)
class Settings:
    """How the tenant gets the customer's settings, `wanted`, and its own back. All of it uses the variables `api` and `SETTINGS`."""

    headers: dict[str, Any]
    wanted: Any
    before: tuple[Stmt, ...]
    apply: tuple[Stmt, ...]
    restore: tuple[Stmt, ...]


def browser_of(making: Making) -> Browser:
    """The customer's browser. Raises TemplateError."""
    customer = making.case.customer
    browser: BrowserSettings = making.settle(customer.browser) if customer else BrowserSettings()
    options: dict[str, Expr] = {"base_url": Name("BASE_URL")}
    options |= {name: Lit(value) for name in PLAIN if (value := getattr(browser, name)) is not None}
    if browser.timezone is not None:
        options["timezone_id"] = Lit(browser.timezone)
    if browser.viewport is not None:
        options["viewport"] = Lit({"width": browser.viewport.width, "height": browser.viewport.height})
    if browser.permissions:
        options["permissions"] = Lit(list(browser.permissions))
    if browser.geolocation is not None:
        place = browser.geolocation
        options["geolocation"] = Lit({"latitude": place.latitude, "longitude": place.longitude, "accuracy": place.accuracy or 0})
    if browser.headers:
        options["extra_http_headers"] = Lit(plain_headers(browser.headers))
    if not browser.javascript:
        options["java_script_enabled"] = Lit(False)
    return Browser(browser.engine, browser.channel, browser.device, options | _secretly(browser))


def _secretly(browser: BrowserSettings) -> dict[str, Expr]:
    """What depends on where the application is: credentials, cookies and local storage."""
    found: dict[str, Expr] = {}
    if browser.http_credentials is not None:
        given = browser.http_credentials
        found["http_credentials"] = helper("credentials", Lit(given.username), Lit(reveal(given.password)), wait=False)
    if browser.cookies or browser.local_storage:
        cookies = [
            {
                "name": cookie.name,
                "value": reveal(cookie.value),
                "domain": cookie.domain or "",
                "path": cookie.path,
                "expires": -1,
                "httpOnly": cookie.http_only,
                "secure": cookie.secure,
                "sameSite": cookie.same_site or "Lax",
            }
            for cookie in browser.cookies
        ]
        entries = {name: reveal(value) for name, value in (browser.local_storage or {}).items()}
        found["storage_state"] = helper("storage", Lit(cookies), Lit(entries), wait=False)
    return found


def prepare(making: Making, page: Name) -> tuple[Stmt, ...]:
    """What a fresh page needs before anything is done in it: patience, ears, a clock, a connection."""
    case, context = making.case, Attr(page, "context", called=True)
    network: NetworkSettings = making.settle(case.customer.network) if case.customer else NetworkSettings()
    found: list[Stmt] = [Do(Call(context, "set_default_timeout", (Lit(case.limits.step_timeout_ms),), wait=False))]
    found += [Do(helper(RECORDERS[kind], context, wait=False)) for kind in making.noted.events]
    if network.block:
        found.append(Do(helper("block", context, *(Lit(host) for host in network.block))))
    clock = making.settle(case.customer.clock) if case.customer else None
    if clock is not None:
        found.append(Do(Call(Attr(page, "clock"), "install", (), {"time": Lit(moment(making, clock))})))
    if network.profile is not None:
        found.append(connection(page, network.profile))
    return tuple(found)


def settings_of(making: Making) -> Settings | None:
    """The environment's requests, where the customer has settings. Raises TemplateError."""
    customer, environment = making.case.customer, making.case.environment
    if customer is None or not customer.settings or not environment.apply:
        return None
    wanted = making.settle(customer.settings)
    before: list[Stmt] = []
    apply: list[Stmt] = [Do(_call(making, call, wanted)) for call in environment.apply]
    if environment.read_back is not None:
        before.append(SetItem("saved", "before", _asked(making, environment.read_back)))
        apply.append(Do(helper("check_settings", SETTINGS, _asked(making, environment.read_back), wait=False)))
    restore = tuple(Do(_call(making, call, wanted)) for call in environment.restore)
    return Settings(plain_headers(making.settle(environment.headers or {})) or {}, wanted, tuple(before), tuple(apply), restore)


def _call(making: Making, written: EnvironmentCall, settings: Any) -> Expr:
    call = making.settle(written)
    more = {"form": call.form, "headers": call.headers, "status": call.expect_status}
    made = succeeding(making, Name("api"), call.request, call.json, **more)
    return _with_settings(made, settings)


def _with_settings(expr: Expr, settings: Any) -> Expr:
    """The call with the settings by their name where they are all of its body."""
    if isinstance(expr, Lit):
        return SETTINGS if expr.value == settings else expr
    if not isinstance(expr, Call):
        return expr
    args = tuple(_with_settings(arg, settings) for arg in expr.args)
    return dataclasses.replace(expr, args=args, options={name: _with_settings(value, settings) for name, value in expr.options.items()})


def _asked(making: Making, written: Any) -> Expr:
    question = making.settle(written)
    checked = succeeding(making, Name("api"), question.request, headers=question.headers, status=question.expect_status)
    if question.json:
        return helper("read", checked, Lit(list(split_path(question.json) or ())))
    return Call(checked, "json")
