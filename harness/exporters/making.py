"""What is known while a script is made: the case, whose page a step is done in, and what the reader has to be told."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from harness.exporters.code import Expr, Function, Lit, Name
from harness.exporters.helpers import sections
from harness.exporters.values import ExportScope, Marks, Runtime, settle
from harness.plan.model import Case


@dataclass
class Noted:
    """What comes up while the script is made, gathered once for all of it."""

    unsupported: list[str] = field(default_factory=list)
    files: dict[str, None] = field(default_factory=dict)
    events: dict[str, None] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    functions: dict[tuple[str, str | None], Function] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Making:
    """Where in the scenario one is. `clock` says whether the page's clock is ours already; `named` are the steps that conditions
    refer to."""

    case: Case
    marks: Marks
    noted: Noted
    targets: frozenset[str]
    account: str | None = None
    inside: str | None = None
    params: dict[str, str] = field(default_factory=dict)
    clock: list[bool] = field(default_factory=lambda: [False])
    named: frozenset[str] = frozenset()
    timed: frozenset[str] = frozenset()

    @property
    def page(self) -> Name:
        """The variable of the page in which the step is done."""
        if self.account is None or self.inside is not None:
            return Name("page")
        return Name(self.noted.accounts[self.account])

    @property
    def locale(self) -> str | None:
        """The customer's."""
        return self.settled_browser.locale if self.case.customer else None

    @property
    def settled_browser(self) -> Any:
        """The customer's browser settings. Raises TemplateError."""
        assert self.case.customer is not None
        return self.settle(self.case.customer.browser)

    @property
    def timezone(self) -> str | None:
        """The customer's."""
        return self.settled_browser.timezone if self.case.customer else None

    def is_plain(self, url: str) -> bool:
        """Whether Playwright finds the address by itself: a path below a base_url that has none of its own, or a whole address."""
        below_root = urlsplit(self.case.environment.base_url).path in ("", "/")
        return url.startswith(("https://", "http://")) or (url.startswith("/") and not url.startswith("//") and below_root)

    def scope(self) -> ExportScope:
        """What references see here."""
        case = self.case
        customer: dict[str, Any] = {**case.customer.data, "id": case.customer.id} if case.customer else {}
        if self.account is not None:
            customer["account"] = (customer.get("accounts") or {}).get(self.account, {})
        clock = case.customer.clock if case.customer else None
        today = clock.date() if isinstance(clock, datetime) else None
        environment = {**case.environment.data, "id": case.environment.id}
        return ExportScope(customer, environment, today=today, marks=self.marks, names=self.params)

    def settle(self, value: Any) -> Any:
        """A value of the language without references. Raises TemplateError."""
        return settle(value, self.scope())

    def as_account(self, account: str | None) -> Making:
        """The same, as a step that another account does."""
        if account is None or account == self.account:
            return self
        self.noted.accounts.setdefault(account, self.name(f"{account}_page"))
        return dataclasses.replace(self, account=account)

    def refuse(self, what: str, why: str) -> None:
        """Notes what can't be said."""
        text = f"{what}: {why}"
        if text not in self.noted.unsupported:
            self.noted.unsupported.append(text)

    def name(self, wanted: str) -> str:
        """A name for a variable or a function that nothing else has, also in the other language."""
        plain = identifier(wanted)
        name, number = plain, 2
        while name in self.noted.taken or name in RESERVED:
            name, number = f"{plain}_{number}", number + 1
        self.noted.taken.add(name)
        return name

    def mark(self, root: str, *path: str) -> Expr:
        """The expression for a value that is known only when the script runs."""
        return Lit(self.marks.text(Runtime(root, path)))


def identifier(text: str) -> str:
    """Lower-case words with underscores."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60].strip("_")
    return plain if plain and not plain[0].isdigit() else f"the_{plain}".rstrip("_")


PYTHON_WORDS = (
    "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not "
    "or pass raise return try while with match case type none true false str int float bool list dict set tuple len print range open min "
    "max sum any all map filter iter next zip sorted id input object super vars dir hash bytes isinstance getattr"
)
TYPESCRIPT_WORDS = (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for "
    "function if implements import in instanceof interface let new null package private protected public return static super switch "
    "this throw true try typeof undefined var void while with yield any boolean number string symbol unknown never object console process "
    "require module global window document date math json promise error map set array"
)
OWN_WORDS = (
    "page context browser playwright pytest test expect request re os time json secrets saved took log events began symptom expected main "
    "attempt attempts settings base_url now token today totp secret run sys datetime date path files browser_context_args new_context "
    "browser_type browser_type_launch_args api before steps setup cleanup options held_before watch oracle"
)
HELPERS = [re.sub(r"([A-Z])", r"_\1", name).lower().lstrip("_") for language in ("python", "typescript") for name in sections(language)]
RESERVED = frozenset((*PYTHON_WORDS.split(), *TYPESCRIPT_WORDS.split(), *OWN_WORDS.split(), *HELPERS))
