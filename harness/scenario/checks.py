"""What can be said of a scenario before it runs: names that lead nowhere, and choices that make verdicts wrong.

Pure: it sees decoded values and the workspace's other files, never a browser.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.diagnostics import Diagnostic, Place
from harness.scenario.action import Step
from harness.scenario.advice import advice, all_steps, line_of
from harness.scenario.condition import Condition, leaves
from harness.scenario.conditions.evaluate import EvaluatesTrue
from harness.scenario.conditions.kept import SavedIs, Took
from harness.scenario.conditions.picture import ScreenshotLike
from harness.scenario.customer import Customer
from harness.scenario.environment import Environment
from harness.scenario.nearest import hint_among
from harness.scenario.scenario import Flow, Scenario
from harness.scenario.source import Node, place_of
from harness.scenario.steps.evaluate import Evaluate
from harness.scenario.steps.mock import Mock
from harness.scenario.steps.request import Request
from harness.scenario.steps.save import Save
from harness.scenario.steps.upload import Upload
from harness.scenario.steps.use import Use
from harness.scenario.steps.wait_for import WaitFor
from harness.scenario.template import Reference
from harness.scenario.workspace import Workspace

RUN_NAMES = ("token", "id", "attempt")


@dataclasses.dataclass(frozen=True)
class Setting:
    """A scenario together with one customer and environment; None where the name leads nowhere."""

    scenario: Scenario
    customer: Customer | None
    environment: Environment | None


def check_scenario(
    workspace: Workspace, scenario: Scenario, customers: Sequence[str] = (), environment: str | None = None
) -> tuple[Diagnostic, ...]:
    """Every problem and warning of a scenario with these customers (its own when none are given)."""
    found: list[Diagnostic] = []
    names = _names_of(workspace, scenario, customers, environment)
    for kind, name, place in names:
        if not workspace.exists(kind, name):
            singular = kind.removesuffix("s")
            hint = hint_among(name, workspace.names(kind))
            found.append(Diagnostic(f"unknown-{singular}", f"there is no {singular} `{name}` in {kind}/", place, hint))
    flows = _flows_of(workspace, scenario, found)
    where = next((workspace.environment(name) for kind, name, _ in names if kind == "environments"), None)
    if where is None and not any(kind == "environments" for kind, _, _ in names):
        hint = "write `environment:` here or in repro.yaml, or use --environment"
        found.append(Diagnostic("missing-key", "the scenario names no environment", _top(scenario), hint))
    chosen: list[str | None] = list(dict.fromkeys(name for kind, name, _ in names if kind == "customers"))
    for each in chosen or [None]:
        setting = Setting(scenario, workspace.customer(each) if each else None, where)
        found += _references(setting, flows, no_customer=each is None)
        found += _accounts(setting)
    found += _step_names(scenario, flows)
    found += _rights(scenario, flows, where)
    found += _files(workspace, scenario, flows)
    found += advice(scenario, flows)
    return tuple(dict.fromkeys(found))


def _names_of(
    workspace: Workspace, scenario: Scenario, customers: Sequence[str], environment: str | None
) -> list[tuple[str, str, Place | None]]:
    top = scenario.source
    names = list(customers) or [name for name in (scenario.customer or workspace.settings.customer,) if name]
    chosen = environment or scenario.environment or workspace.settings.environment
    found = [("customers", name, line_of(scenario, "customer") if name == scenario.customer else None) for name in names]
    if scenario.control:
        found.append(("customers", scenario.control, line_of(scenario, "control")))
    if chosen:
        found.append(("environments", chosen, line_of(scenario, "environment") if chosen == scenario.environment else None))
    return [(kind, name, place or Place(top, 1, 1, 2)) for kind, name, place in found]


def _top(scenario: Scenario) -> Place:
    return Place(scenario.source, 1, 1, 2)


def own_steps(scenario: Scenario) -> Iterator[Step]:
    """Every step that stands in the scenario's file."""
    return all_steps((*scenario.setup, *scenario.steps, *scenario.cleanup))


