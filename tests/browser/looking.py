"""Runs steps and conditions, written as in a scenario, in a session of a real browser."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from harness.browser.pool import PlaywrightHost
from harness.diagnostics import Source
from harness.evidence.events import EventLog
from harness.evidence.redact import Redactor
from harness.run.ports import Capture, Look, Performed, SessionSpec, StepFailed
from harness.scenario import conditions, steps
from harness.scenario.condition import Leaf
from harness.scenario.customer import BrowserSettings, NetworkSettings
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse


def condition(text: str) -> Leaf:
    """A condition without parts."""
    decoder = Decoder()
    leaf = conditions.SHAPE.decode(parse(Source("case.yaml", text)), decoder)
    assert not decoder.problems, decoder.problems
    assert isinstance(leaf, Leaf)
    return leaf


def step(text: str) -> Any:
    """A step."""
    decoder = Decoder()
    found = steps.REGISTRY.shape.decode(parse(Source("case.yaml", text)), decoder)
    assert not decoder.problems, decoder.problems
    return found


def spec(base_url: str, folder: Path, **parts: Any) -> SessionSpec:
    """A session's specification, with nothing special but `parts`. Files are read from `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    plain: dict[str, Any] = {
        "allow_hosts": (),
        "browser": BrowserSettings(),
        "network": NetworkSettings(),
        "clock": None,
        "allow_evaluate": True,
        "capture": Capture(trace=False, screenshots=False),
    }
    return SessionSpec(title="x", base_url=base_url, masks=(), folder=folder, workspace=folder, redactor=Redactor(), **{**plain, **parts})


class Tab:
    """A session with what a test asks of it."""

    def __init__(self, session: Any) -> None:
        self.session = session

    @property
    def page(self) -> Any:
        """Playwright's page."""
        return self.session.page

    async def do(self, text: str, timeout_ms: int = 3_000) -> Performed:
        """Does a step."""
        performed: Performed = await self.session.perform(step(text), timeout_ms)
        return performed

    async def fails(self, text: str, timeout_ms: int = 500) -> str:
        """The message of a step that can't be done, with what was found instead."""
        try:
            await self.do(text, timeout_ms)
        except StepFailed as failure:
            return " | ".join((failure.message, *failure.found))
        return "done"

    async def look(self, text: str, since: int = 0) -> Look:
        """A condition's truth now."""
        found: Look = await self.session.look(condition(text), since)
        return found

    async def wait(self, text: str, wanted: bool = True, timeout_ms: int = 5_000, since: int = 0) -> Look:
        """Waits for a condition's truth."""
        found: Look = await self.session.wait(condition(text), wanted, timeout_ms, since)
        return found


def _log() -> EventLog:
    begun = time.monotonic()
    return EventLog(lambda: round((time.monotonic() - begun) * 1000))


@contextlib.asynccontextmanager
async def tab(host: PlaywrightHost, base_url: str, folder: Path, **parts: Any) -> AsyncIterator[Tab]:
    """A fresh session."""
    session = await host.open(spec(base_url, folder, **parts), _log())
    yield Tab(session)
    await session.close(keep_trace=False)
