"""Files -> what is going to be run. Reads, checks and plans; runs nothing."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.diagnostics import Diagnostic, Problems, Severity, problem
from harness.plan.make import ATTEMPT_TIMEOUT_MS, STEP_TIMEOUT_MS, Combination, Defaults, make_plan
from harness.plan.model import Plan, Planned
from harness.scenario.checks import check_scenario
from harness.scenario.customer import Customer
from harness.scenario.environment import Environment
from harness.scenario.nearest import hint_among
from harness.scenario.scenario import DEFAULT_WITHIN_MS, Flow, Scenario
from harness.scenario.workspace import Workspace, is_part, open_workspace, select_files
from harness.workflow.options import Options, reports_folder


@dataclass(frozen=True)
class Checked:
    """What was read: the scenarios that can be run, and everything there is to say about the files."""

    workspace: Workspace
    scenarios: tuple[Scenario, ...]
    problems: tuple[Diagnostic, ...]
    parts: int = 0  # customers, environments and flows that were named by themselves

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What has to be mended."""
        return tuple(each for each in self.problems if each.severity is Severity.ERROR)


def check(options: Options, environ: Mapping[str, str], whole: bool = False) -> Checked:
    """Reads and checks the files that `options.paths` name; with `whole` also customers, environments and flows that they name, and, when
    the workspace is named, what no scenario uses. Raises Problems when there is no workspace or no such path."""
    start = options.paths[0] if options.paths else Path()
    workspace = open_workspace(_existing(start), environ)
    parts = {path: workspace.read_below(path) for path in options.paths if whole and is_part(workspace, path)}
    named = [path for path in options.paths if not parts.get(path)]
    files = select_files(workspace, named) if named or not options.paths else ()
    decoded = [scenario for path in files if (scenario := workspace.scenario(path)) is not None]
    asked: tuple[str | None, ...] = options.environments or (None,)
    found = [each for scenario in decoded for name in asked for each in check_scenario(workspace, scenario, options.customers, name)]
    found += _missing_names(workspace, options)
    if whole and {path.resolve() for path in options.paths or (workspace.root,)} & {workspace.root, *workspace.root.parents}:
        workspace.read_everything()
    workspace.answers()  # a mistake in it is said now, not after the run
    problems = tuple(dict.fromkeys((*workspace.problems, *found)))
    return Checked(workspace, tuple(decoded), _by_place(problems), sum(parts.values()))


def _missing_names(workspace: Workspace, options: Options) -> Iterator[Diagnostic]:
    """The control, and the environment of --fixed, have to be there."""
    if options.control and not workspace.exists("customers", options.control):
        hint = hint_among(options.control, workspace.names("customers"))
        yield Diagnostic("unknown-customer", f"there is no customer `{options.control}` in customers/", hint=hint)
    if options.fixed and not workspace.exists("environments", options.fixed):
        hint = hint_among(options.fixed, workspace.names("environments"))
        yield Diagnostic("unknown-environment", f"there is no environment `{options.fixed}` in environments/", hint=hint)


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
    return mine_of(everything_of(checked, options), checked, options)


def everything_of(checked: Checked, options: Options) -> Plan:
    """What all shards are going to run together. Raises Problems."""
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


def mine_of(everything: Plan, checked: Checked, options: Options) -> Plan:
    """What this shard is going to run of it. Raises Problems."""
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
