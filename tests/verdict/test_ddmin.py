"""Simulated customers with known causes: what is found, how many probes it takes, and how often noise makes it wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log2
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.verdict.ddmin import Asking, Bisection, Ending, Probe, Result, bisect, run
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import Trial, step
from harness.verdict.statistics import miss_probability, wilson_interval

SEEN, CLEAN, UNKNOWN = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE
ALWAYS = Bisection(reproduced=1000, decided=1000)
Attempt = Callable[[frozenset[int]], Outcome]


def attempted(attempt: Attempt) -> Callable[[Probe[int]], Trial]:
    """A driver that attempts each probe until its trial has an answer."""

    def answer(probe: Probe[int]) -> Trial:
        trial = probe.trial
        while trial.answer is None:
            trial = step(trial, attempt(probe.settings))
        return trial

    return answer


def searched(n: int, attempt: Attempt, plan: Bisection = ALWAYS) -> Result[int]:
    return run(bisect(range(n), plan), attempted(attempt))


def caused_by(*causes: set[int] | frozenset[int]) -> Attempt:
    """Reproduces wherever all of one cause is in."""
    return lambda chosen: SEEN if any(cause <= chosen for cause in causes) else CLEAN


def scattered(seed: int, share: float) -> Callable[[frozenset[int]], bool]:
    """A fixed random choice of that share of all configurations."""
    return lambda chosen: Random(f"{seed} {sorted(chosen)}").random() < share


def found(result: Result[int]) -> set[frozenset[int]]:
    return {frozenset(cause.settings) for cause in result.causes}


@dataclass(frozen=True)
class Case:
    """k members of a cause among n settings."""

    n: int
    members: frozenset[int]

    @property
    def bound(self) -> float:
        return 2 * len(self.members) * log2(self.n) + 10


@st.composite
def cases(draw: st.DrawFn, most: int = 64) -> Case:
    n = draw(st.integers(1, most))
    return Case(n, frozenset(draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=min(4, n)))))


# What is found.


@settings(max_examples=400, deadline=None)
@given(cases(), st.integers(1, 6))
def test_one_cause_is_found_confirmed_and_within_the_bound(case: Case, width: int) -> None:
    result = searched(case.n, caused_by(case.members), Bisection(1000, 1000, side_by_side=width))
    assert frozenset(result.culprits) == case.members
    assert result.ending is Ending.FOUND
    assert result.causes[0].is_minimal and result.is_confirmed and result.complete
    assert result.alternatives == ()
    assert result.probes <= case.bound


@pytest.mark.parametrize("width", [1, 2, 3])
def test_the_bound_holds_for_every_place_of_one_and_of_two_members(width: int) -> None:
    plan = Bisection(1000, 1000, side_by_side=width)
    for n in (2, 3, 7, 16, 17, 33):
        for members in ({first, second} for first in range(n) for second in range(first + 1)):
            case = Case(n, frozenset(members))
            assert searched(n, caused_by(members), plan).probes <= case.bound


@pytest.mark.parametrize("n", [100, 500, 1000])
def test_many_settings_take_few_probes(n: int) -> None:
    members = {n // 7, n // 2, n - 1}
    result = searched(n, caused_by(members))
    assert set(result.culprits) == members
    assert result.probes <= 2 * 3 * log2(n) + 10


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 40).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n - 1), min_size=2, max_size=4, unique=True))))
def test_independent_causes_are_all_found(drawn: tuple[int, list[int]]) -> None:
    n, singles = drawn
    result = searched(n, caused_by(*({single} for single in singles)))
    assert found(result) == {frozenset({single}) for single in singles}
    assert result.necessary is False
    assert result.complete is True


def test_an_alternative_of_two_is_found() -> None:
    result = searched(30, caused_by({4}, {10, 20}))
    assert found(result) == {frozenset({4}), frozenset({10, 20})}
    assert all(cause.is_minimal for cause in result.causes)


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 14), st.integers(0, 10_000), st.floats(0.05, 0.9))
def test_whatever_the_settings_do_together_the_cause_is_minimal(n: int, seed: int, share: float) -> None:
    """Any function of the configuration at all, also one in which settings mask each other."""
    reproduces, everything = scattered(seed, share), frozenset(range(n))

    def attempt(chosen: frozenset[int]) -> Outcome:
        return SEEN if chosen and (chosen == everything or reproduces(chosen)) else CLEAN

    result = searched(n, attempt)
    assert result.ending is Ending.FOUND
    for cause in map(frozenset, (cause.settings for cause in result.causes)):
        assert attempt(cause) is SEEN
        assert all(attempt(cause - {item}) is CLEAN for item in cause)
    assert result.necessary is (attempt(everything - frozenset(result.culprits)) is CLEAN)


# What inconclusive answers do.


@settings(max_examples=300, deadline=None)
@given(cases(24), st.integers(0, 10_000), st.floats(0.0, 0.7))
def test_random_inconclusive_answers_never_make_it_wrong(case: Case, seed: int, share: float) -> None:
    breaks, symptom = scattered(seed, share), caused_by(case.members)
    known: tuple[frozenset[int], ...] = (frozenset(), frozenset(range(case.n)))

    def attempt(chosen: frozenset[int]) -> Outcome:
        return UNKNOWN if chosen not in known and breaks(chosen) else symptom(chosen)

    result = searched(case.n, attempt)
    assert result.ending is Ending.FOUND
    assert case.members <= frozenset(result.culprits)
    assert frozenset(result.culprits) - case.members <= frozenset(result.causes[0].unsure)
    for item in result.culprits:
        left_out = attempt(frozenset(result.culprits) - {item})
        assert left_out is (UNKNOWN if item in result.causes[0].unsure else CLEAN)
    assert result.unresolved == sum(asked.answer is UNKNOWN for asked in result.history)


@settings(max_examples=300, deadline=None)
@given(cases(40), st.data())
def test_settings_that_need_each_other(case: Case, data: st.DataObject) -> None:
    """One setting is refused without another; the symptom's own members are free of that, so they are found exactly."""
    outside = sorted(frozenset(range(case.n)) - case.members)
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(outside), st.sampled_from(outside)), max_size=3)) if outside else []
    symptom = caused_by(case.members)

    def attempt(chosen: frozenset[int]) -> Outcome:
        return UNKNOWN if any(needs in chosen and needed not in chosen for needs, needed in pairs) else symptom(chosen)

    result = searched(case.n, attempt)
    assert case.members <= frozenset(result.culprits)
    assert frozenset(result.culprits) - case.members <= frozenset(result.causes[0].unsure)


