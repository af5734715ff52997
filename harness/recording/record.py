"""`repro record`, as a pipeline: the customer's browser -> events -> steps -> a scenario file that is whole after every step."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from harness import workflow
from harness.diagnostics import Problems, Severity, Source, problem
from harness.draft.model import Draft
from harness.draft.write import scenario_text, step_text, to_yaml
from harness.evidence.store import write_aside
from harness.plan.make import Combination, Defaults, make_plan
from harness.plan.model import Case
from harness.recording.draft import About, draft_of, title_of
from harness.recording.known import Known, known_of
from harness.scenario.checks import check_scenario
from harness.scenario.nearest import hint_among
from harness.scenario.scenario import Flow, decode_scenario
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse
from harness.scenario.template import TemplateError
from harness.scenario.workspace import KINDS, NOT_SCENARIOS, Workspace, open_workspace

if TYPE_CHECKING:
    from harness.browser.recorder.events import Event
    from harness.browser.recorder.tape import Tape
    from harness.recording.steps import Recorded
    from harness.run.attempt import Attempt
    from harness.run.case import Tools
    from harness.run.ports import Session

MOST_SHOWN = 120

Say = Callable[[str], None]
Driver = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """What is to be recorded, and where it is written. None is "as repro.yaml says". `address` is opened first; without one, and without
    `after`, it is the environment's front page. With `headless`, whoever acts does so through `cdp_port`."""

    output: Path
    customer: str | None = None
    environment: str | None = None
    after: str | None = None
    address: str | None = None
    title: str | None = None
    ticket: str | None = None
    report: str | None = None
    force: bool = False
    headless: bool = False
    cdp_port: int | None = None


@dataclass(frozen=True)
class Finished:
    """What was recorded. `path` is another one than was asked for where that was taken meanwhile, and None when nothing was recorded."""

    path: Path | None
    draft: Draft


def record(asked: Asked, world: workflow.World, say: Say, driver: Driver | None = None) -> Finished:
    """Records until the last window is closed, or Ctrl-C. `driver` acts in place of a person: it is given the page, and its end is the end.
    `say` is told each step as it is recorded. Raises Problems."""
    workspace = workspace_for(asked.output, world.environ, asked.force)
    case = _case(workspace, asked)
    host = world.host or _host(asked, world, driver is not None)
    return asyncio.run(_record(asked, workspace, case, replace(world, host=host), say, driver))


def _host(asked: Asked, world: workflow.World, driven: bool) -> Any:
    import sys

    from harness.browser.recorder.host import RecordingHost

    shown = any(world.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) or not sys.platform.startswith("linux")
    if not asked.headless and not shown:
        raise problem(
            "record-needs-display",
            "there is no screen to show a browser on",
            "record where there is one, or `xvfb-run repro record …`, or --headless --cdp-port 9222 and chrome://inspect elsewhere",
        )
    if asked.headless and asked.cdp_port is None and not driven:
        raise problem("record-needs-display", "with --headless nobody can reach the browser", "add --cdp-port 9222")
    return RecordingHost(headed=not asked.headless, environ=world.environ, cdp_port=asked.cdp_port)


def workspace_for(output: Path, environ: Mapping[str, str], force: bool) -> Workspace:
    """The workspace that a scenario's file will stand in. Raises Problems when it can't stand there."""
    absolute = output.absolute()
    start = next(folder for folder in absolute.parents if folder.is_dir())
    workspace = open_workspace(start, environ)
    inside = absolute.parent.resolve() / absolute.name
    if workspace.root not in inside.parents:
        hint = f"such as -o {workspace.shown_root}/{output.name}"
        raise problem("other-workspace", f"{output} is not in the workspace {workspace.shown_root}", hint)
    first = inside.relative_to(workspace.root).parts[0]
    if output.suffix != ".yaml" or first in KINDS or first in NOT_SCENARIOS:
        raise problem("not-a-scenario", f"{output} can't be a scenario", "it ends in .yaml and stands in the folder of its area")
    if output.exists() and not force:
        raise problem("file-exists", f"{output} is there already", "use another name, or --force")
    return workspace


