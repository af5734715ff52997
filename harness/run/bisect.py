"""Drives the search for the settings that cause a symptom: each question of the search becomes attempts in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.plan.model import Case
from harness.plan.variants import probe_case, variant
from harness.run.case import CaseResult, Tools, run_case
from harness.scenario.customer import Customer
from harness.verdict.ddmin import Batch, Bisection, Result, bisect
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import Trial, step, until_measured
from harness.verdict.settings import SettingDiff


@dataclass(frozen=True)
class Limits:
    """`probes` are distinct configurations; `minutes` are of wall time, looked at between probes."""

    confidence: float = 0.95
    probes: int | None = 100
    minutes: float = 30.0


@dataclass(frozen=True)
class Found:
    """What came of a bisection: the customer's own attempts, and the search's result; None when the symptom was not seen to begin with."""

    customer: CaseResult
    result: Result[str] | None


async def run_bisection(
    case: Case, baseline: Customer, diffs: Sequence[SettingDiff], tools: Tools, limits: Limits, said: Callable[[str], None]
) -> Found:
    """Measures how often the symptom comes, then searches the smallest set of settings that triggers it."""
    began = time.monotonic()
    own = CaseResult(case)
    trial = await _try(case, tools, own, until_measured(limits.confidence))
    if trial.answer is not Outcome.REPRODUCED or case.customer is None:
        return Found(own, None)
    said(f"reproduced in {trial.reproduced} of {trial.decided} attempts; {len(diffs)} settings differ")
    search = bisect([diff.path for diff in diffs], Bisection(trial.reproduced, trial.decided, limits.confidence, limits.probes))
    by_path = {diff.path: diff for diff in diffs}
    number = 0
    try:
        batch: Batch[str] = next(search)
        while True:
            answers: dict[frozenset[str], Trial] = {}
            for probe in batch:
                if time.monotonic() - began > limits.minutes * 60:
                    break
                number += 1
                customer = variant(case.customer, baseline, [by_path[path] for path in sorted(probe.settings)])
                mixed = probe_case(case, customer, number)
                answers[probe.settings] = await _try(mixed, tools, CaseResult(mixed), probe.trial)
                said(f"probe {number}: {_named(probe.settings, len(diffs))}: {answers[probe.settings].answer or 'no answer'}")
            batch = search.send(answers)
    except StopIteration as end:
        return Found(own, end.value)


async def _try(case: Case, tools: Tools, result: CaseResult, trial: Trial) -> Trial:
    """Attempts until the trial has its answer."""
    await run_case(case, tools, result, trial)
    for attempt in result.attempts:
        trial = step(trial, attempt.outcome)
    while trial.answer is None:  # the case ended for a reason of its own: its environment is down
        trial = step(trial, Outcome.INCONCLUSIVE)
    return trial


def _named(settings: frozenset[str], of: int) -> str:
    if not settings:
        return "the baseline's settings"
    shown = ", ".join(sorted(settings)[:4]) + (" …" if len(settings) > 4 else "")
    return f"{len(settings)} of {of} as the customer has them ({shown})"
