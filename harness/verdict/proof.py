"""Can a scenario's verdict be trusted? What the symptom's oracle said where the symptom should be and where it should not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.verdict.outcome import Outcome
from harness.verdict.statistics import clean_attempts_to_rule_out, miss_probability


class Answer(StrEnum):
    """PROVEN: the oracle said yes where the ticket says so, and no elsewhere. REFUTED: it never says no. OPEN: not known."""

    PROVEN = "proven"
    REFUTED = "refuted"
    OPEN = "open"


@dataclass(frozen=True)
class Compared:
    """The same steps where the symptom should not be seen. `where` is the rest of a sentence: `with baseline`, `in fixed`; `decided` is
    the number of attempts that ended with an answer."""

    where: str
    outcome: Outcome
    reason: str
    decided: int = 1


@dataclass(frozen=True)
class Proof:
    """The answer, and the sentence that gives it."""

    answer: Answer
    sentence: str


CHANCE = 0.05
NOTHING = (
    "nothing was there to compare with; name a customer whose configuration works with `control:`, or a fixed environment with --fixed"
)


@dataclass(frozen=True)
class Often:
    """The symptom was seen in so many of the customer's attempts that ended with an answer."""

    seen: int
    decided: int


ALWAYS = Often(1, 1)


def prove(customer: Outcome, control: Compared | None, fixed: Compared | None, held_at_start: str | None, often: Often = ALWAYS) -> Proof:
    """Whether the symptom's oracle can say both yes and no. A fixed environment tells more than a control: what affects everyone is seen
    with the control too. `held_at_start` is what the oracle saw before the first step, where the symptom held there already. What comes
    only `often` may stay away by chance, so that takes more attempts elsewhere."""
    proof = _proof(customer, control, fixed)
    if proof.answer is Answer.PROVEN and 0 < often.seen < often.decided:
        proof = _unless_by_chance(proof, [each for each in (control, fixed) if each and each.outcome is Outcome.NOT_REPRODUCED], often)
    if held_at_start is None:
        return proof
    return Proof(
        proof.answer,
        f"{proof.sentence} The symptom held before the first step already, so it may not come from the steps: {held_at_start}.",
    )


def _proof(customer: Outcome, control: Compared | None, fixed: Compared | None) -> Proof:
    compared = [each for each in (control, fixed) if each is not None]
    if customer is not Outcome.REPRODUCED:
        how = "was not seen with the customer" if customer is Outcome.NOT_REPRODUCED else "could not be decided on with the customer"
        return Proof(Answer.OPEN, f"Not proven: the symptom {how}, so nothing shows that it can be seen.")
    if not compared:
        return Proof(Answer.OPEN, f"Not proven: {NOTHING}.")
    if fixed is not None and fixed.outcome is Outcome.REPRODUCED:
        return Proof(Answer.REFUTED, f"Refuted: the symptom is seen {_wheres(compared, Outcome.REPRODUCED)}. {_still(fixed, control)}")
    if fixed is not None and fixed.outcome is Outcome.INCONCLUSIVE:
        return Proof(Answer.OPEN, f"Not proven: whether the symptom is gone {fixed.where} could not be decided. {fixed.reason}")
    if any(each.outcome is Outcome.NOT_REPRODUCED for each in compared):
        return Proof(Answer.PROVEN, _proven(control, fixed))
    assert control is not None
    if control.outcome is Outcome.REPRODUCED:
        return Proof(
            Answer.REFUTED,
            f"Refuted: the symptom is seen {control.where} too. It affects everyone or your symptom is always true: "
            "--fixed ENVIRONMENT, where it is mended, tells which.",
        )
    return Proof(Answer.OPEN, f"Not proven: whether the symptom is seen {control.where} could not be decided. {control.reason}")


def _unless_by_chance(proof: Proof, clean: Sequence[Compared], often: Often) -> Proof:
    """A symptom that comes now and then has to stay away often enough, in one of the places at least."""
    most = max(clean, key=lambda each: each.decided)
    if miss_probability(often.seen, often.decided, most.decided) <= CHANCE:
        return proof
    needed = clean_attempts_to_rule_out(often.seen, often.decided, CHANCE)
    attempts = "1 clean attempt" if most.decided == 1 else f"{most.decided} clean attempts"
    return Proof(
        Answer.OPEN,
        f"Not proven: the symptom came in {often.seen} of {often.decided} attempts only, so {attempts} {most.where} may be chance; "
        f"{needed} would tell: --attempts {needed}.",
    )


def _proven(control: Compared | None, fixed: Compared | None) -> str:
    compared = [each for each in (control, fixed) if each is not None]
    said = f"Proven: the symptom is seen with the customer and not {_wheres(compared, Outcome.NOT_REPRODUCED)}."
    if control is None or control.outcome is Outcome.NOT_REPRODUCED:
        return said
    if control.outcome is Outcome.REPRODUCED:
        return f"{said} It is seen {control.where} too: it affects everyone."
    return f"{said} Whether it is seen {control.where} could not be decided."


def _still(fixed: Compared, control: Compared | None) -> str:
    if control is not None and control.outcome is Outcome.NOT_REPRODUCED:
        return f"It is not seen {control.where}, so it can say no: it is not mended there."
    return "It is not mended there or your symptom is always true."


def _wheres(compared: Sequence[Compared], outcome: Outcome) -> str:
    join = " nor " if outcome is Outcome.NOT_REPRODUCED else " and "
    return join.join(each.where for each in compared if each.outcome is outcome)
