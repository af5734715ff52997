"""The pipeline, written once: files -> plan -> run -> record -> reports. The only place that knows every room."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import statistics
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import harness
from harness.core.exits import BisectExit, Exit
from harness.core.state import state_folder
from harness.diagnostics import Diagnostic, Problems, Severity, problem
from harness.plan.make import ATTEMPT_TIMEOUT_MS, STEP_TIMEOUT_MS, Combination, Defaults, make_plan
from harness.plan.model import Plan, Planned
from harness.scenario.checks import check_scenario
from harness.scenario.customer import Customer
from harness.scenario.environment import Environment
from harness.scenario.scenario import DEFAULT_WITHIN_MS, Flow, Scenario
from harness.scenario.workspace import Workspace, open_workspace, select_files

if TYPE_CHECKING:
    from harness.evidence.redact import Redactor
    from harness.record.asked import Came
    from harness.record.model import Record, Result, RunInfo
    from harness.run.case import Tools
    from harness.run.events import RunEvent
    from harness.run.run import Carried


@dataclass(frozen=True)
class Options:
    """What a run was asked for; None is "as repro.yaml says"."""

    paths: tuple[Path, ...] = ()
    environments: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    control: str | None = None
    attempts: int | None = None
    measure: bool = False
    workers: int | None = None
    tag: str | None = None
    shard: str | None = None
    headed: bool = False
    reports: Path | None = None
    trace: str | None = None
    screenshots: str | None = None
    fail_fast: bool = False
    until_confident: float | None = None
    balance: Path | None = None
    last_failed: bool = False
    resume: str | None = None
    prove: bool = False
    fixed: str | None = None
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What was read: the scenarios that can be run, and everything there is to say about the files."""

    workspace: Workspace
    scenarios: tuple[Scenario, ...]
    problems: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What has to be mended."""
        return tuple(each for each in self.problems if each.severity is Severity.ERROR)


@dataclass(frozen=True)
class Finished:
    """A run that came to its end, or to its interrupt. `fail_on` is what the workspace says."""

    record: Record
    folder: Path
    report: Path
    interrupted: bool
    defects: tuple[BaseException, ...] = ()
    fail_on: tuple[str, ...] | None = None


@dataclass(frozen=True)
class World:
    """What a run takes from outside, so that tests decide it."""

    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    token: Callable[[], str] = lambda: secrets.token_hex(4)
    host: Any = None


def check(options: Options, environ: Mapping[str, str], whole: bool = False) -> Checked:
    """Reads and checks the files that `options.paths` name; with `whole`, and the workspace named, also what no scenario uses.
    Raises Problems when there is no workspace or no such path."""
    start = options.paths[0] if options.paths else Path()
    workspace = open_workspace(_existing(start), environ)
    files = select_files(workspace, options.paths)
    decoded = [scenario for path in files if (scenario := workspace.scenario(path)) is not None]
    asked: tuple[str | None, ...] = options.environments or (None,)
    found = [each for scenario in decoded for name in asked for each in check_scenario(workspace, scenario, options.customers, name)]
    if options.control and not workspace.exists("customers", options.control):
        found.append(Diagnostic("unknown-customer", f"there is no customer `{options.control}` in customers/"))
    if options.fixed and not workspace.exists("environments", options.fixed):
        found.append(Diagnostic("unknown-environment", f"there is no environment `{options.fixed}` in environments/"))
    if whole and {path.resolve() for path in options.paths or (workspace.root,)} & {workspace.root, *workspace.root.parents}:
        workspace.read_everything()
    workspace.answers()  # a mistake in it is said now, not after the run
    problems = tuple(dict.fromkeys((*workspace.problems, *found)))
    return Checked(workspace, tuple(decoded), _by_place(problems))


def _existing(path: Path) -> Path:
    """A scenario's id names no file by itself: the workspace is then the one around here, or around what is there of a path elsewhere."""
    elsewhere = path.parents if path.is_absolute() or ".." in path.parts else ()
    return next((place for place in (path, *elsewhere) if place.exists()), Path())


