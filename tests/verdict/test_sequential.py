"""The sequential test keeps its promise exactly, and agrees with the verdict over the same attempts."""

from __future__ import annotations

from functools import reduce
from math import comb
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.verdict.outcome import Outcome
from harness.verdict.sequential import Question, Trial, anytime_interval, step, until_confident, until_measured
from harness.verdict.statistics import clean_attempts_needed, wilson_interval
from harness.verdict.verdicts import Ended, judge

SEEN, CLEAN, UNKNOWN = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE


def stepped(trial: Trial, *outcomes: Outcome) -> Trial:
    return reduce(step, outcomes, trial)


def test_one_reproduction_is_proof() -> None:
    assert stepped(until_confident(), CLEAN, UNKNOWN, SEEN).answer is SEEN


def test_not_reproduced_takes_the_clean_attempts_that_the_confidence_demands() -> None:
    trial = stepped(until_confident(0.95, 0.2), *[CLEAN] * 13)
    assert (trial.answer, trial.left) == (None, 1)
    assert step(trial, CLEAN).answer is CLEAN


def test_staging_that_is_down_ends_it_early() -> None:
    trial = stepped(until_confident(), UNKNOWN, UNKNOWN)
    assert trial.answer is None
    assert step(trial, UNKNOWN).answer is UNKNOWN


def test_staging_that_hiccups_is_ridden_out() -> None:
    assert stepped(until_confident(0.95, 0.5), *[CLEAN, UNKNOWN] * 5).answer is CLEAN
    assert stepped(until_confident(0.95, 0.5), UNKNOWN, UNKNOWN, *[CLEAN] * 5).answer is CLEAN


def test_half_of_the_attempts_must_have_ended_with_an_answer() -> None:
    trial = stepped(Trial(Question(needed=1)), UNKNOWN, UNKNOWN, CLEAN)
    assert (trial.answer, trial.left) == (None, 1)
    assert step(trial, CLEAN).answer is CLEAN


def test_a_late_reproduction_still_counts() -> None:
    """Attempts side by side may come in after the end."""
    assert stepped(until_confident(0.95, 1.0), CLEAN, SEEN).answer is SEEN


@settings(deadline=None)
@given(st.floats(0.05, 1.0), st.floats(0.5, 0.99), st.randoms(use_true_random=False))
def test_it_ends_and_agrees_with_the_verdict(rate: float, confidence: float, random: Random) -> None:
    trial, ended = until_confident(confidence, rate), []
    while trial.answer is None:
        assert trial.left >= 1
        ended.append(random.choices([SEEN, CLEAN, UNKNOWN], [1, 20, 10])[0])
        trial = step(trial, ended[-1])
    assert trial.left == 0
    assert trial.attempts == len(ended)
    assert judge([Ended(outcome, "") for outcome in ended]).outcome is trial.answer


@settings(deadline=None)
@given(st.floats(0.05, 1.0), st.floats(0.5, 0.99))
def test_the_promise_is_exact(rate: float, confidence: float) -> None:
    """The probability that a symptom of that very rate ends as not reproduced: all attempts until the end are clean."""
    trial, missed = until_confident(confidence, rate), 1.0
    while trial.answer is None:
        trial, missed = step(trial, CLEAN), missed * (1 - rate)
    assert missed <= 1 - confidence + 1e-9
    assert trial.clean == clean_attempts_needed(rate, confidence)


def test_measuring_goes_on_after_the_first_reproduction() -> None:
    trial = stepped(until_measured(reproductions=3), SEEN, CLEAN, SEEN)
    assert trial.answer is None
    assert step(trial, SEEN).answer is SEEN
    assert stepped(until_measured(), *[CLEAN] * 14).answer is CLEAN


def test_measuring_to_within_a_margin() -> None:
    trial = until_measured(reproductions=1, margin=0.2)
    while trial.answer is None:
        trial = stepped(trial, SEEN, CLEAN)
    low, high = anytime_interval(trial.reproduced, trial.decided)
    assert (high - low) / 2 <= 0.2
    assert 20 < trial.attempts < 60


def test_measuring_ends_at_the_latest() -> None:
    assert stepped(Trial(Question(needed=1, margin=0.01, most=4)), SEEN, SEEN, SEEN, SEEN).answer is SEEN
    assert stepped(until_measured(), SEEN, *[UNKNOWN] * 4).answer is SEEN


@pytest.mark.parametrize(("reproductions", "margin"), [(0, None), (1, 0.0), (1, 1.0)])
def test_wrong_measures_are_refused(reproductions: int, margin: float | None) -> None:
    with pytest.raises(ValueError):
        until_measured(reproductions=reproductions, margin=margin)


@settings(deadline=None)
@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_anytime_interval_is_wider_than_wilsons(count: tuple[int, int]) -> None:
    low, high = anytime_interval(*count)
    wilson_low, wilson_high = wilson_interval(*count)
    assert 0 <= low <= wilson_low + 1e-9
    assert wilson_high - 1e-9 <= high <= 1


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 0.9])
def test_the_anytime_interval_holds_at_every_look(rate: float) -> None:
    """Exactly: the probability, over all paths of 150 attempts, that the rate was ever outside."""
    inside, outside = {0: 1.0}, 0.0
    for n in range(1, 151):
        moved = {k: inside.get(k, 0.0) * (1 - rate) + inside.get(k - 1, 0.0) * rate for k in range(n + 1)}
        held = {k: probability for k, probability in moved.items() if _holds(k, n, rate)}
        outside += sum(moved.values()) - sum(held.values())
        inside = held
    assert outside <= 0.05


def _holds(k: int, n: int, rate: float) -> bool:
    """Whether the interval has the rate in it, by Robbins' inequality itself."""
    likelihood = comb(n, k) * rate**k * (1 - rate) ** (n - k)
    low, high = anytime_interval(k, n)
    assert (low <= rate <= high) == ((n + 1) * likelihood >= 0.05)
    return low <= rate <= high


def test_nothing_seen_leaves_everything_possible() -> None:
    assert anytime_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError):
        anytime_interval(2, 1)
