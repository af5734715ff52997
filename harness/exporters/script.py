"""A case as a script that no language has been chosen for yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.core.durations import format_duration
from harness.exporters.code import Do, Function, Name, Stmt, helper
from harness.exporters.literals import one_line
from harness.exporters.making import Making, Noted, identifier
from harness.exporters.oracles import Watched, decided, last_act
from harness.exporters.surroundings import Browser, Settings, browser_of, prepare, settings_of
from harness.exporters.values import Marks, marks_for
from harness.exporters.verbs import steps
from harness.plan.model import Case
from harness.scenario.action import Step
from harness.scenario.advice import all_steps
from harness.scenario.condition import leaves
from harness.scenario.conditions.kept import Took
from harness.scenario.steps.use import Use
from harness.scenario.steps.wait_for import WaitFor


@dataclass(frozen=True)
class Script:
    """Everything that a target puts into its frame. `unsupported` is what could not be said; `secrets` are names of environment
    variables; `files` are those of the workspace that the script reads; `accounts` are variables of further pages."""

    title: str
    name: str
    about: tuple[str, ...]
    base_url: str
    marks: Marks
    browser: Browser
    settings: Settings | None
    functions: tuple[Function, ...]
    accounts: tuple[str, ...]
    prepare: tuple[Stmt, ...]
    setup: tuple[Stmt, ...]
    steps: tuple[Stmt, ...]
    watched: tuple[Watched, ...]
    watch: tuple[Stmt, ...]
    cleanup: tuple[Stmt, ...]
    attempts: int
    timeout_ms: int
    unsupported: tuple[str, ...]
    files: tuple[str, ...]


def script_of(case: Case, can: frozenset[str] = frozenset()) -> Script:
    """The case as a script for a target that `can` do more than one step after the other. Raises TemplateError."""
    making = _making(case, can)
    setup = steps(making, case.scenario.setup)
    at = last_act(case.scenario)
    first, rest = steps(making, case.scenario.steps[:at]), steps(making, case.scenario.steps[at:])
    oracles = decided(making.as_account(case.scenario.steps[-1].account), case.scenario, can)
    cleanup = steps(making, case.scenario.cleanup)
    settings = settings_of(making)
    accounts = tuple(name for key, name in making.noted.accounts.items() if not key.startswith("\0"))
    pages = [Name("page"), *(Name(account) for account in accounts)]
    begin: tuple[Stmt, ...] = (Do(helper("mark", wait=False)),) if making.noted.events else ()
    return Script(
        title=one_line(case.scenario.title),
        name=identifier(case.scenario.title) if identifier(case.scenario.title) != "the" else identifier(case.scenario.id),
        about=_about(case),
        base_url=case.environment.base_url,
        marks=making.marks,
        browser=browser_of(making),
        settings=settings,
        functions=tuple(making.noted.functions.values()),
        accounts=accounts,
        prepare=tuple(statement for page in pages for statement in prepare(making, page)),
        setup=setup,
        steps=(*begin, *first, *oracles.before, *rest),
        watched=oracles.watched,
        watch=oracles.after,
        cleanup=cleanup,
        attempts=case.limits.attempts,
        timeout_ms=case.limits.attempt_timeout_ms,
        unsupported=tuple(making.noted.unsupported),
        files=tuple(making.noted.files),
    )


def _making(case: Case, can: frozenset[str]) -> Making:
    conditions = [each for each in (case.scenario.symptom, case.scenario.expected) if each is not None]
    everything = list(_every_step(case, (*case.scenario.setup, *case.scenario.steps, *case.scenario.cleanup)))
    conditions += [step.action.condition for step in everything if isinstance(step.action, WaitFor)]
    found = [leaf for condition in conditions for leaf in leaves(condition)]
    named = frozenset(leaf.after for leaf in found if leaf.after is not None)
    timed = frozenset(leaf.check.step for leaf in found if isinstance(leaf.check, Took))
    has_clock = case.customer is not None and case.customer.clock is not None
    return Making(
        case,
        marks_for(case.scenario, case.environment, case.customer, dict(case.flows)),
        Noted(),
        can,
        clock=[has_clock],
        named=named,
        timed=timed,
    )


def _every_step(case: Case, written: Iterable[Step], seen: frozenset[str] = frozenset()) -> Iterable[Step]:
    for step in all_steps(tuple(written)):
        yield step
        if isinstance(step.action, Use) and step.action.flow not in seen:
            yield from _every_step(case, case.flows[step.action.flow].steps, seen | {step.action.flow})


def _about(case: Case) -> tuple[str, ...]:
    """Lines for the script's head."""
    scenario = case.scenario
    whose = f" for the customer {case.customer.id}" if case.customer else ""
    lines = [scenario.title]
    lines += [f"Ticket: {scenario.ticket}"] if scenario.ticket else []
    lines += [f"The customer says: {scenario.report}"] if scenario.report else []
    lines.append(
        f"Exported from {scenario.id}{whose} on {case.environment.id}; it is watched for {format_duration(case.limits.within_ms)}."
    )
    return tuple(one_line(line, 300) for line in lines)
