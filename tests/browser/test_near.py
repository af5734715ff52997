"""What a page has instead of an element that is not there, whatever its names hold. No browser is needed: a snapshot is text."""

from __future__ import annotations

import pytest

from harness.browser.near import rank, slip_of
from harness.scenario.locators import parse_locator

SNAPSHOT = r"""
- main:
  - heading "Customers" [level=1]
  - 'textbox "Search: name"': Ann
  - 'textbox "Search: \"city\""'
  - textbox "Street, number"
  - link "It's here":
    - /url: /here
  - status: "Sum: 7"
  - text: Searching
""".strip("\n")


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ('textbox "Search: nmae"', 'textbox "Search: name"'),
        ('textbox "Search: city"', r'textbox "Search: \"city\""'),
        ('textbox "Street"', 'textbox "Street, number"'),
        ('link "Its here"', 'link "It\'s here"'),
        ('heading "Customer"', 'heading "Customers"'),
        ("status", "status: Sum: 7"),
    ],
)
def test_the_nearest_name_comes_first(wanted: str, first: str) -> None:
    assert rank(SNAPSHOT, parse_locator(wanted))[0] == first


def test_a_slip_in_a_name_with_a_colon_is_seen() -> None:
    locator = parse_locator('textbox "Search: nmae"')
    assert slip_of(locator, rank(SNAPSHOT, locator)) == 'textbox "Search: name"'
