"""One case: its tenant is locked, its customer's configuration put in force, its attempts made, and everything put back."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from harness.diagnostics import Problems
from harness.evidence.redact import TYPED, Redactor
from harness.plan.model import Case
from harness.record.asked import AttemptFile, Came, CaseFile, read_attempts, write_attempt, write_case
from harness.record.clean import without_secrets
from harness.record.model import AttemptRecord, Configuration
from harness.run import configuration
from harness.run.attempt import Attempt, make_attempt
from harness.run.configuration import Journal, NotConfigured
from harness.run.environments import Environments
from harness.run.events import AttemptEnded, CaseBegan, CaseEnded, CaseWaits, RunEvent, StepDone
from harness.run.locks import Locks
from harness.run.ports import Api, BrowserHost, BrowserLost, Capture
from harness.run.scope import Scopes, secrets_of
from harness.run.sessions import SessionStore
from harness.run.totp import Totp
from harness.scenario.environment import Environment
from harness.scenario.template import Scope, TemplateError, resolve
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import Trial, step
from harness.verdict.verdicts import Ended, judge


@dataclass(frozen=True)
class Tools:
    """What every case of a run shares. Clock, tokens and folders are given, so that tests decide them. `known` are the secrets that the
    run has met: those that were declared, and what was typed into password fields."""

    host: BrowserHost
    locks: Locks
    journal: Journal
    totp: Totp
    environments: Environments
    sessions: SessionStore
    root: Path
    workspace: Path
    environ: Mapping[str, str]
    capture: Capture
    keep_trace: str
    token: Callable[[], str]
    emit: Callable[[RunEvent], None]
    run_id: str
    slots: asyncio.Semaphore
    prove: bool = False
    known: Redactor = field(default_factory=Redactor)


@dataclass
class CaseResult:
    """What came of a case: how each attempt ended, by its number; the rest of it is in the run's folder. `complete` once nothing of it is
    still to be done. `fingerprint` is that of the configuration with which the attempts of an earlier run were made, which stand here from
    the start when that run is resumed. `only` is the number of the one attempt that is to be made here, where others make the rest."""

    case: Case
    attempts: dict[int, Ended] = field(default_factory=dict)
    configuration: Configuration | None = None
    complete: bool = False
    fingerprint: str | None = None
    only: int | None = None

    @property
    def ended(self) -> tuple[Ended, ...]:
        """How the attempts ended, in their order."""
        return tuple(self.attempts[number] for number in sorted(self.attempts))

    @property
    def reproduced(self) -> bool:
        """Whether any attempt reproduced."""
        return any(each.outcome is Outcome.REPRODUCED for each in self.attempts.values())

    def came(self, folder: Path) -> Came:
        """All of it, as it was written into the run's `folder`. An attempt that is not there any more has not come back."""
        found = read_attempts(folder, self.case.key, sorted(self.attempts))
        return Came(found, self.configuration, self.complete and len(found) == len(self.attempts))


def taken_up(case: Case, came: Came) -> CaseResult:
    """What an earlier run made of a case, to go on with."""
    attempts = {each.number: Ended(each.outcome, each.reason) for each in came.attempts}
    return CaseResult(case, attempts, came.configuration, came.complete, came.fingerprint)


async def run_case(case: Case, tools: Tools, result: CaseResult, trial: Trial | None = None) -> None:
    """Makes the case's attempts and notes them in `result`. When it is cancelled, what was done is put back first, and
    CancelledError goes on. With a `trial`, attempts are made until it has its answer, whatever the case's limits say."""
    declared = secrets_of(case, tools.environ)
    tools.known.take(declared.redactor, declared.declared)
    async with tools.locks.held(case.locks, lambda what: tools.emit(CaseWaits(case.key, what.replace("|", " ")))), tools.slots:
        tools.emit(CaseBegan(case.key, case.scenario.title))
        try:
            if complaint := await tools.environments.complaint(case):
                _refuse(result, tools, complaint, "environment")
            else:
                await _configured(case, tools, result, trial)
        except Problems as problems:  # what the browsers need is not there
            _refuse(result, tools, problems.diagnostics[0].message, "browser")
    if result.only is None:
        result.complete = True
        _write(result, tools)
    verdict = judge(result.ended)
    tools.emit(CaseEnded(case.key, str(verdict.outcome), verdict.reason))


