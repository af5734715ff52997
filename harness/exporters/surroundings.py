"""The customer's browser as context options, and the tenant's settings as API calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.core.secret import Secret, reveal
from harness.exporters.code import Attr, Call, Do, Expr, Lit, Name, SetItem, Stmt, helper, lit
from harness.exporters.conditions import plain_headers
from harness.exporters.making import Making
from harness.exporters.verbs import connection, moment
from harness.scenario.action import split_endpoint
from harness.scenario.customer import BrowserSettings, NetworkSettings
from harness.scenario.environment import Call as EnvironmentCall
from harness.scenario.http import split_path

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
    """How the tenant gets the customer's settings, and its own back. All of it uses the variable `api`."""

    headers: dict[str, Any]
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
    if making.noted.events:
        found.append(Do(helper("record", context, *(Lit(kind) for kind in making.noted.events), wait=False)))
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
    before: list[Stmt] = []
    apply: list[Stmt] = [Do(_call(making, call)) for call in environment.apply]
    if environment.read_back is not None:
        before.append(SetItem("saved", "before", _asked(making, environment.read_back)))
        apply.append(Do(helper("check_settings", Lit(making.settle(customer.settings)), _asked(making, environment.read_back), wait=False)))
    restore = tuple(Do(_call(making, call)) for call in environment.restore)
    return Settings(plain_headers(making.settle(environment.headers or {})) or {}, tuple(before), tuple(apply), restore)


def _call(making: Making, written: EnvironmentCall) -> Expr:
    call = making.settle(written)
    method, url = split_endpoint(call.request)
    form = {name: reveal(value) for name, value in call.form.items()} if call.form is not None else None
    answer = helper(
        "ask", Name("api"), Lit(method), Lit(url), json=lit(_body(call.json)), form=lit(form), headers=lit(plain_headers(call.headers))
    )
    return helper("check_answer", answer, status=lit(list(call.expect_status) if call.expect_status else None))


def _body(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _asked(making: Making, written: Any) -> Expr:
    question = making.settle(written)
    method, url = split_endpoint(question.request)
    answer = helper("ask", Name("api"), Lit(method), Lit(url), headers=lit(plain_headers(question.headers)))
    checked = helper("check_answer", answer, status=lit(list(question.expect_status) if question.expect_status else None))
    return helper("read", checked, Lit(list(split_path(question.json) or ()) if question.json else []))