def _case(workspace: Workspace, asked: Asked) -> Case:
    """What a run of the beginning alone would be. Raises Problems."""
    customer = asked.customer or workspace.settings.customer
    environment = asked.environment or workspace.settings.environment
    if environment is None:
        raise problem("missing-key", "no environment is named", "use --environment, or write `environment:` in repro.yaml")
    for kind, name in (("environments", environment), ("customers", customer), ("flows", asked.after)):
        if name is not None and not workspace.exists(kind, name):
            singular = kind.removesuffix("s")
            raise problem(f"unknown-{singular}", f"there is no {singular} `{name}` in {kind}/", hint_among(name, workspace.names(kind)))
    there, who = workspace.environment(environment), workspace.customer(customer) if customer else None
    flows = {name: flow for name in workspace.names("flows") if (flow := workspace.flow(name)) is not None}
    if there is None or (customer and who is None) or (asked.after and asked.after not in flows):
        raise Problems(workspace.problems)
    first = {"title": "Recording", "setup": [{"use": asked.after}] if asked.after else [], "steps": [{"goto": asked.address or "/"}]}
    text = to_yaml({**first, "symptom": {"visible": "document"}})
    scenario = decode_scenario("recording", parse(Source("recording", text)), Decoder())
    found = check_scenario(workspace, scenario, (customer,) if customer else (), environment)
    if wrong := [each for each in found if each.severity is Severity.ERROR]:
        raise Problems(wrong)
    return make_plan([Combination(scenario, who, None, there, flows)], Defaults()).rows[0].case


async def _record(asked: Asked, workspace: Workspace, case: Case, world: workflow.World, say: Say, driver: Driver | None) -> Finished:
    options = workflow.Options(trace="off", screenshots="off", workers=1, headed=not asked.headless)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="repro-record-", ignore_cleanup_errors=True)))
        tools = await stack.enter_async_context(workflow.open_tools(workspace, options, world, lambda event: None, folder, world.token()))
        await stack.enter_async_context(_in_force(case, tools, say))
        attempt, session = await stack.enter_async_context(_opened(case, tools, say))
        await _begin(asked, attempt, session)
        recording = _recording(asked, workspace, attempt, say)
        await _listen(recording, session, driver)
        return recording.finish()


@asynccontextmanager
async def _in_force(case: Case, tools: Tools, say: Say) -> AsyncIterator[None]:
    """The tenant is ours, and has the customer's settings; they are put back at the end. Raises Problems."""
    from harness.run.case import api_of, attempt_of
    from harness.run.configuration import NotConfigured, in_force

    def restored(why: str | None) -> None:
        if why is not None:
            say(f"the customer's settings were not put back: {why} `repro restore` tries it again")

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            tools.locks.held(case.locks, lambda what: say(f"waiting for {what.replace('|', ' ')}, which another run has"))
        )
        try:
            if complaint := await tools.environments.complaint(case):
                raise _not_begun(complaint)
            scope = attempt_of(case, tools, 1, fresh=True).scopes.base()
            api = await stack.enter_async_context(api_of(tools.host, case.environment, scope))
            await stack.enter_async_context(in_force(case, api, scope, tools.journal, tools.workspace, restored))
        except TemplateError as error:
            raise _not_begun(f"The environment's own requests can't be made: {error}.") from None
        except NotConfigured as error:
            raise _not_begun(str(error)) from None
        yield


def _not_begun(sentence: str) -> Problems:
    return problem("recording-not-begun", sentence)


