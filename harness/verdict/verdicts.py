"""The outcomes of attempts -> a scenario's verdict, its rate, and what that means for the ticket. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.verdict.outcome import Classification, Outcome
from harness.verdict.statistics import upper_bound_of_clean, wilson_interval


@dataclass(frozen=True, slots=True)
class Ended:
    """One attempt's end."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Tally:
    """k reproduced of n decided of all attempts; the interval is Wilson's at 95 %, `upper_bound` what n clean attempts leave."""

    reproduced: int
    decided: int
    attempts: int
    low: float | None = None
    high: float | None = None
    upper_bound: float | None = None


@dataclass(frozen=True)
class Verdict:
    """A scenario's verdict over its attempts."""

    outcome: Outcome
    reason: str
    tally: Tally


def tally(outcomes: Sequence[Outcome]) -> Tally:
    """The counts and what they leave possible."""
    reproduced = outcomes.count(Outcome.REPRODUCED)
    decided = reproduced + outcomes.count(Outcome.NOT_REPRODUCED)
    if decided == 0:
        return Tally(0, 0, len(outcomes))
    low, high = wilson_interval(reproduced, decided)
    return Tally(reproduced, decided, len(outcomes), low, high, None if reproduced else upper_bound_of_clean(decided))


def judge(attempts: Sequence[Ended]) -> Verdict:
    """Reproduced if any attempt is; not reproduced if none is and at least half ended so; else inconclusive."""
    counts = tally([attempt.outcome for attempt in attempts])
    outcome = _outcome(counts)
    first = next((attempt.reason for attempt in attempts if attempt.outcome is outcome), None)
    if first is None:
        first = attempts[0].reason if attempts else "No attempt was made."
    return Verdict(outcome, _reason(outcome, first, counts), counts)


def _outcome(counts: Tally) -> Outcome:
    if counts.reproduced:
        return Outcome.REPRODUCED
    if counts.decided and 2 * counts.decided >= counts.attempts:
        return Outcome.NOT_REPRODUCED
    return Outcome.INCONCLUSIVE


def _reason(outcome: Outcome, first: str, counts: Tally) -> str:
    if counts.attempts <= 1:
        return first
    if outcome is Outcome.REPRODUCED:
        share = f"{counts.reproduced / counts.decided:.0%}, 95 % interval {counts.low or 0:.0%} to {counts.high or 0:.0%}"
        return f"Reproduced in {counts.reproduced} of {counts.decided} decided attempts ({share}). {first}"
    if outcome is Outcome.NOT_REPRODUCED:
        clean = f"Not reproduced in {counts.decided} of {counts.attempts} attempts"
        bound = f"a symptom that comes in more than {counts.upper_bound or 1:.0%} of them would have shown with 95 % confidence"
        return f"{clean}; {bound}. {first}"
    undecided = counts.attempts - counts.decided
    return f"{undecided} of {counts.attempts} attempts ended without an answer. {first}"


@dataclass(frozen=True)
class Judgement:
    """A classification and the sentence that explains it."""

    classification: Classification | None
    reason: str | None


def classify(customer: Outcome, control: Outcome | None, control_name: str, differing: Sequence[str]) -> Judgement:
    """The contract's table. Without a control, or with an undecided one, nothing is claimed."""
    if customer is Outcome.NOT_REPRODUCED:
        return Judgement(Classification.NOT_REPRODUCED, "It did not happen with this customer's configuration.")
    if customer is Outcome.INCONCLUSIVE or control is None:
        return Judgement(None, None)
    if control is Outcome.REPRODUCED:
        return Judgement(
            Classification.DEFECT, f"It happens with {control_name} too, so it does not come from this customer's configuration."
        )
    if control is Outcome.INCONCLUSIVE:
        return Judgement(None, f"Whether it happens with {control_name} too could not be decided.")
    what = f"; they differ in {_listed(differing)}" if differing else ", although no setting is known to differ"
    return Judgement(Classification.CONFIGURATION, f"It does not happen with {control_name}{what}.")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:6])
    return f"{shown} and {len(names) - 6} more" if len(names) > 6 else shown


def expected_by_status(verdict: Outcome, status: str) -> bool:
    """Open tickets are expected to reproduce, fixed ones not to."""
    return verdict is (Outcome.REPRODUCED if status == "open" else Outcome.NOT_REPRODUCED)
