"""Staging put back after runs that were killed: what they noted before they changed a tenant is undone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.core.state import state_folder
from harness.diagnostics import Problems
from harness.plan.make import locks_of
from harness.run.case import api_of
from harness.run.configuration import Journal, put_back
from harness.run.locks import Locks
from harness.run.scope import base_scope
from harness.scenario.template import TemplateError
from harness.scenario.workspace import open_workspace
from harness.workflow import Options, World, host_of, with_dotenv


@dataclass(frozen=True)
class Restored:
    """One tenant that was to be put back; `problem` says why it was not."""

    environment: str
    customer: str
    problem: str | None


def restore_all(world: World) -> list[Restored]:
    """Puts back whatever killed runs left behind on this machine."""
    return asyncio.run(_restore_all(world))


async def _restore_all(world: World) -> list[Restored]:
    entries = Journal(state_folder(world.environ) / "restore").entries()
    found: list[Restored] = []
    if not entries:
        return found
    async with host_of(Options(), world) as host:
        for path in entries:
            note = json.loads(path.read_text(encoding="utf-8"))
            why = await _restore_one(host, world, note, path)
            found.append(Restored(note["environment"], note["customer"] or "", why))
    return found


async def _restore_one(host: Any, world: World, note: Mapping[str, Any], path: Path) -> str | None:
    try:
        workspace = open_workspace(Path(note["workspace"]), world.environ)
    except Problems as problems:
        return problems.diagnostics[0].message
    environment, customer = workspace.environment(note["environment"]), workspace.customer(note["customer"] or "")
    if environment is None or customer is None:
        return f"the environment or the customer is not in {note['workspace']} any more"
    scope = base_scope(customer, environment, with_dotenv(world.environ, workspace.root))
    locks = Locks(state_folder(world.environ) / "locks")
    try:
        client = api_of(host, environment, scope)
    except TemplateError as error:
        return str(error)
    async with locks.held(locks_of(customer, environment), lambda what: None), client as api:
        return await put_back(environment, api, scope, note["before"], path)
