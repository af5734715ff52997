"""Playwright's selectors become locators that find the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.diagnostics import Source
from harness.draft.selectors import NoLocator, locator_of
from harness.draft.write import to_yaml
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse


def read_back(plain: object) -> Locator:
    decoder = Decoder()
    found = LOCATOR.decode(parse(Source("example", to_yaml(plain))), decoder)
    assert decoder.problems == [] and isinstance(found, Locator)
    return found


@pytest.mark.parametrize(
    ("selector", "locator"),
    [
        ('internal:role=button[name="Save"i]', 'button "Save"'),
        ('internal:role=button[name="Save"s]', {"role": "button", "name": "Save", "exact": True}),
        ("internal:role=alert", "alert"),
        ('internal:role=heading[name="Total"i][level=2]', {"role": "heading", "name": "Total", "level": 2}),
        ("internal:role=checkbox[checked=true]", {"role": "checkbox", "checked": True}),
        ("internal:role=link[name=/page \\d+/i]", {"role": "link", "name": "/page \\d+/i"}),
        ('internal:text="Forgot your password?"i', "Forgot your password?"),
        ('internal:text="Forgot"s', {"text": "Forgot", "exact": True}),
        ('internal:text="alert"i', {"text": "alert"}),
        ('internal:label="Country"i', {"label": "Country"}),
        ('internal:attr=[placeholder="a \\"b\\""i]', {"placeholder": 'a "b"'}),
        ('internal:testid=[data-testid="save"s]', {"testid": "save"}),
        ("#a > b:nth-child(2)", {"css": "#a > b:nth-child(2)"}),
        ("xpath=//b", {"xpath": "//b"}),
        ('internal:role=row >> internal:has-text="INV-1"i', {"role": "row", "has_text": "INV-1"}),
        ('internal:label="Revenue"i >> internal:text="a >> b"i >> nth=0', {"text": "a >> b", "within": {"label": "Revenue"}, "nth": 0}),
        ('internal:role=row >> internal:has="internal:role=cell[name=\\"x\\"i]"', {"role": "row", "has": 'cell "x"'}),
        (
            'iframe[title="T"] >> internal:control=enter-frame >> internal:role=button[name="In"i]',
            {"role": "button", "name": "In", "frame": 'iframe "T"'},
        ),
        (
            '#f >> nth=1 >> internal:control=enter-frame >> iframe[name="g"] >> internal:control=enter-frame >> internal:text="x"i',
            {"text": "x", "frame": {"css": 'iframe[name="g"]', "frame": {"css": "#f", "nth": 1}}},
        ),
    ],
)
def test_a_selector_becomes_a_locator(selector: str, locator: object) -> None:
    assert locator_of(selector) == locator
    read_back(locator)


@pytest.mark.parametrize(
    "selector",
    [
        "",
        "nth=0",
        'internal:role=nonsense[name="x"i]',
        'internal:and="x"',
        "internal:control=any-frame >> #x",
        "a >> nth=0 >> nth=1",
        'internal:attr=[lang="x"]',
    ],
)
def test_what_can_not_be_said_is_not_guessed(selector: str) -> None:
    with pytest.raises(NoLocator):
        locator_of(selector)


def escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def says(found: str | re.Pattern[str] | None, text: str) -> bool:
    """Whether a locator means this text; one between slashes can only be told as a pattern."""
    return found == text or (isinstance(found, re.Pattern) and found.fullmatch(text) is not None)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
@example("/0/")
def test_any_name_is_read_back_as_it_was(name: str) -> None:
    found = read_back(locator_of(f'internal:role=button[name="{escaped(name)}"i]'))
    assert found.role == "button" and says(found.name, name)
    assert found.within is None and found.nth is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_a_text_finds_itself_and_is_never_a_reference(text: str) -> None:
    found = read_back(locator_of(f'internal:label="{escaped(text)}"i'))
    assert says(found.label, text)
