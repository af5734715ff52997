"""Two investigations of one scenario, built of the pipeline's own pieces: which settings cause the symptom, and is it fixed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness import workflow
from harness.core.exits import Exit
from harness.diagnostics import Problems, problem
from harness.plan.model import Case, Plan
from harness.workflow import Finished, Options, World

if TYPE_CHECKING:
    from harness.record.model import Bisected, Difference
    from harness.record.model import Result as ResultRecord
    from harness.run.bisect import Found, Limits
    from harness.run.case import CaseResult, Tools
    from harness.verdict.ddmin import Result
    from harness.verdict.settings import SettingDiff

Say = Callable[[str], None]


def one_case(options: Options, world: World) -> tuple[workflow.Checked, Plan, Case]:
    """The one row that the options name. Raises Problems."""
    checked = workflow.check(options, world.environ)
    planned = workflow.plan(checked, options)
    if len(planned.rows) != 1:
        raise problem(
            "one-scenario", f"this takes one scenario with one customer; {len(planned.rows)} fit", "name one file, and one --customer"
        )
    return checked, planned, planned.rows[0].case


def bisect(options: Options, world: World, limits: Limits, said: Say) -> tuple[Finished, str]:
    """Finds the smallest set of settings that triggers the symptom. Gives the run and the sentence for the ticket. Raises Problems."""
    checked, planned, case = one_case(options, world)
    baseline_name = options.control or (case.customer.baseline if case.customer else None) or case.scenario.control
    if case.customer is None or baseline_name is None:
        raise problem(
            "no-baseline", "bisecting needs a customer and a baseline", "write `baseline:` in the customer's file, or use --control"
        )
    baseline = checked.workspace.customer(baseline_name)
    if baseline is None:
        raise (
            Problems(checked.workspace.problems)
            if checked.workspace.problems
            else problem("unknown-customer", f"there is no customer `{baseline_name}`")
        )
    from harness.plan.variants import differing
    from harness.run.bisect import run_bisection

    diffs = differing(case.customer, baseline)
    folder, run_id = workflow.make_run_folder(workflow.reports_folder(checked.workspace, options), world)
    started = world.now()

    async def search() -> tuple[Found, workflow.About]:
        async with workflow.open_tools(checked.workspace, options, world, lambda event: None, folder, run_id) as tools:
            return await run_bisection(case, baseline, diffs, tools, limits, said), workflow.about(tools)

    found, about = asyncio.run(search())
    info = workflow.run_info(planned, about, options, run_id, (started, world.now()), checked.workspace)
    result = _bisected_result(planned, found, folder, diffs, baseline_name)
    finished = workflow.finish(info, [result], folder, known=about.known)
    return finished, result.classification_reason or result.reason


def _bisected_result(planned: Plan, found: Found, folder: Path, diffs: Sequence[SettingDiff], baseline: str) -> ResultRecord:
    from harness.record.assemble import Context, asked_of, result_of

    row = replace(planned.rows[0], control=None)
    result = result_of(asked_of(row), found.customer.came(folder), None, Context())
    search = found.result
    if search is None:
        return result
    environment = row.case.environment
    differing = _differences(diffs, search.culprits, environment.customer_settable)
    bisected = _bisected(search, differing, baseline)
    update = {
        "differences": differing,
        "bisected": bisected,
        "classification": _classification(search, differing),
        "classification_reason": bisected.sentence,
    }
    return result.model_copy(update=update)


def _differences(diffs: Sequence[SettingDiff], culprits: Sequence[str], patterns: Sequence[str]) -> tuple[Difference, ...]:
    from harness.record.model import Difference
    from harness.verdict.settings import MISSING, settable

    def given(value: object) -> object:
        return None if value is MISSING else value

    return tuple(
        Difference(
            path=diff.path,
            customer=given(diff.customer_value),
            baseline=given(diff.baseline_value),
            customer_given=diff.customer_value is not MISSING,
            baseline_given=diff.baseline_value is not MISSING,
            customer_settable=settable(diff.path, patterns),
            culprit=diff.path in culprits,
        )
        for diff in diffs
    )


def _classification(search: Result[str], differing: Sequence[Difference]) -> object:
    from harness.verdict.ddmin import Ending
    from harness.verdict.outcome import Classification

    if search.ending in (Ending.BASELINE_REPRODUCES, Ending.NOTHING_DIFFERS):
        return Classification.DEFECT if search.ending is Ending.BASELINE_REPRODUCES else None
    culprits = [difference for difference in differing if difference.culprit]
    if not search.is_confirmed or not culprits:
        return Classification.CONFIGURATION
    return Classification.MISCONFIGURATION if all(each.customer_settable for each in culprits) else Classification.EDGE_CASE


def _bisected(search: Result[str], differing: Sequence[Difference], baseline: str) -> Bisected:
    from harness.record.model import Bisected

    return Bisected(
        culprits=tuple(search.culprits),
        confirmed_with_baseline=search.sufficient,
        confirmed_without=search.necessary is True,
        probes=search.probes,
        attempts=search.attempts,
        confidence=round(search.confidence, 4),
        complete=search.complete is True,
        sentence=_sentence(search, [difference for difference in differing if difference.culprit], baseline),
    )


def _sentence(search: Result[str], culprits: Sequence[Difference], baseline: str) -> str:
    """What one pastes into the ticket."""
    from harness.verdict.ddmin import Ending

    effort = f"{search.probes} configurations and {search.attempts} attempts"
    if search.ending is Ending.BASELINE_REPRODUCES:
        return f"It happens with the settings of {baseline} too, on the customer's tenant, so no setting that differs causes it ({effort})."
    if search.ending is Ending.NOTHING_DIFFERS:
        return f"The customer's configuration does not differ from that of {baseline}, so there is nothing to bisect."
    if not culprits:
        return f"The settings that cause it were not found within the budget ({effort})."
    named = " together with ".join(f"{each.path} = {_value(each.customer, each.customer_given)}" for each in culprits)
    instead = ", ".join(f"{each.path} = {_value(each.baseline, each.baseline_given)}" for each in culprits)
    directions = [f"{baseline} with {'these settings' if len(culprits) > 1 else 'this setting'} reproduces it"]
    if search.necessary is True:
        directions.append(f"the customer with {instead} does not")
    elif search.necessary is False:
        others = "; ".join(", ".join(cause.settings) for cause in search.alternatives)
        directions.append(f"the customer without it still does, so there is another cause{f': {others}' if others else ''}")
    sure = f"confidence {search.confidence:.0%}" if search.confidence else "not confirmed in every direction"
    best = " The budget ended the search: this is the best so far." if search.is_best_so_far else ""
    return f"It is caused by {named}: {'; '.join(directions)} ({effort}, {sure}).{best}"


def _value(value: object, given: bool) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str) if given else "not set"


@dataclass(frozen=True)
class FixChecked:
    """What a fix check says: `exit` for the shell, `sentence` for the ticket."""

    finished: Finished
    sentence: str
    exit: Exit


def check_fix(options: Options, world: World, before: str, after: str, confidence: float, said: Say) -> FixChecked:
    """Whether the symptom is gone: reproduced in the one environment, not in the other, each as often as the rate demands."""
    checked, planned, case = one_case(replace(options, environments=(before,)), world)
    _, other_planned, other = one_case(replace(options, environments=(after,)), world)
    other = replace(other, key=f"{other.key}--after" if other.key == case.key else other.key)
    both = Plan((replace(planned.rows[0], control=None), replace(other_planned.rows[0], case=other, control=None)))
    folder, run_id = workflow.make_run_folder(workflow.reports_folder(checked.workspace, options), world)
    started = world.now()

    async def compare() -> tuple[tuple[CaseResult, CaseResult], workflow.About]:
        async with workflow.open_tools(checked.workspace, options, world, lambda event: None, folder, run_id) as tools:
            return await _compare(case, other, tools, confidence, said), workflow.about(tools)

    results, about = asyncio.run(compare())
    info = workflow.run_info(both, about, options, run_id, (started, world.now()), checked.workspace)
    sentence, code = _fix_sentence(results, before, after)
    return FixChecked(workflow.finish(info, _both(both, results, folder, about.versions), folder, known=about.known), sentence, code)


async def _compare(case: Case, other: Case, tools: Tools, confidence: float, said: Say) -> tuple[CaseResult, CaseResult]:
    from harness.run.case import CaseResult, run_case
    from harness.verdict.outcome import Outcome
    from harness.verdict.sequential import Question, Trial, until_measured
    from harness.verdict.statistics import after_attempts_needed

    before, after = CaseResult(case), CaseResult(other)
    await run_case(case, tools, before, until_measured(confidence))
    outcomes = [ended.outcome for ended in before.ended]
    seen, decided = outcomes.count(Outcome.REPRODUCED), len(outcomes) - outcomes.count(Outcome.INCONCLUSIVE)
    said(f"before: reproduced in {seen} of {decided} attempts")
    if seen:
        needed = after_attempts_needed(seen, decided, confidence)
        said(f"after: up to {needed} attempts are needed to be {confidence:.0%} sure")
        await run_case(other, tools, after, Trial(Question(needed)))
    return before, after


def _both(plan: Plan, results: tuple[CaseResult, CaseResult], folder: Path, versions: Mapping[str, str]) -> Iterator[ResultRecord]:
    from harness.record.assemble import Context, asked_of, result_of

    for row, result in zip(plan.rows, results, strict=True):
        yield result_of(asked_of(row), result.came(folder), None, Context(versions=versions))


def _fix_sentence(results: tuple[CaseResult, CaseResult], before: str, after: str) -> tuple[str, Exit]:
    from harness.verdict.outcome import Outcome
    from harness.verdict.statistics import fix_confidence

    counts = []
    for result in results:
        outcomes = [ended.outcome for ended in result.ended]
        counts.append((outcomes.count(Outcome.REPRODUCED), len(outcomes) - outcomes.count(Outcome.INCONCLUSIVE)))
    (seen, tried), (later, again) = counts
    if not seen:
        return f"It did not reproduce in {before} ({seen} of {tried} attempts), so nothing can be said of a fix.", Exit.INCONCLUSIVE
    head = f"It reproduced in {seen} of {tried} attempts in {before} and in {later} of {again} in {after}"
    if later:
        return f"{head}: it is not fixed.", Exit.VERDICT
    if not again:
        return (
            f"{head}: whether it is fixed could not be decided. {results[1].ended[-1].reason if results[1].attempts else ''}".strip(),
            Exit.INCONCLUSIVE,
        )
    return f"{head}: it is fixed, with a confidence of {fix_confidence(seen, tried, later, again):.1%}.", Exit.AS_EXPECTED
