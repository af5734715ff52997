"""A live session: a customer's browser in which steps and conditions are tried one at a time, and kept for a scenario.

Everything goes through the engine that runs scenarios: the same language, guard, masks, redaction, secrets and flows.
"""

from __future__ import annotations

import functools
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from harness import workflow
from harness.diagnostics import Diagnostic, Problems
from harness.draft.model import Draft, DraftStep
from harness.live.happened import event_line
from harness.live.tenant import NotOpen as NotOpen
from harness.live.tenant import diagnostics_of, errors_of, live_case, tenant_ready
from harness.live.text import changed_lines, clean, cut_lines, sentence
from harness.live.typed import Typed, read_condition, read_locator, read_step
from harness.plan.model import Case
from harness.scenario.condition import Condition, leaves
from harness.scenario.locators import Locator
from harness.scenario.template import Deferred, TemplateError, resolve
from harness.scenario.workspace import Workspace

if TYPE_CHECKING:
    from harness.record.model import StepRecord
    from harness.run.attempt import Attempt
    from harness.run.case import Tools
    from harness.run.ports import BrowserLost, Look, Session
    from harness.run.steps import Progress

SETTLE_MS = 2_000
LOCATOR_ADVICE = ("almost-role", "fragile-locator")
MOST_EVENTS = 100_000
FIRST_LINES = 60


@dataclass(frozen=True)
class Said:
    """What a step or a condition came to. `ok`: the step was done, the condition holds now, the mark was taken.

    `sentence` is one line in plain English. `found` is what it matched, or the nearest names there instead, in the notation of locators.
    `problems` are what the language has to say of the text, with their places in it; warnings too.
    """

    ok: bool
    sentence: str
    found: tuple[str, ...] = ()
    url: str = ""
    title: str = ""
    picture: Path | None = None
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Options:
    """How a session is opened. `stay`: go on when a flow of `after` can't be done, which `began` then says. `folder` takes the pictures,
    else they go away with the session. `told` hears what takes time, and what could not be put back."""

    headed: bool = False
    stay: bool = False
    folder: Path | None = None
    world: workflow.World | None = None
    told: Callable[[str], None] = field(default=lambda text: None)


@asynccontextmanager
async def open_live(
    workspace: Workspace,
    environment: str | None = None,
    customer: str | None = None,
    after: Sequence[str] = (),
    options: Options | None = None,
) -> AsyncIterator[LiveSession]:
    """A session with the customer's configuration in force, and the flows in `after` done. None is "as repro.yaml says".

    The tenant is locked and its settings are put back at the end, as in a run. Raises Problems for a name that leads nowhere, NotOpen.
    """
    options = options or Options()
    case = live_case(workspace, environment, customer, after)
    world = options.world or workflow.World(environ=workspace.environ)
    asked = workflow.Options(trace="off", headed=options.headed, workers=1)
    async with AsyncExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(TemporaryDirectory(prefix="repro-live-", ignore_cleanup_errors=True)))
        folder.mkdir(parents=True, exist_ok=True)
        tools = await stack.enter_async_context(workflow.open_tools(workspace, asked, world, lambda event: None, folder, world.token()))
        await stack.enter_async_context(tenant_ready(case, tools, options.told))
        live = LiveSession(workspace, case, tools)
        stack.push_async_callback(live.close)
        await live.open()
        if not live.began.ok and not options.stay:
            raise NotOpen(live.began.sentence)
        yield live


