"""Three-valued logic: "could not be observed" is never a no."""

from __future__ import annotations

from itertools import product

import pytest

from harness.run.ports import Look, Truth
from harness.run.watch import combine, fits

ORDER = [Truth.NO, Truth.UNKNOWN, Truth.YES]


@pytest.mark.parametrize("truths", [*product(ORDER, repeat=1), *product(ORDER, repeat=2), *product(ORDER, repeat=3)])
def test_all_and_any_are_those_of_kleene(truths: tuple[Truth, ...]) -> None:
    looks = [Look(truth, f"{number} is {truth.value}") for number, truth in enumerate(truths)]
    assert combine(looks, conjunction=True).truth is min(truths, key=ORDER.index)
    assert combine(looks, conjunction=False).truth is max(truths, key=ORDER.index)


@pytest.mark.parametrize("truths", [*product(ORDER, repeat=3)])
@pytest.mark.parametrize("conjunction", [True, False])
def test_what_is_said_is_about_what_decided(truths: tuple[Truth, ...], conjunction: bool) -> None:
    looks = [Look(truth, f"{number} is {truth.value}") for number, truth in enumerate(truths)]
    combined = combine(looks, conjunction)
    assert combined.said.endswith(f"is {combined.truth.value}")


@pytest.mark.parametrize("wanted", [True, False])
def test_what_could_not_be_observed_never_fits(wanted: bool) -> None:
    assert not fits(Look(Truth.UNKNOWN, ""), wanted)
