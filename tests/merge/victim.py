"""A run with a fake browser, in a process that a test may kill."""

from __future__ import annotations

import asyncio
import random
from multiprocessing.connection import Connection
from pathlib import Path

from harness import workflow
from harness.run.events import AttemptEnded, RunEvent
from tests.run.conftest import SECRETS
from tests.run.fake import FakeHost, Page


def script(page: Page) -> None:
    """Every third attempt shows the symptom, at some moment."""

    async def click(page: Page) -> None:
        await asyncio.sleep(random.random() / 100)
        page.show("visible: alert" if page.number % 3 == 0 else "visible: heading")

    page.does["click: button"] = click


def run(root: Path, resume: str | None, said: Connection) -> None:
    """Runs what is in `root`, or goes on with a run; says its folder, each attempt that ended, and that it came to its end."""

    def tell(event: RunEvent) -> None:
        if isinstance(event, AttemptEnded):
            said.send(((event.key, event.attempt.number), str(event.attempt.outcome)))

    random.seed()
    environ = {**SECRETS, "REPRO_STATE": str(root / "state")}
    options = workflow.Options(paths=(root / "ws",), reports=root / "reports", workers=4, resume=resume)
    world = workflow.World(environ=environ, host=FakeHost(script))
    workflow.run(options, world, tell, lambda plan, folder: said.send(folder))
    said.send(None)