def _by_place(problems: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(
        sorted(problems, key=lambda each: (each.place.source.path, each.place.line, each.place.column) if each.place else ("", 0, 0))
    )


def plan(checked: Checked, options: Options) -> Plan:
    """What is going to be run here. Raises Problems when the files are wrong or nothing is left."""
    return _mine(_everything(checked, options), checked, options)


def _everything(checked: Checked, options: Options) -> Plan:
    """What all shards are going to run together."""
    from harness.plan.select import tags_fit

    if checked.errors:
        raise Problems(checked.problems)
    chosen = [scenario for scenario in checked.scenarios if tags_fit(scenario, options.tag)]
    combinations = [each for scenario in chosen for each in _combinations(checked.workspace, scenario, options)]
    if options.last_failed:
        from harness.record.earlier import failed

        wanted = failed(reports_folder(checked.workspace, options))
        combinations = [each for each in combinations if _name(each.scenario, each.customer, each.environment) in wanted]
    return make_plan(combinations, _defaults(checked.workspace, options))


def _mine(everything: Plan, checked: Checked, options: Options) -> Plan:
    from harness.plan.select import in_shard

    if options.balance is None:
        return Plan(tuple(in_shard(everything.rows, options.shard)))
    from harness.record.earlier import durations

    took = durations(options.balance, reports_folder(checked.workspace, options))
    usual = statistics.median(took.values()) if took else 1.0

    def weight(row: Planned) -> float:
        case = row.case
        return took.get(_name(case.scenario, case.customer, case.environment), usual * (2 if row.control else 1))

    return Plan(tuple(in_shard(everything.rows, options.shard, weight)))


def _name(scenario: Scenario, customer: Customer | None, environment: Environment) -> tuple[str, str | None, str]:
    return scenario.id, customer.id if customer else None, environment.id


def _combinations(workspace: Workspace, scenario: Scenario, options: Options) -> list[Combination]:
    chosen = options.environments or (scenario.environment or workspace.settings.environment or "",)
    environments = [environment for name in chosen if (environment := workspace.environment(name)) is not None]
    names = options.customers or (scenario.customer or workspace.settings.customer,)
    control_name = options.control or scenario.control
    flows = _flows(workspace, scenario)
    found = []
    for name in names:
        customer = workspace.customer(name) if name else None
        other = control_name or (customer.baseline if customer and options.prove else None)
        control = workspace.customer(other) if other and other != name else None
        found += [Combination(scenario, customer, control, environment, flows) for environment in environments]
        found += [Combination(scenario, customer, None, fixed, flows) for fixed in _fixed(workspace, options, chosen)]
    return found


def _fixed(workspace: Workspace, options: Options, chosen: Sequence[str]) -> list[Environment]:
    """The environment in which a scenario that is proven should not reproduce. Raises Problems."""
    if options.fixed in chosen:
        hint = "name one in which the symptom is mended"
        raise problem("same-environment", f"--fixed names `{options.fixed}`, in which the symptom should be seen", hint)
    fixed = workspace.environment(options.fixed) if options.fixed else None
    return [fixed] if fixed else []


def _flows(workspace: Workspace, scenario: Scenario) -> dict[str, Flow]:
    names = workspace.names("flows")
    return {name: flow for name in names if (flow := workspace.flow(name)) is not None}


def _defaults(workspace: Workspace, options: Options) -> Defaults:
    settings = workspace.settings
    return Defaults(
        attempts=settings.attempts or 1,
        attempts_override=options.attempts,
        measure=options.measure,
        within_ms=settings.within_ms or DEFAULT_WITHIN_MS,
        step_timeout_ms=settings.step_timeout_ms or STEP_TIMEOUT_MS,
        attempt_timeout_ms=settings.attempt_timeout_ms or ATTEMPT_TIMEOUT_MS,
    )


def reports_folder(workspace: Workspace, options: Options) -> Path:
    """Where runs land: the command line, `REPRO_REPORTS`, repro.yaml (relative to it), or `reports/` here."""
    if options.reports is not None:
        return options.reports
    if chosen := workspace.environ.get("REPRO_REPORTS"):
        return Path(chosen)
    return workspace.root / workspace.settings.reports if workspace.settings.reports else Path("reports")


def run(options: Options, world: World, emit: Callable[[RunEvent], None], began: Callable[[Plan, Path], None]) -> Finished:
    """Runs what `options` ask for and writes the record and its reports. Raises Problems."""
    if options.resume is not None:
        planned, workspace, asked_for, begun = _resumed(options, world)
        with _opened(host_of(options, world)) as browsers:
            return _carry_out(browsers, planned, workspace, asked_for, world, emit, began, begun)
    checked, everything, mine = _asked(options, world)
    with _opened(host_of(options, world)) as browsers:
        begun = _noted(everything, mine, checked.workspace, options, world)
        return _carry_out(browsers, mine, checked.workspace, options, world, emit, began, begun)


@dataclass(frozen=True)
class _Browsers:
    """An open host of browsers, and the event loop to which it belongs."""

    host: Any
    runner: asyncio.Runner


@contextmanager
def _opened(host: Any) -> Iterator[_Browsers]:
    """What the host needs starts at once, in processes of its own, while this one goes on preparing the run."""
    with asyncio.Runner() as runner:
        opened = runner.run(host.__aenter__())
        try:
            yield _Browsers(opened, runner)
        finally:
            runner.run(host.__aexit__(None, None, None))


@dataclass(frozen=True)
class Begun:
    """A run's folder and what there is of it already: `done` by case, and `gone`, the results of scenarios that are not there any more."""

    folder: Path
    id: str
    started: datetime
    done: Mapping[str, Came] = field(default_factory=dict)
    gone: tuple[Result, ...] = ()


def begin(options: Options, world: World) -> tuple[Workspace, Begun]:
    """Reads and plans, and notes in a new folder what is going to be done; nothing is run yet. Raises Problems."""
    checked, everything, mine = _asked(options, world)
    return checked.workspace, _noted(everything, mine, checked.workspace, options, world)


def _asked(options: Options, world: World) -> tuple[Checked, Plan, Plan]:
    """The files, what all shards are going to run together, and what is going to be run here. Raises Problems."""
    checked = check(options, world.environ)
    everything = _everything(checked, options)
    return checked, everything, _mine(everything, checked, options)


def _noted(everything: Plan, mine: Plan, workspace: Workspace, options: Options, world: World) -> Begun:
    """A new folder in which stands what is going to be done. Raises Problems."""
    folder, run_id = make_run_folder(reports_folder(workspace, options), world)
    write_run_plan(everything, mine, workspace, options, world, folder, run_id)
    return Begun(folder, run_id, world.now())


def _resumed(options: Options, world: World) -> tuple[Plan, Workspace, Options, Begun]:
    """A run that was interrupted or killed, to go on with: what it was asked for, without what it has done. Raises Problems."""
    from harness.record.asked import read_came, read_plan, worth_keeping
    from harness.record.assemble import left_behind
    from harness.record.store import find_planned
    from harness.run.scope import known_of

    folder = find_planned(default_reports(options.reports, world.environ), options.resume or "")
    before = read_plan(folder)
    again = replace(_options_of(before.options), workers=options.workers, headed=options.headed, reports=folder.parent)
    checked = check(again, world.environ)
    rows = tuple(row for row in _everything(checked, again).rows if row.case.key in before.mine)
    texts = {asked.key: asked.source.text for asked in before.asked if asked.source}
    known = known_of(rows, with_dotenv(world.environ, checked.workspace.root))
    same = [
        case
        for row in rows
        if texts.get(row.case.key) == known.text(row.case.scenario.source.text)
        for case in (row.case, row.control)
        if case
    ]
    done = {case.key: worth_keeping(read_came(folder, case.key)) for case in same}
    asked_for = replace(again, command=before.run.command, shard=before.run.shard)
    gone = left_behind(before, {row.case.key for row in rows}, folder)
    begun = Begun(folder, before.run.id, before.run.started, done, gone)
    return Plan(rows), checked.workspace, asked_for, begun


def _carry_out(
    browsers: _Browsers,
    planned: Plan,
    workspace: Workspace,
    options: Options,
    world: World,
    emit: Callable[[RunEvent], None],
    began: Callable[[Plan, Path], None],
    begun: Begun,
) -> Finished:
    from harness.record.clean import clean_plan

    with alone(begun.folder, world):
        began(planned, begun.folder)
        carried, about = browsers.runner.run(_run(browsers.host, planned, workspace, options, world, emit, begun))
        record = _record(planned, carried, about, options, begun.id, (begun.started, world.now()), workspace)
        record = record.model_copy(update={"results": (*record.results, *begun.gone)}) if begun.gone else record
        clean_plan(begun.folder, about.known)
        return replace(finish(record, begun.folder, carried.interrupted, carried.defects, about.known), fail_on=workspace.settings.fail_on)


@contextmanager
def alone(folder: Path, world: World) -> Iterator[None]:
    """One process at a time works on a run. Raises Problems."""
    from filelock import FileLock, Timeout

    place = state_folder(world.environ) / "locks"
    place.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]
    try:
        with FileLock(place / f"run-{name}.lock", timeout=0):
            yield
    except Timeout:
        raise problem("run-in-use", f"another process is working on {folder.name}", "wait for its end, or end it") from None


