"""The agent's tools over a fake browser, and the server in a process of its own against the demo staging."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from harness import workflow
from harness.mcp_server.answer import Answer
from harness.mcp_server.desk import Desk, answered
from harness.mcp_server.held import Sessions
from tests.live.conftest import Fake, ReadableHost, demo, fake, repro, scenarios

__all__ = ("demo", "fake", "repro", "scenarios")
T = TypeVar("T")
FENCE = re.compile(r"<data (\w+):.*?\n(.*?)\n</data \1>", re.DOTALL)


class Bench:
    """A desk over a fake browser."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.idle_s = 900.0

    def do(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """What the work gives."""
        workspace = self.fake.workspace()
        host = self.fake.host = ReadableHost(self.fake.script, self.fake.staging)
        world = workflow.World(environ=workspace.environ, host=host)

        async def at_the_desk() -> T:
            async with Desk(workspace.root, workspace.environ, Sessions(self.idle_s), world, self.fake.root / "reports") as desk:
                return await work(desk)

        return asyncio.run(at_the_desk())


@pytest.fixture
def bench(fake: Fake) -> Bench:
    return Bench(fake)


def fail(trace: str) -> None:
    """A defect of the harness fails the test."""
    raise AssertionError(trace)


async def asked(work: Awaitable[Answer]) -> Answer:
    """As the server does it."""
    return await answered(work, fail)


def server(*words: str) -> list[str]:
    """The command of the server."""
    return [sys.executable, "-m", "harness", "mcp", *words]
