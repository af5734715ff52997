"""HAR files: what they tell of the customer, what went wrong, the traffic to replay, and no secret in anything that is written."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from harness.importers.har_read import entries_of
from tests.importers.conftest import EXAMPLES, Desk
from tests.importers.hars import AGENT, SITE, entry, har, write

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlMTIz"
SECRETS = (JWT, "s3ss10n-c00kie-0123456789", "Tr0pical-Fish", "k3y-0f-acme-99887766", "9f8e7d6c5b4a39281706f5e4")
PAGE = entry("/dashboard", "document", body="<!doctype html>")


def test_the_browser_becomes_a_customer_and_what_failed_a_symptom(desk: Desk) -> None:
    brought = desk.bring(EXAMPLES / "acme.har", tenant="acme-eu")
    desk.is_valid()
    assert desk.read("customers/acme.yaml") == {
        "name": "acme",
        "tenant": "acme-eu",
        "account": {"email": "jane@acme.example", "password": "${secrets.PASSWORD}"},
        "secrets": ["PASSWORD"],
        "browser": {
            "locale": "de-DE",
            "timezone": "Europe/Berlin",
            "viewport": "1536x730",
            "color_scheme": "dark",
            "user_agent": AGENT,
        },
    }
    data = desk.read("imported/acme.yaml")
    assert data["customer"] == "acme" and data["steps"] == [{"goto": "/dashboard"}]
    assert data["symptom"] == {"response": "/api/invoices", "status": 500}
    assert data["expected"] == {"response": "/api/invoices", "status": "2xx"}
    text = desk.text("imported/acme.yaml")
    assert "# The traffic suggests: symptom: {request_failed: /api/forecast}" in text and "favicon" not in text
    said = "\n".join(brought.unsaid)
    assert all(word in said for word in ("WebSocket", "stats.tracker.example", "2026-01-20T22:59:58", "what was clicked", "session"))
    assert [secret for secret in SECRETS if secret in desk.everything_written() + said] == []


@pytest.mark.parametrize(
    ("sent", "browser"),
    [
        ({"Accept-Language": "nb-NO,nb;q=0.9"}, {"locale": "nb-NO"}),
        ({"Accept-Language": "*"}, {}),
        ({"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"}, {"engine": "firefox"}),
        (
            {"User-Agent": "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15"},
            {"engine": "webkit"},
        ),
        ({"viewport-width": "1024"}, {"viewport": "1024x576"}),
        ({"viewport-width": "12"}, {}),
        ({"X-Timezone": "Asia/Tokyo"}, {"timezone": "Asia/Tokyo"}),
        ({"X-Timezone": "Mars/Base"}, {}),
        ({"Sec-CH-Prefers-Reduced-Motion": '"reduce"'}, {"reduced_motion": "reduce"}),
        ({"User-Agent": "${secrets.X} Chrome/1"}, {"user_agent": "$${secrets.X} Chrome/1"}),
    ],
    ids=str,
)
def test_each_part_of_a_browser(desk: Desk, sent: dict[str, str], browser: dict[str, str]) -> None:
    plain = {"Accept-Language": "", "User-Agent": ""}
    desk.bring(write(desk.root / "who.har", [entry("/", "document", sent={**plain, **sent})]))
    desk.is_valid()
    found = desk.read("customers/who.yaml").get("browser", {})
    assert {key: value for key, value in found.items() if key != "user_agent" or key in browser} == browser


@pytest.mark.parametrize(
    "request_",
    [
        entry("/api/x?tz=Europe%2FOslo"),
        entry("/api/x", method="POST", posted="a=1&timezone=Europe/Oslo"),
        entry("/api/x", method="POST", posted='{"user": {"timeZone": "Europe/Oslo"}}'),
        entry("/api/x", sent={"Cookie": "a=b; tz=Europe%2FOslo"}),
    ],
    ids=["query", "form", "json", "cookie"],
)
def test_the_time_zone_is_found_where_applications_send_it(desk: Desk, request_: dict[str, Any]) -> None:
    desk.bring(write(desk.root / "zone.har", [PAGE, request_]))
    assert desk.read("customers/zone.yaml")["browser"]["timezone"] == "Europe/Oslo"


@pytest.mark.parametrize(
    ("failing", "symptom"),
    [
        (entry("/api/a", status=503), {"response": "/api/a", "status": 503}),
        (entry("/api/orders/48121/lines", "xhr", "PUT", 409), {"response": "/api/orders/*/lines", "method": "PUT", "status": 409}),
        (entry("/api/a", status=0, _error="net::ERR_TIMED_OUT"), {"request_failed": "/api/a"}),
        (entry("https://api.acme.example/v1/a", status=500), {"response": "**/api.acme.example/v1/a", "status": 500}),
        (entry("/api/a", None, status=500), {"response": "/api/a", "status": 500}),
        ({**entry("/api/a"), "time": 24_000}, {"request": "/api/a", "slower_than": "12s"}),
        (entry("/static/app.js", "script", status=404), {"response": "/static/app.js", "status": 404}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_failed_is_suggested(desk: Desk, failing: dict[str, Any], symptom: dict[str, Any]) -> None:
    left = entry("/api/left", status=0, _error="net::ERR_ABORTED")
    desk.bring(write(desk.root / "bad.har", [PAGE, entry("/api/fine"), left, entry("/api/login", status=401), failing]))
    desk.is_valid()
    assert desk.read("imported/bad.yaml")["symptom"] == symptom


def test_without_a_failure_no_verdict_is_guessed(desk: Desk) -> None:
    brought = desk.bring(write(desk.root / "fine.har", [PAGE, entry("/api/fine")]))
    desk.is_valid()
    data = desk.read("imported/fine.yaml")
    assert data["symptom"]["visible"]["text"].startswith("TODO") and data["expected"]["visible"]["text"].startswith("TODO")
    assert [sentence.split(":")[0] for sentence in brought.to_do] == ["symptom", "expected", "tenant"]


def test_the_traffic_is_kept_without_secrets(desk: Desk) -> None:
    brought = desk.bring(EXAMPLES / "acme.har", customer="kim", mocks=True)
    desk.is_valid()
    kept = json.loads(desk.text("files/kim.har"))["log"]["entries"]
    assert [each["request"]["url"].partition(".invalid")[2] for each in kept] == ["/api/revenue", "/api/invoices?limit=5"]
    assert json.loads(kept[0]["response"]["content"]["text"]) == {"total": 150000, "currency": "EUR", "apiKey": "[masked]"}
    assert kept[1]["response"]["status"] == 500
    steps = desk.read("imported/acme.yaml")["steps"]
    assert steps[:2] == [{"mock": {"har": "files/kim.har"}}, {"mock": {"url": "/api/forecast", "method": "GET", "abort": True}}]
    assert [secret for secret in SECRETS if secret in desk.everything_written()] == []
    assert any("signing in (1 request)" in sentence for sentence in brought.unsaid)
    assert not [path for path in (desk.root / "scenarios" / "files").iterdir() if path.name != "kim.har"]


def test_only_the_sites_own_address_stands_for_the_environments(desk: Desk) -> None:
    body = {"next": f"{SITE}/api/b", "other": f"{SITE}.evil.example/", "port": f"{SITE}:8443/"}
    left = entry("/api/left", status=0, _error="net::ERR_ABORTED")
    desk.bring(write(desk.root / "own.har", [PAGE, left, entry("/api/a", body=body), entry("https://api.acme.example/v1")]), mocks=True)
    first, second = json.loads(desk.text("files/own.har"))["log"]["entries"]
    assert first["request"]["url"] == "https://environment.invalid/api/a"
    assert json.loads(first["response"]["content"]["text"]) == {**body, "next": "https://environment.invalid/api/b"}
    assert second["request"]["url"] == "https://api.acme.example/v1"
    assert [step for step in desk.read("imported/own.yaml")["steps"] if "abort" in str(step)] == []
    desk.bring(write(desk.root / "no-site.har", [entry("/api/a")]), mocks=True)
    (only,) = json.loads(desk.text("files/no-site.har"))["log"]["entries"]
    assert only["request"]["url"] == f"{SITE}/api/a"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"password": "fish"}, {}),
        ({"deep": [{"user": {"passwort": "Tr0pical-Fish"}}]}, {}),
        ({"csrfToken": "Tr0pical-Fish-123456"}, {}),
        ("<p>Tr0pical-Fish-123456</p>", {"Authorization": "Bearer Tr0pical-Fish-123456"}),
        ("VHIwcGljYWwtRmlzaC0xMjM0NTY=", {"Cookie": "session_id=Tr0pical-Fish-123456"}),
        (f"see {JWT}", {}),
        ("a=1&access_token=Tr0pical-Fish-123456", {}),
        ({"note": "Tr0pical-Fish-123456"}, {"X-Api-Key": "Tr0pical-Fish-123456"}),
    ],
    ids=str,
)
def test_secrets_leave_bodies_in_every_form(desk: Desk, body: Any, sent: dict[str, str]) -> None:
    asked = entry("/api/a?api_key=Tr0pical-Fish-654321&x=1", body=body, sent=sent, got={"x-trace": "Tr0pical-Fish-123456"})
    desk.bring(write(desk.root / "s.har", [PAGE, asked]), mocks=True)
    written = desk.everything_written()
    assert "/api/a" in written
    assert [word for word in ("fish", "Fish", "VHIwcGljYWwtRmlzaC0xMjM0NTY", JWT) if word in written] == []


def test_a_huge_file_is_streamed(desk: Desk) -> None:
    """60 MB, of which an entry is a fifth of a MB."""
    path = desk.root / "huge.har"
    item = json.dumps(entry("/api/item", body={"items": ["x" * 200_000]}))
    with path.open("w") as file:
        file.write('{"log": {"version": "1.2", "entries": [' + json.dumps(PAGE))
        for _ in range(300):
            file.write("," + item)
        file.write("," + json.dumps(entry("/api/last", status=500)) + "]}}")
    assert path.stat().st_size > 60_000_000
    tracemalloc.start()
    desk.bring(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
    assert desk.read("imported/huge.yaml")["symptom"] == {"response": "/api/last", "status": 500}


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(desk: Desk) -> None:
    whole = json.dumps(har([PAGE, entry("/api/a", status=500), entry("/api/b", status=502)]))
    brought = desk.bring(desk.sent("cut.har", whole[: whole.index("/api/b")]))
    assert desk.read("imported/cut.yaml")["symptom"] == {"response": "/api/a", "status": 500}
    assert "the file is broken after 2 requests: what came later is missing" in brought.unsaid


def test_a_byte_order_mark_and_odd_entries_do_no_harm(desk: Desk) -> None:
    odd: list[Any] = [
        7,
        {},
        {"request": {}, "response": {}},
        {"request": {"url": 7, "method": None, "headers": "x"}, "response": {"status": "?", "content": []}},
        {"request": {"url": "http://[bad", "method": "GET"}, "response": {"status": 500}},
        {**entry("/api/odd"), "response": {"status": 200, "content": [1], "headers": [7]}},
        {**entry("/api/odd"), "response": {"status": 200, "content": {"text": "AP8A/w==", "encoding": "base64"}}},
        {**entry("/api/odd"), "response": {"status": 200, "content": {"text": "not base64", "encoding": "base64"}}},
        entry("data://text/html,x", "document"),
        entry("chrome-extension://abc/page.html", "document"),
    ]
    path = desk.root / "bom.har"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(har([*odd, PAGE, entry("/api/a", status=500)])).encode())
    desk.bring(path, mocks=True)
    desk.is_valid()
    assert len(list(entries_of(path))) == 10
    assert desk.read("imported/bom.yaml")["steps"][-1] == {"goto": "/dashboard"}


def test_a_recording_and_a_har_file_go_together(desk: Desk) -> None:
    click = {"type": "click", "selectors": [['aria/Reports[role="link"]']], "offsetX": 1, "offsetY": 1}
    window = {"type": "setViewport", "width": 1280, "height": 720, "deviceScaleFactor": 1, "isMobile": False, "hasTouch": False}
    recording = desk.sent("rec.json", {"title": "Reports fail", "steps": [window, {"type": "navigate", "url": SITE}, click]})
    desk.bring(recording, EXAMPLES / "acme.har", output=Path("scenarios/reports/fail.yaml"), customer="acme", ticket="SUP-7")
    desk.is_valid()
    data = desk.read("reports/fail.yaml")
    assert data["title"] == "Reports fail" and data["ticket"] == "SUP-7"
    assert data["steps"] == [{"goto": "/"}, {"click": 'link "Reports"'}]
    assert data["symptom"] == {"response": "/api/invoices", "status": 500}
    browser = desk.read("customers/acme.yaml")["browser"]
    assert browser["viewport"] == "1280x720" and browser["timezone"] == "Europe/Berlin"
    assert "viewport 1536x730: another of the files tells otherwise" in desk.text("customers/acme.yaml")


def test_a_recording_that_was_begun_on_an_open_page(desk: Desk) -> None:
    failing = entry("https://api.acme.example/rows", status=500, sent={"Referer": f"{SITE}/reports?x=1"})
    desk.bring(write(desk.root / "open.har", [failing]))
    desk.bring(write(desk.root / "nothing.har", [entry("/api/rows", status=500)]))
    desk.is_valid()
    assert desk.read("imported/open.yaml")["steps"] == [{"goto": "/reports?x=1"}]
    assert desk.read("imported/nothing.yaml")["steps"] == [{"goto": "/"}]


def test_a_flow_that_signs_in_has_an_account_to_do_it_with(desk: Desk) -> None:
    desk.write("flows/login.yaml", 'steps: [{fill: {textbox: "${customer.account.email}", searchbox: "${customer.account.password}"}}]')
    brought = desk.bring(write(desk.root / "in.har", [PAGE, entry("/api/a", status=500)]), after="login")
    desk.is_valid()
    assert desk.read("imported/in.yaml")["setup"] == [{"use": "login"}]
    assert desk.read("customers/in.yaml")["account"] == {"email": "TODO: the e-mail address", "password": "${secrets.PASSWORD}"}
    assert [sentence.split(":")[0] for sentence in brought.to_do] == [
        "set the secret PASSWORD (REPRO_SECRET_PASSWORD, or .env)",
        "account",
        "tenant",
    ]


def test_hostile_names_stay_in_their_place(desk: Desk) -> None:
    path = "/api/${secrets.X}\n# {a,b}*"
    requests = [entry("/%0a- evaluate: x", "document"), entry(path, status=500), entry("https://${evil}.example/x", status=500)]
    desk.bring(write(desk.root / "h.har", requests), mocks=True, symptom="visible: alert")
    desk.bring(write(desk.root / "h.har", requests), customer="other", output=Path("scenarios/h2.yaml"))
    desk.is_valid()
    assert desk.read("h2.yaml")["symptom"] == {"response": "/api/$*secrets.X*", "status": 500}
