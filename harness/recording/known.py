"""What typed values are called: the customer's account and the secrets in scope have names, so that no value has to be written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.core.secret import Secret, reveal
from harness.evidence.redact import Redactor
from harness.scenario.template import Scope, TemplateError

SHORTEST = 3
SHORTEST_HIDDEN = 4
PIECE = 6
MARK = "[PASSWORD]"
TOTP = "totp"


@dataclass
class Known:
    """Names for values. What is typed into a field for secrets and has no name lives in memory only, and only while it is typed."""

    names: tuple[tuple[str, str], ...]
    code: str | None
    redactor: Redactor
    _unnamed: dict[str, str] = field(default_factory=dict, repr=False)
    _typed: set[str] = field(default_factory=set, repr=False)

    def typed(self, kind: str, text: str) -> str | None:
        """A reference for the value of a field, `kind` being password, code, or empty for any other. None when it has no name."""
        last = self._unnamed.get("last", "")
        if not kind or not (text.startswith(last) or last.startswith(text)):
            self.settle()
        if kind == "code" and self.code is not None:
            return self.code
        if len(text) >= SHORTEST or kind:
            found = next((name for name, value in self.names if value == text), None)
            if found is not None:
                self._typed |= {text} if kind else set()
                return found
        if kind:
            self._unnamed["last"] = text
        return None

    def settle(self) -> None:
        """What was typed last into a field for secrets is whole now: it stays taken out of every text."""
        if text := self._unnamed.pop("last", ""):
            self._typed.add(text)

    def shown(self, text: str) -> str:
        """The text without secrets, and without pieces of what was typed into fields for them."""
        text = self.redactor.text(text)
        for value in (*self._typed, self._unnamed.get("last", "")):
            text = without_pieces(text, value)
        return text


def without_pieces(text: str, secret: str, piece: int = PIECE) -> str:
    """The text without anything that is at least `piece` characters of the secret; names of elements are often cut."""
    size = min(piece, len(secret))
    if size < SHORTEST_HIDDEN:
        return text
    grams = {secret[at : at + size] for at in range(len(secret) - size + 1)}
    hidden = {at + offset for at in range(len(text) - size + 1) if text[at : at + size] in grams for offset in range(size)}
    if not hidden:
        return text
    parts = ["" if at in hidden and at - 1 in hidden else MARK if at in hidden else letter for at, letter in enumerate(text)]
    return "".join(parts)


def known_of(scope: Scope, secrets: Sequence[str], redactor: Redactor) -> Known:
    """The names in a scope: the account's first, then the further accounts', then the secrets themselves."""
    customer = scope.customer
    names = [*_account(customer.get("account"), "customer.account", scope)]
    for name, account in (customer.get("accounts") or {}).items():
        names += _account(account, f"customer.accounts.{name}", scope)
    for name in secrets:
        value = _value(f"${{secrets.{name}}}", scope)
        names += [(f"${{secrets.{name}}}", value)] if value else []
    code = "${customer.account.totp}" if TOTP in (customer.get("account") or {}) else None
    return Known(tuple(names), code, redactor)


def _account(account: Any, path: str, scope: Scope) -> Iterator[tuple[str, str]]:
    for key, entry in account.items() if isinstance(account, Mapping) else ():
        value = _value(entry, scope) if key != TOTP else ""
        if value:
            yield f"${{{path}.{key}}}", value


def _value(entry: Any, scope: Scope) -> str:
    try:
        found = scope.resolve_data(entry)
    except TemplateError:
        return ""  # a secret that is not set here
    return reveal(found) if isinstance(found, (str, Secret)) else ""
