"""What the demo answers over HTTP: each defect that the server makes, with it and without; the admin API; starting and ending."""

from __future__ import annotations

import ast
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask.testing import FlaskClient

import harness.demo
from harness.demo import SECRETS
from harness.demo.app import COOKIE, World, create_app
from harness.demo.defects import DEFECTS, IDS
from harness.demo.server import FlaskMissing, PortTaken, main, serving
from harness.demo.store import DEFAULTS, TENANTS, Store

TOKEN = SECRETS["DEMO_ADMIN_TOKEN"]
OWNER, VIEWER = SECRETS["DEMO_OWNER_PASSWORD"], SECRETS["DEMO_VIEWER_PASSWORD"]
SSO = "http://localhost:1"
Make = Callable[..., FlaskClient]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes a client of an application with a database of its own, with these defects mended."""
    stores: list[Store] = []

    def client(*mended: str) -> FlaskClient:
        stores.append(Store(tmp_path / f"{len(stores)}.sqlite"))
        return create_app(World(stores[-1], frozenset(mended), TOKEN, lambda: SSO)).test_client()

    yield client
    for store in stores:
        store.close()


def put(client: FlaskClient, settings: Any, tenant: str = "baseline", token: str = TOKEN) -> Any:
    return client.put(f"/admin/tenants/{tenant}/settings", json=settings, headers={"Authorization": f"Bearer {token}"})


def sign_in(client: FlaskClient, email: str = "jane@baseline.example", password: str = OWNER) -> Any:
    return client.post("/login", data={"email": email, "password": password})


def signed_in(client: FlaskClient, settings: dict[str, Any] | None = None) -> FlaskClient:
    assert put(client, settings or {}).status_code == 200
    assert sign_in(client).location == "/dashboard"
    return client


def after(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The clock goes on by so many seconds, and stands there."""
    now = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: now)


# --- the table


def test_the_table_is_complete_and_each_row_has_its_scenario() -> None:
    scenarios = Path(__file__).resolve().parents[2] / "scenarios"
    assert len(IDS) == len(DEFECTS)
    for defect in DEFECTS:
        assert (scenarios / f"{defect.scenario}.yaml").is_file(), defect.id


def test_every_customer_has_its_own_tenant_which_the_demo_knows() -> None:
    scenarios = Path(__file__).resolve().parents[2] / "scenarios"
    tenants = [
        line.split()[1]
        for path in (scenarios / "customers").glob("*.yaml")
        for line in path.read_text().split("\n")
        if line.startswith("tenant:")
    ]
    assert set(tenants) == set(TENANTS)
    assert [tenant for tenant in set(tenants) if tenants.count(tenant) > 1] == ["baseline"]


def test_the_env_example_gives_the_secrets() -> None:
    text = (Path(__file__).resolve().parents[2] / "scenarios" / ".env.example").read_text()
    given = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert given == {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}


def test_the_demo_stands_alone() -> None:
    """It imports nothing of the harness but itself."""
    for path in Path(harness.demo.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert [name for name in names if name.startswith("harness") and not name.startswith("harness.demo")] == [], path.name


# --- sign-in


def test_a_password_with_a_per_cent_sign(make: Make) -> None:
    anna = ("anna@fjord.example", SECRETS["DEMO_PERCENT_PASSWORD"])
    assert sign_in(make(), *anna).status_code == 401
    assert sign_in(make("percent-password"), *anna).location == "/dashboard"


def test_five_wrong_passwords_lock_the_account_of_one_person_only(make: Make) -> None:
    client = make()
    for _ in range(4):
        assert b"password is wrong" in sign_in(client, password="guess").data
    assert b"locked for 15 minutes" in sign_in(client, password="guess").data
    assert b"locked for 15 minutes" in sign_in(client).data
    assert sign_in(client, "vic@baseline.example", VIEWER).location == "/dashboard"
    assert sign_in(client, "jane@onyx.example").location == "/dashboard"
    client.post("/admin/tenants/baseline/reset", headers={"Authorization": f"Bearer {TOKEN}"})
    assert sign_in(client).location == "/dashboard"


@pytest.mark.parametrize(("mended", "path", "lands_on"), [((), "/login", 302), (("totp-forgets",), "/", 200)])
def test_the_session_after_a_one_time_code(make: Make, mended: tuple[str, ...], path: str, lands_on: int) -> None:
    client = make(*mended)
    put(client, {"security": {"totp": True}})
    assert sign_in(client).location == "/login/code"
    assert client.post("/login/code", data={"code": "no code"}).status_code == 401
    answer = client.post("/login/code", data={"code": pyotp.TOTP(SECRETS["DEMO_TOTP"]).now()})
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE))
    assert f"Path={path}" in cookie.split("; ")
    assert client.get("/dashboard").status_code == lands_on


