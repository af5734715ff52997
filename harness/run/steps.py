"""Does the steps of an attempt: resolves them, hands them to the session, and notes how each went."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from harness.core.durations import format_duration
from harness.evidence.events import Exchange
from harness.record.model import Box, StepRecord, StepStatus
from harness.run.ports import Box as PageBox
from harness.run.ports import Performed, Picture, Session, StepFailed, Truth
from harness.run.watch import Eyes
from harness.scenario.action import LOOKING, Step
from harness.scenario.scenario import Flow
from harness.scenario.steps.together import Together
from harness.scenario.steps.use import Use
from harness.scenario.steps.wait_for import WaitFor
from harness.scenario.template import Scope, TemplateError, references_in, resolve
from harness.verdict.ruling import Stop

Phase = Literal["setup", "steps", "cleanup"]
UNSEEN = frozenset(("dialog", "mock", "clock", "network", "save", "request", "poll"))


@dataclass
class Progress:
    """What an attempt has done so far. `session` is the one that the last step was done in. `acted` tells which group of the trace knows
    the box of the element that a record's step acted on."""

    main: Session
    session: Session
    folder: Path
    root: Path
    flows: Mapping[str, Flow]
    step_timeout_ms: int
    pictures: bool
    scope: Callable[[str | None, bool], Awaitable[Scope]]
    redact: Callable[[str], str]
    on_step: Callable[[StepRecord], None]
    records: list[StepRecord] = field(default_factory=list)
    acted: dict[int, int] = field(default_factory=dict)
    saved: dict[str, Any] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    durations: dict[str, int] = field(default_factory=dict)
    start: int = 0
    stop: Stop | None = None

    def eyes(self) -> Eyes:
        """What conditions are looked at with now."""
        return Eyes(self.session, self.start, self.positions, self.durations, self.saved)


@dataclass(frozen=True)
class Where:
    """In which list a step stands, whose parameters it sees, and how deep it is nested."""

    phase: Phase
    params: Mapping[str, Any] | None = None
    depth: int = 0
    account: str | None = None