def write_run_plan(everything: Plan, mine: Plan, workspace: Workspace, options: Options, world: World, folder: Path, run_id: str) -> None:
    """Notes in `folder` what the run sets out to do."""
    from harness.record.asked import RunPlan, write_plan
    from harness.record.assemble import asked_of
    from harness.record.clean import without_secrets
    from harness.run.scope import known_of

    info = run_info(mine, About({}, {}), options, run_id, (world.now(), world.now()), workspace).model_copy(update={"finished": None})
    asked = tuple(asked_of(row, workspace.settings.ticket_url) for row in everything.rows)
    plan = RunPlan(run=info, options=_plain(options), asked=asked, mine=tuple(row.case.key for row in mine.rows))
    write_plan(without_secrets(plan, known_of(everything.rows, with_dotenv(world.environ, workspace.root))), folder)


KEPT = (
    *("environments", "customers", "control", "attempts", "measure", "tag", "trace", "screenshots", "fail_fast", "until_confident"),
    *("prove", "fixed"),
)


def _plain(options: Options) -> dict[str, Any]:
    """What was asked for as plain values, so that a run can be resumed."""
    paths = [str(path.resolve() if path.exists() else path) for path in options.paths] or [str(Path().resolve())]
    return {"paths": paths, **{name: getattr(options, name) for name in KEPT}}


