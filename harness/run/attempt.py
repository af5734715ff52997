"""One attempt, from a fresh browser context to its record. Whatever happens in it, it ends with an outcome and a reason.

Only three things leave it as exceptions: a lost browser, cancellation, and problems that every attempt would meet (no browser at all).
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from harness.core.durations import format_duration
from harness.evidence.events import ConsoleEvent, DownloadEvent, Event, EventLog, Exchange, HeldEvent, PageErrorEvent
from harness.evidence.redact import Redactor
from harness.evidence.scan import written_leaks
from harness.evidence.scrub import scrub_files
from harness.evidence.store import CONSOLE, NETWORK, write_events
from harness.plan.model import Case
from harness.record.clean import without_secrets
from harness.record.model import AttemptRecord, ConsoleLine, Held, NetworkLine, PageError, StepRecord, StepStatus
from harness.run.clipboard import pastes
from harness.run.ports import BrowserHost, BrowserLost, Capture, PageState, Session, SessionEvidence, SessionSpec, Truth
from harness.run.scope import Scopes
from harness.run.sessions import SignedIn
from harness.run.steps import Progress, do_steps, outline, relative
from harness.run.watch import Oracles, Stale, Watch, watch
from harness.scenario.condition import Condition, only_blank, rests_on_absence, rests_on_event
from harness.scenario.customer import BrowserSettings, NetworkSettings
from harness.scenario.template import TemplateError, resolve
from harness.verdict.outcome import Outcome
from harness.verdict.ruling import Ruling, Seen, Stop, Watched, rule, setup_failed, stop_sentence

EXCERPT = 50
UNANSWERED_MS = 1_000
CLEANUP_MS = 30_000
DOWNLOADS = "downloads"


@dataclass(frozen=True)
class Attempt:
    """What one attempt is made of. `folder` is its own, below `root`, the report's folder."""

    case: Case
    number: int
    root: Path
    folder: Path
    workspace: Path
    scopes: Scopes
    capture: Capture
    keep_trace: str
    signed_in: SignedIn
    prove: bool = False
    on_step: Callable[[StepRecord], None] = field(default=lambda record: None)


@dataclass
class _State:
    """What is known of an attempt at any moment, so that an end that comes from outside still leaves a record."""

    attempt: Attempt
    log: EventLog
    begun: datetime
    progress: Progress | None = None
    watched: Watched | None = None
    picture: Path | None = None
    page: PageState | None = None
    held_at_start: str | None = None
    notes: list[str] = field(default_factory=list)


async def make_attempt(attempt: Attempt, host: BrowserHost) -> AttemptRecord:
    """Makes the attempt. Raises BrowserLost when its browser was lost, CancelledError when it was interrupted."""
    started = time.monotonic()
    log = EventLog(lambda: round((time.monotonic() - started) * 1000))
    state = _State(attempt, log, datetime.now(UTC))
    shutil.rmtree(attempt.folder, ignore_errors=True)  # what an attempt left that was broken off
    attempt.folder.mkdir(parents=True)
    try:
        spec = await spec_of(attempt)
    except TemplateError as error:
        return _record(state, Ruling(Outcome.INCONCLUSIVE, f"The browser can't be set up for this customer: {error}.", "setup"))
    session = await host.open(spec, log)
    try:
        ruling = await _within_budget(state, session)
    except BaseException:
        await _bounded(host.discard(session))
        write_events(log.since(0), attempt.folder, attempt.scopes.secrets.redactor)
        raise
    keep = attempt.keep_trace == "on" or (attempt.keep_trace == "decided" and ruling.outcome is not Outcome.NOT_REPRODUCED)
    evidence = await _close(host, session, keep)
    state.notes += evidence.notes
    if state.progress is not None:
        outline(state.progress, evidence.boxes)
    redactor = attempt.scopes.secrets.redactor
    write_events(log.since(0), attempt.folder, redactor)
    record = _record(state, ruling, evidence.trace)
    if not redactor.knows:
        return record
    return await asyncio.to_thread(_without_secrets, record, attempt.folder, redactor)


def _without_secrets(record: AttemptRecord, folder: Path, redactor: Redactor) -> AttemptRecord:
    """What became a secret late in the attempt is taken out of what was noted early, and out of the downloads."""
    scrub_files(folder / DOWNLOADS, redactor)
    return without_secrets(record, redactor).model_copy(update={"leaks": written_leaks(folder, redactor)})


