"""What was planned and what came back -> the record's results. Whatever was planned and did not come back is a row, inconclusive."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from harness.plan.model import Case, Planned
from harness.record.asked import Asked, Came, RunPlan
from harness.record.model import (
    AttemptRecord,
    Configuration,
    ControlRecord,
    Difference,
    KnownAnswer,
    Rate,
    Result,
    ScenarioSource,
)
from harness.scenario.answers import Answer, answers_that_fit
from harness.verdict.outcome import Outcome
from harness.verdict.questions import Facts, questions
from harness.verdict.settings import MISSING, differences, settable
from harness.verdict.statistics import further_attempts
from harness.verdict.verdicts import Ended, Judgement, Verdict, classify, expected_by_status, judge


@dataclass(frozen=True)
class Context:
    """What the run as a whole says about a row. `versions` are those of the environments, by their id."""

    interrupted: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


def asked_of(row: Planned, ticket_url: str | None = None) -> Asked:
    """The row as plain values. `ticket_url` is the pattern of the workspace, with `{ticket}` in it."""
    case, scenario = row.case, row.case.scenario
    return Asked(
        key=case.key,
        scenario=scenario.id,
        title=scenario.title,
        ticket=scenario.ticket,
        ticket_url=_ticket_url(scenario.ticket, ticket_url),
        area=scenario.area,
        tags=scenario.tags,
        status="fixed" if scenario.status == "fixed" else "open",
        report=scenario.report,
        customer=case.customer.id if case.customer else None,
        customer_name=case.customer.name if case.customer else None,
        environment=case.environment.id,
        base_url=case.environment.base_url,
        control=row.control.customer.id if row.control and row.control.customer else None,
        control_key=row.control.key if row.control else None,
        attempts=case.limits.attempts,
        measure=case.limits.measure,
        customer_settable=case.environment.customer_settable,
        facts=_facts(case),
        rerun=_rerun(case),
        source=ScenarioSource(path=scenario.source.path, text=scenario.source.text),
    )


def left_behind(plan: RunPlan, here: Container[str]) -> tuple[Asked, ...]:
    """The rows of an earlier plan that no file names any more: what came of them stands in the report, and what is missing is said."""
    return tuple(each for each in plan.asked if each.key in plan.mine and each.key not in here)


def results_of(asked: Iterable[Asked], came: Callable[[str], Came | None], context: Context) -> Iterator[Result]:
    """The rows' results, one at a time: a run may have more attempts than fit into memory. `came` tells what came of a case."""
    for row in asked:
        yield result_of(row, came(row.key) or Came(complete=False), came(row.control_key) if row.control_key else None, context)


SAME = (
    *("key", "scenario", "title", "ticket", "ticket_url", "area", "tags", "status", "report"),
    *("customer", "customer_name", "environment", "base_url"),
)


def result_of(asked: Asked, came: Came, control: Came | None, context: Context) -> Result:
    """The row's result."""
    attempts, verdict = _compared(asked, came, context)
    control_record = _control(asked, control, context) if asked.control_key is not None else None
    differing = _differences(asked, came, control)
    judgement = _classify(verdict, control_record, differing)
    return Result(
        **{name: getattr(asked, name) for name in SAME},
        environment_version=context.versions.get(asked.environment),
        verdict=verdict.outcome,
        reason=verdict.reason,
        classification=judgement.classification,
        classification_reason=judgement.reason,
        expected_by_status=expected_by_status(verdict.outcome, asked.status),
        attempts=attempts,
        rate=_rate(verdict),
        control=control_record,
        configuration=came.configuration,
        differences=differing,
        questions=questions(_known(asked, verdict)),
        answers=_answers(asked.report, verdict, attempts, context.answers),
        evidence=_evidence(attempts),
        rerun=asked.rerun,
        source=asked.source,
        duration_ms=sum(attempt.duration_ms for attempt in attempts),
    )


def _compared(asked: Asked, came: Came, context: Context) -> tuple[tuple[AttemptRecord, ...], Verdict]:
    """The attempts that came back, and the verdict over all that were planned: one that is missing is inconclusive, never clean."""
    ended = [Ended(attempt.outcome, attempt.reason) for attempt in came.attempts]
    stopped = not asked.measure and any(each.outcome is Outcome.REPRODUCED for each in ended)
    if came.attempts and (came.complete or stopped):
        return came.attempts, judge(ended)
    numbers = {attempt.number for attempt in came.attempts}
    missing = _never_came(context, next(number for number in range(1, len(numbers) + 2) if number not in numbers))
    left_out = max(1, asked.attempts - len(ended)) if ended else 1
    attempts = tuple(sorted((*came.attempts, missing), key=lambda attempt: attempt.number))
    return attempts, judge([*ended, *[Ended(missing.outcome, missing.reason)] * left_out])