def _options_of(plain: Mapping[str, Any]) -> Options:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items() if name in KEPT}
    return Options(paths=tuple(Path(path) for path in plain.get("paths", ())), **values)


def make_run_folder(reports: Path, world: World) -> tuple[Path, str]:
    """A new folder named after the time, and never one that is there already. Raises Problems when it can't be made."""
    stamp = world.now().strftime("%Y%m%d-%H%M%S")
    try:
        reports.mkdir(parents=True, exist_ok=True)
        for attempt in range(1000):
            run_id = f"{stamp}-{world.token()[:4]}" if attempt < 999 else f"{stamp}-{attempt}"
            try:
                (reports / run_id).mkdir()
            except FileExistsError:
                continue
            return reports / run_id, run_id
    except OSError as error:
        raise problem(
            "unwritable-reports", f"the reports folder {reports} can't be written: {error.strerror}", "use --reports DIR"
        ) from None
    raise problem("unwritable-reports", f"no new folder could be made in {reports}", "use --reports DIR")


@dataclass(frozen=True)
class About:
    """What the run learned of its surroundings, and the secrets that it met."""

    versions: Mapping[str, str]
    browser: Mapping[str, str]
    known: Redactor | None = None


async def _run(
    host: Any,
    planned: Plan,
    workspace: Workspace,
    options: Options,
    world: World,
    emit: Callable[[RunEvent], None],
    begun: Begun,
) -> tuple[Carried, About]:
    from harness.run.run import carry_out
    from harness.verdict.sequential import until_confident

    trial = until_confident(options.until_confident) if options.until_confident is not None else None
    tools = _tools(host, workspace, options, world, emit, begun.folder, begun.id)
    carried = await carry_out(planned, tools, _stop_early(options), trial, begun.done)
    return carried, about(tools)


