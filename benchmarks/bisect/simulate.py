"""Simulated customers whose causes are known, bisected as a real one would be: measured first, every probe attempted under noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import fmean

from harness.verdict.ddmin import Bisection, Ending, Probe, Result, bisect, run
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import Trial, step

REPRODUCTIONS = 5
"""The customer's own configuration is attempted until it reproduced so often; that gives the rate that the search reckons with."""


@dataclass(frozen=True)
class Customer:
    """Settings 0 … n-1 differ from the baseline; the symptom shows at `rate` wherever all settings of one cause are the customer's."""

    settings: int
    causes: tuple[frozenset[int], ...]
    rate: float

    def attempt(self, settings: frozenset[int], random: Random) -> Outcome:
        shows = any(cause <= settings for cause in self.causes) and random.random() < self.rate
        return Outcome.REPRODUCED if shows else Outcome.NOT_REPRODUCED


@dataclass(frozen=True)
class Row:
    """One line of the table, over `runs` customers. Probes are distinct configurations; attempts include measuring the rate."""

    rate: float
    settings: int
    runs: int
    wrong: int
    promised: int
    probes: float
    most_probes: int
    attempts: float


def one_cause(members: int, settings: int, rate: float, random: Random) -> Customer:
    """A customer with one cause of so many settings that act together."""
    return Customer(settings, (frozenset(random.sample(range(settings), members)),), rate)


def two_causes(settings: int, rate: float, random: Random) -> Customer:
    """A customer with two independent causes of one setting each, of the same rate."""
    first, second = random.sample(range(settings), 2)
    return Customer(settings, (frozenset({first}), frozenset({second})), rate)


def simulated(make: Callable[[Random], Customer], runs: int, seed: str) -> Row:
    """The line of `runs` customers that `make` draws."""
    random = Random(seed)
    drawn = [make(random) for _ in range(runs)]
    found = [bisected(customer, random) for customer in drawn]
    results = [result for result, _ in found]
    return Row(
        rate=drawn[0].rate,
        settings=drawn[0].settings,
        runs=runs,
        wrong=sum(not is_right(result, customer) for result, customer in zip(results, drawn, strict=True)),
        promised=sum(result.confidence >= 0.9 for result in results),
        probes=fmean(result.probes for result in results),
        most_probes=max(result.probes for result in results),
        attempts=fmean(result.attempts + measuring for result, measuring in found),
    )


def bisected(customer: Customer, random: Random, confidence: float = 0.95) -> tuple[Result[int], int]:
    """The result for a customer, and the attempts that measuring the rate took."""
    everything = frozenset(range(customer.settings))
    reproduced = decided = 0
    while reproduced < REPRODUCTIONS:
        reproduced, decided = reproduced + (customer.attempt(everything, random) is Outcome.REPRODUCED), decided + 1
    plan = Bisection(reproduced, decided, confidence)
    return run(bisect(range(customer.settings), plan), lambda probe: _attempted(probe, customer, random)), decided


def is_right(result: Result[int], customer: Customer) -> bool:
    """Whether exactly the causes were found, each minimal."""
    found = {frozenset(cause.settings) for cause in result.causes}
    return result.ending is Ending.FOUND and found == set(customer.causes)


def _attempted(probe: Probe[int], customer: Customer, random: Random) -> Trial:
    trial = probe.trial
    while trial.answer is None:
        trial = step(trial, customer.attempt(probe.settings, random))
    return trial
