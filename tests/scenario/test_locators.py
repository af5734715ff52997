"""The notation of locators: every form of the contract, and lines as Playwright's ARIA snapshots print them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from harness.diagnostics import Source
from harness.scenario.locators import LOCATOR, Locator, describe, parse_locator
from harness.scenario.shapes import Decoder, Invalid, ShapeError
from harness.scenario.source import parse


def fields(locator: Locator) -> dict[str, Any]:
    return {name: value for name in Locator.__dataclass_fields__ if (value := getattr(locator, name)) is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('button "Save"', {"role": "button", "name": "Save"}),
        ("heading", {"role": "heading"}),
        ("Forgot your password?", {"text": "Forgot your password?"}),
        ("Heading", {"text": "Heading"}),
        ("button Save", {"text": "button Save"}),
        ('heading "Q1 \\"draft\\""', {"role": "heading", "name": 'Q1 "draft"'}),
        ('heading "Revenue" [level=2]', {"role": "heading", "name": "Revenue", "level": 2}),
        ('checkbox "Agree" [checked]', {"role": "checkbox", "name": "Agree", "checked": True}),
        ('checkbox "Agree" [checked=mixed]', {"role": "checkbox", "name": "Agree", "checked": "mixed"}),
        ('button "Menu" [expanded=false] [pressed]', {"role": "button", "name": "Menu", "expanded": False, "pressed": True}),
        ('button "Save" [disabled]', {"role": "button", "name": "Save", "disabled": True}),
        ('button "Save" [active] [ref=e12] [cursor=pointer]', {"role": "button", "name": "Save"}),
        ('list "Nav":', {"role": "list", "name": "Nav"}),
        ('  button   "Save"  ', {"role": "button", "name": "Save"}),
        ("Grüße aus Köln", {"text": "Grüße aus Köln"}),
        ("100 %", {"text": "100 %"}),
    ],
)
def test_text_notation(text: str, expected: dict[str, Any]) -> None:
    assert fields(parse_locator(text)) == expected


@pytest.mark.parametrize(
    ("text", "kind", "pattern", "flags"),
    [
        ("button /save/i", "name", "save", re.IGNORECASE),
        (r"heading /Q\d\/2026/", "name", r"Q\d\/2026", 0),
        ("/total: .+ €/", "text", "total: .+ €", 0),
    ],
)
def test_patterns(text: str, kind: str, pattern: str, flags: int) -> None:
    found = getattr(parse_locator(text), kind)
    assert found.pattern == pattern
    assert found.flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL) == flags


@pytest.mark.parametrize(
    "text",
    ['button "Save"', "heading", 'heading "Revenue" [level=2]', 'checkbox "A" [checked]', 'button "M" [expanded=false]', "button /save/"],
)
def test_notation_both_ways(text: str) -> None:
    assert describe(parse_locator(text)) == text


def test_a_name_with_quotes_comes_back_the_same() -> None:
    locator = Locator(role="heading", name='Q1 "draft" \\ final')
    assert parse_locator(describe(locator)) == locator


def decode(text: str) -> tuple[Any, list[str]]:
    decoder = Decoder()
    try:
        found = LOCATOR.decode(parse(Source("a.yaml", text)), decoder)
    except Invalid:
        found = None
    return found, [problem.message for problem in decoder.problems]


@pytest.mark.parametrize("kind", ["label", "placeholder", "text", "testid", "alt", "title", "css", "xpath"])
def test_mappings_of_every_kind(kind: str) -> None:
    found, problems = decode(f"{{{kind}: total}}")
    assert problems == []
    assert fields(found) == {kind: "total"}


def test_a_mapping_with_all_its_refinements() -> None:
    found, problems = decode(
        """
        role: row
        has_text: /acme/i
        has: {role: checkbox, checked: true}
        within: table "Invoices"
        frame: {title: Billing}
        nth: -1
        visible: true
        exact: true
        """
    )
    assert problems == []
    assert describe(found) == ('row with text /acme/i with checkbox [checked] in table "Invoices" in frame title "Billing" (number -1)')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{role: button, text: Save}", "found role and text"),
        ("{name: Save}", "found none"),
        ("{label: Save, checked: true}", "`checked` goes with `role`, not with `label`"),
        ("{role: button, nht: 1}", "`nht` is not a key of a locator"),
        ("{role: button, nth: first}", "expected a whole number"),
        ("[button]", "expected a locator, found a list"),
        ("'heading [level=two]'", "needs a number"),
        ("'button [checked=maybe]'", "is not a state"),
        ("'buton \"Save\"'", "is not an ARIA role"),
        ("'   '", "can't be empty"),
    ],
)
def test_wrong_locators(text: str, message: str) -> None:
    found, problems = decode(text)
    assert found is None
    assert any(message in problem for problem in problems), problems


def test_a_pattern_that_takes_for_ever_to_read_is_refused_or_read() -> None:
    with pytest.raises(ShapeError):
        parse_locator("button /" + "(" * 5000 + "/")
