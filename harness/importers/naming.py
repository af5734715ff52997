"""What was typed in an imported recording and must not be kept: passwords, codes, keys, card numbers. They become references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.evidence.learn import JWT, NAMES, is_made
from harness.evidence.redact import Redactor

PASSWORD = re.compile(
    r"pass(?:word|wd|phrase|code)|(?<![a-z])(?:pass|pwd|pin)(?![a-z])|passwort|kennwort|mot de passe|contrase|senha|wachtwoord|"
    r"(?<![a-z])has[lł]o(?![a-z])|l[oö]senord|adgangskode|salasana|parola|jelsz|heslo|sifre|şifre|парол|密码|密碼|パスワード|비밀번호|كلمة|סיסמ",
    re.IGNORECASE,
)
NO_PASSWORD = frozenset(("email", "tel", "url", "search", "number", "range", "date", "time", "month", "week", "datetime-local", "color"))
SIGN_IN = re.compile(r"[/_.-](?:log[-_]?in|log[-_]?on|sign[-_]?in|auth|sso|session|anmeld|connexion|acceso)", re.IGNORECASE)
NAMELESS = re.compile(r"(?:\s|input|textarea|\[\d+\]|:nth-of-type\(\d+\))*")
OTHER_CODE = re.compile(r"zip|post|plz|country|area|promo|coupon|voucher|discount|gift|product|sort|bar|qr|colou?r|currency", re.IGNORECASE)
CODE = re.compile(r"one[-_ ]?time|otp|2fa|mfa|verification|authenticator|security[-_ ]?code|einmal|(?<![a-z])code(?![a-z])", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,63}")
CARD = re.compile(r"(?:\d[ -]?){12,18}\d")
KEY = re.compile(r"api[-_ ]?key|access[-_ ]?key|secret|token|cvc|cvv", re.IGNORECASE)
LONG_ENOUGH = 6
UNKNOWN = "TODO: the e-mail address"
MOST_NAME = 40


@dataclass(frozen=True)
class Value:
    """What a step writes: the text as it was typed, or, with `reference`, a name for it such as `${customer.account.password}`."""

    text: str
    reference: bool = False
    note: str = ""


@dataclass(frozen=True)
class Field:
    """A field that was typed into: what it is `called` (its name, its own part of its selectors), an input's `type` if it is known, the
    `page`'s address, and the `selector` that tells it from others."""

    called: str
    type: str = ""
    page: str = ""
    selector: str = ""


@dataclass
class Naming:
    """Names for what was typed, as far as a customer's account and the declared secrets have some. It learns what has to be taken out of
    every other text; `needed` are the secrets that nobody declares yet. The account of a `new` customer is what is typed."""

    account: dict[str, Any] = field(default_factory=dict)
    new: bool = False
    declared: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    redactor: Redactor = field(default_factory=Redactor, repr=False)
    needed: dict[str, None] = field(default_factory=dict)
    _first: dict[str, str] = field(default_factory=dict, repr=False)

    def typed(self, field: Field, value: str) -> Value:
        """The value for a field."""
        name = next((name for name in self.declared if value and self.values.get(name) == value), None)
        kind = None if field.type in NO_PASSWORD and PASSWORD.search(field.called) else _kind(field.called, value)
        if kind is None and self._follows_on_a_sign_in_page(field):
            kind = "PASSWORD"
        if name is not None:
            return self._learned(name, value, f"${{secrets.{name}}}", "")
        if self.new:
            self._account(kind, value)
        if kind is None:
            return Value(*self._plain(value))
        if kind == "PASSWORD" and self.account.get("password"):
            return self._learned(kind, value, "${customer.account.password}", "")
        if kind == "CODE" and self.account.get("totp"):
            return self._learned(kind, value, "${customer.account.totp}", "")
        known = next((each for each in self.declared if kind in each or (kind == "PASSWORD" and "PASS" in each)), None)
        if known is None:
            self.needed[kind] = None
        note = f"something secret was typed here and not kept: set the secret {known or kind}"
        return self._learned(kind, value, f"${{secrets.{known or kind}}}", note)

    def signs_in(self, email: str) -> None:
        """A new customer signs in, with this address where it is known."""
        self.account.setdefault("email", email or UNKNOWN)
        self._account("PASSWORD", "")

    def _follows_on_a_sign_in_page(self, field: Field) -> bool:
        """A nameless field after the first one of a page for signing in may be the password's."""
        if not SIGN_IN.search(field.page):
            return False
        first = self._first.setdefault(field.page, field.selector)
        return first != field.selector and NAMELESS.fullmatch(field.called) is not None

    def _account(self, kind: str | None, value: str) -> None:
        if kind == "PASSWORD":
            self.account.setdefault("password", "${secrets.PASSWORD}")
            self.needed["PASSWORD"] = None
        elif kind is None and EMAIL.fullmatch(value):
            self.account.setdefault("email", value)

    def _plain(self, value: str) -> tuple[str, bool]:
        for key in ("email", "username"):
            if value and self.account.get(key) == value:
                return f"${{customer.account.{key}}}", True
        return value, False

    def _learned(self, name: str, value: str, reference: str, note: str) -> Value:
        if len(value) >= LONG_ENOUGH:
            self.redactor.learn(name, value)
        return Value(reference, True, note)


def _kind(field: str, value: str) -> str | None:
    """The name of a secret for what was typed into such a field; None where it is none."""
    if PASSWORD.search(field):
        return "PASSWORD"
    if CODE.search(field) and not OTHER_CODE.search(field) and re.fullmatch(r"[\d -]{4,9}", value):
        return "CODE"
    if CARD.fullmatch(value.strip()) and _luhn(re.sub(r"\D", "", value)):
        return "CARD_NUMBER"
    if JWT.search(value) or (is_made(value) and KEY.search(field)):
        found = KEY.search(field)
        return re.sub(r"\W+", "_", found[0]).upper()[:MOST_NAME] if found else "TOKEN"
    return None


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812: the check digit of card numbers."""
    doubled = [int(digit) * (2 - (len(digits) - index) % 2) for index, digit in enumerate(digits)]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def names_secret(name: str) -> bool:
    """Whether a field of this name holds one."""
    return bool(NAMES.search(name) or PASSWORD.search(name))
