"""Which conditions surely hold together, and which are never said to."""

from __future__ import annotations

import pytest

from harness.diagnostics import Source
from harness.scenario.condition import CONDITION, Condition
from harness.scenario.implied import always_holds, implies, share_a_number
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse


def condition(text: str) -> Condition:
    decoder = Decoder()
    found: Condition = CONDITION.decode(parse(Source("x.yaml", text)), decoder)
    assert decoder.problems == []
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("visible: alert", "visible: alert"),
        ("{visible: alert, for: 5s}", "visible: alert"),
        ("clickable: button", "visible: button"),
        ("disabled: button", "attached: button"),
        ("all: [{visible: alert}, {visible: heading}]", "visible: heading"),
        ("visible: alert", "any: [{visible: alert}, {visible: heading}]"),
        ("any: [{text: alert, is: no}, {text: alert, contains: no way}]", "{text: alert, contains: 'no'}"),
        ("{text: alert, is: All   fine}", "{text: alert, contains: All fine}"),
        ("{text: alert, is: 12 contacts}", '{text: alert, matches: "[0-9]+"}'),
        ("not: {visible: alert}", "not: {all: [{visible: alert}, {visible: heading}]}"),
        ("{number: cell, is: 5}", "{number: cell, at_least: 5}"),
        ("{number: cell, above: 5}", "{number: cell, at_least: 5}"),
        ("{count: row, above: 4}", "{count: row, at_least: 5}"),
        ("{response: /api, status: 500}", "{response: /api, status: 5xx}"),
        ("{response: /api, status: 500}", "response: /api"),
        ("{request: /api, at_least: 3}", "request: /api"),
    ],
)
def test_one_holds_whenever_the_other_does(one: str, other: str) -> None:
    assert implies(condition(one), condition(other)) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("visible: alert", "visible: heading"),
        ("hidden: alert", "attached: alert"),
        ("visible: alert", "all: [{visible: alert}, {visible: heading}]"),
        ("any: [{visible: alert}, {visible: heading}]", "visible: heading"),
        ("{text: alert, contains: no}", "{text: alert, is: no}"),
        ("{text: alert, contains: no}", "{text: status, contains: no}"),
        ("{text: alert, contains: no}", "{text: alert, contains: No}"),
        ("{number: cell, at_least: 5}", "{number: cell, above: 5}"),
        ("{response: /api, status: 5xx}", "{response: /api, status: 500}"),
        ("{response: /api, status: 500}", "{response: /api, at_most: 2}"),
        ("{response: /api, status: 500}", "{response: /api, status: 500, after: paid}"),
        ("request: /api", "{request: /api, at_least: 2}"),
    ],
)
def test_nothing_is_claimed_that_can_not_be_told(one: str, other: str) -> None:
    assert implies(condition(one), condition(other)) is False


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("{number: cell, below: 5}", "{number: cell, above: 4}", True),
        ("{count: row, below: 5}", "{count: row, above: 4}", False),
        ("{number: cell, below: 5}", "{number: cell, at_least: 5}", False),
        ("{number: cell, at_most: 5}", "{number: cell, at_least: 5}", True),
        ("{number: cell, at_most: 5}", "{number: heading, at_most: 5}", False),
        ("{contrast: button, below: 1.5}", "{contrast: button, at_least: 3}", False),
    ],
)
def test_numbers_that_suit_both(one: str, other: str, shared: bool) -> None:
    assert share_a_number(condition(one), condition(other)) is shared


@pytest.mark.parametrize(
    ("text", "always"),
    [
        ("visible: {css: body}", True),
        ("url: '**'", True),
        ("url: {matches: '.*'}", True),
        ("{count: row, at_least: 0}", True),
        ("any: [{visible: alert}, {title: '*'}]", True),
        ("all: [{visible: alert}, {title: '*'}]", False),
        ("url: /login*", False),
        ('visible: "Figures of ${today+1d}"', False),
        ("attached: {css: '${saved.where}'}", False),
        ("url: {matches: '^$'}", False),
        ("{count: row, at_most: 0}", False),
        ("not: {visible: {css: body}}", False),
    ],
)
def test_what_holds_on_every_page(text: str, always: bool) -> None:
    assert always_holds(condition(text)) is always
