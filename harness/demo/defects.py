# ruff: noqa: E501
"""What is wrong in the demo on purpose, and what only looks wrong: one table for application, documentation and tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Defect:
    """One planted behaviour. `scenario` is the id of the scenario that shows it; `culprits` the settings that cause it."""

    id: str
    area: str
    kind: Literal["defect", "by_design"]
    cause: str
    trigger: str
    seen: str
    scenario: str
    culprits: tuple[str, ...] = ()


def _d(id: str, area: str, cause: str, trigger: str, seen: str, scenario: str, *culprits: str) -> Defect:
    return Defect(id, area, "defect", cause, trigger, seen, f"{area}/{scenario}", culprits)


def _b(id: str, area: str, cause: str, trigger: str, seen: str, scenario: str) -> Defect:
    return Defect(id, area, "by_design", cause, trigger, seen, f"{area}/{scenario}")


DEFECTS = (
    _d("percent-password", "login", "encoding: the password is URL-decoded a second time", "a password with % and two hex digits",
       "the right password is refused", "percent-password"),
    _d("sso-loop", "login", "two settings: automatic sign-in, and unknown users are not let in", "`sso.auto_login` with `sso.provision` off",
       "the browser is sent round for ever", "sso-goes-round", "sso.auto_login", "sso.provision"),
    _d("totp-forgets", "login", "a setting: with one-time codes the session cookie gets too narrow a path", "`security.totp`",
       "asked to sign in again right after the code", "asked-again-after-code", "security.totp"),
    _d("blank-for-eu", "dashboard", "two settings: the new dashboard reads a field that the EU region does not send",
       "`features.new_dashboard` with `region: eu`", "the dashboard says Loading for ever", "blank-for-eu", "features.new_dashboard", "region"),
    _d("tomorrow", "dashboard", "time zone: today is computed in UTC", "an evening west of Greenwich", "the figures are those of tomorrow",
       "shows-tomorrow", "browser.timezone"),
    _d("empty-chart", "dashboard", "a setting: a currency without minor units makes the scale infinite", "`billing.currency: JPY`",
       "the chart is empty", "empty-chart", "billing.currency"),
    _d("too-many-invoices", "dashboard", "data size: the query has a limit that nobody handles", "more than 1,000 invoices",
       "the list of invoices shows an error", "too-many-invoices", "data.invoices"),
    _d("framed-widget", "dashboard", "two settings: the widget refuses to be framed under a custom domain",
       "`features.status_widget` with `branding.custom_domain`", "the status widget is refused", "widget-refused", "branding.custom_domain",
       "features.status_widget"),
    _d("sync-queued", "integration", "a setting: an expired token is never reported", "`integrations.crm.token: expired`",
       "the sync stays queued", "sync-stays-queued", "integrations.crm.token"),
    _d("sync-empty", "integration", "a setting: rows that the mapping drops are counted as done", "`integrations.crm.mapping: custom`",
       "the sync is done, with no contact", "sync-brings-nothing", "integrations.crm.mapping"),
    _d("double-sync", "integration", "a race: two requests at once are both accepted, now and then", "a double click; `race.double_submit_rate`",
       "two syncs begin", "double-click-syncs-twice", "race.double_submit_rate"),
    _d("webhook-twice", "integration", "a setting: the first retry is sent although the first call succeeded", "`integrations.webhook.retries` above 0",
       "events arrive twice", "webhook-arrives-twice", "integrations.webhook.retries"),
    _d("white-on-white", "integration", "a setting: the text on a button is white whatever the tenant's colour", "`branding.accent` is light",
       "white text on a white button", "button-can-not-be-read", "branding.accent"),
    _d("proration", "billing", "month end: every month is taken to have 30 days", "a user added on the 31st",
       "a negative amount is due", "negative-proration", "clock"),
    _d("month-end", "billing", "month end: one month after 31 January is taken for 3 March", "a plan changed on the 31st",
       "the next invoice is dated in the wrong month", "next-invoice-after-month-end", "clock"),
    _d("decimal-comma", "billing", "locale: an amount is read back from its formatted text", "a browser in German",
       "1,190.00 to be paid becomes 1.19", "pays-too-little", "browser.locale"),
    _d("csv-cut-off", "billing", "data: an invoice of a deleted customer ends the export", "`data.deleted_customer`",
       "the CSV file ends in the middle", "csv-cut-off", "data.deleted_customer"),
    _d("viewer-no-pdf", "billing", "a role: the permission for viewers is never looked at", "`permissions.viewers_download`, as a viewer",
       "a viewer may not download invoices", "viewer-can-not-download"),
    _b("lock-out", "login", "five wrong passwords lock the account for 15 minutes", "wrong passwords", "a message says so", "locked-out"),
    _b("trial-forecast", "dashboard", "the forecast is part of the Pro plan", "`plan: trial`", "a note in place of the forecast", "no-forecast-on-trial"),
    _b("sync-limit", "integration", "one sync a minute", "`integrations.crm.sync_limit_per_minute: 1`", "a message says so", "sync-is-limited"),
    _b("reverse-charge", "billing", "no VAT where the recipient owes it", "`billing.reverse_charge`", "a note on the invoice", "invoice-without-vat"),
)  # fmt: skip

IDS = frozenset(defect.id for defect in DEFECTS)
