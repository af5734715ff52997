"""Signed-in state that a flow marked `session: true` keeps for the run, so that not every attempt signs in anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.plan.model import Case
from harness.run.ports import Session
from harness.scenario.action import Step
from harness.scenario.steps.use import Use

Key = tuple[str, str, str]


@dataclass
class SessionStore:
    """What has been kept in this run: (environment, customer, flow) -> storage state."""

    states: dict[Key, Mapping[str, Any]] = field(default_factory=dict)

    def for_attempt(self, case: Case, fresh: bool = False) -> SignedIn:
        """The state that an attempt of the case may begin with."""
        key = None if fresh else _key(case)
        return SignedIn(self, key, self.states.get(key) if key else None)

    def forget(self, case: Case) -> None:
        """Drops what was kept for the case's customer: it may be what made the difference."""
        key = _key(case)
        if key is not None:
            self.states.pop(key, None)


@dataclass(frozen=True)
class SignedIn:
    """One attempt's view of it: `state` is what it begins with, None when it signs in itself."""

    store: SessionStore
    key: Key | None
    state: Mapping[str, Any] | None

    @property
    def used(self) -> bool:
        """Whether the attempt begins signed in."""
        return self.state is not None

    def setup(self, steps: Sequence[Step]) -> Sequence[Step]:
        """The setup that is still to be done."""
        return steps[1:] if self.used else steps

    async def keep(self, session: Session) -> None:
        """Keeps the state after a setup that signed in, for later attempts."""
        if self.key is not None and not self.used:
            self.store.states[self.key] = await session.storage_state()


def _key(case: Case) -> Key | None:
    """A setup that is one plain use of a session flow leaves nothing but the signed-in state."""
    scenario = case.scenario
    if scenario.session == "fresh" or len(scenario.setup) != 1:
        return None
    first = scenario.setup[0]
    if not isinstance(first.action, Use) or first.account or first.action.with_ or not case.flows[first.action.flow].session:
        return None
    return (case.environment.id, case.customer.id if case.customer else "", first.action.flow)
