"""The words that every report uses for verdicts, classifications, statuses and rates. Plain text; it cites records and decides nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from harness.core.durations import format_duration
from harness.record.model import Classification, Configuration, Outcome, Rate, Record, Result, StepStatus
from harness.record.overview import telling_attempt

VERDICT = {
    Outcome.REPRODUCED: "Reproduced",
    Outcome.NOT_REPRODUCED: "Not reproduced",
    Outcome.INCONCLUSIVE: "Inconclusive",
}
CLASSIFICATION = {
    Classification.DEFECT: "Defect",
    Classification.CONFIGURATION: "Configuration",
    Classification.MISCONFIGURATION: "Misconfiguration",
    Classification.EDGE_CASE: "Edge case",
    Classification.NOT_REPRODUCED: "Not reproduced",
}
CLASSIFICATION_MEANS = {
    Classification.DEFECT: "It happens with the control customer too: it affects everyone.",
    Classification.CONFIGURATION: "It happens with this customer's configuration and not with the control customer's.",
    Classification.MISCONFIGURATION: "It comes from settings that the customer can change themselves.",
    Classification.EDGE_CASE: "It comes from a combination of settings that the customer cannot change themselves.",
    Classification.NOT_REPRODUCED: "More is needed from the customer to tell what they see.",
}
DECIDED_BY = {
    "symptom": "the symptom was seen",
    "expected": "what was expected was seen",
    "window": "the time to watch ended",
    "setup": "the setup failed",
    "step": "a step could not be done",
    "environment": "the environment was not as needed",
    "browser": "the browser failed",
    "budget": "the time for the attempt ran out",
    "harness": "the harness failed",
    "interrupt": "the run was interrupted",
    "lost": "it never came back",
}
_BY_STATUS = {
    ("open", Outcome.REPRODUCED): "The ticket is open and its symptom was seen, as expected.",
    ("open", Outcome.NOT_REPRODUCED): "The ticket is open, but its symptom was not seen.",
    ("fixed", Outcome.REPRODUCED): "The ticket is marked as fixed, but its symptom is back.",
    ("fixed", Outcome.NOT_REPRODUCED): "The ticket is marked as fixed, and it stays fixed.",
}
_PROOF_ORDER = ("refuted", "open", "proven")
_MOST_PROOFS = 10
_NOT_PUT_BACK = (
    "The settings of {} could not be put back in {} and may still be in force there: run `repro restore` on the machine that ran this."
)
_WHERE_MENDED = {
    Outcome.REPRODUCED: "This environment was named as the fixed one, but the symptom was seen in it.",
    Outcome.NOT_REPRODUCED: "This environment was named as the fixed one, and the symptom was not seen in it, as expected.",
}


def by_status(result: Result) -> str:
    """A sentence: the verdict against what the ticket's status lets one expect, or the name of a fixed environment."""
    if result.mended and result.verdict in _WHERE_MENDED:
        return _WHERE_MENDED[result.verdict]
    return _BY_STATUS.get((result.status, result.verdict), "Whether the symptom is there could not be told.")


def is_regression(result: Result) -> bool:
    """A fixed scenario that reproduced."""
    return result.status == "fixed" and result.verdict is Outcome.REPRODUCED


def needs_attention(result: Result) -> bool:
    """Not what the status lets one expect, or not decided at all."""
    return not result.expected_by_status or result.verdict is Outcome.INCONCLUSIVE


def attention_order(results: Sequence[Result]) -> list[Result]:
    """Regressions first, then what is inconclusive, then other surprises, then the rest; within each as planned."""
    return sorted(results, key=_urgency)


def counts(record: Record) -> dict[Outcome, int]:
    """How many results have each verdict; every verdict is there."""
    found = Counter(result.verdict for result in record.results)
    return {outcome: found[outcome] for outcome in Outcome}


def counts_sentence(record: Record) -> str:
    """`12 results: 3 reproduced, 8 not reproduced, 1 inconclusive`."""
    total = len(record.results)
    parts = ", ".join(f"{number:,} {VERDICT[outcome].lower()}" for outcome, number in counts(record).items() if number)
    return f"{total:,} {'result' if total == 1 else 'results'}" + (f": {parts}" if parts else "")


def rate_short(rate: Rate) -> str:
    """`3/5`, of the attempts that decided; empty when none did."""
    return f"{rate.reproduced}/{rate.decided}" if rate.decided else ""


