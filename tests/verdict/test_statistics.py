"""Intervals and bounds against published values, and what they promise against exact enumeration."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.verdict.statistics import (
    after_attempts_needed,
    attempts_for_fix_check,
    clean_attempts_needed,
    clean_attempts_to_rule_out,
    clopper_pearson,
    fell_by_chance,
    fix_confidence,
    further_attempts,
    lower_bound,
    miss_probability,
    upper_bound,
    upper_bound_of_clean,
    wilson_interval,
)

counts = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
confidences = st.floats(0.5, 0.999)
rates = st.floats(0.01, 1.0)


def binomial(k: int, n: int, rate: float) -> float:
    return comb(n, k) * rate**k * (1 - rate) ** (n - k)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_newcombe(k: int, n: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    assert wilson_interval(k, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_agrees_with_newcombe(k: int, n: int, low: float, high: float) -> None:
    """The same table, method 5."""
    assert clopper_pearson(k, n) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(counts, confidences)
def test_intervals_hold_the_rate_seen(count: tuple[int, int], confidence: float) -> None:
    k, n = count
    for low, high in (wilson_interval(k, n, confidence), clopper_pearson(k, n, confidence)):
        assert 0 <= low <= k / n + 1e-12
        assert k / n - 1e-12 <= high <= 1


@settings(deadline=None)
@given(counts, confidences)
def test_success_and_failure_mirror_each_other(count: tuple[int, int], confidence: float) -> None:
    k, n = count
    for interval in (wilson_interval, clopper_pearson):
        low, high = interval(k, n, confidence)
        assert interval(n - k, n, confidence) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize("n", [1, 2, 5, 12, 30])
def test_clopper_pearson_covers_at_least_as_promised(n: int) -> None:
    intervals = [clopper_pearson(k, n) for k in range(n + 1)]
    for rate in (percent / 100 for percent in range(1, 100)):
        covered = sum(binomial(k, n, rate) for k, (low, high) in enumerate(intervals) if low <= rate <= high)
        assert covered >= 0.95 - 1e-9


@settings(deadline=None)
@given(st.integers(1, 500), confidences)
def test_the_bound_of_clean_attempts_is_the_exact_one(n: int, confidence: float) -> None:
    bound = upper_bound_of_clean(n, confidence)
    assert (1 - bound) ** n == pytest.approx(1 - confidence)
    assert bound == pytest.approx(upper_bound(0, n, confidence), abs=1e-9)
    assert lower_bound(n, n, confidence) == pytest.approx(1 - bound, abs=1e-9)


@settings(deadline=None)
@given(rates, confidences)
def test_clean_attempts_are_enough_and_one_fewer_is_not(rate: float, confidence: float) -> None:
    needed = clean_attempts_needed(rate, confidence)
    assert (1 - rate) ** needed <= 1 - confidence + 1e-9
    assert needed == 1 or (1 - rate) ** (needed - 1) > 1 - confidence - 1e-9


def test_clean_attempts_of_everyday_questions() -> None:
    assert clean_attempts_needed() == 14
    assert clean_attempts_needed(1.0) == 1
    assert clean_attempts_needed(0.5, 0.75) == 2
    assert upper_bound_of_clean(1) == pytest.approx(0.95)


def test_further_attempts() -> None:
    assert further_attempts(0) == 14
    assert further_attempts(10, 3) == 4
    assert further_attempts(14, 14) == 0
    assert further_attempts(14, 20) == 6
    assert further_attempts(0, 5, rate=1.0) == 5


@settings(deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))), st.floats(0.001, 0.5))
def test_ruling_out_takes_the_fewest_attempts(count: tuple[int, int], miss: float) -> None:
    k, n = count
    needed = clean_attempts_to_rule_out(k, n, miss)
    assert miss_probability(k, n, needed) <= miss
    assert miss_probability(k, n, needed - 1) > miss


def test_a_miss_is_the_product_of_its_attempts() -> None:
    """The beta-binomial by the chain rule: each clean attempt makes a rarer symptom likelier."""
    product = 1.0
    for clean in range(20):
        assert miss_probability(3, 4, clean) == pytest.approx(product)
        product *= (1.5 + clean) / (4.5 + clean)


def test_what_was_always_seen_is_not_taken_for_certain() -> None:
    assert miss_probability(1, 1, 1) == pytest.approx(1 / 3)
    assert clean_attempts_to_rule_out(5, 5, 0.05) == 2
    assert clean_attempts_to_rule_out(10_000, 10_000, 0.05) == 1
    assert clean_attempts_to_rule_out(100, 1000, 0.05) == pytest.approx(clean_attempts_needed(0.1, 0.95), abs=1)


def test_fishers_tea() -> None:
    """Fisher's lady tasting tea: all eight cups told right is 1 in 70, at most one pair wrong 17 in 70."""
    assert fell_by_chance(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert fell_by_chance(3, 4, 1, 4) == pytest.approx(17 / 70)


@settings(deadline=None)
@given(counts, counts)
def test_a_fall_by_chance_is_a_probability(before: tuple[int, int], after: tuple[int, int]) -> None:
    assert 0 < fell_by_chance(*before, *after) <= 1 + 1e-12


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.floats(0.01, 0.99), st.sampled_from([0.8, 0.9, 0.95]))
def test_an_unchanged_application_is_rarely_called_fixed(n: int, m: int, rate: float, confidence: float) -> None:
    sure = (k for k in range(1, n + 1) if fix_confidence(k, n, 0, m) >= confidence)
    assert sum(binomial(k, n, rate) for k in sure) * (1 - rate) ** m <= 1 - confidence + 1e-9


@settings(deadline=None)
@given(st.floats(0.01, 0.99), st.sampled_from([0.8, 0.9, 0.95]))
def test_nor_where_the_run_before_stopped_at_its_first_reproduction(rate: float, confidence: float) -> None:
    wrongly = sum((1 - rate) ** (n - 1) * rate * (1 - rate) ** after_attempts_needed(1, n, confidence) for n in range(1, 40))
    assert wrongly <= 1 - confidence + 1e-9


def test_fix_checks() -> None:
    assert fix_confidence(5, 5, 1, 5) == 0
    assert fix_confidence(0, 5, 0, 5) == 0
    assert fix_confidence(5, 5, 0, 5) == pytest.approx(1 - 1 / 252)
    assert after_attempts_needed(5, 5) == 2
    assert after_attempts_needed(1, 1) == 19
    assert attempts_for_fix_check(1.0) == 3


@settings(deadline=None)
@given(st.floats(0.05, 1.0), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_attempts_for_a_fix_check_are_enough(rate: float, confidence: float) -> None:
    n = attempts_for_fix_check(rate, confidence)
    k = int(rate * n + 1e-12)
    assert fix_confidence(k, n, 0, n) >= confidence - 1e-9
    assert after_attempts_needed(k, n, confidence) <= n


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: wilson_interval(0, 0),
        lambda: wilson_interval(3, 2),
        lambda: clopper_pearson(-1, 2),
        lambda: upper_bound_of_clean(0),
        lambda: upper_bound_of_clean(3, 1.0),
        lambda: clean_attempts_needed(0.0),
        lambda: clean_attempts_needed(1.1),
        lambda: further_attempts(-1),
        lambda: clean_attempts_to_rule_out(0, 3, 0.1),
        lambda: miss_probability(0, 3, 1),
        lambda: after_attempts_needed(0, 3),
        lambda: attempts_for_fix_check(0.0),
    ],
)
def test_what_can_not_be_counted_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()
