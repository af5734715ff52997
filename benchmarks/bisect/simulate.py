"""Simulated customers whose causes are known, bisected as a real one would be: measured first, then every probe attempted under noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import fmean

from harness.verdict.ddmin import Bisection, Ending, Probe, Result, bisect, run
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import SOUND_REPRODUCTIONS, Trial, step

REPRODUCTIONS = SOUND_REPRODUCTIONS
"""The customer's own configuration is attempted until it reproduced so often; that gives the rate that the search reckons with."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Customer:
    """Settings 0 … n-1 differ from the baseline; the symptom shows at `rate` wherever all settings of one cause are the customer's."""

    settings: int
    causes: tuple[frozenset[int], ...]
    rate: float

    def attempt(self, settings: frozenset[int], random: Random) -> Outcome:
        """One attempt with these settings as the customer's."""
        shows = any(cause <= settings for cause in self.causes) and random.random() < self.rate
        return Outcome.REPRODUCED if shows else Outcome.NOT_REPRODUCED


@dataclass(frozen=True)
class Bisected:
    """A search's result, and the attempts that measuring the rate before it took."""

    result: Result[int]
    measuring: int


@dataclass(frozen=True)
class Row:
    """What came of `runs` customers. Probes are distinct configurations; attempts include measuring the rate."""

    runs: int
    wrong: int
    confidence: float
    probes: float
    most_probes: int
    attempts: float


Make = Callable[[int, float, Random], Customer]
"""Draws a customer with so many differing settings and that symptom rate."""


def one_setting(settings: int, rate: float, random: Random) -> Customer:
    """One setting is the cause."""
    return Customer(settings, (frozenset(random.sample(range(settings), 1)),), rate)


def two_together(settings: int, rate: float, random: Random) -> Customer:
    """Two settings are the cause, but only together."""
    return Customer(settings, (frozenset(random.sample(range(settings), 2)),), rate)


def two_causes(settings: int, rate: float, random: Random) -> Customer:
    """Either of two settings is a cause."""
    first, second = random.sample(range(settings), 2)
    return Customer(settings, (frozenset({first}), frozenset({second})), rate)


def simulated(make: Make, settings: int, rate: float, runs: int) -> Row:
    """The row of `runs` customers. Drawn with a fixed seed, so it is the same every time."""
    random = Random(f"{make.__name__} {settings} {rate}")
    drawn = [make(settings, rate, random) for _ in range(runs)]
    done = [bisected(customer, random) for customer in drawn]
    return Row(
        runs=runs,
        wrong=sum(not is_right(each.result, customer) for each, customer in zip(done, drawn, strict=True)),
        confidence=fmean(each.result.confidence for each in done),
        probes=fmean(each.result.probes for each in done),
        most_probes=max(each.result.probes for each in done),
        attempts=fmean(each.result.attempts + each.measuring for each in done),
    )


def bisected(customer: Customer, random: Random) -> Bisected:
    """Measures the rate, then searches."""
    everything = frozenset(range(customer.settings))
    reproduced = decided = 0
    while reproduced < REPRODUCTIONS:
        reproduced += customer.attempt(everything, random) is Outcome.REPRODUCED
        decided += 1
    search = bisect(range(customer.settings), Bisection(reproduced, decided, CONFIDENCE))
    return Bisected(run(search, lambda probe: _attempted(probe, customer, random)), decided)


def is_right(result: Result[int], customer: Customer) -> bool:
    """Whether exactly the causes were found, nothing missing and nothing superfluous."""
    found = {frozenset(cause.settings) for cause in result.causes}
    return result.ending is Ending.FOUND and found == set(customer.causes)


def _attempted(probe: Probe[int], customer: Customer, random: Random) -> Trial:
    trial = probe.trial
    while trial.answer is None:
        trial = step(trial, customer.attempt(probe.settings, random))
    return trial
