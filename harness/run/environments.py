"""Whether staging is up, and which version of it runs: asked once a run for each environment, and again where it matters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harness.plan.model import Case
from harness.run.configuration import NotConfigured, ask
from harness.run.ports import BrowserHost
from harness.scenario.environment import Environment, Question
from harness.scenario.template import Scope


@dataclass
class Environments:
    """What is known of the environments of a run."""

    host: BrowserHost
    scope: Callable[[Environment], Scope]
    versions: dict[str, str] = field(default_factory=dict)
    _complaints: dict[str, str] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def complaint(self, case: Case, again: bool = False) -> str:
        """Why nothing can be tried there, as a sentence; empty when it is up or says nothing of its health."""
        environment = case.environment
        if environment.health is None and environment.version is None:
            return ""
        async with self._locks.setdefault(environment.id, asyncio.Lock()):
            if again:
                return await self._ask_health(environment)
            if environment.id not in self._complaints:
                self._complaints[environment.id] = await self._ask_health(environment)
                if not self._complaints[environment.id]:
                    await self._ask_version(environment)
            return self._complaints[environment.id]

    async def _ask_health(self, environment: Environment) -> str:
        if environment.health is None:
            return ""
        try:
            await self._ask(environment, environment.health)
        except NotConfigured as error:
            return f"The environment {environment.id} is down: {error}"
        return ""

    async def _ask_version(self, environment: Environment) -> None:
        if environment.version is None:
            return
        try:
            self.versions[environment.id] = str(await self._ask(environment, environment.version))[:200]
        except NotConfigured as error:
            self.versions[environment.id] = f"unknown ({str(error).rstrip('.')})"

    async def _ask(self, environment: Environment, question: Question) -> Any:
        hosts = (urlsplit(environment.base_url).hostname or "", *environment.allow_hosts)
        async with self.host.api(hosts, {}) as api:
            return await ask(environment.base_url, api, question, self.scope(environment))