async def _close(host: BrowserHost, session: Session, keep: bool) -> SessionEvidence:
    """What was decided stays decided when the browser is lost only now."""
    try:
        return await session.close(keep)
    except BrowserLost as lost:
        await _bounded(host.discard(session))
        return SessionEvidence(notes=(f"the browser was lost after the attempt was decided: {lost}",))


async def _bounded(work: Awaitable[None]) -> None:
    """Clean-up that must not hang, also while being cancelled."""
    try:
        await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(work)), 10)
    except TimeoutError:
        return


async def _within_budget(state: _State, session: Session) -> Ruling:
    budget_ms = state.attempt.case.limits.attempt_timeout_ms
    try:
        async with asyncio.timeout(budget_ms / 1000):
            ruling = await _carry_out(state, session)
    except TimeoutError:
        ruling = Ruling(
            Outcome.INCONCLUSIVE, f"The attempt took longer than {format_duration(budget_ms)} and was stopped{_at(state)}.", "budget"
        )
    except asyncio.CancelledError:
        await asyncio.shield(_cleanup(state, session))
        raise
    await _cleanup(state, session)
    return ruling


def _at(state: _State) -> str:
    records = state.progress.records if state.progress else []
    return f" after `{records[-1].text}`" if records else ""


async def _carry_out(state: _State, session: Session) -> Ruling:
    attempt, scenario = state.attempt, state.attempt.case.scenario
    progress = state.progress = progress_of(attempt, session)
    await do_steps(progress, attempt.signed_in.setup(scenario.setup), "setup")
    if progress.stop is not None:
        state.page = await session.state()
        return setup_failed(progress.stop)
    await attempt.signed_in.keep(session)
    progress.start = session.log.position()
    if attempt.prove:
        state.held_at_start = await _at_start(progress, scenario.symptom)
    before = _Before(state)
    await do_steps(progress, scenario.steps, "steps", before.look)
    if progress.stop is not None and progress.stop.unreachable:
        return Ruling(Outcome.INCONCLUSIVE, stop_sentence(progress.stop), "environment")
    if progress.stop is not None and progress.stop.unprepared:
        return Ruling(Outcome.INCONCLUSIVE, stop_sentence(progress.stop), "step")
    return await _watch(state, progress, before.held)


async def _at_start(progress: Progress, symptom: Condition) -> str | None:
    """What the symptom's oracle sees before the first step, where it holds there; `for` is left out of account."""
    try:
        look = await progress.eyes().look(resolve(symptom, await progress.scope(None, False)))
    except TemplateError:
        return None  # it refers to something that a step saves
    return look.said if look.truth is Truth.YES else None


@dataclass
class _Before:
    """What held already before the last step that acts on the page."""

    state: _State
    held: Stale = Stale()

    async def look(self) -> None:
        scenario, progress = self.state.attempt.case.scenario, self.state.progress
        if progress is not None:
            symptom, expected = await asyncio.gather(_symptom_holds(progress, scenario.symptom), _holds(progress, scenario.expected))
            self.held = Stale(symptom, expected)


async def _symptom_holds(progress: Progress, symptom: Condition) -> bool:
    """Whether it holds now. An event that has happened, and what has a time of its own to last, are a symptom whenever they began."""
    return not (rests_on_event(symptom) or symptom.for_ms is not None) and await _holds(progress, symptom)


async def _holds(progress: Progress, condition: Condition | None) -> bool:
    """Whether it holds now; `for` is left out of account."""
    if condition is None:
        return False
    try:
        look = await progress.eyes().look(resolve(condition, await progress.scope(None, False)))
    except TemplateError:
        return False  # it refers to something that the last step saves
    return look.truth is Truth.YES


async def _watch(state: _State, progress: Progress, stale: Stale) -> Ruling:
    scenario, limits = state.attempt.case.scenario, state.attempt.case.limits
    scope = replace(await progress.scope(None, False), saved=progress.saved)
    stop = progress.stop
    try:
        symptom = resolve(scenario.symptom, scope)
        expected = resolve(scenario.expected, scope) if scenario.expected is not None and stop is None else None
    except TemplateError as error:
        if stop is not None:
            return _stopped_blind(stop, error)
        return Ruling(Outcome.INCONCLUSIVE, f"The symptom can't be looked for: {error}.", "setup")

    async def proves() -> bool:
        state.page = await progress.session.state()
        return not _page_problem(state.page) and (stop is None or only_blank(symptom))

    async with progress.session.group("watch for the symptom", scenario.symptom.place, snapshot=True):
        watched = await watch(progress.eyes(), Oracles(symptom, expected, limits.within_ms, stale, proves))
        state.page = await progress.session.state()
        state.watched = _watched(state, watched, stop, scenario.expected is not None)
        picture = await progress.session.picture("deciding", fresh=False) if progress.pictures else None
    state.picture = picture.path if picture else None
    return rule(state.watched)


