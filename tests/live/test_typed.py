"""What is typed is decoded by the language itself, and becomes the same again when it is written into a file."""

from __future__ import annotations

import pytest

from harness.diagnostics import Problems, Source
from harness.draft.write import to_yaml
from harness.live.talk import goes_on, kind_of
from harness.live.typed import read_condition, read_locator, read_step
from harness.scenario.locators import Locator
from harness.scenario.source import parse, plain
from harness.scenario.steps.fill import Fill
from harness.scenario.template import Deferred


@pytest.mark.parametrize(
    "text",
    [
        'click: button "Save"',
        '- click: button "Save"',
        '{click: button "Save"}',
        "click:\n  role: button\n  name: Save",
        '{"click": "Save"}',
    ],
)
def test_a_step_in_any_of_its_spellings(text: str) -> None:
    assert read_step(text).value.action.verb == "click"


def test_a_number_that_is_taken_for_text_stays_as_it_was_written() -> None:
    typed = read_step('fill: {textbox "Amount": 1.10, textbox "Zip": 00123, textbox "Hex": 0x1F}')
    again = read_step(to_yaml(typed.data)).value.action
    assert isinstance(again, Fill)
    assert [value for _, value in again.fields] == ["1.10", "00123", "0x1F"]


def test_a_number_of_a_json_body_stays_a_number() -> None:
    typed = read_step("request: POST /api/x\njson: {price: 1.10, tags: [1, true, null]}")
    assert plain(parse(Source("x", to_yaml(typed.data))))["json"] == {"price": 1.1, "tags": [1, True, None]}


@pytest.mark.parametrize(
    ("text", "slug", "column"),
    [
        ("clik: x", "unknown-step", 1),
        ('click: buton "x"', "unknown-role", 8),
        ("click", "missing-argument", 1),
        ('click: "Save', "not-yaml", 13),
        ("click: x\nfill: {a: b}", "two-verbs", 1),
        ("click: x\ntimeout: 5", "wrong-value", 10),
        ("[click: a, click: b]", "wrong-type", 1),
        ("", "unknown-step", 0),
        ("!!python/object/apply:os.system [x]", "custom-tag", 0),
        ("click: ${secrets.X", "bad-reference", 8),
    ],
)
def test_a_wrong_step_is_refused_with_its_place(text: str, slug: str, column: int) -> None:
    with pytest.raises(Problems) as refused:
        read_step(text)
    first = refused.value.diagnostics[0]
    assert first.slug == slug
    if column:
        assert first.place is not None and first.place.column == column
        assert "^" in first.render()


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(Problems, match="larger than 1 MiB"):
        read_step("click: " + "x" * 2_000_000)


def test_a_wrong_condition_and_a_wrong_locator() -> None:
    with pytest.raises(Problems, match="`visibel` is not a condition"):
        read_condition("visibel: alert")
    with pytest.raises(Problems, match="not an ARIA role"):
        read_locator('regoin "Revenue"')
    assert str(read_locator('region "Revenue"').value) == 'region "Revenue"'
    assert read_locator('link "Home: #1 {x}"').value == Locator(role="link", name="Home: #1 {x}")
    assert isinstance(read_locator('link "${customer.name}"').value, Deferred)
    assert str(read_locator("{role: row, has_text: INV-1}").value) == 'row with text "INV-1"'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("reload", "step"),
        ("save: {total: {text: status}}", "step"),
        ("save billing/x", "save"),
        ("save! x.yaml A title: with a colon", "save!"),
        ("dialog: accept", "step"),
        ("? dialog: sure", "condition"),
        ("?dialog: sure", "condition"),
        ("for: 5s\nvisible: alert", "condition"),
        ("not: {visible: alert}", "condition"),
        ("as: viewer\nclick: x", "step"),
        ("symptom: {visible: alert}", "mark"),
        ("symptom:\n  visible: alert", "mark"),
        ("look", "look"),
        ('look region "Revenue"', "look"),
        ("look at: that", "look"),
        ("nonsense", "unknown"),
        ("foo: bar", "unknown"),
        ('click: "x', "step"),
        ("quit", "quit"),
    ],
)
def test_steps_conditions_and_commands_are_told_apart(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_line_that_is_only_a_key_goes_on_to_an_empty_line() -> None:
    assert goes_on(["fill:"]) and goes_on(["symptom:", "  visible: alert"]) and goes_on(["evaluate: |"])
    assert not goes_on(["fill:", "  a: b", ""])
    assert not goes_on(["visible: Name:"]) and not goes_on(["reload"]) and not goes_on([""])