def test_single_sign_on_goes_round_for_an_unknown_person(make: Make) -> None:
    both = {"sso": {"auto_login": True, "provision": False}}
    unknown = "/sso/callback?tenant=baseline&user=mia"
    client = make()
    put(client, both)
    assert client.get("/t/baseline/").location.startswith("/sso/start")
    assert client.get("/sso/start?tenant=baseline").location.startswith(f"{SSO}/authorize")
    assert client.get(unknown).location == "/t/baseline/"
    put(client, {"sso": {"auto_login": False, "provision": False}})
    assert client.get(unknown).status_code == 403
    put(client, {"sso": {"auto_login": True, "provision": True}})
    assert client.get(unknown).location == "/dashboard"
    fixed = make("sso-loop")
    put(fixed, both)
    assert b"No access" in fixed.get(unknown).data


# --- dashboard


def test_pages_need_a_session_and_so_do_calls(make: Make) -> None:
    client = make()
    assert client.get("/billing").location == "/login"
    assert client.get("/api/revenue").status_code == 401


def test_the_eu_region_sends_no_regional_figures(make: Make) -> None:
    assert "regional" in signed_in(make()).get("/api/revenue").json
    assert "regional" not in signed_in(make(), {"region": "eu"}).get("/api/revenue").json
    assert "regional" in signed_in(make("blank-for-eu"), {"region": "eu"}).get("/api/revenue").json


def test_too_many_invoices(make: Make) -> None:
    assert signed_in(make(), {"data": {"invoices": 1000}}).get("/api/invoices").status_code == 200
    assert signed_in(make(), {"data": {"invoices": 1001}}).get("/api/invoices").status_code == 500
    assert len(signed_in(make("too-many-invoices"), {"data": {"invoices": 5000}}).get("/api/invoices").json) == 5


def test_the_widget_under_a_custom_domain(make: Make) -> None:
    assert signed_in(make()).get("/widgets/status").status_code == 200
    assert signed_in(make(), {"branding": {"custom_domain": True}}).get("/widgets/status").status_code == 403
    assert signed_in(make("framed-widget"), {"branding": {"custom_domain": True}}).get("/widgets/status").status_code == 200
    assert b"<iframe" not in signed_in(make()).get("/dashboard").data
    assert b"<iframe" in signed_in(make(), {"features": {"status_widget": True}}).get("/dashboard").data


def test_the_forecast_is_not_for_trials_and_that_is_said(make: Make) -> None:
    assert b"Next quarter" in signed_in(make()).get("/dashboard").data
    trial = signed_in(make(), {"plan": "trial"}).get("/dashboard").data
    assert b"part of the Pro plan" in trial and b"Next quarter" not in trial


@pytest.mark.parametrize(("mended", "accent", "ink"), [((), "#ffffff", "#ffffff"), (("white-on-white",), "#ffffff", "#1d2433"),
                                                      (("white-on-white",), "#14663a", "#ffffff")])  # fmt: skip
def test_the_text_on_a_button_in_the_tenants_colour(make: Make, mended: tuple[str, ...], accent: str, ink: str) -> None:
    page = signed_in(make(*mended), {"branding": {"accent": accent}}).get("/integrations").text
    assert f"--accent: {accent}; --on-accent: {ink};" in page


def test_what_is_no_colour_does_not_reach_the_style_sheet(make: Make) -> None:
    assert "--accent" not in signed_in(make(), {"branding": {"accent": "red} body {display: none"}}).get("/integrations").text


# --- integrations


def state_after(client: FlaskClient, seconds: float, monkeypatch: pytest.MonkeyPatch) -> Any:
    job = client.post("/api/sync").json
    after(monkeypatch, seconds)
    return client.get(f"/api/jobs/{job['id']}").json