def _watched(state: _State, watched: Watch, stop: Stop | None, expects: bool) -> Watched:
    redact = state.attempt.scopes.secrets.redactor.text
    clean = replace(watched.symptom, said=redact(watched.symptom.said))
    other = replace(watched.expected, said=redact(watched.expected.said)) if watched.expected else None
    if expects and other is None and stop is None and watched.first != "symptom":
        other = replace(clean, seen=Seen.NO, said="not looked at")
    matters = watched.first == "none" or rests_on_absence(state.attempt.case.scenario.symptom)
    page = _page_problem(state.page) if matters else ""
    return Watched(
        clean, other, watched.first, state.attempt.case.limits.within_ms, len(state.attempt.case.scenario.steps), stop=stop, page=page
    )


def _page_problem(page: PageState | None) -> str:
    """Why nothing can be concluded from what is not on this page; empty when it is an ordinary one."""
    if page is None:
        return ""
    if page.error_page:
        return "the browser shows its own error page"
    if page.url in ("", "about:blank"):
        return "no page was opened"
    if page.status is not None and page.status >= 400:
        return f"the server answered {page.status} for the page itself"
    if page.refused:
        return f"the server sent {page.refused} to a page that asks for a password"
    return ""


def _stopped_blind(stop: Stop, error: TemplateError) -> Ruling:
    return Ruling(Outcome.INCONCLUSIVE, f"{stop_sentence(stop)} The symptom can't be looked for there: {error}.", "step")


async def _cleanup(state: _State, session: Session) -> None:
    """Clean-up steps are always tried; what fails in them is a note, not a verdict."""
    steps = state.attempt.case.scenario.cleanup
    if not steps or state.progress is None:
        return
    progress = replace(state.progress, stop=None, pictures=False)
    try:
        async with asyncio.timeout(CLEANUP_MS / 1000):
            for step in steps:
                await do_steps(progress, [step], "cleanup")
    except TimeoutError:
        state.notes.append("clean-up took too long and was stopped")
    except BrowserLost as lost:
        state.notes.append(f"clean-up was not finished, the browser was lost: {lost}")
    failed = [record.text for record in progress.records if record.phase == "cleanup" and record.status is StepStatus.FAILED]
    if failed:
        state.notes.append(f"clean-up could not be done: {', '.join(failed)}")


def progress_of(attempt: Attempt, session: Session) -> Progress:
    """What steps are done with, before the first."""
    return Progress(
        main=session,
        session=session,
        folder=attempt.folder,
        root=attempt.root,
        flows=attempt.case.flows,
        step_timeout_ms=attempt.case.limits.step_timeout_ms,
        pictures=attempt.capture.screenshots,
        scope=attempt.scopes.of,
        redact=attempt.scopes.secrets.redactor.text,
        on_step=attempt.on_step,
    )


async def spec_of(attempt: Attempt) -> SessionSpec:
    """What the attempt's browser context is made of. Raises TemplateError."""
    case = attempt.case
    scope = await attempt.scopes.of(None, False)
    customer, environment = case.customer, case.environment
    browser = resolve(customer.browser, scope) if customer else BrowserSettings()
    network = resolve(customer.network, scope) if customer else NetworkSettings()
    clock = resolve(customer.clock, scope) if customer else None
    return SessionSpec(
        title=f"{case.scenario.title} (attempt {attempt.number})",
        base_url=environment.base_url,
        allow_hosts=environment.allow_hosts,
        browser=browser,
        network=network,
        clock=_local(clock, browser.timezone),
        allow_evaluate=environment.allow_evaluate,
        masks=environment.mask,
        folder=attempt.folder,
        workspace=attempt.workspace,
        capture=attempt.capture,
        redactor=attempt.scopes.secrets.redactor,
        storage_state=attempt.signed_in.state,
        alone=pastes(case.scenario, case.flows) or "clipboard-read" in browser.permissions,
    )


