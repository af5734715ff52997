"""Flattening loses nothing, and all the differences together turn one configuration into the other."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.verdict.settings import MISSING, differences, flatten, join_path, mix, same, settable, split_path, unflatten, without

keys = st.one_of(st.sampled_from(["a", "b", "c", "a.b", "", '"', 'x"y.', "é"]), st.text(max_size=4))
values = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.sampled_from(["", "no", "eu"]), st.lists(st.integers(0, 2), max_size=2))
trees = st.dictionaries(keys, st.recursive(values, lambda inner: st.dictionaries(keys, inner, max_size=3), max_leaves=8), max_size=4)

CUSTOMER: dict[str, Any] = {
    "plan": "enterprise",
    "features": {"new_dashboard": True, "beta": ["x"]},
    "integrations": {"crm": {"enabled": True, "region": "eu"}},
    "browser": {"locale": "de-DE", "timezone": "Europe/Berlin"},
    "clock": "2026-01-31T23:50",
}
BASELINE: dict[str, Any] = {
    "plan": "free",
    "features": {"new_dashboard": True, "beta": []},
    "integrations": {},
    "browser": {"locale": "en-US"},
    "network": {"profile": "slow-3g"},
}


def test_paths_of_everyday_settings() -> None:
    assert flatten(CUSTOMER) == {
        "plan": "enterprise",
        "features.new_dashboard": True,
        "features.beta": ["x"],
        "integrations.crm.enabled": True,
        "integrations.crm.region": "eu",
        "browser.locale": "de-DE",
        "browser.timezone": "Europe/Berlin",
        "clock": "2026-01-31T23:50",
    }


def test_keys_with_dots_are_quoted() -> None:
    assert flatten({"hosts": {"a.example.com": {"port": 1}}}) == {'hosts."a.example.com".port': 1}
    assert split_path('hosts."a.example.com".port') == ("hosts", "a.example.com", "port")


@settings(deadline=None)
@given(st.lists(keys, min_size=1, max_size=4))
def test_a_path_gives_its_keys_back(some: list[str]) -> None:
    assert split_path(join_path(some)) == tuple(some)


@pytest.mark.parametrize("wrong", ["", "a..b", ".a", "a.", '"a', 'a"b"', '"a"b', 'a."b'])
def test_what_is_not_a_path_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        split_path(wrong)


@settings(deadline=None)
@given(trees)
def test_flatten_loses_nothing(tree: dict[str, Any]) -> None:
    assert unflatten(flatten(tree)) == tree


@pytest.mark.parametrize("flat", [{"a": 1, "a.b": 2}, {"a.b": 2, "a": 1}, {"a": 1, '"a"': 2}])
def test_paths_that_collide_are_refused(flat: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        unflatten(flat)


def test_differences_of_everyday_settings() -> None:
    found = {diff.path: (diff.customer_value, diff.baseline_value) for diff in differences(CUSTOMER, BASELINE)}
    assert found == {
        "plan": ("enterprise", "free"),
        "features.beta": (["x"], []),
        "integrations.crm.enabled": (True, MISSING),
        "integrations.crm.region": ("eu", MISSING),
        "browser.locale": ("de-DE", "en-US"),
        "browser.timezone": ("Europe/Berlin", MISSING),
        "clock": ("2026-01-31T23:50", MISSING),
        "network.profile": (MISSING, "slow-3g"),
    }


def test_a_mapping_against_a_value_is_one_difference() -> None:
    [diff] = differences({"sso": {"idp": "okta"}}, {"sso": False})
    assert (diff.path, diff.customer_value, diff.baseline_value) == ("sso", {"idp": "okta"}, False)


def test_null_is_not_missing() -> None:
    [diff] = differences({"a": None}, {})
    assert (diff.customer_value, diff.baseline_value) == (None, MISSING)


def test_true_is_not_one() -> None:
    assert len(differences({"a": True, "b": [True], "c": 1.0, "d": math.nan}, {"a": 1, "b": [1], "c": 1, "d": math.nan})) == 2


@settings(deadline=None)
@given(trees, trees)
def test_all_differences_turn_one_into_the_other(customer: dict[str, Any], baseline: dict[str, Any]) -> None:
    diffs = differences(customer, baseline)
    assert same(mix(baseline, diffs), customer)
    assert same(without(customer, diffs), baseline)
    assert mix(baseline, ()) == baseline
    assert without(customer, ()) == customer


@settings(deadline=None)
@given(trees, trees, st.data())
def test_some_differences_are_mixed_in_and_the_others_are_not(
    customer: dict[str, Any], baseline: dict[str, Any], data: st.DataObject
) -> None:
    diffs = differences(customer, baseline)
    chosen = [diff for diff in diffs if data.draw(st.booleans())]
    rest = [diff for diff in diffs if diff not in chosen]
    mixed = mix(baseline, data.draw(st.permutations(chosen)))
    assert {diff.path for diff in differences(mixed, baseline)} == {diff.path for diff in chosen}
    assert {diff.path for diff in differences(customer, mixed)} == {diff.path for diff in rest}
    assert same(mixed, without(customer, rest))


@settings(deadline=None)
@given(trees, trees)
def test_nothing_given_is_changed(customer: dict[str, Any], baseline: dict[str, Any]) -> None:
    before = repr((customer, baseline))
    diffs = differences(customer, baseline)
    mix(baseline, diffs)
    without(customer, diffs)
    assert repr((customer, baseline)) == before


def test_an_empty_mapping_stays_where_it_was_and_is_not_left_where_it_was_not() -> None:
    [diff] = differences({"integrations": {"crm": 1}}, {"integrations": {}})
    assert without({"integrations": {"crm": 1}}, [diff]) == {"integrations": {}}
    [diff] = differences({"integrations": {"crm": 1}}, {})
    assert without({"integrations": {"crm": 1}}, [diff]) == {}


def test_a_path_through_a_value_is_refused() -> None:
    [diff] = differences({"a": {"b": 1}}, {"a": {}})
    with pytest.raises(ValueError):
        mix({"a": "text"}, [diff])


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        ("integrations.crm.region", True),
        ("integrations.crm", True),
        ("integrations", False),
        ("profile.name", True),
        ("profiles.name", False),
        ("Profile.name", False),
        ("clock", True),
        ("theme.colors.main", True),
        ("themes", False),
        ('integrations."a.b"', True),
    ],
)
def test_settable(path: str, covered: bool) -> None:
    assert settable(path, ["integrations.*", "profile.*", "clock", "theme"]) is covered


def test_nothing_is_settable_without_patterns() -> None:
    assert not settable("plan", [])