async def _configured(case: Case, tools: Tools, result: CaseResult, trial: Trial | None) -> None:
    scope = _scopes(case, tools, 1).base()
    try:
        client = api_of(tools.host, case.environment, scope)
    except TemplateError as error:
        _refuse(result, tools, f"The environment's own requests can't be made: {error}.", "setup")
        return

    def restored(why: str | None) -> None:
        assert result.configuration is not None
        result.configuration = result.configuration.model_copy(update={"restored": why is None, "note": why and tools.known.text(why)})
        if result.only is None:
            _write(result, tools)  # when the case is interrupted, nothing else is written after this

    async with client as api, AsyncExitStack() as stack:
        tenant = configuration.in_force(case, api, scope, tools.journal, tools.workspace, restored)
        try:
            result.configuration = without_secrets(await stack.enter_async_context(tenant), tools.known)
            _take_up(result, tools)
        except NotConfigured as error:
            result.configuration = None
            _refuse(result, tools, str(error), "environment")
            return
        await _attempts(case, tools, result, trial)


def _take_up(result: CaseResult, tools: Tools) -> None:
    """Attempts of an earlier run go on counting when the configuration in force is the same as it was then."""
    assert result.configuration is not None
    if result.attempts and result.fingerprint != result.configuration.fingerprint:
        result.attempts.clear()
    if result.only is None:
        _write(result, tools)


def _write(result: CaseResult, tools: Tools) -> None:
    write_case(tools.root, result.case.key, CaseFile(configuration=result.configuration, complete=result.complete))


async def _attempts(case: Case, tools: Tools, result: CaseResult, trial: Trial | None) -> None:
    limits = case.limits
    if result.only is not None:
        _keep(result, tools, await _attempt(case, tools, result.only))
        return
    trial = functools.reduce(lambda at, each: step(at, each.outcome), result.ended, trial) if trial is not None else None
    while trial is not None and trial.answer is None:
        record = await _attempt(case, tools, _free(result))
        _keep(result, tools, record)
        trial = step(trial, record.outcome)
    if trial is not None:
        return
    if limits.measure and not case.locks and limits.attempts > 1:
        await _all_at_once(case, tools, result)
        return
    if not limits.measure and result.reproduced:
        return
    for number in _left(case, result):
        record = await _attempt(case, tools, number)
        _keep(result, tools, record)
        if record.outcome is Outcome.REPRODUCED and not limits.measure:
            return


