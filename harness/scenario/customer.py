"""A customer: who they are, how they sign in, the browser they use, and their tenant's settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harness.core.secret import Secret
from harness.diagnostics import Source
from harness.scenario.http import HEADERS
from harness.scenario.network import NETWORK, Profile
from harness.scenario.shapes import (
    Bool,
    Choice,
    Data,
    Decoder,
    FileName,
    JsonSchema,
    Many,
    Map,
    Number,
    RecordOf,
    ScalarShape,
    ShapeError,
    Text,
    Word,
    decode_fields,
    mapping,
    option,
    required,
    whole,
)
from harness.scenario.source import Mapping, Node, plain
from harness.scenario.times import Moment


@dataclass(frozen=True, kw_only=True)
class Viewport:
    """CSS pixels."""

    width: int = required(whole(100, 10_000), "CSS pixels")
    height: int = required(whole(100, 10_000), "CSS pixels")


class ViewportShape(ScalarShape):
    """`1366x768`, or a mapping."""

    expected = "a size such as 1366x768"

    def convert(self, value: Any) -> Viewport:
        width, _, height = str(value).lower().partition("x")
        if not (width.strip().isdecimal() and height.strip().isdecimal()):
            raise ShapeError(f"expected {self.expected}, found `{value}`")
        side = whole(100, 10_000)
        return Viewport(width=int(side.convert(int(width))), height=int(side.convert(int(height))))

    def decode(self, node: Node, decoder: Decoder) -> Any:
        if isinstance(node, Mapping):
            return RecordOf(Viewport, "`viewport`").decode(node, decoder)
        return super().decode(node, decoder)

    def schema(self) -> JsonSchema:
        return {"anyOf": [{"type": "string", "pattern": r"^\d+x\d+$"}, RecordOf(Viewport, "").schema()]}


class Timezone(Text):
    """A name of the IANA time zone database."""

    expected = "a time zone such as Europe/Berlin"

    def convert(self, value: Any) -> str:
        from zoneinfo import ZoneInfo

        text = str(super().convert(value))
        try:
            ZoneInfo(text)
        except (KeyError, ValueError, OSError):
            raise ShapeError(f"`{text}` is not a time zone", "such as Europe/Berlin, America/New_York, UTC") from None
        return text


class LocaleTag(Text):
    """A BCP 47 language tag; `no` is Norwegian."""

    expected = "a locale such as de-DE"

    def convert(self, value: Any) -> str:
        text = str(super().convert(value)).replace("_", "-")
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
            raise ShapeError(f"`{text}` is not a locale", "such as de-DE, en-US, no")
        return text


@dataclass(frozen=True, kw_only=True)
class Geolocation:
    """Degrees; accuracy in metres."""

    latitude: float = required(Number(-90, 90), "degrees north")
    longitude: float = required(Number(-180, 180), "degrees east")
    accuracy: float | None = option(Number(0), "metres")


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """HTTP authentication."""

    username: str = required(Text(), "the user's name")
    password: str | Secret = required(Text(), "the password, as ${secrets.NAME}")


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """A cookie that is there from the start."""

    name: str = required(Text(), "its name")
    value: str | Secret = required(Text(), "its value")
    domain: str | None = option(Text(), "its host; base_url's is the default")
    path: str = option(Text(), "its path", default="/")
    secure: bool = option(Bool(), "over https only", default=False)
    http_only: bool = option(Bool(), "not seen by scripts", default=False)
    same_site: str | None = option(Choice("Strict", "Lax", "None"), "when it is sent across sites")


@dataclass(frozen=True, kw_only=True)
class BrowserSettings:
    """The customer's browser; None is the browser's own default."""

    engine: str = option(Choice("chromium", "firefox", "webkit"), "the browser's engine", default="chromium")
    channel: str | None = option(Word(), "a branded build: chrome, msedge, chrome-beta …")
    device: str | None = option(Text(), "a device of Playwright's list: iPhone 15, Pixel 7 …")
    locale: str | None = option(LocaleTag(), "the browser's language: de-DE")
    timezone: str | None = option(Timezone(), "the computer's time zone: Europe/Berlin")
    viewport: Viewport | None = option(ViewportShape(), "the window's inner size: 1366x768")
    color_scheme: str | None = option(Choice("light", "dark", "no-preference"), "light or dark")
    reduced_motion: str | None = option(Choice("reduce", "no-preference"), "whether the system asks for less motion")
    user_agent: str | None = option(Text(), "the User-Agent header")
    permissions: tuple[str, ...] = option(Many(Word(), or_one=True), "what the user has allowed: geolocation, clipboard-read …", default=())
    geolocation: Geolocation | None = option(RecordOf(Geolocation, "`geolocation`"), "where the computer is")
    headers: dict[str, str | Secret] | None = option(HEADERS, "headers that every request carries")
    http_credentials: Credentials | None = option(RecordOf(Credentials, "`http_credentials`"), "HTTP authentication")
    cookies: tuple[Cookie, ...] = option(Many(RecordOf(Cookie, "a cookie")), "cookies that are there from the start", default=())
    local_storage: dict[str, str | Secret] | None = option(Map(Text()), "entries of base_url's local storage")
    javascript: bool = option(Bool(), "false: JavaScript is switched off", default=True)


@dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """The customer's connection."""

    profile: str | Profile | None = option(NETWORK, "online, offline, slow-3g …, or {latency, download_kbps, upload_kbps}")
    block: tuple[str, ...] = option(
        Many(Text(), or_one=True), "hosts that the customer's network or ad blocker holds back: *.intercom.io", default=()
    )


