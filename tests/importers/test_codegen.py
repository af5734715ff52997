"""What `playwright codegen --target jsonl` writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.importers.conftest import EXAMPLES, Desk

HEADER = {"browserName": "chromium", "launchOptions": {"headless": False}, "contextOptions": {}}
PAGE = {"signals": [], "pageGuid": "page@1"}
SAVE = 'internal:role=button[name="Save"i]'


def line(name: str, selector: str | None = None, **fields: Any) -> dict[str, Any]:
    where = {} if selector is None else {"selector": selector}
    return {"name": name, **where, **PAGE, **fields}


BEGIN = [line("openPage", url="about:blank"), line("navigate", url="https://app.acme.example/")]


def steps(desk: Desk, *lines: dict[str, Any], header: dict[str, Any] | None = HEADER) -> list[Any]:
    """What the lines become, after the page that the recording begins with."""
    all_lines = [*([header] if header else []), *BEGIN, *lines]
    desk.bring(desk.sent("c.jsonl", "\n".join(json.dumps(each) for each in all_lines) + "\n"), customer="jane", force=True)
    desk.is_valid()
    return list(desk.read("imported/c.yaml")["steps"][1:])


def test_a_real_recording(desk: Desk) -> None:
    desk.bring(EXAMPLES / "pays-too-little.jsonl", customer="new", tenant="rhine")
    desk.is_valid()
    data = desk.read("imported/pays-too-little.yaml")
    assert data["steps"] == [
        {"goto": "/login"},
        {"fill": {'textbox "Email"': "${customer.account.email}", 'textbox "Password"': "${customer.account.password}"}},
        {"click": 'button "Sign in"'},
        {"click": 'link "Billing"'},
        {"click": 'button "Pay INV-1001"'},
    ]
    assert data["expected"] == {"value": 'textbox "Amount"', "is": "1190.00"}
    assert desk.read("customers/new.yaml")["browser"] == {"viewport": "1366x768", "locale": "de-DE"}
    assert "Correct-horse-9" not in desk.everything_written()


@pytest.mark.parametrize(
    ("action", "made"),
    [
        (
            line("click", SAVE, button="right", modifiers=10, clickCount=1),
            {"click": 'button "Save"', "button": "right", "modifiers": ["Control", "Shift"]},
        ),
        (line("click", SAVE, button="left", modifiers=0, clickCount=2), {"dblclick": 'button "Save"'}),
        (
            line("click", "css=canvas", button="left", clickCount=1, position={"x": 3, "y": 4}),
            {"click": {"css": "canvas"}, "position": {"x": 3, "y": 4}},
        ),
        (line("hover", SAVE), {"hover": 'button "Save"'}),
        (line("press", SAVE, key="Enter", modifiers=0), {"press": {'button "Save"': "Enter"}}),
        (line("check", 'internal:label="Terms"i'), {"check": {"label": "Terms"}}),
        (line("uncheck", 'internal:label="Terms"i'), {"uncheck": {"label": "Terms"}}),
        (line("select", 'internal:label="Plan"i', options=["pro"]), {"select": {"locator": {"label": "Plan"}, "value": "pro"}}),
        (line("select", 'internal:label="Plan"i', options=["a", "b"]), {"select": {"locator": {"label": "Plan"}, "value": ["a", "b"]}}),
        (
            line("fill", 'internal:attr=[placeholder="City"i]', text="${x}"),
            {"fill": {"locator": {"placeholder": "City"}, "value": "$${x}"}},
        ),
        (
            line("click", SAVE, framePath=["iframe[name=a]"]),
            {"click": {"role": "button", "name": "Save", "frame": {"css": "iframe[name=a]"}}},
        ),
        (line("assertVisible", SAVE), {"wait_for": {"visible": 'button "Save"'}}),
        (line("assertText", SAVE, text="Saved", substring=True), {"wait_for": {"text": 'button "Save"', "contains": "Saved"}}),
        (line("assertText", SAVE, text="Saved", substring=False), {"wait_for": {"text": 'button "Save"', "is": "Saved"}}),
        (line("assertValue", SAVE, value="12"), {"wait_for": {"value": 'button "Save"', "is": "12"}}),
        (line("assertChecked", SAVE, checked=True), {"wait_for": {"checked": 'button "Save"'}}),
        (line("assertChecked", SAVE, checked=False), {"wait_for": {"unchecked": 'button "Save"'}}),
        (line("assertSnapshot", SAVE, ariaSnapshot='- button "Save"'), {"wait_for": {"aria": '- button "Save"', "of": 'button "Save"'}}),
    ],
    ids=lambda value: str(value)[:70],
)  # fmt: skip
def test_actions(desk: Desk, action: dict[str, Any], made: Any) -> None:
    assert steps(desk, action, line("click", SAVE + " >> nth=1"))[:-1] == [made]


@pytest.mark.parametrize(
    ("locator", "made"),
    [
        ({"kind": "role", "body": "button", "options": {"attrs": [], "exact": False, "name": "Save"}}, 'button "Save"'),
        (
            {"kind": "role", "body": "checkbox", "options": {"attrs": [{"name": "checked", "value": True}], "exact": True, "name": "A"}},
            {"role": "checkbox", "name": "A", "exact": True, "checked": True},
        ),
        ({"kind": "label", "body": "City", "options": {"exact": True}}, {"label": "City", "exact": True}),
        (
            {"kind": "test-id", "body": "row", "options": {}, "next": {"kind": "last", "body": "", "options": {}}},
            {"testid": "row", "nth": -1},
        ),
        ({"kind": "frame-locator", "body": "iframe", "next": {"kind": "text", "body": "Pay"}}, {"text": "Pay", "frame": {"css": "iframe"}}),
        (
            {"kind": "default", "body": "li", "next": {"kind": "has-text", "body": "Blue", "next": {"kind": "nth", "body": "2"}}},
            {"css": "li", "has_text": "Blue", "nth": 2},
        ),
    ],
    ids=str,
)
def test_a_locator_without_a_selector(desk: Desk, locator: dict[str, Any], made: Any) -> None:
    assert steps(desk, line("click", locator=locator)) == [{"click": made}]


def test_popups_and_tabs_that_were_opened(desk: Desk) -> None:
    other, third = {"pageGuid": "page@2"}, {"pageGuid": "page@3"}
    made = steps(
        desk,
        line("click", SAVE, signals=[{"name": "popup", "popupPageGuid": "page@2"}]),
        line("click", SAVE, **other),
        line("closePage", **other),
        line("openPage", url="https://app.acme.example/second", **third),
        line("click", SAVE, **third),
        line("closePage", **third),
        line("closePage"),
    )
    save = {"click": 'button "Save"'}
    assert made == [save, {"tab": 1}, save, {"tab": "close"}, {"tab": 0}, {"tab": "new"}, {"tab": 1}, {"goto": "/second"}, save]


def test_what_can_not_be_carried_over_is_said(desk: Desk) -> None:
    lines = [
        {**HEADER, "contextOptions": {"storageState": "auth.json", "userAgent": "X/1", "colorScheme": "dark", "timezoneId": "Mars/Base"}},
        *BEGIN,
        line("setInputFiles", 'internal:label="Photo"i', files=["me.png"]),
        line(
            "click", SAVE, signals=[{"name": "dialog", "dialogAlias": "1"}, {"name": "download", "downloadAlias": "2"}, {"name": "portal"}]
        ),
        line("click", 'internal:or="x"'),
        line("click"),
        line("assertSnapshot", "body"),
        line("dance", SAVE),
    ]
    brought = desk.bring(desk.sent("c.jsonl", "\n".join(json.dumps(each) for each in lines) + '\n{"name":"cli'))
    assert desk.read("imported/c.yaml")["steps"] == [{"goto": "/"}, {"click": 'button "Save"'}]
    beginnings = [
        "the site",
        "line 4 (setInputFiles)",
        "line 5 (click): a dialog opened",
        "line 5 (click): a download began",
        "line 5 (click): it led to something",
        "line 6 (click)",
        "line 7 (click)",
        "line 8 (assertSnapshot)",
        "line 9 (dance)",
        "line 10 (a line that is cut off)",
        "the browser's option `storageState",
        "the browser's option `timezoneId",
    ]
    assert [begin for sentence, begin in zip(brought.unsaid, beginnings, strict=True) if not sentence.startswith(begin)] == []
    assert desk.read("customers/c.yaml")["browser"] == {"user_agent": "X/1", "color_scheme": "dark"}


def test_a_device_is_carried_over_as_a_whole(desk: Desk) -> None:
    of_device = {
        "viewport": {"width": 393, "height": 659},
        "userAgent": "iPhone",
        "deviceScaleFactor": 3,
        "isMobile": True,
        "hasTouch": True,
    }
    header = {"browserName": "webkit", "deviceName": "iPhone 15", "contextOptions": {**of_device, "locale": "nb-NO"}}
    desk.bring(desk.sent("phone.jsonl", "\n".join(json.dumps(each) for each in (header, *BEGIN))))
    desk.is_valid()
    assert desk.read("customers/phone.yaml")["browser"] == {"engine": "webkit", "device": "iPhone 15", "locale": "nb-NO"}


def test_a_file_without_a_header_is_read_too(desk: Desk) -> None:
    assert steps(desk, line("click", SAVE), header=None) == [{"click": 'button "Save"'}]