class LiveSession:
    """One customer's browser. What works is kept, in order, until it is forgotten or written down."""

    def __init__(self, workspace: Workspace, case: Case, tools: Tools) -> None:
        self.case = case
        self.began = Said(True, "The session is open.")
        self._workspace = workspace
        self._tools = tools
        self._kept: list[Typed[Any]] = []
        self._symptom: Typed[Any] | None = None
        self._expected: Typed[Any] | None = None
        self._progress: Progress | None = None
        self._lost = ""
        self._page: tuple[str, list[str]] = ("", [])
        self._pictures = 0
        self._opened = 0
        self._read_to = 0
        self._under_way: list[Any] = []

    @property
    def usable(self) -> bool:
        """Whether its browser is there."""
        return self._progress is not None and not self._lost

    # --- its browser

    async def open(self) -> None:
        """A fresh browser context, with the flows done that come first; what came of them stands in `began`. Raises NotOpen."""
        from harness.evidence.events import EventLog
        from harness.run.attempt import progress_of, spec_of
        from harness.run.case import attempt_of
        from harness.run.ports import BrowserLost
        from harness.run.steps import do_steps

        self._opened += 1
        attempt = attempt_of(self.case, self._tools, self._opened, fresh=True)
        attempt.folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        log = EventLog(lambda: round((time.monotonic() - started) * 1000), MOST_EVENTS)
        try:
            session = await self._tools.host.open(await spec_of(attempt), log)
        except TemplateError as error:
            raise NotOpen(f"The browser can't be set up for this customer: {error}.") from None
        except BrowserLost as lost:
            raise NotOpen(f"The browser was lost: {lost}.") from None
        self._attempt: Attempt = attempt
        self._lost, self._page, self._read_to, self._under_way = "", ("", []), 0, []
        progress = self._progress = progress_of(attempt, session)
        try:
            await do_steps(progress, self.case.scenario.setup, "setup")
        except BrowserLost as lost:
            self.began = await self._gave_up(lost)
            return
        progress.start = log.position()
        self.began = await self._said_of_setup(progress)

    async def _said_of_setup(self, progress: Progress) -> Said:
        from harness.verdict.ruling import stop_sentence

        if progress.stop is not None:
            return await self._said(False, stop_sentence(progress.stop), progress.stop.found)
        flows = ", ".join(step.text for step in self.case.scenario.setup)
        return await self._said(True, f"The session is open{f' after {flows}' if flows else ''}.")

    async def close(self) -> None:
        """Ends the browser context. It may have been lost long ago."""
        from harness.run.ports import BrowserLost

        if self._progress is None:
            return
        session, self._progress = self._progress.main, None
        try:
            await session.close(False)
        except BrowserLost:
            await self._tools.host.discard(session)

    async def again(self) -> Said:
        """Begins anew in a fresh browser: the flows that come first, then every step that was kept. Raises NotOpen."""
        await self.close()
        await self.open()
        if not self.began.ok:
            return self.began
        kept = list(self._kept)
        for number, typed in enumerate(kept, 1):
            said = await self._perform(typed)
            if not said.ok:
                return replace(said, sentence=f"Step {number} of {len(kept)} ({typed.value.text}) can't be done again: {said.sentence}")
        return await self._said(True, f"Begun anew; {len(kept)} kept {'step was' if len(kept) == 1 else 'steps were'} done again.")

    # --- trying

    async def do(self, step: str) -> Said:
        """Does one step, given as YAML text, and keeps it when that worked."""
        try:
            typed = read_step(step)
            warnings = self._checked(typed, steps=(*self._steps(), typed.value))
        except Problems as problems:
            return await self._wrong(problems)
        said = await self._perform(typed)
        if said.ok:
            self._kept.append(typed)
        return replace(said, problems=(*warnings, *said.problems))

    async def check(self, condition: str, within_ms: int = 0) -> Said:
        """Whether a condition, given as YAML text, holds now, or comes to hold within the time."""
        try:
            typed = read_condition(condition)
            warnings = self._checked(typed, symptom=typed.value, steps=self._steps())
        except Problems as problems:
            return await self._wrong(problems)
        about_it = tuple(each for each in warnings if each.slug in LOCATOR_ADVICE)
        return replace(await self._look(typed.value, within_ms), problems=about_it)

    async def mark(self, symptom: str | None = None, expected: str | None = None) -> Said:
        """Keeps conditions as the scenario's symptom and as what should have been seen; says whether they hold now."""
        sentences: list[str] = []
        said = Said(False, "Nothing was marked: give a symptom, or what was expected.")
        warnings: tuple[Diagnostic, ...] = ()
        for name, text in (("symptom", symptom), ("expected", expected)):
            if text is None:
                continue
            try:
                typed = read_condition(text)
                both = {"symptom": self._symptom, "expected": self._expected, name: typed}
                warnings += self._checked(typed, steps=self._steps(), **{key: each.value for key, each in both.items() if each is not None})
            except Problems as problems:
                return await self._wrong(problems)
            self._symptom, self._expected = both["symptom"], both["expected"]
            said = await self._look(typed.value, 0)
            sentences.append(f"Kept as {'the symptom' if name == 'symptom' else 'what was expected'}. {said.sentence}")
        return replace(said, ok=bool(sentences), sentence=" ".join(sentences) or said.sentence, problems=warnings)

    def undo(self) -> str | None:
        """Forgets the last kept step and says so; the page stays as it is. None when nothing is kept."""
        if not self._kept:
            return None
        return f"forgotten: {self._clean(self._kept.pop().value.text)} (the page stays as it is)"

    # --- looking

    async def snapshot(self, locator: str | None = None, max_chars: int = 20_000) -> str:
        """The page, or what a locator finds, as ARIA snapshot in the notation of locators. Raises Problems."""
        lines = await self._lines(await self._located(locator) if locator is not None else None)
        return cut_lines(lines, max_chars)

    async def changes(self) -> str:
        """What is different in the page since this, or a snapshot of all of it, was last asked for; the whole page at another address."""
        address, before = self._page
        lines = await self._lines(None)
        if self._page[0] == address:
            return cut_lines(changed_lines(before, lines), 10_000)
        more = [f"… {len(lines) - FIRST_LINES} more lines: look"] if len(lines) > FIRST_LINES else []
        return cut_lines([*lines[:FIRST_LINES], *more], 10_000)

    async def here(self) -> Said:
        """Where the session is."""
        url, title = await self._where()
        return Said(
            not self._lost, self._lost or (f"{title or 'A page without a title'}, {url}" if url else "No page is open."), (), url, title
        )

    async def picture(self) -> Path:
        """A screenshot, masked. Raises Problems when the page can't be pictured."""
        from harness.run.ports import BrowserLost

        self._pictures += 1
        try:
            taken = await self._session().picture(f"picture-{self._pictures:02d}")
        except BrowserLost as lost:
            raise Problems(_not_now((await self._gave_up(lost)).sentence)) from None
        if taken is None:
            raise Problems(_not_now("the page can't be pictured"))
        return taken.path

    def events(self) -> tuple[str, ...]:
        """Console errors, exceptions, failed requests and crashes since the last call, one redacted line each."""
        from harness.evidence.events import Exchange

        if self._progress is None:
            return ()
        log = self._progress.main.log
        new = [*self._under_way, *log.since(self._read_to)]
        self._read_to = log.position()
        self._under_way = [event for event in new if isinstance(event, Exchange) and not event.finished]
        lines = [event_line(event) for event in new if not (isinstance(event, Exchange) and not event.finished)]
        return tuple(self._clean(line) for line in lines if line)

    def draft(self, title: str, **parts: Any) -> Draft:
        """What was kept as a scenario in the making; `parts` are further fields of a Draft."""
        customer = self.case.customer
        here = self._workspace.settings.environment
        known: dict[str, Any] = {
            "customer": customer.id if customer else None,
            "environment": self.case.environment.id if self.case.environment.id != here else None,
            "setup": tuple(DraftStep({"use": step.action.flow}) for step in self.case.scenario.setup),  # type: ignore[attr-defined]
            "steps": tuple(DraftStep(self._without_secrets(typed.data)) for typed in self._kept),
            "symptom": self._without_secrets(self._symptom.data) if self._symptom else None,
            "expected": self._without_secrets(self._expected.data) if self._expected else None,
        }
        return Draft(title=title, **{**known, **parts})

    # --- how

    def _without_secrets(self, data: Any) -> Any:
        """A secret that was typed as it is becomes a reference to it."""
        if isinstance(data, dict):
            return {self._without_secrets(key): self._without_secrets(value) for key, value in data.items()}
        if isinstance(data, list):
            return [self._without_secrets(item) for item in data]
        if not isinstance(data, str):
            return data
        redactor = self._attempt.scopes.secrets.redactor
        names = redactor.found_in(data.encode("utf-8", "replace"))
        return functools.reduce(
            lambda text, name: text.replace(f"[{name}]", f"${{secrets.{name}}}"), names, redactor.text(data) if names else data
        )

    def _steps(self) -> tuple[Any, ...]:
        return tuple(typed.value for typed in self._kept)

    def _checked(self, typed: Typed[Any], **parts: Any) -> tuple[Diagnostic, ...]:
        """The warnings about what was typed. Raises Problems for what leads nowhere: the same as in a file."""
        kept = tuple(reference for each in self._kept for reference in each.references)
        before = replace(self.case.scenario, steps=self._steps() or self.case.scenario.steps, references=kept)
        after = replace(before, references=(*kept, *typed.references), **({**parts, "steps": parts.get("steps") or before.steps}))
        known = set(diagnostics_of(self._workspace, self.case, before))
        new = tuple(each for each in diagnostics_of(self._workspace, self.case, after) if each not in known)
        if errors_of(new):
            raise Problems(new)
        return (*typed.warnings, *(each for each in new if each.place is None or each.place.source.path in ("step", "condition")))

    async def _perform(self, typed: Typed[Any]) -> Said:
        from harness.run.ports import BrowserLost
        from harness.run.steps import do_steps

        if self._progress is None or self._lost:
            return await self._said(False, self._lost or "The session is closed.")
        progress = self._progress
        progress.stop = None
        begun = len(progress.records)
        try:
            await do_steps(progress, [typed.value], "steps")
            await progress.session.settle(SETTLE_MS)
        except BrowserLost as lost:
            return await self._gave_up(lost)
        except _step_failed():
            pass  # the page closed itself: the step was done
        records = progress.records[begun:]
        if progress.stop is not None:
            found = await self._several(typed.value.action) or progress.stop.found
            return await self._said(False, f"It could not be done: {progress.stop.problem}", found, records)
        return await self._said(True, _done(records), (), records)

    async def _look(self, condition: Condition, within_ms: int) -> Said:
        from harness.run.ports import BrowserLost, Truth

        if self._progress is None or self._lost:
            return await self._said(False, self._lost or "The session is closed.")
        try:
            scope = replace(await self._progress.scope(None, False), saved=self._progress.saved)
            resolved = resolve(condition, scope)
            look = await self._seen(resolved, within_ms)
            found = await self._found(resolved)
        except TemplateError as error:
            return await self._said(False, f"It can't be looked for: {error}.")
        except BrowserLost as lost:
            return await self._gave_up(lost)
        heads = {Truth.YES: "It holds", Truth.NO: "It does not hold", Truth.UNKNOWN: "It could not be observed"}
        return await self._said(look.truth is Truth.YES, f"{heads[look.truth]}: {look.said}.", found)

    async def _seen(self, condition: Condition, within_ms: int) -> Look:
        assert self._progress is not None
        eyes = self._progress.eyes()
        if within_ms <= 0 and condition.for_ms is None:
            return await eyes.look(condition)
        return await eyes.wait(condition, True, max(within_ms, 1))

    async def _found(self, condition: Condition) -> tuple[str, ...]:
        """What the condition's locators match, or what is there instead."""
        found: list[str] = []
        for locator in _locators(condition):
            try:
                found += await self._session().matches(locator) or await self._session().names_near(locator)
            except _step_failed():
                continue  # the look itself says what is the matter
        return tuple(dict.fromkeys(found))

    async def _several(self, action: Any) -> tuple[str, ...]:
        """What the locators of a step match that could not be done, where there are several: the engine tells them as code."""
        from harness.run.ports import BrowserLost

        found: list[str] = []
        for locator in _locators_of(action):
            try:
                several = await self._session().matches(locator)
            except (BrowserLost, _step_failed()):
                return ()
            found += several if len(several) > 1 else ()
        return tuple(dict.fromkeys(found))

    async def _located(self, text: str) -> Locator:
        assert self._progress is not None
        typed = read_locator(text)
        if not isinstance(typed.value, Deferred):
            return typed.value
        try:
            scope = replace(await self._progress.scope(None, False), saved=self._progress.saved)
            found: Any = resolve(typed.value, scope)
        except TemplateError as error:
            raise Problems(_not_now(str(error))) from None
        assert isinstance(found, Locator)
        return found

    async def _lines(self, locator: Locator | None) -> list[str]:
        """The page as lines, redacted and clean; the whole page is remembered. Raises Problems."""
        from harness.run.ports import BrowserLost, StepFailed

        try:
            text = await self._session().aria(locator)
            address = (await self._session().state()).url
        except StepFailed as failure:
            hint = f"the page has {', '.join(map(self._clean, failure.found))}" if failure.found else ""
            raise Problems(_not_now(self._clean(failure.message), hint)) from None
        except BrowserLost as lost:
            raise Problems(_not_now((await self._gave_up(lost)).sentence)) from None
        redact = self._attempt.scopes.secrets.redactor.text
        lines = [line for line in redact(clean(redact(text))).splitlines() if line.strip()][:20_000]
        if locator is None:
            self._page = (address, lines)
        return lines

    def _session(self) -> Session:
        """The session of the last step. Raises Problems when there is none any more."""
        if self._progress is None or self._lost:
            raise Problems(_not_now(self._lost or "the session is closed"))
        return self._progress.session

    async def _gave_up(self, lost: BrowserLost) -> Said:
        assert self._progress is not None
        self._lost = f"The browser was lost: {self._clean(str(lost))}. What was kept is still there; `again` begins anew with it."
        await self._tools.host.discard(self._progress.main)
        return await self._said(False, self._lost)

    async def _wrong(self, problems: Problems) -> Said:
        first = problems.diagnostics[0]
        text = f"{first.message}; {first.hint}" if first.hint else first.message
        return replace(await self._said(False, text), problems=problems.diagnostics)

    async def _said(self, ok: bool, text: str, found: Sequence[str] = (), records: Sequence[StepRecord] = ()) -> Said:
        url, title = await self._where()
        shown = next((record.screenshot for record in reversed(records) if record.screenshot), None)
        picture = self._tools.root / shown if shown else None
        return Said(ok, self._clean(text), tuple(self._clean(each, 200) for each in found), url, title, picture)

    async def _where(self) -> tuple[str, str]:
        """Address and title; empty when there is no page to ask."""
        from harness.run.ports import BrowserLost

        if self._progress is None or self._lost:
            return "", ""
        try:
            state = await self._progress.session.state()
            return self._clean(state.url), self._clean(await self._progress.session.title(), 200)
        except (BrowserLost, _step_failed()):
            return "", ""

    def _clean(self, text: str, most: int = 500) -> str:
        redact = self._attempt.scopes.secrets.redactor.text
        return sentence(redact(clean(redact(text))), most)


def _step_failed() -> type[Exception]:
    from harness.run.ports import StepFailed

    return StepFailed


def _not_now(message: str, hint: str = "") -> list[Diagnostic]:
    return [Diagnostic("not-there", message, hint=hint)]


def _done(records: Sequence[StepRecord]) -> str:
    skipped = [record for record in records if record.status == "skipped"]
    if skipped:
        return f"Left out, since it is optional: {skipped[0].note or skipped[0].error or skipped[0].text}"
    notes = [record.note for record in records if record.note]
    return f"Done: {records[0].text}." + (f" {notes[-1]}" if notes else "") if records else "Done."


def _locators(condition: Condition) -> list[Locator]:
    return [locator for leaf in leaves(condition) for locator in _locators_of(leaf.check)]


def _locators_of(value: Any) -> list[Locator]:
    """The locators that a verb or a check has itself."""
    return [found for each in fields(value) if isinstance(found := getattr(value, each.name), Locator)]