def test_a_member_that_needs_another_setting_is_found_with_it() -> None:
    def attempt(chosen: frozenset[int]) -> Outcome:
        return UNKNOWN if 3 in chosen and 12 not in chosen else caused_by({3})(chosen)

    result = searched(20, attempt)
    assert result.culprits == (3, 12)
    assert result.causes[0].unsure == (12,)
    assert result.is_confirmed


def test_a_block_that_no_prefix_divides_is_left_to_ddmin() -> None:
    """Settings 8 to 15 go only all together or in the pair that reproduces."""
    block = frozenset(range(8, 16))

    def attempt(chosen: frozenset[int]) -> Outcome:
        inside = chosen & block
        return caused_by({10, 14})(chosen) if inside in (frozenset(), frozenset({10, 14}), block) else UNKNOWN

    result = searched(32, attempt)
    assert {10, 14} <= set(result.culprits)
    assert set(result.culprits) <= block
    assert result.unresolved > 0


def test_a_baseline_that_can_not_be_decided_is_said() -> None:
    result = searched(8, lambda chosen: caused_by({5})(chosen) if chosen else UNKNOWN)
    assert result.culprits == (5,)
    assert result.causes[0].unsure == (5,)
    assert result.necessary is True


def test_what_remains_and_can_not_be_decided_is_said() -> None:
    rest = frozenset(range(8)) - {5}
    result = searched(8, lambda chosen: UNKNOWN if chosen == rest else caused_by({5})(chosen))
    assert (result.necessary, result.complete, result.is_confirmed) == (None, None, False)