def about(tools: Tools) -> About:
    """What a run's tools have learned."""
    return About(dict(tools.environments.versions), dict(tools.host.describe()), tools.known)


@asynccontextmanager
async def open_tools(
    workspace: Workspace, options: Options, world: World, emit: Callable[[RunEvent], None], folder: Path, run_id: str
) -> AsyncIterator[Tools]:
    """What the cases of a run share, with its browsers; they are closed at the end."""
    async with host_of(options, world) as host:
        yield _tools(host, workspace, options, world, emit, folder, run_id)


def _tools(
    host: Any, workspace: Workspace, options: Options, world: World, emit: Callable[[RunEvent], None], folder: Path, run_id: str
) -> Tools:
    from harness.run.case import Tools
    from harness.run.configuration import Journal
    from harness.run.environments import Environments
    from harness.run.locks import Locks
    from harness.run.ports import Capture
    from harness.run.scope import environment_scope
    from harness.run.sessions import SessionStore
    from harness.run.totp import Totp

    state = state_folder(world.environ)
    settings = workspace.settings
    trace = options.trace or settings.trace or "decided"
    pictures = (options.screenshots or settings.screenshots or "on") == "on"
    environ = with_dotenv(world.environ, workspace.root)
    return Tools(
        host=host,
        locks=Locks(state / "locks"),
        journal=Journal(state / "restore"),
        totp=Totp(state / "totp"),
        environments=Environments(host, lambda environment: environment_scope(environment, environ)),
        sessions=SessionStore(),
        root=folder,
        workspace=workspace.root,
        environ=environ,
        capture=Capture(trace=trace != "off", screenshots=pictures),
        keep_trace=trace,
        token=world.token,
        emit=emit,
        run_id=run_id,
        slots=asyncio.Semaphore(options.workers or settings.workers or os.cpu_count() or 1),
        prove=options.prove,
    )


def host_of(options: Options, world: World) -> Any:
    """The browsers of a run, as an asynchronous context."""
    if world.host is not None:
        return world.host
    from harness.browser.pool import PlaywrightHost

    return PlaywrightHost(headed=options.headed, environ=world.environ)


def _stop_early(options: Options) -> Callable[[Any], bool]:
    from harness.verdict.outcome import Outcome

    def regression(result: Any) -> bool:
        fixed = result.case.scenario.status == "fixed"
        return options.fail_fast and fixed and any(attempt.outcome is Outcome.REPRODUCED for attempt in result.attempts)

    return regression


def with_dotenv(environ: Mapping[str, str], root: Path) -> Mapping[str, str]:
    """The environment with `.env` of the workspace, or of the folder above it, behind it: only `REPRO_SECRET_*` is taken from there."""
    found: dict[str, str] = {}
    for folder in (root.parent, root):
        path = folder / ".env"
        if path.is_file():
            found |= _dotenv(path.read_text(encoding="utf-8", errors="replace"))
    return {**found, **environ}


def set_secrets(environ: Mapping[str, str], start: Path = Path()) -> dict[str, str]:
    """Every secret that is set here, by environment variable or `.env` of the workspace at `start`: name to value."""
    try:
        root = open_workspace(start, environ).root
    except Problems:
        root = Path()
    known = with_dotenv(environ, root)
    return {name.removeprefix("REPRO_SECRET_"): value for name, value in known.items() if name.startswith("REPRO_SECRET_")}