def _flows_of(workspace: Workspace, scenario: Scenario, found: list[Diagnostic]) -> dict[str, Flow]:
    """Every flow that the scenario uses, directly or not; reports those that are not there, use themselves, or get wrong parameters."""
    flows: dict[str, Flow] = {}

    def visit(steps: Iterator[Step], above: tuple[str, ...]) -> None:
        for step in steps:
            if not isinstance(step.action, Use):
                continue
            name = step.action.flow
            if name in above:
                chain = " → ".join((*above[above.index(name) :], name))
                found.append(Diagnostic("flow-cycle", f"the flow `{name}` uses itself", step.place, chain))
                continue
            if not workspace.exists("flows", name):
                found.append(
                    Diagnostic(
                        "unknown-flow", f"there is no flow `{name}` in flows/", step.place, hint_among(name, workspace.names("flows"))
                    )
                )
                continue
            flow = workspace.flow(name)
            if flow is None:
                continue
            flows[name] = flow
            found.extend(_params(step, step.action, flow))
            visit(all_steps(flow.steps), (*above, name))

    visit(own_steps(scenario), ())
    return flows


def _params(step: Step, use: Use, flow: Flow) -> Iterator[Diagnostic]:
    given = set(use.with_ or {})
    for name in sorted(given - set(flow.params)):
        yield Diagnostic("unknown-param", f"the flow `{flow.id}` has no parameter `{name}`", step.place, hint_among(name, flow.params))
    for name, param in flow.params.items():
        if param is None and name not in given:
            yield Diagnostic(
                "missing-param", f"the flow `{flow.id}` needs the parameter `{name}`", step.place, f"write `with: {{{name}: …}}`"
            )


def _references(setting: Setting, flows: Mapping[str, Flow], no_customer: bool) -> Iterator[Diagnostic]:
    scenario = setting.scenario
    saved = _saved_names((*own_steps(scenario), *(step for flow in flows.values() for step in all_steps(flow.steps))))
    for reference, node in scenario.references:
        yield from _reference(setting, reference, node, saved, None, no_customer)
    for flow in flows.values():
        for reference, node in flow.references:
            yield from _reference(setting, reference, node, saved, flow, no_customer)


def _reference(
    setting: Setting, reference: Reference, node: Node, saved: set[str], flow: Flow | None, no_customer: bool
) -> Iterator[Diagnostic]:
    def unknown(message: str, hint: str, slug: str = "unknown-name") -> Diagnostic:
        return Diagnostic(slug, message, place_of(node), hint)

    root, rest = reference.root, reference.path[1:]
    if root == "today":
        return
    if not rest:
        if root not in ("customer", "environment"):
            yield unknown(f"`{reference}` needs a name after a dot", f"such as ${{{root}.name}}")
    elif root == "customer" and no_customer:
        yield unknown(f"`{reference}`: the scenario has no customer", "write `customer:`, here or in repro.yaml")
    elif root == "customer" and setting.customer is not None:
        yield from _in_data(reference, {**setting.customer.data, "id": setting.customer.id}, node, f"the customer `{setting.customer.id}`")
    elif root == "environment" and setting.environment is not None:
        yield from _in_data(reference, {**setting.environment.data, "id": ""}, node, f"the environment `{setting.environment.id}`")
    elif root == "params" and (flow is None or rest[0] not in flow.params):
        message = f"`{reference}`: parameters are known in flows only" if flow is None else f"the flow declares no parameter `{rest[0]}`"
        yield unknown(message, hint_among(rest[0], flow.params) if flow else "")
    elif root == "saved" and rest[0] not in saved:
        yield unknown(f"nothing is saved under `{rest[0]}`", hint_among(rest[0], saved) if saved else "write a `save` step")
    elif root == "run" and rest[0] not in RUN_NAMES:
        yield unknown(f"`{reference}` is not known", hint_among(rest[0], RUN_NAMES))
    elif root == "secrets" and (setting.customer or no_customer) and setting.environment is not None:
        declared = {*(setting.customer.secrets if setting.customer else ()), *setting.environment.secrets}
        if rest[0] not in declared:
            hint = hint_among(rest[0], declared) if declared else "declare it below `secrets:` of the customer or the environment"
            yield unknown(f"the secret `{rest[0]}` is declared neither by the customer nor by the environment", hint, "unknown-secret")


def _in_data(reference: Reference, data: Any, node: Node, owner: str) -> Iterator[Diagnostic]:
    for index, key in enumerate(reference.path[1:], 1):
        if not isinstance(data, Mapping) or key not in data:
            above = ".".join(reference.path[1:index])
            inside = f"{owner} has no `{key}`" + (f" in `{above}`" if above else "")
            yield Diagnostic(
                "unknown-name", f"`{reference}`: {inside}", place_of(node), hint_among(key, data if isinstance(data, Mapping) else ())
            )
            return
        data = data[key]