@asynccontextmanager
async def _opened(case: Case, tools: Tools, say: Say) -> AsyncIterator[tuple[Attempt, Session]]:
    """The customer's browser. Raises Problems."""
    from harness.browser.recorder.host import recordable
    from harness.evidence.events import EventLog
    from harness.run.attempt import spec_of
    from harness.run.case import attempt_of
    from harness.run.ports import BrowserLost

    attempt = attempt_of(case, tools, 1, fresh=True)
    attempt.folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    try:
        spec, notes = recordable(await spec_of(attempt))
        session = await tools.host.open(spec, EventLog(lambda: round((time.monotonic() - started) * 1000)))
    except TemplateError as error:
        raise _not_begun(f"The browser can't be set up for this customer: {error}.") from None
    except BrowserLost as lost:
        raise _not_begun(f"The browser was lost: {lost}.") from None
    for note in notes:
        say(f"note: {note}")
    try:
        yield attempt, session
    finally:
        try:
            await session.close(False)
        except BrowserLost:
            await tools.host.discard(session)


async def _begin(asked: Asked, attempt: Attempt, session: Session) -> None:
    """The flow that comes first, and the first page. Raises Problems."""
    from harness.run.attempt import progress_of
    from harness.run.ports import BrowserLost
    from harness.run.steps import do_steps
    from harness.verdict.ruling import stop_sentence

    progress = progress_of(attempt, session)
    scenario = attempt.case.scenario
    try:
        await do_steps(progress, scenario.setup, "setup")
        if progress.stop is None and (asked.address is not None or asked.after is None):
            await do_steps(progress, scenario.steps, "steps")
    except BrowserLost as lost:
        raise _not_begun(f"The browser was lost: {lost}.") from None
    if progress.stop is not None:
        raise _not_begun(stop_sentence(progress.stop))


@dataclass
class Recording:
    """A recording under way: what was heard, and the file that it is kept in."""

    asked: Asked
    about: About
    flows: tuple[Flow, ...]
    known: Known
    say: Say
    recorded: Recorded
    said: int = 0
    path: Path | None = None
    _saved: str = field(default="", repr=False)
    _failed: str = ""

    @property
    def draft(self) -> Draft:
        """The scenario as far as it is known."""
        return draft_of(self.recorded, self.about, self.flows)

    def hear(self, event: Event) -> None:
        """Takes one more event in: the file is whole afterwards."""
        from harness.browser.recorder.events import Marked, Unheard, Unvouched
        from harness.recording.steps import heard

        before, self.recorded = self.recorded, heard(self.recorded, event)
        self._tell(all_of_them=isinstance(event, Marked))
        if isinstance(event, Marked):
            self.say(self.known.shown(f"marked: {event.kind}"))
        if isinstance(event, Unvouched) and self.recorded is not before:
            self.say(self.known.shown(f"warning: the page said that {event.what} was done, but nobody did it; it is left out"))
        if isinstance(event, Unheard):
            self.say(f"warning: {event.sentence}")
        self.save()

    def news_of(self, event: Event) -> str:
        """One line for whoever acts: what became of the event."""
        from harness.browser.recorder.events import Marked
        from harness.recording.steps import steps_of

        if isinstance(event, Marked):
            return f"{event.kind.capitalize()} marked"
        steps = steps_of(self.recorded)
        text = " ".join(to_yaml(steps[-1].data).split()) if steps else ""
        return self.known.shown(text)[:MOST_SHOWN]

    def save(self) -> None:
        """Writes the file, secrets taken out whatever became of them. Where it can't be written that is said, and tried again later."""
        text = self.known.shown(scenario_text(self.draft))
        if text == self._saved:
            return
        try:
            self._own()
            assert self.path is not None
            write_aside(self.path, text)
            self._saved, self._failed = text, ""
        except OSError as error:
            if not self._failed:
                self.say(f"warning: {self.asked.output} can't be written: {error.strerror}. It is tried again after the next step")
            self._failed = error.strerror or str(error)

    def _own(self) -> None:
        """The file that is written: another one, beside it, once somebody else has written into it."""
        if self.path is not None and _content(self.path) == self._saved:
            return
        free = self.asked.output
        free.parent.mkdir(parents=True, exist_ok=True)
        if not (self.asked.force and self.path is None):
            free = _claimed(free)
        if free != (self.path or self.asked.output):
            self.say(f"{self.path or self.asked.output} was written by somebody else meanwhile; the recording is kept in {free}")
        self.path = free

    def finish(self) -> Finished:
        """The end of it. Raises Problems when it could not be written, having said the scenario itself."""
        self.known.settle()
        self._tell(all_of_them=True)
        if self.path is not None or self._failed:
            self.save()
        if self._failed:
            self.say(self.known.shown(scenario_text(self.draft)))
            raise problem("unwritable-file", f"{self.asked.output} can't be written: {self._failed}", "the scenario stands above")
        return Finished(self.path, self.draft)

    def _tell(self, all_of_them: bool) -> None:
        """Says the steps that nothing changes any more: the last may still be typed into."""
        from harness.recording.steps import steps_of

        steps = steps_of(self.recorded)
        settled = steps if all_of_them else steps[:-1]
        for step in settled[self.said :]:
            self.say(self.known.shown(step_text(step).rstrip()))
        self.said = max(self.said, len(settled))


