"""Scenario x customer x environment -> a plan. Pure: the files were read before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.plan.model import Case, Limits, Plan, Planned
from harness.scenario.customer import Customer
from harness.scenario.environment import Environment
from harness.scenario.scenario import DEFAULT_WITHIN_MS, Flow, Scenario

STEP_TIMEOUT_MS = 10_000
ATTEMPT_TIMEOUT_MS = 180_000


@dataclass(frozen=True)
class Combination:
    """A scenario with what it runs against; `customer` is None for a scenario without one."""

    scenario: Scenario
    customer: Customer | None
    control: Customer | None
    environment: Environment
    flows: Mapping[str, Flow]


@dataclass(frozen=True)
class Defaults:
    """What holds where a scenario is silent; `attempts_override` is the command line's."""

    attempts: int = 1
    attempts_override: int | None = None
    measure: bool = False
    within_ms: int = DEFAULT_WITHIN_MS
    step_timeout_ms: int = STEP_TIMEOUT_MS
    attempt_timeout_ms: int = ATTEMPT_TIMEOUT_MS


def make_plan(combinations: Sequence[Combination], defaults: Defaults) -> Plan:
    """One row a combination, in the given order, with unique keys."""
    unique = _Keys()
    return Plan(tuple(_row(combination, defaults, unique) for combination in combinations))


def joined(rows: Sequence[Planned], taken: Iterable[str] = ()) -> Plan:
    """Rows that were planned apart as one plan, with unique keys, none of them `taken`."""
    unique = _Keys(taken)

    def renamed(case: Case | None) -> Case | None:
        return replace(case, key=unique(case.key)) if case is not None else None

    return Plan(tuple(Planned(replace(row.case, key=unique(row.case.key)), renamed(row.control)) for row in rows))


class _Keys:
    """Folder names: readable, safe on every file system, and different also where only the case of letters differs."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def __call__(self, *parts: str) -> str:
        base = "--".join(re.sub(r"[^a-z0-9._]+", "-", part.lower()).strip("-.") or "x" for part in parts)[:100]
        key, number = base, 2
        while key in self._taken:
            key, number = f"{base}-{number}", number + 1
        self._taken.add(key)
        return key


def _row(combination: Combination, defaults: Defaults, unique: Callable[..., str]) -> Planned:
    scenario, environment = combination.scenario, combination.environment
    limits = _limits(scenario, environment, defaults)

    def case(customer: Customer | None, *role: str) -> Case:
        key = unique(scenario.id.replace("/", "-"), *([customer.id] if customer else []), environment.id, *role)
        return Case(key, scenario, customer, environment, combination.flows, limits, locks_of(customer, environment))

    return Planned(case(combination.customer), case(combination.control, "control") if combination.control else None)


def _limits(scenario: Scenario, environment: Environment, defaults: Defaults) -> Limits:
    attempts = defaults.attempts_override or scenario.attempts or defaults.attempts
    within = scenario.within_ms or defaults.within_ms
    step = environment.step_timeout_ms or defaults.step_timeout_ms
    held = max((condition.for_ms or 0 for condition in (scenario.symptom, scenario.expected) if condition is not None), default=0)
    budget = scenario.timeout_ms or max(defaults.attempt_timeout_ms, 2 * (within + held) + 60_000)
    return Limits(attempts, scenario.measure or defaults.measure, within, step, budget)


def locks_of(customer: Customer | None, environment: Environment) -> tuple[str, ...]:
    """What a case holds: a tenant is in one case at a time. An account with TOTP is held while it signs in, not here."""
    if customer is None or customer.tenant is None:
        return ()
    return (f"{environment.base_url}|tenant|{customer.tenant}",)