# Where there is nothing to find, and where it ends early.


def test_a_baseline_that_reproduces_is_no_matter_of_configuration() -> None:
    result = searched(50, lambda chosen: SEEN)
    assert (result.ending, result.culprits, result.probes) == (Ending.BASELINE_REPRODUCES, (), 1)


def test_nothing_differs() -> None:
    result = searched(0, caused_by({0}))
    assert (result.ending, result.probes, result.sufficient) == (Ending.NOTHING_DIFFERS, 0, False)


@settings(max_examples=200, deadline=None)
@given(cases(), st.integers(0, 40), st.integers(1, 3))
def test_a_budget_is_kept_and_the_best_so_far_reproduces(case: Case, budget: int, width: int) -> None:
    attempt = caused_by(case.members)
    result = searched(case.n, attempt, Bisection(1000, 1000, budget=budget, side_by_side=width))
    assert result.probes <= budget
    assert attempt(frozenset(result.culprits)) is SEEN
    if result.is_best_so_far:
        assert result.ending is Ending.BUDGET
        assert result.confidence == 0
    else:
        assert frozenset(result.culprits) == case.members


@settings(max_examples=100, deadline=None)
@given(cases(), st.integers(0, 40))
def test_a_search_that_is_stopped_gives_its_best(case: Case, batches: int) -> None:
    answer, search = attempted(caused_by(case.members)), bisect(range(case.n), ALWAYS)
    result = stopped_after(batches, search, answer)
    assert caused_by(case.members)(frozenset(result.culprits)) is SEEN
    assert result.ending is Ending.STOPPED or frozenset(result.culprits) == case.members


def stopped_after(batches: int, search: Asking[int, Result[int]], answer: Callable[[Probe[int]], Trial]) -> Result[int]:
    batch = next(search)
    try:
        for _ in range(batches):
            batch = search.send({probe.settings: answer(probe) for probe in batch})
        search.send({})
        raise AssertionError("it went on")
    except StopIteration as end:
        result: Result[int] = end.value
        return result


def test_what_was_answered_before_time_was_up_is_kept() -> None:
    search = bisect(range(9), Bisection(1000, 1000, side_by_side=2))
    answer = attempted(caused_by({1}))
    [baseline] = next(search)
    first, _ = search.send({baseline.settings: answer(baseline)})
    with pytest.raises(StopIteration) as end:
        search.send({first.settings: answer(first)})
    assert end.value.value.culprits == (0, 1, 2)
    assert end.value.value.probes == 2


def test_an_answer_that_only_led_the_search_verifies_nothing() -> None:
    answer = attempted(caused_by({3, 40}))
    stopped = [stopped_after(batches, bisect(range(64), Bisection(5, 5)), answer) for batches in range(20)]
    first = next(result for result in stopped if result.culprits == (3, 40))
    assert any(asked.settings == (40,) and asked.answer is CLEAN for asked in first.history)
    assert first.causes[0].unsure == (3, 40)


def test_the_budget_may_end_an_alternative() -> None:
    full = searched(32, caused_by({3}, {20}))
    result = searched(32, caused_by({3}, {20}), Bisection(1000, 1000, budget=full.probes - 3))
    assert result.is_best_so_far
    assert result.culprits == full.culprits
    assert len(result.alternatives) == 1
    assert not result.alternatives[0].is_minimal


# Noise.


def noisy(symptom: Attempt, rate: float, random: Random) -> Attempt:
    return lambda chosen: SEEN if symptom(chosen) is SEEN and random.random() < rate else CLEAN