@dataclass(frozen=True, kw_only=True)
class Account:
    """How a person signs in. More keys may be added: `${customer.account.tenant_code}`."""

    email: str | None = option(Text(), "the e-mail address or user name")
    username: str | None = option(Text(), "the user name")
    password: str | Secret | None = option(Text(), "the password, as ${secrets.NAME}")
    totp: str | Secret | None = option(Text(), "the TOTP secret, as ${secrets.NAME}; ${customer.account.totp} gives the code of the moment")
    role: str | None = option(Text(), "the role, for the reader")


class AccountShape:
    """An account's keys, checked for the known ones, free for others."""

    def decode(self, node: Node, decoder: Decoder) -> dict[str, Any]:
        if not isinstance(node, Mapping):
            raise decoder.invalid("wrong-type", f"expected a mapping, found {node.kind}", node)
        decoded: dict[str, Any] = Map(Data()).decode(node, decoder)
        for key, value in node.entries:
            if key.text == "password" and isinstance(plain(value), str) and "${secrets." not in str(plain(value)):
                decoder.warn("plain-password", "a password stands here in plain text", value, "declare a secret and write ${secrets.NAME}")
        return decoded

    def schema(self) -> JsonSchema:
        known = RecordOf(Account, "an account").schema()
        return {**known, "additionalProperties": {}}


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer as written; `data` is the whole file as plain data, which `${customer.…}` looks into."""

    id: str
    source: Source = field(compare=False, repr=False)
    data: dict[str, Any] = field(compare=False, repr=False)
    name: str | None = option(Text(), "the customer's name, for the reader")
    tenant: str | None = option(Word(), "the tenant on staging; one tenant is never in two runs at once")
    baseline: str | None = option(FileName(), "the customer whose configuration is known to work")
    account: dict[str, Any] | None = option(AccountShape(), "how the customer signs in")
    accounts: dict[str, dict[str, Any]] | None = option(Map(AccountShape()), "further accounts, for `as:`")
    browser: BrowserSettings = option(RecordOf(BrowserSettings, "`browser`"), "the customer's browser", default=BrowserSettings())
    network: NetworkSettings = option(RecordOf(NetworkSettings, "`network`"), "the customer's connection", default=NetworkSettings())
    clock: datetime | None = option(Moment(), "the time that the page sees at the start: 2026-01-31T23:50")
    settings: dict[str, Any] | None = option(Map(Data()), "the tenant's configuration, as the environment's `apply` puts it")
    secrets: tuple[str, ...] = option(Many(Word()), "names of the secrets that scenarios of this customer may use", default=())
    notes: str | None = option(Text(), "anything for the reader")


def decode_customer(name: str, node: Node, decoder: Decoder) -> Customer:
    """A customer's file. Raises Invalid when it can't be used."""
    entries = mapping(node, decoder)
    values = decode_fields(Customer, entries, node, decoder, "a customer")
    return Customer(id=name, source=node.source, data=plain(node), **values)
