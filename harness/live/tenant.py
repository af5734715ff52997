"""What a live session stands on: a case as a run would make it, and its tenant with the customer's settings in force."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.diagnostics import Diagnostic, Problems, Severity, Source, problem
from harness.live.text import sentence
from harness.live.typed import read_step
from harness.plan.make import ATTEMPT_TIMEOUT_MS, STEP_TIMEOUT_MS, Combination, Defaults, make_plan
from harness.plan.model import Case
from harness.scenario.checks import check_scenario
from harness.scenario.nearest import hint_among
from harness.scenario.scenario import DEFAULT_WITHIN_MS, Scenario, decode_scenario
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse
from harness.scenario.template import TemplateError
from harness.scenario.workspace import Workspace

if TYPE_CHECKING:
    from harness.run.case import Tools

EMPTY = Source("live session", "title: Live session\nsteps: [reload]\nsymptom: {visible: document}\n")


class NotOpen(Problems):
    """The session can't begin, and no file is to blame: staging is down, the configuration is not in force, a flow failed."""

    def __init__(self, said: str) -> None:
        super().__init__([Diagnostic("session-not-open", sentence(said))])


@asynccontextmanager
async def tenant_ready(case: Case, tools: Tools, told: Callable[[str], None]) -> AsyncIterator[None]:
    """The tenant is ours and has the customer's settings. Raises NotOpen."""
    from harness.run.case import api_of, attempt_of
    from harness.run.configuration import NotConfigured, in_force

    def restored(why: str | None) -> None:
        if why is not None:
            told(f"The customer's settings were not put back: {why} `repro restore` tries it again.")

    def waits(what: str) -> None:
        told(f"waiting for {what.replace('|', ' ')}, which another run has")

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(tools.locks.held(case.locks, waits))
            if complaint := await tools.environments.complaint(case):
                raise NotOpen(complaint)
            scope = attempt_of(case, tools, 1).scopes.base()
            api = await stack.enter_async_context(api_of(tools.host, case.environment, scope))
            await stack.enter_async_context(in_force(case, api, scope, tools.journal, tools.workspace, restored))
        except TemplateError as error:
            raise NotOpen(f"The environment's own requests can't be made: {error}.") from None
        except NotConfigured as error:
            raise NotOpen(str(error)) from None
        yield


def live_case(workspace: Workspace, environment: str | None, customer: str | None, after: Sequence[str]) -> Case:
    """What a run of an empty scenario would be. Raises Problems."""
    environment = environment or workspace.settings.environment
    customer = customer or workspace.settings.customer
    if environment is None:
        raise problem("missing-key", "no environment is named", "use --environment, or write `environment:` in repro.yaml")
    _known(workspace, "environments", environment)
    if customer is not None:
        _known(workspace, "customers", customer)
    for name in after:
        _known(workspace, "flows", name)
    flows = {name: flow for name in workspace.names("flows") if (flow := workspace.flow(name)) is not None}
    there = workspace.environment(environment)
    who = workspace.customer(customer) if customer is not None else None
    if there is None or (customer is not None and who is None) or any(name not in flows for name in after):
        raise Problems(workspace.problems)
    decoder = Decoder()
    setup = tuple(read_step(f"use: {name}").value for name in after)
    scenario = replace(decode_scenario("live", parse(EMPTY), decoder), setup=setup)
    settings = workspace.settings
    defaults = Defaults(
        within_ms=settings.within_ms or DEFAULT_WITHIN_MS,
        step_timeout_ms=settings.step_timeout_ms or STEP_TIMEOUT_MS,
        attempt_timeout_ms=settings.attempt_timeout_ms or ATTEMPT_TIMEOUT_MS,
    )
    case = make_plan([Combination(scenario, who, None, there, flows)], defaults).rows[0].case
    if wrong := errors_of(diagnostics_of(workspace, case, scenario)):
        raise Problems(wrong)
    return case


def _known(workspace: Workspace, kind: str, name: str) -> None:
    if not workspace.exists(kind, name):
        singular = kind.removesuffix("s")
        raise problem(f"unknown-{singular}", f"there is no {singular} `{name}` in {kind}/", hint_among(name, workspace.names(kind)))


def diagnostics_of(workspace: Workspace, case: Case, scenario: Scenario) -> tuple[Diagnostic, ...]:
    """Everything that can be said of a scenario with the session's customer and environment."""
    customers = (case.customer.id,) if case.customer else ()
    return check_scenario(workspace, scenario, customers, case.environment.id)


def errors_of(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(each for each in found if each.severity is Severity.ERROR)
