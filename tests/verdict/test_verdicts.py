"""Attempts -> a verdict with its rate, and a classification against the control."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.verdict.outcome import Classification, Outcome
from harness.verdict.verdicts import Ended, classify, expected_by_status, judge, tally

R, N, I = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE  # noqa: E741


def judged(*outcomes: Outcome) -> Outcome:
    return judge([Ended(outcome, f"{outcome}.") for outcome in outcomes]).outcome


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ([R], R),
        ([N], N),
        ([I], I),
        ([], I),
        ([N, N, N, R], R),
        ([I, I, I, R], R),
        ([N, I], N),
        ([N, I, I], I),
        ([N, N, I, I], N),
        ([I, I], I),
    ],
)
def test_verdicts(outcomes: list[Outcome], verdict: Outcome) -> None:
    assert judged(*outcomes) is verdict


@given(st.lists(st.sampled_from([R, N, I]), max_size=30))
def test_a_verdict_is_never_better_than_its_attempts(outcomes: list[Outcome]) -> None:
    verdict = judged(*outcomes)
    assert (verdict is R) == (R in outcomes)
    if verdict is N:
        assert outcomes.count(N) >= outcomes.count(I)


@given(st.lists(st.sampled_from([R, N, I]), max_size=30))
def test_undecided_attempts_do_not_move_the_rate(outcomes: list[Outcome]) -> None:
    decided = [outcome for outcome in outcomes if outcome is not I]
    with_them, without = tally(outcomes), tally(decided)
    assert (with_them.reproduced, with_them.decided) == (without.reproduced, without.decided)
    assert (with_them.low, with_them.high, with_them.upper_bound) == (without.low, without.high, without.upper_bound)


def test_rates_have_their_interval() -> None:
    found = tally([R, R, R, N, N, N, N, N, N, N])
    assert (found.reproduced, found.decided, found.attempts) == (3, 10, 10)
    assert found.low == pytest.approx(0.108, abs=0.001)
    assert found.high == pytest.approx(0.603, abs=0.001)
    assert found.upper_bound is None
    assert tally([N] * 59).upper_bound == pytest.approx(0.0495, abs=0.0005)
    assert tally([I]).low is None


def test_reasons_say_how_often() -> None:
    def reason(*outcomes: Outcome) -> str:
        return judge([Ended(outcome, f"Because {outcome}.") for outcome in outcomes]).reason

    assert reason(R) == "Because reproduced."
    assert reason(N, R, I) == "Reproduced in 1 of 2 decided attempts (50%, 95 % interval 9% to 91%). Because reproduced."
    assert reason(N, N, I).startswith("Not reproduced in 2 of 3 attempts; a symptom that comes in more than 78% of them")
    assert reason(I, I, N) == "2 of 3 attempts ended without an answer. Because inconclusive."
    assert reason() == "No attempt was made."


@pytest.mark.parametrize(
    ("customer", "control", "classification"),
    [
        (R, R, Classification.DEFECT),
        (R, N, Classification.CONFIGURATION),
        (R, I, None),
        (R, None, None),
        (N, None, Classification.NOT_REPRODUCED),
        (N, R, Classification.NOT_REPRODUCED),
        (I, R, None),
        (I, N, None),
        (I, None, None),
    ],
)
def test_the_contracts_table(customer: Outcome, control: Outcome | None, classification: Classification | None) -> None:
    assert classify(customer, control, "baseline", ["plan"]).classification is classification


def test_classifications_name_what_differs() -> None:
    assert classify(R, N, "baseline", ["plan", "locale"]).reason == "It does not happen with baseline; they differ in plan, locale."
    many = [f"s{number}" for number in range(9)]
    assert (classify(R, N, "baseline", many).reason or "").endswith("s0, s1, s2, s3, s4, s5 and 3 more.")
    assert "no setting is known to differ" in (classify(R, N, "baseline", []).reason or "")


def test_open_is_expected_to_reproduce_and_fixed_not_to() -> None:
    expected = {(verdict, status) for verdict, status in product((R, N, I), ("open", "fixed")) if expected_by_status(verdict, status)}
    assert expected == {(R, "open"), (N, "fixed")}