async def _all_at_once(case: Case, tools: Tools, result: CaseResult) -> None:
    """Attempts that nothing binds to each other: one after the other in the case's own slot, and more at once in slots that are free."""
    left = _left(case, result)
    numbers = iter(left)

    async def in_own_slot() -> None:
        for number in numbers:
            _keep(result, tools, await _attempt(case, tools, number))

    async def in_free_slot() -> None:
        async with tools.slots:
            if (number := next(numbers, None)) is not None:
                _keep(result, tools, await _attempt(case, tools, number))

    helpers = [asyncio.ensure_future(in_free_slot()) for _ in range(len(left) - 1)]
    try:
        await in_own_slot()
        while len(result.attempts) < case.limits.attempts:
            await asyncio.wait([each for each in helpers if not each.done()], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for helper in helpers:
            helper.cancel()
        ended = await asyncio.gather(*helpers, return_exceptions=True)
    failed = [each for each in ended if isinstance(each, Exception)]
    if failed:
        raise failed[0]


def _left(case: Case, result: CaseResult) -> list[int]:
    """The numbers of the attempts that are still to be made."""
    return [number for number in range(1, case.limits.attempts + 1) if number not in result.attempts]


def _keep(result: CaseResult, tools: Tools, record: AttemptRecord) -> None:
    result.attempts[record.number] = Ended(record.outcome, record.reason)
    write_attempt(tools.root, result.case.key, _bundle(result, record))
    tools.emit(AttemptEnded(result.case.key, record, result.case.limits.attempts))


def _bundle(result: CaseResult, record: AttemptRecord) -> AttemptFile:
    case = result.case
    customer = case.customer.id if case.customer else None
    return AttemptFile(
        scenario=case.scenario.id, customer=customer, environment=case.environment.id, configuration=result.configuration, attempt=record
    )


def _free(result: CaseResult) -> int:
    """The number of the next attempt: the first that none has."""
    return next(number for number in range(1, len(result.attempts) + 2) if number not in result.attempts)


async def _attempt(case: Case, tools: Tools, number: int) -> AttemptRecord:
    """One attempt; begun anew once when its browser was lost, and once without a kept session that may have made the difference."""
    signed_in = tools.sessions.for_attempt(case)
    record = await _unbroken(case, tools, number, fresh=False)
    if signed_in.used and record.outcome is not Outcome.NOT_REPRODUCED:
        tools.sessions.forget(case)
        record = await _unbroken(case, tools, number, fresh=True)
    if record.outcome is Outcome.REPRODUCED and (complaint := await tools.environments.complaint(case, again=True)):
        reason = f"{complaint} So what was seen ({record.reason.rstrip('.')}) may come from that."
        record = record.model_copy(update={"outcome": Outcome.INCONCLUSIVE, "reason": reason, "decided_by": "environment"})
    return record


async def _unbroken(case: Case, tools: Tools, number: int, fresh: bool) -> AttemptRecord:
    lost: list[str] = []
    begun = datetime.now(UTC)
    for _ in range(2):
        attempt = attempt_of(case, tools, number, fresh)
        try:
            record = await make_attempt(attempt, tools.host)
            tools.known.take(attempt.scopes.secrets.redactor, (TYPED,))
            return record.model_copy(update={"repeated_after": lost[0]}) if lost else record
        except BrowserLost as error:
            lost.append(str(error))
        except Problems as problems:
            return _without_answer(number, begun, problems.diagnostics[0].message, "browser")
    return _without_answer(number, begun, f"The browser was lost twice: {lost[-1]}.", "browser")


def attempt_of(case: Case, tools: Tools, number: int, fresh: bool = False) -> Attempt:
    """An attempt that can be made; `fresh` without a kept session."""
    return Attempt(
        case=case,
        number=number,
        root=tools.root,
        folder=tools.root / case.key / f"attempt-{number}",
        workspace=tools.workspace,
        scopes=_scopes(case, tools, number),
        capture=tools.capture,
        keep_trace=tools.keep_trace,
        prove=tools.prove,
        signed_in=tools.sessions.for_attempt(case, fresh),
        on_step=lambda step: tools.emit(StepDone(case.key, number, step)),
    )


def _scopes(case: Case, tools: Tools, number: int) -> Scopes:
    run: dict[str, Any] = {"token": tools.token(), "id": tools.run_id, "attempt": number}
    return Scopes(case, secrets_of(case, tools.environ), tools.totp, run, _today(case))


def _today(case: Case) -> date:
    """The scenario's clock, where it has one, else the date where the customer is."""
    clock, timezone = (case.customer.clock, case.customer.browser.timezone) if case.customer else (None, None)
    if isinstance(clock, datetime):
        return clock.date()
    return datetime.now(ZoneInfo(timezone) if isinstance(timezone, str) else None).date()


def _refuse(result: CaseResult, tools: Tools, reason: str, decided_by: Literal["environment", "setup", "browser"]) -> None:
    _keep(result, tools, _without_answer(result.only or _free(result), datetime.now(UTC), tools.known.text(reason), decided_by))


def _without_answer(number: int, begun: datetime, reason: str, decided_by: Any) -> AttemptRecord:
    took = round((datetime.now(UTC) - begun).total_seconds() * 1000)
    reason = reason if reason.endswith(".") else f"{reason}."
    return AttemptRecord(number=number, outcome=Outcome.INCONCLUSIVE, reason=reason, decided_by=decided_by, started=begun, duration_ms=took)


def api_of(host: BrowserHost, environment: Environment, scope: Scope) -> AbstractAsyncContextManager[Api]:
    """The harness's own HTTP client for an environment, with the headers that the environment gives it. Raises TemplateError."""
    headers = resolve(environment.headers or {}, scope)
    return host.api((urlsplit(environment.base_url).hostname or "", *environment.allow_hosts), headers)
