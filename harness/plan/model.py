"""What is going to be run: frozen values, decided before anything starts. No browser, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.scenario.customer import Customer
from harness.scenario.environment import Environment
from harness.scenario.scenario import Flow, Scenario


@dataclass(frozen=True)
class Limits:
    """Time budgets in milliseconds, and how often."""

    attempts: int
    measure: bool
    within_ms: int
    step_timeout_ms: int
    attempt_timeout_ms: int


@dataclass(frozen=True)
class Case:
    """One scenario with one customer in one environment: its attempts are made one after the other under one lock.

    `key` is unique within the plan and names the folder of its evidence. `locks` are what no two cases may hold at once.
    """

    key: str
    scenario: Scenario
    customer: Customer | None
    environment: Environment
    flows: Mapping[str, Flow]
    limits: Limits
    locks: tuple[str, ...]


@dataclass(frozen=True)
class Planned:
    """A row of the report: the case, and the same with the control customer."""

    case: Case
    control: Case | None = None


@dataclass(frozen=True)
class Plan:
    """Every row, in the order in which they are reported."""

    rows: tuple[Planned, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """All cases, controls right behind their customers."""
        return tuple(case for row in self.rows for case in (row.case, row.control) if case is not None)
