"""A customer's settings on staging: applied, checked, put back, whatever happens in between."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from harness.report import words
from harness.report.terminal import print_table
from harness.restore import restore_all
from harness.verdict.outcome import Outcome
from tests.run.conftest import Bench
from tests.run.fake import UNREACHABLE, FakeHost, Page, Staging

PLAIN = "title: T\nsteps: [click: button]\nsymptom: {visible: alert}\nexpected: {visible: heading}\n"
ENVIRONMENT = """
base_url: https://staging.example.com
secrets: [ADMIN]
headers: {Authorization: "Bearer ${secrets.ADMIN}"}
apply:
  - request: PUT /tenants/${customer.tenant}
    json: ${customer.settings}
read_back: {request: "GET /tenants/${customer.tenant}"}
restore:
  - request: PUT /tenants/${customer.tenant}
    json: ${saved.before}
"""
CUSTOMER = """
tenant: acme
settings: {plan: enterprise, features: {new_dashboard: true}}
"""
BEFORE = {"plan": "free", "features": {"new_dashboard": False}, "seats": 3}
WANTED = {"plan": "enterprise", "features": {"new_dashboard": True}}


class Tenant(Staging):
    """A tenant that keeps its settings; `broken` features can't be switched on."""

    def __init__(self, broken: bool = False) -> None:
        super().__init__()
        self.settings: Any = json.loads(json.dumps(BEFORE))
        self.broken = broken
        self.answers = {"GET /tenants/acme": lambda json: self.settings, "PUT /tenants/acme": self._put}

    def _put(self, settings: Any) -> Any:
        self.settings = json.loads(json.dumps(settings))
        if self.broken:
            self.settings["features"]["new_dashboard"] = False
        return {}


@pytest.fixture
def tenant(bench: Bench) -> Tenant:
    bench.write("environments/staging.yaml", ENVIRONMENT)
    bench.write("customers/acme.yaml", CUSTOMER)
    bench.write("a.yaml", PLAIN)
    return Tenant()


def journal(bench: Bench) -> list[Path]:
    return sorted((bench.root / "state" / "restore").glob("*.json"))


def shows_alert(page: Page) -> None:
    page.does["click: button"] = lambda page: page.show("visible: alert")


def test_settings_are_in_force_during_the_attempt_and_put_back_after_it(bench: Bench, tenant: Tenant) -> None:
    during: list[Any] = []

    def script(page: Page) -> None:
        during.append((tenant.settings, len(journal(bench))))
        shows_alert(page)

    result = bench.result(script, tenant)
    assert result.verdict is Outcome.REPRODUCED
    assert during == [(WANTED, 1)]
    assert tenant.settings == BEFORE
    assert journal(bench) == []
    assert result.configuration and result.configuration.applied and result.configuration.restored
    assert result.configuration.settings == WANTED


def test_the_note_is_on_disk_before_anything_is_changed(bench: Bench, tenant: Tenant) -> None:
    seen: list[Any] = []
    put = tenant.answers["PUT /tenants/acme"]

    def noting(settings: Any) -> Any:
        seen.append([json.loads(path.read_text())["before"] for path in journal(bench)])
        return put(settings)

    tenant.answers["PUT /tenants/acme"] = noting
    bench.result(shows_alert, tenant)
    assert seen == [[BEFORE], [BEFORE]]


def test_a_setting_that_did_not_take_is_inconclusive_and_named(bench: Bench, tenant: Tenant) -> None:
    broken = Tenant(broken=True)
    result = bench.result(shows_alert, broken)
    assert result.verdict is Outcome.INCONCLUSIVE
    assert result.reason == ("The customer's configuration is not in force: not applied: features.new_dashboard is false, wanted true.")
    assert bench.host and bench.host.pages == []
    assert broken.settings == {"plan": "free", "features": {"new_dashboard": False}, "seats": 3}
    assert journal(bench) == []


def test_apply_that_fails_is_undone_and_inconclusive(bench: Bench, tenant: Tenant) -> None:
    bench.write("environments/staging.yaml", ENVIRONMENT.replace("read_back:", "  - request: POST /flush\nread_back:"))
    result = bench.result(shows_alert, tenant)
    assert result.verdict is Outcome.INCONCLUSIVE
    assert result.reason == "`apply` of the environment staging failed: POST /flush answered 404."
    assert tenant.settings == BEFORE


def test_settings_are_put_back_after_a_defect_of_the_harness(bench: Bench, tenant: Tenant) -> None:
    def script(page: Page) -> None:
        raise ZeroDivisionError

    finished = bench.run(script, tenant)
    assert finished.defects
    assert tenant.settings == BEFORE
    assert journal(bench) == []


def test_settings_are_put_back_after_an_interrupt(bench: Bench, tenant: Tenant) -> None:
    def script(page: Page) -> None:
        page.does["click: button"] = lambda page: (os.kill(os.getpid(), signal.SIGINT), asyncio.sleep(60))[1]

    finished = bench.run(script, tenant)
    assert finished.record.run.interrupted
    assert tenant.settings == BEFORE
    assert journal(bench) == []