def measured(attempt: Attempt, n: int, confidence: float) -> Bisection:
    """The plan after five reproductions."""
    reproduced = decided = 0
    while reproduced < 5:
        reproduced += attempt(frozenset(range(n))) is SEEN
        decided += 1
    return Bisection(reproduced, decided, confidence)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_noise_makes_it_wrong_no_more_often_than_promised(confidence: float) -> None:
    """A fixed seed. The promise is refuted only if even the lower end of the interval of the wrong share lies above it."""
    random, runs, wrong = Random(2002), 1200, 0
    for _ in range(runs):
        n = random.randint(2, 40)
        members = frozenset(random.sample(range(n), random.randint(1, 2)))
        attempt = noisy(caused_by(members), random.uniform(0.15, 1.0), random)
        wrong += found(searched(n, attempt, measured(attempt, n, confidence))) != {members}
    assert wilson_interval(wrong, runs)[0] <= 1 - confidence
    assert wrong / runs <= 1 - confidence


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases(32), st.floats(0.1, 1.0), st.integers(0, 10_000))
def test_under_noise_what_is_said_to_reproduce_always_does(case: Case, rate: float, seed: int) -> None:
    attempt = noisy(caused_by(case.members), rate, Random(seed))
    result = searched(case.n, attempt, measured(attempt, case.n, 0.9))
    assert caused_by(case.members)(frozenset(result.culprits)) is SEEN
    assert result.attempts == sum(asked.reproduced + asked.clean + asked.inconclusive for asked in result.history)


def test_confidence_adds_up_the_misses_that_the_result_rests_upon() -> None:
    result = searched(16, caused_by({5, 11}), Bisection(5, 5, 0.95))
    claims = {(), (5,), (11,), tuple(item for item in range(16) if item not in (5, 11))}
    verified = {asked.settings: asked.clean for asked in result.history if asked.settings in claims}
    assert result.confidence == pytest.approx(1 - sum(miss_probability(5, 5, clean) for clean in verified.values()))
    assert 0.95 <= result.confidence < 1


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize(("reproduced", "decided"), [(1, 1), (5, 5), (5, 20)])
def test_a_single_cause_is_as_sure_as_wanted(confidence: float, reproduced: int, decided: int) -> None:
    assert searched(20, caused_by({2, 9, 13}), Bisection(reproduced, decided, confidence)).confidence >= confidence


def test_a_rarer_symptom_is_attempted_more_often() -> None:
    often, rarely = (searched(20, caused_by({7}), Bisection(5, decided)) for decided in (5, 50))
    assert often.probes == rarely.probes
    assert rarely.attempts > 5 * often.attempts


# The conversation.


def test_nothing_is_asked_twice_but_to_verify_it() -> None:
    result = searched(64, caused_by({3, 40, 41}), Bisection(5, 10))
    asked = [entry.settings for entry in result.history]
    assert len(asked) - len(set(asked)) <= 3
    assert result.probes == len(set(asked))
    assert all(entry.answer is CLEAN for entry in result.history if asked.count(entry.settings) > 1)


def test_batches_may_run_side_by_side() -> None:
    search = bisect(range(64), Bisection(1000, 1000, side_by_side=3))
    [baseline] = next(search)
    batch = search.send({baseline.settings: attempted(caused_by({1}))(baseline)})
    assert [len(probe.settings) for probe in batch] == [16, 32, 48]


def test_settings_may_be_anything_that_hashes_and_keep_their_order() -> None:
    names = ("plan", "features.beta", "browser.locale", "clock")
    culprits = {"clock", "features.beta"}

    def answer(probe: Probe[str]) -> Trial:
        trial = probe.trial
        while trial.answer is None:
            trial = step(trial, SEEN if culprits <= probe.settings else CLEAN)
        return trial

    assert run(bisect(names, ALWAYS), answer).culprits == ("features.beta", "clock")


def test_an_unfinished_trial_is_refused() -> None:
    search = bisect(range(3), ALWAYS)
    [probe] = next(search)
    with pytest.raises(ValueError):
        search.send({probe.settings: probe.trial})


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Bisection(0, 5),
        lambda: Bisection(6, 5),
        lambda: Bisection(1, 1, confidence=1.0),
        lambda: Bisection(1, 1, budget=-1),
        lambda: Bisection(1, 1, side_by_side=0),
        lambda: next(bisect(["plan", "plan"], ALWAYS)),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()