def _saved_names(steps: Sequence[Step]) -> set[str]:
    names: set[str] = set()
    for step in steps:
        match step.action:
            case Save(values=values):
                names |= set(values)
            case Request(save=save) if save:
                names |= set(save)
    return names


def _accounts(setting: Setting) -> Iterator[Diagnostic]:
    if setting.customer is None:
        return
    known = setting.customer.accounts or {}
    for step in own_steps(setting.scenario):
        if isinstance(step.account, str) and step.account not in known:
            message = f"the customer `{setting.customer.id}` has no account `{step.account}` below `accounts:`"
            yield Diagnostic("unknown-account", message, step.place, hint_among(step.account, known))


def conditions_of(scenario: Scenario, steps: Sequence[Step]) -> Iterator[Condition]:
    """Symptom, expected, and every `wait_for`."""
    yield scenario.symptom
    if scenario.expected is not None:
        yield scenario.expected
    for step in steps:
        if isinstance(step.action, WaitFor):
            yield step.action.condition


def _step_names(scenario: Scenario, flows: Mapping[str, Flow]) -> Iterator[Diagnostic]:
    steps = (*own_steps(scenario), *(step for flow in flows.values() for step in all_steps(flow.steps)))
    named = {step.name for step in steps if isinstance(step.name, str)}
    saved = _saved_names(steps)
    for leaf in (leaf for condition in conditions_of(scenario, steps) for leaf in leaves(condition)):
        wanted = (leaf.after, leaf.check.step if isinstance(leaf.check, Took) else None)
        for name in wanted:
            if isinstance(name, str) and name not in named:
                hint = hint_among(name, named) if named else f"write `name: {name}` beside a step"
                yield Diagnostic("unknown-step-name", f"no step is named `{name}`", leaf.place, hint)
        if isinstance(leaf.check, SavedIs) and isinstance(leaf.check.name, str) and leaf.check.name.split(".")[0] not in saved:
            hint = hint_among(leaf.check.name, saved) if saved else "write a `save` step"
            yield Diagnostic("unknown-name", f"nothing is saved under `{leaf.check.name}`", leaf.place, hint)


def _rights(scenario: Scenario, flows: Mapping[str, Flow], environment: Environment | None) -> Iterator[Diagnostic]:
    if environment is None or environment.allow_evaluate is True:
        return
    message = f"`evaluate` is not allowed in the environment `{environment.id}`"
    hint = "say it with locators and conditions, or ask the team for `allow_evaluate: true`"
    steps = (*own_steps(scenario), *(step for flow in flows.values() for step in all_steps(flow.steps)))
    for step in steps:
        if isinstance(step.action, Evaluate):
            yield Diagnostic("evaluate-not-allowed", message, step.place, hint)
    for condition in conditions_of(scenario, steps):
        for leaf in leaves(condition):
            if isinstance(leaf.check, EvaluatesTrue):
                yield Diagnostic("evaluate-not-allowed", message, leaf.place, hint)


def _files(workspace: Workspace, scenario: Scenario, flows: Mapping[str, Flow]) -> Iterator[Diagnostic]:
    steps = (*own_steps(scenario), *(step for flow in flows.values() for step in all_steps(flow.steps)))
    wanted: list[tuple[Any, Place]] = []
    for step in steps:
        match step.action:
            case Upload(fields=fields):
                wanted += [(name, step.place) for _, names in fields for name in names]
            case Mock(mocked=mocked):
                wanted += [(name, step.place) for name in (mocked.file, mocked.har) if name is not None]
    for condition in conditions_of(scenario, steps):
        wanted += [(leaf.check.like, leaf.place) for leaf in leaves(condition) if isinstance(leaf.check, ScreenshotLike)]
    for name, place in wanted:
        if isinstance(name, str) and (complaint := file_complaint(workspace.root, name)):
            yield Diagnostic("no-such-file", complaint, place, "paths are relative to the workspace")


def file_complaint(root: Path, name: str) -> str:
    """Why a scenario can't read the file `name` of the workspace; empty when it can."""
    path = (root / name).resolve()
    if root.resolve() not in path.parents:
        return f"`{name}` is outside the workspace"
    return "" if path.is_file() else f"there is no file `{name}` in the workspace"