async def do_steps(
    progress: Progress, steps: Sequence[Step], phase: Phase, before_last: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Does the steps in order. The first that can't be done ends it, and stands in `progress.stop`; the rest are noted as not reached.
    `before_last` is called before the last of them that acts on the page."""
    last = max((number for number, step in enumerate(steps, 1) if step.action.verb not in LOOKING), default=len(steps))
    for number, step in enumerate(steps, 1):
        if before_last is not None and number == last:
            await before_last()
        try:
            await _do(progress, step, Where(phase))
        except StepFailed as failure:
            progress.stop = _stop(progress, steps, number, failure, phase)
            for later in steps[number:]:
                progress.records.append(_record(progress, later, Where(phase), StepStatus.NOT_REACHED))
            return


def _stop(progress: Progress, steps: Sequence[Step], number: int, failure: StepFailed, phase: Phase) -> Stop:
    step = steps[number - 1]
    found = tuple(progress.redact(name) for name in failure.found)
    line = next((record.line for record in reversed(progress.records) if record.status is StepStatus.FAILED), step.place.line)
    message = progress.redact(failure.message)
    return Stop(
        number,
        len(steps),
        line,
        step.text,
        message,
        found,
        failure.unreachable,
        failure.unprepared,
        setup=phase == "setup",
        slip=progress.redact(failure.slip),
        idle=failure.missing and all(each.action.verb in LOOKING for each in steps[: number - 1]) and not isinstance(step.action, Use),
    )


async def _do(progress: Progress, step: Step, where: Where) -> None:
    where = dataclasses.replace(where, account=step.account or where.account)
    _begin(progress, step)
    for _ in range(step.times):
        if isinstance(step.action, Use):
            await _use(progress, step, step.action, where)
        elif isinstance(step.action, Together):
            await _together(progress, step, step.action, where)
        else:
            await _single(progress, step, where)


async def _use(progress: Progress, step: Step, use: Use, where: Where) -> None:
    flow = progress.flows[use.flow]
    index = len(progress.records)
    begun = progress.main.log.now_ms()
    try:
        params = _params(flow, use, await _scope(progress, where, use.with_, tuple(flow.params.values())))
    except TemplateError as error:
        raise _note_failed(progress, step, where, StepFailed(str(error), unprepared=True)) from None
    progress.records.append(_record(progress, step, where, StepStatus.DONE))
    inner = dataclasses.replace(where, params=params, depth=where.depth + 1)
    status, problem = StepStatus.DONE, None
    try:
        for each in flow.steps:
            await _do(progress, each, inner)
    except StepFailed as failure:
        status, problem = (StepStatus.SKIPPED if step.optional else StepStatus.FAILED), failure
    took = progress.main.log.now_ms() - begun
    error_text = progress.redact(problem.message) if problem else None
    progress.records[index] = progress.records[index].model_copy(update={"status": status, "duration_ms": took, "error": error_text})
    _remember(progress, step, begun, took)
    if problem is not None and not step.optional:
        raise problem


def _params(flow: Flow, use: Use, scope: Scope) -> dict[str, Any]:
    defaults = {
        name: resolve(param.default, scope) for name, param in flow.params.items() if param is not None and name not in (use.with_ or {})
    }
    return {**defaults, **resolve(use.with_ or {}, scope)}


async def _together(progress: Progress, step: Step, together: Together, where: Where) -> None:
    """Each in a tab or an account of its own, begun at the same moment."""
    begun = progress.main.log.now_ms()
    progress.records.append(_record(progress, step, where, StepStatus.DONE))
    inner = dataclasses.replace(where, depth=where.depth + 1)
    current = await _session(progress, where)
    tabs = iter(await current.tabs(sum(each.account is None for each in together.steps)))
    sessions = [next(tabs) if each.account is None else await current.as_account(each.account) for each in together.steps]
    for each in together.steps:
        _begin(progress, each)
    results = await asyncio.gather(
        *(_single(progress, each, inner, session) for each, session in zip(together.steps, sessions, strict=True)), return_exceptions=True
    )
    progress.session = current
    _remember(progress, step, begun, progress.main.log.now_ms() - begun)
    failures = [result for result in results if isinstance(result, BaseException)]
    if failures and not (step.optional and isinstance(failures[0], StepFailed)):
        raise failures[0]


async def _single(progress: Progress, step: Step, where: Where, session: Session | None = None) -> None:
    begun = progress.main.log.now_ms()
    where = dataclasses.replace(where, account=step.account or where.account)
    try:
        session = session or await _session(progress, where)
        resolved = resolve(step, await _scope(progress, where, step))
        address, position = (await session.state()).url, progress.main.log.position()
        waits = isinstance(step.action, WaitFor)
        async with session.group(step.text, step.place, snapshot=waits) as group:
            performed = await _perform(progress, resolved, session)
            took = progress.main.log.now_ms() - begun
            picture = await _picture(progress, step, session) if waits else None
        if (await session.state()).url != address or _navigated(progress, position):
            performed, group = dataclasses.replace(performed, box=None), None  # the picture is of another page than the element
    except TemplateError as error:
        raise _fail(progress, step, where, StepFailed(str(error), unprepared=True), begun) from None
    except StepFailed as failure:
        picture = await _picture(progress, step, session)
        if step.optional:
            note = progress.redact(failure.message)
            progress.records.append(_record(progress, step, where, StepStatus.SKIPPED, begun, picture=picture, note=note))
            return
        raise _fail(progress, step, where, failure, begun, picture) from None
    progress.session = session
    progress.saved |= performed.saved
    _remember(progress, step, begun, took)
    picture = picture if waits else await _picture(progress, step, session)
    record = _record(progress, step, where, StepStatus.DONE, begun, took, picture, performed)
    if group is not None and performed.box is None and picture is not None:
        progress.acted[len(progress.records)] = group
    progress.records.append(record)
    progress.on_step(record)


def _navigated(progress: Progress, position: int) -> bool:
    """Whether a page was asked for since, be it the same one again."""
    return any(isinstance(event, Exchange) and event.navigation for event in progress.main.log.since(position))


def _begin(progress: Progress, step: Step) -> None:
    if step.name is not None:
        progress.positions[step.name] = progress.main.log.position()


def _remember(progress: Progress, step: Step, begun: int, took: int) -> None:
    if step.name is not None:
        progress.durations[step.name] = took


async def _scope(progress: Progress, where: Where, *needed_by: Any) -> Scope:
    """The scope for what `needed_by` refers to: a one-time code is made only where one is asked for."""
    wants_code = any(reference.path[-1] == "totp" for value in needed_by for reference in references_in(value))
    scope = await progress.scope(where.account, wants_code)
    return dataclasses.replace(scope, params=where.params, saved=progress.saved)


async def _session(progress: Progress, where: Where) -> Session:
    return await progress.main.as_account(where.account) if where.account else progress.main


async def _perform(progress: Progress, step: Step, session: Session) -> Performed:
    timeout_ms = step.timeout_ms or progress.step_timeout_ms
    if not isinstance(step.action, WaitFor):
        return await session.perform(step, timeout_ms)
    eyes = dataclasses.replace(progress.eyes(), session=session)
    look = await eyes.wait(step.action.condition, True, timeout_ms)
    if look.truth is not Truth.YES:
        raise StepFailed(f"it did not come within {format_duration(timeout_ms)}: {look.said}")
    return Performed()


async def _picture(progress: Progress, step: Step, session: Session | None) -> Picture | None:
    if session is None or not progress.pictures or step.action.verb in UNSEEN:
        return None
    return await session.picture(f"step-{len(progress.records) + 1:02d}", fresh=not isinstance(step.action, WaitFor))


def _fail(progress: Progress, step: Step, where: Where, failure: StepFailed, begun: int, picture: Picture | None = None) -> StepFailed:
    record = _record(progress, step, where, StepStatus.FAILED, begun, picture=picture, error=progress.redact(failure.message))
    progress.records.append(record)
    progress.on_step(record)
    return failure


def _note_failed(progress: Progress, step: Step, where: Where, failure: StepFailed) -> StepFailed:
    return _fail(progress, step, where, failure, progress.main.log.now_ms())


def _record(
    progress: Progress,
    step: Step,
    where: Where,
    status: StepStatus,
    begun: int | None = None,
    took: int | None = None,
    picture: Picture | None = None,
    performed: Performed | None = None,
    error: str | None = None,
    note: str | None = None,
) -> StepRecord:
    now = progress.main.log.now_ms()
    box = performed.box if performed else None
    remark = note or (performed.note if performed else None)
    return StepRecord(
        phase=where.phase,
        text=progress.redact(step.text),
        name=step.name,
        status=status,
        file=step.place.source.path,
        line=step.place.line,
        depth=where.depth,
        duration_ms=took if took is not None else (now - begun if begun is not None else 0),
        screenshot=relative(picture.path, progress.root) if picture else None,
        box=_box(box) if box else None,
        viewport=picture.viewport if picture else None,
        error=error,
        note=progress.redact(remark) if remark else None,
    )


def outline(progress: Progress, boxes: Mapping[int, PageBox]) -> None:
    """Notes in the records where the elements stood that the steps acted on, which only the finished trace could tell."""
    for index, group in progress.acted.items():
        if group in boxes:
            progress.records[index] = progress.records[index].model_copy(update={"box": _box(boxes[group])})


def _box(box: PageBox) -> Box:
    return Box(x=box.x, y=box.y, width=box.width, height=box.height)


def relative(path: Path, root: Path) -> str:
    """The path below the report's folder, with forward slashes."""
    return path.relative_to(root).as_posix()
