"""The pipeline, written once: files -> plan -> run -> record -> reports."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.plan.model import Plan
from harness.scenario.workspace import Workspace
from harness.workflow.finishing import Finished, finish, run_info
from harness.workflow.folder import alone, make_run_folder, options_of, write_run_plan
from harness.workflow.options import Options, World, default_reports, reports_folder, with_dotenv
from harness.workflow.planning import check, everything_of, mine_of
from harness.workflow.tooling import About, about, opened, tools_of

if TYPE_CHECKING:
    from harness.record.asked import Asked
    from harness.record.model import Result
    from harness.run.case import CaseResult
    from harness.run.events import RunEvent
    from harness.run.run import Carried


@dataclass(frozen=True)
class Begun:
    """A run's folder and what there is of it already: `done` by case, and `gone`, the rows of scenarios that are not there any more."""

    folder: Path
    id: str
    started: datetime
    done: Mapping[str, CaseResult] = field(default_factory=dict)
    gone: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """Everything that is known of a run before its first attempt."""

    plan: Plan
    workspace: Workspace
    options: Options
    begun: Begun


def run(options: Options, world: World, emit: Callable[[RunEvent], None], began: Callable[[Plan, Path], None]) -> Finished:
    """Runs what `options` ask for and writes the record and its reports. Raises Problems."""
    prepare = _resumed(options, world) if options.resume is not None else _new(options, world)
    with opened(options, world) as browsers:
        prepared = prepare()
        with alone(prepared.begun.folder, world):
            began(prepared.plan, prepared.begun.folder)
            carried, about = browsers.runner.run(_carried(browsers.host, prepared, world, emit))
            return _told(prepared, carried, about, world)


def begin(options: Options, world: World) -> tuple[Workspace, Begun]:
    """Reads and plans, and notes in a new folder what is going to be done; nothing is run yet. Raises Problems."""
    prepared = _new(options, world)()
    return prepared.workspace, prepared.begun


def _new(options: Options, world: World) -> Callable[[], Prepared]:
    """A run that is planned; what it returns notes in a new folder what is going to be done. Both raise Problems."""
    checked = check(options, world.environ)
    everything = everything_of(checked, options)
    mine = mine_of(everything, checked, options)

    def prepare() -> Prepared:
        folder, run_id = make_run_folder(reports_folder(checked.workspace, options), world)
        write_run_plan(everything, mine, checked.workspace, options, world, folder, run_id)
        return Prepared(mine, checked.workspace, options, Begun(folder, run_id, world.now()))

    return prepare


def _resumed(options: Options, world: World) -> Callable[[], Prepared]:
    """A run that was interrupted or killed, to go on with: what it was asked for, without what it has done. Raises Problems."""
    from harness.record.asked import read_came, read_plan, worth_keeping
    from harness.record.assemble import left_behind
    from harness.record.store import find_planned
    from harness.run.case import taken_up
    from harness.run.scope import known_of

    folder = find_planned(default_reports(options.reports, world.environ), options.resume or "")
    before = read_plan(folder)
    again = replace(options_of(before.options), workers=options.workers, headed=options.headed, reports=folder.parent)
    checked = check(again, world.environ)
    rows = tuple(row for row in everything_of(checked, again).rows if row.case.key in before.mine)
    texts = {asked.key: asked.source.text for asked in before.asked if asked.source}
    known = known_of(rows, with_dotenv(world.environ, checked.workspace.root))
    same = [
        case
        for row in rows
        if texts.get(row.case.key) == known.text(row.case.scenario.source.text)
        for case in (row.case, row.control)
        if case
    ]
    done = {case.key: taken_up(case, worth_keeping(read_came(folder, case.key))) for case in same}
    asked_for = replace(again, command=before.run.command, shard=before.run.shard)
    gone = left_behind(before, {row.case.key for row in rows})
    begun = Begun(folder, before.run.id, before.run.started, done, gone)
    return lambda: Prepared(Plan(rows), checked.workspace, asked_for, begun)


async def _carried(host: Any, prepared: Prepared, world: World, emit: Callable[[RunEvent], None]) -> tuple[Carried, About]:
    from harness.run.run import carry_out
    from harness.verdict.sequential import until_confident

    options, begun = prepared.options, prepared.begun
    trial = until_confident(options.until_confident) if options.until_confident is not None else None
    tools = tools_of(host, prepared.workspace, options, world, emit, begun.folder, begun.id)
    carried = await carry_out(prepared.plan, tools, _stop_early(options), trial, begun.done)
    return carried, about(tools)


def _stop_early(options: Options) -> Callable[[CaseResult], bool]:
    def regression(result: CaseResult) -> bool:
        return options.fail_fast and result.case.scenario.status == "fixed" and result.reproduced

    return regression


def _told(prepared: Prepared, carried: Carried, about: About, world: World) -> Finished:
    """The record and its reports. Attempts are read again, a case's at a time, as they were written when they ended."""
    from harness.record.clean import clean_plan
    from harness.record.proofs import with_proofs

    options, begun, workspace = prepared.options, prepared.begun, prepared.workspace
    clean_plan(begun.folder, about.known)
    info = run_info(prepared.plan, about, options, begun.id, (begun.started, world.now()), workspace)
    results = functools.partial(_results, prepared, carried, about.versions)
    return finish(
        info.model_copy(update={"interrupted": carried.interrupted}),
        with_proofs(results, options.fixed) if options.prove else results(),
        begun.folder,
        defects=carried.defects,
        known=about.known,
        fail_on=workspace.settings.fail_on,
    )


def _results(prepared: Prepared, carried: Carried, versions: Mapping[str, str]) -> Iterator[Result]:
    from harness.record.asked import Came, read_came
    from harness.record.assemble import Context, asked_of, results_of

    folder, workspace = prepared.begun.folder, prepared.workspace
    ended = {result.case.key: result for result in carried.results}
    asked = (asked_of(row, workspace.settings.ticket_url) for row in prepared.plan.rows)

    def came(key: str) -> Came | None:
        return ended[key].came(folder) if key in ended else None

    yield from results_of(asked, came, Context(carried.interrupted or carried.stopped, workspace.answers(), versions))
    yield from results_of(prepared.begun.gone, functools.partial(read_came, folder), Context(versions=versions))
