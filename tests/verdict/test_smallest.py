"""Simulated scenarios whose steps build on each other: what is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.verdict.ddmin import Bisection, Ending, Result, run, smallest
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import Trial
from tests.verdict.test_ddmin import ALWAYS, CLEAN, SEEN, UNKNOWN, Attempt, Case, attempted, cases, caused_by, scattered


def searched(n: int, attempt: Attempt, plan: Bisection = ALWAYS) -> Result[int]:
    return run(smallest(range(n), plan), attempted(attempt))


Needs = Mapping[int, frozenset[int]]


@st.composite
def building(draw: st.DrawFn) -> tuple[int, frozenset[int], Needs]:
    """Some of n steps cause it; each can only be done after some of those before it."""
    n = draw(st.integers(1, 14))
    causing = frozenset(draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=3)))
    needs = {at: frozenset(draw(st.sets(st.integers(0, at - 1), max_size=2))) if at else frozenset[int]() for at in range(n)}
    return n, causing, needs


def with_all_below(steps: frozenset[int], needs: Needs) -> frozenset[int]:
    below = steps.union(*(needs[step] for step in steps))
    return steps if below == steps else with_all_below(below, needs)


@settings(max_examples=200, deadline=None)
@given(building())
def test_what_causes_it_is_left_with_what_it_builds_on(drawn: tuple[int, frozenset[int], Needs]) -> None:
    n, causing, needs = drawn

    def attempt(chosen: frozenset[int]) -> Outcome:
        if any(not needs[step] <= chosen for step in chosen):
            return UNKNOWN
        return SEEN if causing <= chosen else CLEAN

    result = searched(n, attempt)
    assert frozenset(result.culprits) == with_all_below(causing, needs)
    assert result.ending is Ending.FOUND


@settings(max_examples=100, deadline=None)
@given(cases(most=32))
def test_where_little_is_needed_it_takes_about_twice_as_many_probes_as_there_are_steps(case: Case) -> None:
    result = searched(case.n, caused_by(case.members))
    assert frozenset(result.culprits) == case.members and result.causes[0].is_minimal
    assert result.probes <= 2 * case.n + 3 * len(case.members) + 2


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6), st.floats(0.1, 0.9))
def test_whatever_the_steps_do_together_none_that_is_left_can_go(n: int, seed: int, share: float) -> None:
    everything = frozenset(range(n))
    lucky = scattered(seed, share)

    def attempt(chosen: frozenset[int]) -> Outcome:
        return SEEN if chosen == everything or lucky(chosen) else CLEAN

    left = frozenset(searched(n, attempt).culprits)
    assert attempt(left) is SEEN
    assert all(attempt(left - {step}) is CLEAN for step in left)


def test_a_miss_of_the_search_is_mended_by_verification() -> None:
    asked: list[frozenset[int]] = []

    def attempt(chosen: frozenset[int]) -> Outcome:
        asked.append(chosen)
        missed = chosen == {0, 2} and asked.count(chosen) == 1
        return SEEN if 2 in chosen and not missed else CLEAN

    assert searched(3, attempt).culprits == (2,)


@settings(max_examples=100, deadline=None)
@given(cases(most=24), st.integers(0, 12))
def test_a_budget_is_kept_and_what_is_left_reproduces(case: Case, budget: int) -> None:
    result = searched(case.n, caused_by(case.members), Bisection(1000, 1000, budget=budget))
    assert result.probes <= budget
    assert result.ending in (Ending.FOUND, Ending.BUDGET)
    assert case.members <= frozenset(result.culprits)


@settings(max_examples=50, deadline=None)
@given(cases(most=12), st.floats(0.3, 0.95), st.integers(0, 10**6))
def test_under_noise_what_is_left_was_seen_to_reproduce(case: Case, rate: float, seed: int) -> None:
    random = Random(seed)

    def attempt(chosen: frozenset[int]) -> Outcome:
        return SEEN if case.members <= chosen and random.random() < rate else CLEAN

    result = searched(case.n, attempt, Bisection(5, max(5, round(5 / rate))))
    assert case.members <= frozenset(result.culprits)


def test_no_steps_and_time_that_is_up() -> None:
    assert searched(0, caused_by({0})).ending is Ending.NOTHING_DIFFERS
    search = smallest(range(3), ALWAYS)
    next(search)
    with pytest.raises(StopIteration) as end:
        search.send(dict[frozenset[int], Trial]())
    assert end.value.value.ending is Ending.STOPPED and end.value.value.culprits == (0, 1, 2)
