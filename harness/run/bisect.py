"""Drives the search for the settings that cause a symptom: each question of the search becomes attempts in a real browser."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.plan.model import Case
from harness.plan.variants import probe_case, variant
from harness.run.case import CaseResult, Tools, run_case
from harness.scenario.customer import Customer
from harness.verdict.ddmin import Batch, Bisection, Probe, Result, bisect
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import Trial, step, until_measured
from harness.verdict.settings import SettingDiff


@dataclass(frozen=True)
class Limits:
    """`probes` are distinct configurations; `minutes` are of wall time, looked at between probes; `side_by_side` probes run
    at once where no tenant forbids it."""

    confidence: float = 0.95
    probes: int | None = 100
    minutes: float = 30.0
    side_by_side: int = 1


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
    trial = await tried(case, tools, own, until_measured(limits.confidence))
    if trial.answer is not Outcome.REPRODUCED or case.customer is None:
        return Found(own, None)
    said(f"reproduced in {trial.reproduced} of {trial.decided} attempts; {len(diffs)} settings differ")
    side_by_side = 1 if case.locks else limits.side_by_side
    plan = Bisection(trial.reproduced, trial.decided, limits.confidence, limits.probes, side_by_side)
    search = bisect([diff.path for diff in diffs], plan)
    asking = _Asking(case, baseline, {diff.path: diff for diff in diffs}, tools, said)
    try:
        batch: Batch[str] = next(search)
        while True:
            over = time.monotonic() - began > limits.minutes * 60
            batch = search.send({} if over else await asking.answers(batch))
    except StopIteration as end:
        return Found(own, end.value)


@dataclass
class _Asking:
    """Turns the search's probes into attempts; those of a batch run side by side, as far as their locks let them."""

    case: Case
    baseline: Customer
    by_path: Mapping[str, SettingDiff]
    tools: Tools
    said: Callable[[str], None]
    number: int = 0

    async def answers(self, batch: Batch[str]) -> dict[frozenset[str], Trial]:
        """The ended trial of each probe."""
        trials = await asyncio.gather(*(self._answer(probe) for probe in batch))
        return {probe.settings: trial for probe, trial in zip(batch, trials, strict=True)}

    async def _answer(self, probe: Probe[str]) -> Trial:
        assert self.case.customer is not None
        self.number += 1
        number = self.number
        chosen = [self.by_path[path] for path in sorted(probe.settings)]
        mixed = probe_case(self.case, variant(self.case.customer, self.baseline, chosen), number)
        trial = await tried(mixed, self.tools, CaseResult(mixed), probe.trial)
        self.said(f"probe {number}: {_named(probe.settings, len(self.by_path))}: {trial.answer or 'no answer'}")
        return trial


async def tried(case: Case, tools: Tools, result: CaseResult, trial: Trial) -> Trial:
    """Attempts until the trial has its answer."""
    await run_case(case, tools, result, trial)
    for ended in result.ended:
        trial = step(trial, ended.outcome)
    while trial.answer is None:  # the case ended for a reason of its own: its environment is down
        trial = step(trial, Outcome.INCONCLUSIVE)
    return trial


def _named(settings: frozenset[str], of: int) -> str:
    if not settings:
        return "the baseline's settings"
    shown = ", ".join(sorted(settings)[:4]) + (" …" if len(settings) > 4 else "")
    return f"{len(settings)} of {of} as the customer has them ({shown})"
