"""What a run works with: its browsers, and what its cases share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.core.state import state_folder
from harness.scenario.workspace import Workspace
from harness.workflow.options import Options, World, with_dotenv

if TYPE_CHECKING:
    from harness.evidence.redact import Redactor
    from harness.run.case import Tools
    from harness.run.events import RunEvent


@dataclass(frozen=True)
class About:
    """What the run learned of its surroundings, and the secrets that it met."""

    versions: Mapping[str, str]
    browser: Mapping[str, str]
    known: Redactor | None = None


@dataclass(frozen=True)
class Browsers:
    """An open host of browsers, and the event loop to which it belongs."""

    host: Any
    runner: asyncio.Runner


@contextmanager
def opened(options: Options, world: World) -> Iterator[Browsers]:
    """What the browsers need starts at once, in processes of its own, while this one goes on preparing the run."""
    host = host_of(options, world)
    with asyncio.Runner() as runner:
        opened = runner.run(host.__aenter__())
        try:
            yield Browsers(opened, runner)
        finally:
            runner.run(host.__aexit__(None, None, None))


def host_of(options: Options, world: World) -> Any:
    """The browsers of a run, as an asynchronous context."""
    if world.host is not None:
        return world.host
    from harness.browser.pool import PlaywrightHost

    return PlaywrightHost(headed=options.headed, environ=world.environ)


@asynccontextmanager
async def open_tools(
    workspace: Workspace, options: Options, world: World, emit: Callable[[RunEvent], None], folder: Path, run_id: str
) -> AsyncIterator[Tools]:
    """What the cases of a run share, with its browsers; they are closed at the end."""
    async with host_of(options, world) as host:
        yield tools_of(host, workspace, options, world, emit, folder, run_id)


def tools_of(
    host: Any, workspace: Workspace, options: Options, world: World, emit: Callable[[RunEvent], None], folder: Path, run_id: str
) -> Tools:
    """What the cases of a run share, with browsers that are open already."""
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


def about(tools: Tools) -> About:
    """What a run's tools have learned."""
    return About(dict(tools.environments.versions), dict(tools.host.describe()), tools.known)
