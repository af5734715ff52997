"""The values that a case's references see, and where its secrets come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from harness.core.secret import Secret
from harness.evidence.redact import Redactor
from harness.plan.model import Case, Planned
from harness.run.totp import Totp
from harness.scenario.customer import Customer
from harness.scenario.environment import Environment
from harness.scenario.locators import Locator
from harness.scenario.nearest import did_you_mean
from harness.scenario.template import Scope, TemplateError

PREFIX = "REPRO_SECRET_"


@dataclass(frozen=True)
class Secrets:
    """The declared secrets of one case. Nothing that is not declared can be read; every one that is read is redacted from then on."""

    declared: frozenset[str]
    environ: Mapping[str, str]
    redactor: Redactor

    def __call__(self, name: str) -> Secret:
        if name not in self.declared:
            hint = did_you_mean(name, self.declared)
            raise TemplateError(
                f"the secret {name} is declared neither by the customer nor by the environment. {hint}".strip(), "unknown-secret"
            )
        value = self.environ.get(PREFIX + name)
        if value is None:
            raise TemplateError(
                f"the secret {name} is not set: put it into the environment variable {PREFIX}{name} or into .env", "unset-secret"
            )
        self.redactor.learn(name, value)
        return Secret(name, value)

    def learn_all(self) -> None:
        """Redacts every declared secret that is set, used or not."""
        for name in self.declared:
            if value := self.environ.get(PREFIX + name):
                self.redactor.learn(name, value)


def secrets_of(case: Case, environ: Mapping[str, str]) -> Secrets:
    """The secrets that this customer and this environment declare."""
    declared = frozenset((*(case.customer.secrets if case.customer else ()), *case.environment.secrets))
    secrets = Secrets(declared, environ, Redactor(patterns=masked_texts(case.environment.mask)))
    secrets.learn_all()
    return secrets


def known_of(rows: Iterable[Planned], environ: Mapping[str, str]) -> Redactor:
    """Takes out of a text whatever any of the rows keeps secret."""
    known = Redactor()
    cases = (case for row in rows for case in (row.case, row.control) if case is not None)
    for case in {(each.customer.id if each.customer else None, each.environment.id): each for each in cases}.values():
        secrets = secrets_of(case, environ)
        known.take(secrets.redactor, secrets.declared)
    return known


def masked_texts(masks: Sequence[Locator]) -> tuple[re.Pattern[str], ...]:
    """What masks say by their text: it is taken out of texts as it is covered in pictures."""
    texts = [mask.text for mask in masks if mask.text is not None]
    return tuple(text if isinstance(text, re.Pattern) else re.compile(re.escape(text), re.IGNORECASE) for text in texts)


@dataclass(frozen=True)
class Scopes:
    """Makes the scope of a step: the customer as one account sees itself, with a one-time code where one is asked for."""

    case: Case
    secrets: Secrets
    totp: Totp
    run: Mapping[str, Any]
    today: date

    def base(self) -> Scope:
        """The scope without an account's one-time code."""
        return Scope(
            self._customer(None),
            self.case.environment.data | {"id": self.case.environment.id},
            self.secrets,
            run=self.run,
            today=self.today,
        )

    async def of(self, account: str | None, wants_code: bool) -> Scope:
        """The scope of a step done as `account`. Raises TemplateError."""
        scope = self.base()
        customer = self._customer(account)
        if wants_code and isinstance(customer.get("account"), Mapping) and "totp" in customer["account"]:
            secret = scope.resolve_data(customer["account"]["totp"])
            if not isinstance(secret, Secret):
                raise TemplateError("`totp` has to be a secret: ${secrets.NAME}")
            try:
                code = await self.totp.code(secret)
            except ValueError as error:
                raise TemplateError(str(error)) from None
            self.secrets.redactor.learn(code.name, code.reveal())
            customer = {**customer, "account": {**customer["account"], "totp": code}}
        return Scope(customer, scope.environment, self.secrets, run=self.run, today=self.today)

    def _customer(self, account: str | None) -> dict[str, Any]:
        if self.case.customer is None:
            return {}
        data = {**self.case.customer.data, "id": self.case.customer.id}
        if account is not None:
            accounts = data.get("accounts") or {}
            if account not in accounts:
                raise TemplateError(f"the customer {self.case.customer.id} has no account {account}", "unknown-account")
            data["account"] = accounts[account]
        return data


def base_scope(customer: Customer, environment: Environment, environ: Mapping[str, str]) -> Scope:
    """The scope outside any attempt: for putting staging back."""
    secrets = Secrets(frozenset((*customer.secrets, *environment.secrets)), environ, Redactor())
    return Scope({**customer.data, "id": customer.id}, environment.data, secrets, today=date.today())


def environment_scope(environment: Environment, environ: Mapping[str, str]) -> Scope:
    """The scope of what is asked of an environment whoever the customer is: health and version."""
    return Scope(environment=environment.data, secret=Secrets(frozenset(environment.secrets), environ, Redactor()), today=date.today())