def rate_sentence(rate: Rate) -> str:
    """The rate with what it is worth: the interval of what was seen, or the bound of what was not."""
    if not rate.decided:
        return f"None of {_attempts(rate.attempts)} gave an answer." if rate.attempts else "No attempt was made."
    undecided = rate.attempts - rate.decided
    rest = f" {_attempts(undecided)} more gave no answer." if undecided > 0 else ""
    return (_seen(rate) if rate.reproduced else _unseen(rate)) + rest


def telling_line(result: Result) -> int:
    """The line of the scenario's file to look at: of the step that could not be done, else of the symptom, else the first."""
    source, telling = result.source, telling_attempt(result.attempts, result.verdict)
    if source is None:
        return 1
    failed = [step.line for step in telling.steps if step.status is StepStatus.FAILED and step.file == source.path] if telling else []
    if failed and result.verdict is Outcome.INCONCLUSIVE:
        return failed[-1]
    return next((number for number, line in enumerate(source.text.splitlines(), 1) if re.match(r"symptom\s*:", line)), 1)


def customer_of(result: Result) -> str:
    """The customer as people call it, with its file's name."""
    if not result.customer:
        return result.customer_name or "no customer"
    name = result.customer_name
    return f"{name} ({result.customer})" if name and name != result.customer else result.customer


def full_name(result: Result) -> str:
    """`dashboard/blank-for-eu [acme-eu]`."""
    return f"{result.scenario} [{result.customer}]" if result.customer else result.scenario


def moment(when: datetime | None) -> str:
    """`2026-01-31 23:50 UTC`."""
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else "not known"


def run_duration(record: Record) -> str:
    """How long the run took; empty while it has no end."""
    run = record.run
    return format_duration(max(0.0, (run.finished - run.started).total_seconds() * 1000)) if run.finished else ""


def notices(record: Record) -> list[str]:
    """What one has to know before trusting the counts: interruption, regressions, settings left behind, the run's own notes."""
    regressions = sum(map(is_regression, record.results))
    found = ["The run was interrupted: what was done until then is here."] if record.run.interrupted else []
    if regressions:
        found.append(_plural(regressions, "fixed ticket has its symptom back.", "fixed tickets have their symptom back."))
    return [*found, *not_put_back(record.results), *record.run.notes]


def not_put_back(results: Iterable[Result]) -> list[str]:
    """A sentence for each customer and environment whose settings a run could not put back, its control's too."""
    found = [(customer, result.environment) for result in results for customer, was in _in_force(result) if was and was.restored is False]
    return [_NOT_PUT_BACK.format(customer, environment) for customer, environment in dict.fromkeys(found)]


def proofs(record: Record) -> list[str]:
    """With --prove: a line a result with its proof, those that are not proven first; at most ten, then how many more there are."""
    proven = [(result, result.proof) for result in record.results if result.proof]
    ordered = sorted(proven, key=lambda pair: _PROOF_ORDER.index(pair[1].answer))
    lines = [f"{full_name(result)}: {proof.sentence}" for result, proof in ordered[:_MOST_PROOFS]]
    more = len(ordered) - _MOST_PROOFS
    return [*lines, _plural(more, "more proof is on its result's page.", "more proofs are on their results' pages.")] if more > 0 else lines


def areas(results: Iterable[Result]) -> list[str]:
    """Every area once, in the order of the results; results without one stand under `scenarios`."""
    return list(dict.fromkeys(result.area or "scenarios" for result in results))


def _in_force(result: Result) -> list[tuple[str, Configuration | None]]:
    control = result.control
    return [(result.customer or "no customer", result.configuration), *([(control.customer, control.configuration)] if control else [])]


def _urgency(result: Result) -> int:
    if is_regression(result):
        return 0
    if result.verdict is Outcome.INCONCLUSIVE:
        return 1
    return 3 if result.expected_by_status else 2


def _seen(rate: Rate) -> str:
    share = f"{rate.reproduced / rate.decided:.0%}"
    interval = f"; 95% interval {rate.low:.0%} to {rate.high:.0%}" if rate.low is not None and rate.high is not None else ""
    return f"Seen in {rate.reproduced} of {_attempts(rate.decided)} ({share}{interval})."


def _unseen(rate: Rate) -> str:
    bound = f" It could still come in up to {rate.upper_bound:.0%} of attempts." if rate.upper_bound is not None else ""
    return f"Not seen in {_attempts(rate.decided)}.{bound}"


def _attempts(number: int) -> str:
    return _plural(number, "attempt", "attempts")


def _plural(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