def _rate(verdict: Verdict) -> Rate:
    return Rate(**asdict(verdict.tally))


def _never_came(context: Context, number: int) -> AttemptRecord:
    by: Literal["interrupt", "lost"] = "interrupt" if context.interrupted else "lost"
    reason = "The run was interrupted before this was decided." if context.interrupted else "It was planned, and no result of it came back."
    return AttemptRecord(
        number=number, outcome=Outcome.INCONCLUSIVE, reason=reason, decided_by=by, started=datetime.now(UTC), duration_ms=0
    )


def _control(asked: Asked, came: Came | None, context: Context) -> ControlRecord:
    attempts, verdict = _compared(asked, came or Came(), context)
    return ControlRecord(
        customer=asked.control or "",
        verdict=verdict.outcome,
        reason=verdict.reason,
        rate=_rate(verdict),
        attempts=attempts,
        configuration=came.configuration if came else None,
    )


def _classify(verdict: Verdict, control: ControlRecord | None, differing: Sequence[Difference]) -> Judgement:
    names = [difference.path for difference in differing]
    return classify(verdict.outcome, control.verdict if control else None, control.customer if control else "", names)


def in_one(configuration: Configuration) -> dict[str, Any]:
    """Settings, browser, network and clock of a configuration as one mapping."""
    browser = dict(configuration.browser)
    rest: dict[str, Any] = {key: browser.pop(key) for key in ("network", "clock") if key in browser}
    shown: dict[str, Any] = {"browser": browser} if browser else {}
    return {**configuration.settings, **shown, **rest}


def _differences(asked: Asked, came: Came, control: Came | None) -> tuple[Difference, ...]:
    if control is None or came.configuration is None or control.configuration is None:
        return ()
    found = differences(in_one(came.configuration), in_one(control.configuration))
    return tuple(
        Difference(
            path=each.path,
            customer=_plain(each.customer_value),
            baseline=_plain(each.baseline_value),
            customer_given=each.customer_value is not MISSING,
            baseline_given=each.baseline_value is not MISSING,
            customer_settable=settable(each.path, asked.customer_settable),
        )
        for each in found
    )


def _plain(value: Any) -> Any:
    return None if value is MISSING else json.loads(json.dumps(value, default=str))


def _facts(case: Case) -> dict[str, Any]:
    """What was given of the customer's circumstances."""
    customer = case.customer
    return {
        "customer": customer is not None,
        "settings": bool(customer and customer.settings),
        "locale": bool(customer and customer.browser.locale),
        "timezone": bool(customer and customer.browser.timezone),
        "browser": bool(customer and (customer.browser.user_agent or customer.browser.channel or customer.browser.device)),
        "clock": bool(customer and customer.clock),
        "network": bool(customer and (customer.network.profile or customer.network.block)),
        "expected": case.scenario.expected is not None,
    }


def _known(asked: Asked, verdict: Verdict) -> Facts:
    tally = verdict.tally
    further = further_attempts(tally.decided, tally.attempts - tally.decided) if tally.decided else 0
    decided = verdict.outcome is Outcome.REPRODUCED
    return Facts(decided=decided, attempts=asked.attempts, further=further, area=asked.area or "", **asked.facts)


def _answers(
    report: str | None, verdict: Verdict, attempts: Sequence[AttemptRecord], known: Mapping[str, Answer]
) -> tuple[KnownAnswer, ...]:
    """What the team knows already of such a symptom."""
    console = [line.text for attempt in attempts for line in attempt.console_errors]
    console += [error.message for attempt in attempts for error in attempt.page_errors]
    requests = [f"{line.method} {line.url} {line.answer}" for attempt in attempts for line in attempt.failed_requests]
    facts = {"verdict": str(verdict.outcome), "reason": verdict.reason, "report": report or "", "console": console, "request": requests}
    names = answers_that_fit(dict(known), facts)
    return tuple(KnownAnswer(name=name, classification=known[name].classification, reply=known[name].reply) for name in names)


def _evidence(attempts: Sequence[AttemptRecord]) -> tuple[str, ...]:
    found: list[str] = []
    for attempt in attempts:
        files = (attempt.deciding_screenshot, attempt.trace, attempt.console_log, attempt.network_log)
        found += [path for path in (*files, *(step.screenshot for step in attempt.steps)) if path]
    return tuple(dict.fromkeys(found))


def _rerun(case: Case) -> str:
    words = ["repro", "run", case.scenario.source.path, "--environment", case.environment.id]
    return shlex.join([*words, *(["--customer", case.customer.id] if case.customer else [])])


def _ticket_url(ticket: str | None, pattern: str | None) -> str | None:
    if ticket is None:
        return None
    if ticket.startswith(("https://", "http://")):
        return ticket
    return pattern.replace("{ticket}", ticket) if pattern else None