def _content(path: Path) -> str | None:
    """None when there is nothing that can be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _claimed(wanted: Path) -> Path:
    """An empty file of that name made now, or of the first free one after it: `x.yaml`, `x-2.yaml` …"""
    for number in count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        with contextlib.suppress(FileExistsError):
            path.open("x").close()
            return path
    raise AssertionError("there is always a further number")


def _recording(asked: Asked, workspace: Workspace, attempt: Attempt, say: Say) -> Recording:
    from harness.browser.recorder.events import Acted
    from harness.recording.steps import Item, Recorded

    case, scopes = attempt.case, attempt.scopes
    base_url = case.environment.base_url
    known = known_of(scopes.base(), sorted(scopes.secrets.declared), scopes.secrets.redactor)
    about = About(
        asked.title or title_of(asked.output.stem),
        case.customer.id if case.customer else None,
        case.environment.id,
        asked.ticket,
        asked.report,
        asked.after,
    )
    first: tuple[Item, ...] = ()
    if asked.address is not None or asked.after is None:
        first = (Item(Acted(name="navigate", tab=0, number=0, url=urljoin(f"{base_url}/", (asked.address or "/").lstrip("/")))),)
    return Recording(asked, about, tuple(case.flows.values()), known, say, Recorded(base_url, first))


async def _listen(recording: Recording, session: Session, driver: Driver | None) -> None:
    """Until the last tab is closed, somebody interrupts, or the driver is done."""
    from harness.browser.recorder.host import tape_of
    from harness.browser.recorder.tape import Names

    tape = tape_of(session, Names(recording.known.typed, recording.known.shown))
    await tape.start()
    recording.say("recording: act in the browser; mark the symptom with the bar at the bottom; close the window or press Ctrl-C to end")
    driven = asyncio.ensure_future(_drive(tape, session, driver)) if driver is not None else None
    try:
        with _interrupts(tape):
            async for event in tape.events():
                recording.hear(event)
                tape.show(recording.news_of(event))
            await tape.end()
            async for event in tape.events():
                recording.hear(event)
    finally:
        if driven is not None:
            driven.cancel()
            await asyncio.gather(driven, return_exceptions=True)
    if driven is not None and not driven.cancelled() and (failure := driven.exception()) is not None:
        raise failure


async def _drive(tape: Tape, session: Session, driver: Driver) -> None:
    try:
        await driver(session.page)  # type: ignore[attr-defined]
    finally:
        await asyncio.shield(tape.end())


@contextlib.contextmanager
def _interrupts(tape: Tape) -> Iterator[None]:
    """The first Ctrl-C ends the recording in good order; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []

    def first() -> None:
        restore()
        tasks.append(asyncio.ensure_future(tape.end()))

    def restore() -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(each)

    for each in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(each, first)
    try:
        yield
    finally:
        restore()