def _local(moment: datetime | None, timezone: str | None) -> datetime | None:
    """A time without an offset is the customer's local time; without a time zone it is the machine's."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(timezone)) if timezone else moment.astimezone()


def _record(state: _State, ruling: Ruling, trace: Path | None = None) -> AttemptRecord:
    attempt, redact = state.attempt, state.attempt.scopes.secrets.redactor.text
    events = state.log.since(0)
    root = attempt.root
    if state.log.dropped:
        state.notes.append(f"{state.log.dropped} events beyond the first ones were counted, not kept")
    progress, watched = state.progress, state.watched
    return AttemptRecord(
        number=attempt.number,
        outcome=ruling.outcome,
        reason=redact(ruling.reason),
        decided_by=ruling.decided_by,
        stopped_at=progress.stop.line if progress and progress.stop else None,
        started=state.begun,
        duration_ms=state.log.now_ms(),
        steps=tuple(progress.records) if progress else (),
        deciding_screenshot=relative(state.picture, root) if state.picture else None,
        trace=relative(trace, root) if trace else None,
        console_log=_if_there(attempt.folder / CONSOLE, root),
        network_log=_if_there(attempt.folder / NETWORK, root),
        final_url=redact(state.page.url) if state.page else None,
        symptom_seen=watched.symptom.said if watched else None,
        expected_seen=watched.expected.said if watched and watched.expected else None,
        held_at_start=redact(state.held_at_start) if state.held_at_start else None,
        notes=tuple(redact(note) for note in state.notes),
        **_excerpts(events, redact),
    )


def _if_there(path: Path, root: Path) -> str | None:
    return relative(path, root) if path.is_file() else None


def _excerpts(events: Sequence[Event], redact: Callable[[str], str]) -> dict[str, Any]:
    """What a reader of the report wants to see of the log at once."""

    def console(event: ConsoleEvent) -> ConsoleLine:
        return ConsoleLine(level=event.level, text=redact(event.text)[:2000], url=redact(event.url), at_ms=event.at_ms)

    def exchange(event: Exchange) -> NetworkLine:
        return NetworkLine(
            method=event.method,
            url=redact(event.url)[:2000],
            status=event.status,
            failure=event.failure,
            resource_type=event.resource_type,
            duration_ms=event.duration_ms,
            at_ms=event.at_ms,
        )

    errors = [event for event in events if isinstance(event, ConsoleEvent) and event.level == "error" and not event.held]
    thrown = [event for event in events if isinstance(event, PageErrorEvent)]
    failed = [event for event in events if isinstance(event, Exchange) and (has_failed(event) or _has_no_answer(event))]
    return {
        "console_errors": tuple(console(event) for event in errors[:EXCERPT]),
        "page_errors": tuple(
            PageError(message=redact(e.message)[:2000], stack=redact(e.stack)[:4000], at_ms=e.at_ms) for e in thrown[:EXCERPT]
        ),
        "failed_requests": tuple(exchange(event) for event in failed[:EXCERPT]),
        "held": _held([event for event in events if isinstance(event, HeldEvent)], redact),
        "downloads": tuple(redact(event.name)[:200] for event in events if isinstance(event, DownloadEvent))[:EXCERPT],
    }


def has_failed(exchange: Exchange) -> bool:
    """No answer, or one of 400 and above. A download ends the navigation that began it, which the browser calls aborted. What the harness
    held back has not failed."""
    status = exchange.status or 0
    if exchange.held:
        return False
    return status >= 400 or (exchange.failure is not None and not (200 <= status < 300 and "ERR_ABORTED" in exchange.failure))


def _has_no_answer(exchange: Exchange) -> bool:
    """Long enough to be worth a word: what is on its way when an attempt ends is usual."""
    return exchange.status is None and exchange.failure is None and (exchange.duration_ms or 0) >= UNANSWERED_MS


def _held(events: Sequence[HeldEvent], redact: Callable[[str], str]) -> tuple[Held, ...]:
    by_host: dict[tuple[str, str], list[HeldEvent]] = {}
    for event in events:
        by_host.setdefault((event.host, event.by), []).append(event)
    return tuple(
        Held(host=host, by=by, url=redact(each[0].url)[:500], count=len(each)) for (host, by), each in list(by_host.items())[:EXCERPT]
    )