@pytest.mark.parametrize(
    ("crm", "mended", "state", "message"),
    [
        ({}, (), "done", "Done: 12 of 12"),
        ({"token": "expired"}, (), "queued", "Queued"),
        ({"token": "expired"}, ("sync-queued",), "failed", "has expired"),
        ({"token": "revoked"}, (), "failed", "revoked"),
        ({"mapping": "custom"}, (), "done", "Done: 0 of 12"),
        ({"mapping": "custom"}, ("sync-empty",), "done", "Done: 12 of 12"),
    ],
)
def test_how_a_sync_ends(
    make: Make, monkeypatch: pytest.MonkeyPatch, crm: dict[str, str], mended: tuple[str, ...], state: str, message: str
) -> None:
    job = state_after(signed_in(make(*mended), {"integrations": {"crm": crm}}), 5, monkeypatch)
    assert job["state"] == state
    assert message in job["message"]


def test_a_crm_that_is_switched_off_says_so(make: Make) -> None:
    answer = signed_in(make(), {"integrations": {"crm": {"enabled": False}}}).post("/api/sync")
    assert answer.status_code == 409
    assert "switched off" in answer.json["error"]


def test_one_sync_a_minute_and_a_message(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(make(), {"integrations": {"crm": {"sync_limit_per_minute": 1}}})
    assert client.post("/api/sync").status_code == 202
    after(monkeypatch, 10)
    assert "once a minute" in client.post("/api/sync").json["error"]
    after(monkeypatch, 70)
    assert client.post("/api/sync").status_code == 202


@pytest.mark.parametrize(("rate", "mended", "lost"), [(0, (), 0), (1, (), 6), (0.5, (), 3), (1, ("double-sync",), 0)])
def test_how_often_the_race_is_lost(make: Make, monkeypatch: pytest.MonkeyPatch, rate: float, mended: tuple[str, ...], lost: int) -> None:
    client = signed_in(make(*mended), {"race": {"double_submit_rate": rate}})
    second = []
    for _ in range(6):
        after(monkeypatch, 10)
        assert client.post("/api/sync").json["joined"] is False
        second.append(client.post("/api/sync").json["joined"])
    assert second.count(False) == lost


def test_an_event_is_sent_once_more_where_retries_are_on(make: Make) -> None:
    def send(client: FlaskClient) -> Any:
        return client.post("/api/webhook/test").json["deliveries"]

    assert [send(signed_in(make())) for _ in range(2)] == [[1], [1]]
    retries = {"integrations": {"webhook": {"retries": 3}}}
    client = signed_in(make(), retries)
    assert [send(client), send(client)] == [[1, 2], [1, 2]]
    assert send(signed_in(make("webhook-twice"), retries)) == [1]


# --- billing


def test_the_csv_export_with_a_deleted_customer(make: Make) -> None:
    deleted = {"data": {"deleted_customer": True}}
    assert len(signed_in(make()).get("/billing/invoices.csv").text.splitlines()) == 13
    assert len(signed_in(make(), deleted).get("/billing/invoices.csv").text.splitlines()) < 13
    assert len(signed_in(make("csv-cut-off"), deleted).get("/billing/invoices.csv").text.splitlines()) == 13


@pytest.mark.parametrize(
    ("allowed", "mended", "status"), [(False, (), 403), (True, (), 403), (False, ("viewer-no-pdf",), 403), (True, ("viewer-no-pdf",), 200)]
)
def test_a_viewers_invoice(make: Make, allowed: bool, mended: tuple[str, ...], status: int) -> None:
    client = make(*mended)
    put(client, {"permissions": {"viewers_download": allowed}})
    sign_in(client, "vic@baseline.example", VIEWER)
    assert client.get("/billing/invoices/INV-1001.pdf").status_code == status


def test_an_owners_invoice_is_a_pdf(make: Make) -> None:
    client = signed_in(make())
    answer = client.get("/billing/invoices/INV-1001.pdf")
    assert answer.data.startswith(b"%PDF-1.4") and answer.data.endswith(b"%%EOF\n")
    assert b"1190.00 USD" in answer.data
    assert client.get("/billing/invoices/INV-9.pdf").status_code == 404


def test_reverse_charge_takes_the_vat_off_and_says_so(make: Make) -> None:
    page = signed_in(make(), {"billing": {"reverse_charge": True}}).get("/billing").text
    assert "the recipient owes the VAT" in page
    assert 'data-amount="1190.0"' not in page


@pytest.mark.parametrize("defect", ["tomorrow", "empty-chart", "decimal-comma", "month-end", "proration"])
def test_the_pages_script_is_told_what_is_mended(make: Make, defect: str) -> None:
    assert f"mended: new Set([{json.dumps(defect)}])" in signed_in(make(defect)).get("/billing").text


# --- the admin API


def test_settings_are_what_was_put_over_the_defaults_and_nothing_older(make: Make) -> None:
    client = make()
    put(client, {"plan": "enterprise", "features": {"beta": True}})
    told = put(client, {"region": "eu", "unknown": {"deep": [1, None]}}).json
    read = client.get("/admin/tenants/baseline/settings", headers={"Authorization": f"Bearer {TOKEN}"}).json
    assert told == read == {**DEFAULTS, "region": "eu", "unknown": {"deep": [1, None]}}


def test_tenants_do_not_disturb_each_other(make: Make) -> None:
    client = make()
    put(client, {"plan": "trial"}, tenant="pebble")
    signed_in(client).post("/api/sync")
    client.post("/admin/tenants/pebble/reset", headers={"Authorization": f"Bearer {TOKEN}"})
    assert len(client.get("/api/syncs").json) == 1
    assert put(client, {}).json["plan"] == "pro"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"billing": 3}, "billing has to be a mapping, found 3"),
        ({"data": {"invoices": "many"}}, 'data.invoices has to be a number, found "many"'),
        ({"features": {"new_dashboard": 1}}, "features.new_dashboard has to be true or false, found 1"),
        ({"plan": None}, "plan has to be a text, found null"),
        ([], "settings are a JSON object"),
    ],
)
def test_wrong_settings_are_refused_and_change_nothing(make: Make, settings: Any, told: str) -> None:
    client = make()
    answer = put(client, settings)
    assert (answer.status_code, answer.json["error"]) == (400, told)
    assert put(client, {}).json == DEFAULTS