def test_settings_are_put_back_after_an_interrupt_while_they_were_applied(bench: Bench, tenant: Tenant) -> None:
    put = tenant.answers["PUT /tenants/acme"]
    first = [True]

    def slow(settings: Any) -> Any:
        given = put(settings)
        if not first:
            return given
        first.clear()
        os.kill(os.getpid(), signal.SIGINT)
        return asyncio.sleep(60)

    tenant.answers["PUT /tenants/acme"] = slow
    finished = bench.run(shows_alert, tenant)
    assert finished.record.run.interrupted
    assert tenant.settings == BEFORE
    assert journal(bench) == []


def test_a_browser_that_can_not_be_set_up_leaves_staging_as_it_was(bench: Bench, tenant: Tenant) -> None:
    bench.write("customers/acme.yaml", CUSTOMER + "secrets: [UNSET]\nbrowser: {headers: {X-Key: '${secrets.UNSET}'}}\n")
    finished = bench.run(shows_alert, tenant)
    assert finished.defects == ()
    assert finished.record.results[0].verdict is Outcome.INCONCLUSIVE
    assert "REPRO_SECRET_UNSET" in finished.record.results[0].reason
    assert tenant.settings == BEFORE


def test_what_could_not_be_put_back_is_told_and_kept_for_repro_restore(bench: Bench, tenant: Tenant) -> None:
    put = tenant.answers["PUT /tenants/acme"]
    answers = iter([put, lambda settings: UNREACHABLE])
    tenant.answers["PUT /tenants/acme"] = lambda settings: next(answers)(settings)
    result = bench.result(shows_alert, tenant)
    assert result.verdict is Outcome.REPRODUCED
    assert result.configuration and result.configuration.restored is False
    assert "connection refused" in (result.configuration.note or "")
    assert len(journal(bench)) == 1
    assert tenant.settings == WANTED

    tenant.answers["PUT /tenants/acme"] = put
    (restored,) = restore_all(bench.world(FakeHost(shows_alert, tenant)))
    assert (restored.customer, restored.problem) == ("acme", None)
    assert tenant.settings == BEFORE
    assert journal(bench) == []


def test_what_could_not_be_put_back_is_told_once_wherever_the_run_is_told_of(bench: Bench, tenant: Tenant) -> None:
    bench.write("b.yaml", PLAIN)
    bench.write("customers/baseline.yaml", CUSTOMER.replace("tenant: acme", "tenant: base"))
    put, other = tenant.answers["PUT /tenants/acme"], Tenant().answers
    tenant.answers |= {
        "PUT /tenants/acme": lambda settings: put(settings) if settings == WANTED else UNREACHABLE,
        "GET /tenants/base": other["GET /tenants/acme"],
        "PUT /tenants/base": lambda settings: other["PUT /tenants/acme"](settings) if settings == WANTED else UNREACHABLE,
    }
    finished = bench.run(shows_alert, tenant, control="baseline")
    said = [
        f"The settings of {customer} could not be put back in staging and may still be in force there: "
        "run `repro restore` on the machine that ran this."
        for customer in ("acme", "baseline")
    ]
    console = Console(file=io.StringIO(), width=200)
    print_table(finished.short, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert words.notices(finished.record) == said
    for sentence in said:
        told = sentence.replace("`", "\\`")
        assert shown.count(sentence) == 1
        assert (finished.folder / "report.html").read_text().count(sentence) == 1
        assert (finished.folder / "summary.md").read_text().count(told) == 1
        assert [path.read_text().count(told) for path in finished.folder.glob("*/verdict.md")] == [1, 1]


def test_a_note_of_a_killed_run_is_kept_by_the_next_one(bench: Bench, tenant: Tenant) -> None:
    """The next run finds settings that the killed one had applied; what was there before both is what must come back."""
    put = tenant.answers["PUT /tenants/acme"]
    answers = iter([put, lambda settings: UNREACHABLE, put, put])
    tenant.answers["PUT /tenants/acme"] = lambda settings: next(answers)(settings)
    bench.result(shows_alert, tenant)
    assert tenant.settings == WANTED
    bench.result(shows_alert, tenant)
    assert tenant.settings == BEFORE


def test_the_note_is_readable_by_its_owner_only(bench: Bench, tenant: Tenant) -> None:
    modes: list[int] = []

    def script(page: Page) -> None:
        modes.extend(path.stat().st_mode & 0o777 for path in journal(bench))

    bench.result(script, tenant)
    assert modes == [0o600]


def test_a_customer_without_settings_changes_nothing(bench: Bench, tenant: Tenant) -> None:
    bench.write("customers/acme.yaml", "tenant: acme\n")
    result = bench.result(shows_alert, tenant)
    assert tenant.calls == []
    assert result.configuration and not result.configuration.applied


def test_the_fingerprint_tells_configurations_apart(bench: Bench, tenant: Tenant) -> None:
    def fingerprint(customer: str) -> str:
        bench.write("customers/acme.yaml", customer)
        found = bench.result(shows_alert, Tenant()).configuration
        assert found is not None
        return found.fingerprint

    first = fingerprint(CUSTOMER)
    assert first == fingerprint(CUSTOMER)
    assert first != fingerprint(CUSTOMER.replace("enterprise", "team"))
    assert first != fingerprint(CUSTOMER + "browser: {locale: de-DE}\n")
