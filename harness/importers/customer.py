"""The customer's file that an import makes. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.draft.model import literal
from harness.draft.write import to_yaml
from harness.importers.codegen import Header
from harness.scenario.customer import LocaleTag, Timezone
from harness.scenario.shapes import ShapeError

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,79}")
CARRIED = {"colorScheme": "color_scheme", "reducedMotion": "reduced_motion", "userAgent": "user_agent"}
OF_DEVICE = frozenset(("viewport", "screen", "userAgent", "deviceScaleFactor", "isMobile", "hasTouch", "defaultBrowserType"))
ENGINES = frozenset(("chromium", "firefox", "webkit"))
TODO = (
    "# tenant: the tenant on staging that stands for this customer\n"
    "# settings: the tenant's configuration, as the environment's `apply` puts it\n"
)


@dataclass(frozen=True)
class NewCustomer:
    """A customer as far as the imported files tell. `browser` and `account` are plain data; `secrets` are names."""

    name: str
    source: str
    tenant: str | None = None
    browser: Mapping[str, Any] = field(default_factory=dict)
    account: Mapping[str, Any] = field(default_factory=dict)
    secrets: Sequence[str] = ()
    remarks: Sequence[str] = ()
    unsaid: Sequence[str] = ()


def customer_text(customer: NewCustomer) -> str:
    """The whole file."""
    remarks = [f"Imported from {customer.source}.", *customer.remarks, *(f"Not carried over: {each}" for each in customer.unsaid)]
    head = "".join(f"# {one_line(remark)}\n" for remark in remarks)
    account = {key: value if key == "password" else literal(str(value)) for key, value in customer.account.items()}
    data = {
        "name": customer.name,
        **({"tenant": customer.tenant} if customer.tenant else {}),
        **({"account": account} if account else {}),
        **({"browser": dict(customer.browser)} if customer.browser else {}),
        **({"secrets": list(customer.secrets)} if customer.secrets else {}),
    }
    return head + to_yaml(data) + (TODO if not customer.tenant else TODO.split("\n", 1)[1])


def one_line(text: str) -> str:
    """A text that can't end a comment, nor reach a terminal with anything but characters."""
    return "".join(character if character.isprintable() else " " for character in text)


def of_codegen(header: Header) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The browser that codegen was given, and what of it can't be carried over."""
    browser: dict[str, Any] = {}
    unsaid: list[str] = []
    if header.browser in ENGINES - {"chromium"}:
        browser["engine"] = header.browser
    if header.device:
        browser["device"] = literal(header.device)
    for key, value in header.context.items():
        if header.device and key in OF_DEVICE:
            continue
        size = _size(value) if key == "viewport" else None
        if size is not None:
            browser["viewport"] = size
        elif key == "locale" and _fits(LocaleTag(), value):
            browser["locale"] = value
        elif key == "timezoneId" and _fits(Timezone(), value):
            browser["timezone"] = value
        elif key == "userAgent" and isinstance(value, str):
            browser["user_agent"] = literal(value)
        elif key in CARRIED and value in ("light", "dark", "no-preference", "reduce"):
            browser[CARRIED[key]] = value
        elif value not in (None, {}, [], "allow"):
            unsaid.append(f"the browser's option `{str(key)[:40]}: {json.dumps(value)[:80]}`; the customer's file may have it")
    return browser, tuple(unsaid)


def _fits(shape: LocaleTag | Timezone, value: Any) -> bool:
    try:
        shape.convert(value)
    except ShapeError:
        return False
    return True


def _size(value: Any) -> str | None:
    sides = [value.get(side) for side in ("width", "height")] if isinstance(value, Mapping) else []
    fits = len(sides) == 2 and all(type(side) is int and 100 <= side <= 10_000 for side in sides)
    return f"{sides[0]}x{sides[1]}" if fits else None