def test_the_admin_api_wants_its_token_and_a_tenant(make: Make) -> None:
    assert put(make(), {}, token="guess").status_code == 403
    assert put(make(), {}, tenant="nobody").status_code == 404


# --- the server


def fetch(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.loads(answer.read())


def test_it_serves_two_origins_and_ends() -> None:
    with serving() as staging:
        assert fetch(f"{staging.base_url}/healthz") == {"status": "ok"}
        assert fetch(f"{staging.base_url}/version")["sha"].endswith("+demo")
        assert staging.base_url.startswith("http://127.0.0.1:") and staging.sso_url.startswith("http://localhost:")
        with urllib.request.urlopen(f"{staging.sso_url}/authorize?redirect_uri={staging.base_url}/sso/callback", timeout=5) as answer:
            assert b"Company sign-in" in answer.read()
    with pytest.raises(urllib.error.URLError):
        fetch(f"{staging.base_url}/healthz")


def test_two_stagings_stand_side_by_side_and_one_is_mended() -> None:
    with serving() as one, serving(fixed=True) as other:
        assert fetch(f"{one.base_url}/version")["sha"] != fetch(f"{other.base_url}/version")["sha"]


def test_a_folder_that_is_given_is_kept(tmp_path: Path) -> None:
    for _ in range(2):
        with serving(data=tmp_path / "demo", fixed={"tomorrow"}) as staging:
            assert fetch(f"{staging.base_url}/healthz") == {"status": "ok"}
    assert (tmp_path / "demo" / "demo.sqlite").is_file()


def test_an_unknown_defect_can_not_be_mended() -> None:
    with pytest.raises(ValueError, match="no such defect: tomorow"), serving(fixed={"tomorow"}):
        pass


def test_a_port_that_is_taken(capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as staging:
        port = int(staging.base_url.rsplit(":", 1)[1])
        with pytest.raises(PortTaken), serving(port):
            pass
        with pytest.raises(SystemExit) as ending:
            main(port, fixed=False)
    assert ending.value.code == 2
    told = capfd.readouterr().err
    assert told == f"error: port {port} can't be had, another program may have it; choose another one with --port, or end that program\n"


def test_without_flask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "flask" or name in ("harness.demo.app", "harness.demo.sso")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "flask", None)
    with pytest.raises(FlaskMissing, match=r"pip install 'repro-harness\[demo\]'"), serving():
        pass