def _dotenv(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name.strip().startswith("REPRO_SECRET_"):
            value = value.strip()
            quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
            pairs[name.strip()] = value[1:-1] if quoted else value
    return pairs


def _record(
    planned: Plan, carried: Carried, about: About, options: Options, run_id: str, times: tuple[datetime, datetime], workspace: Workspace
) -> Record:
    from harness.record.asked import Came
    from harness.record.assemble import Context, asked_of, result_of
    from harness.record.model import Record
    from harness.record.proofs import with_proofs

    came = {result.case.key: Came(tuple(result.attempts), result.configuration, result.complete) for result in carried.results}
    context = Context(carried.interrupted or carried.stopped, workspace.answers())
    asked = [asked_of(row, workspace.settings.ticket_url) for row in planned.rows]
    results = tuple(
        result_of(row, came.get(row.key, Came()), came.get(row.control_key) if row.control_key else None, context) for row in asked
    )
    if options.prove:
        results = with_proofs(results, options.fixed)
    info = run_info(planned, about, options, run_id, times, workspace)
    return Record(run=info.model_copy(update={"interrupted": carried.interrupted}), results=results)


def run_info(planned: Plan, about: About, options: Options, run_id: str, times: tuple[datetime, datetime], workspace: Workspace) -> RunInfo:
    """What the record says of the run as a whole."""
    from harness.record.model import BrowserInfo, RunInfo

    environments = list(dict.fromkeys(row.case.environment.id for row in planned.rows))
    urls = list(dict.fromkeys(row.case.environment.base_url for row in planned.rows))
    return RunInfo(
        id=run_id,
        started=times[0],
        finished=times[1],
        environment=", ".join(environments) or None,
        environment_version=", ".join(dict.fromkeys(about.versions.values())) or None,
        base_url=", ".join(urls) or None,
        harness_version=harness.__version__,
        browser=BrowserInfo(**about.browser) if about.browser else None,
        command=options.command,
        workers=options.workers or workspace.settings.workers or os.cpu_count() or 1,
        shard=options.shard,
    )


def finish(
    record: Record, folder: Path, interrupted: bool, defects: tuple[BaseException, ...] = (), known: Redactor | None = None
) -> Finished:
    """Writes the record without the secrets that are `known`, and everything that tells of it."""
    from harness.record.clean import record_without_secrets
    from harness.record.store import write_record
    from harness.report.write import write_reports

    record = record_without_secrets(record, known) if known is not None else record
    write_record(record, folder)
    report = write_reports(record, folder)
    return Finished(record, folder, report, interrupted, defects)


def exit_of(finished: Finished, fail_on: tuple[str, ...] | None) -> Exit:
    """The contract's exit code: a defect of the harness, an interrupt, a verdict that was named, something undecided, or nothing."""
    from harness.verdict.outcome import Outcome

    results = finished.record.results
    fail_on = fail_on if fail_on is not None else finished.fail_on
    if finished.defects:
        return Exit.DEFECT
    if finished.interrupted:
        return Exit.INTERRUPTED
    if (proven := _proven(results)) is not None:
        return proven
    if fail_on is not None and any(str(result.verdict) in fail_on for result in results):
        return Exit.VERDICT
    if fail_on is None and any(result.status == "fixed" and result.verdict is Outcome.REPRODUCED for result in results):
        return Exit.VERDICT
    if any(result.verdict is Outcome.INCONCLUSIVE for result in results):
        return Exit.INCONCLUSIVE
    return Exit.AS_EXPECTED


def _proven(results: Sequence[Result]) -> Exit | None:
    """With --prove: 1 when a symptom is seen everywhere, 3 when a scenario could not be proven, else 0. None without it."""
    answers = [result.proof.answer for result in results if result.proof is not None]
    if not answers:
        return None
    return Exit.VERDICT if "refuted" in answers else Exit.INCONCLUSIVE if "open" in answers else Exit.AS_EXPECTED


def bisect_exit(finished: Finished) -> BisectExit:
    """What `git bisect run` is told: bad when anything reproduced, skip when anything is undecided or nothing ran, else good."""
    from harness.verdict.outcome import Outcome

    verdicts = [result.verdict for result in finished.record.results]
    if finished.defects or finished.interrupted:
        return BisectExit.STOP
    if Outcome.REPRODUCED in verdicts:
        return BisectExit.BAD
    return BisectExit.SKIP if Outcome.INCONCLUSIVE in verdicts or not verdicts else BisectExit.GOOD


def default_reports(chosen: Path | None, environ: Mapping[str, str]) -> Path:
    """Where runs are looked for: the option, or as a run started here would write them."""
    if chosen is not None:
        return chosen
    try:
        return reports_folder(open_workspace(Path(), environ), Options())
    except Problems:
        return Path(environ.get("REPRO_REPORTS") or "reports")
