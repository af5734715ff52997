"""A run with a fake browser, as a process that a test may kill: `python -m tests.merge.victim ROOT [RUN]`. One JSON line an event."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path

from harness import workflow
from harness.run.events import AttemptEnded
from tests.run.conftest import SECRETS
from tests.run.fake import FakeHost, Page


def script(page: Page) -> None:
    """Every third attempt shows the symptom, at some moment."""

    async def click(page: Page) -> None:
        await asyncio.sleep(random.random() / 100)
        page.show("visible: alert" if page.number % 3 == 0 else "visible: heading")

    page.does["click: button"] = click


def tell(event: object) -> None:
    if isinstance(event, AttemptEnded):
        print(json.dumps({"key": event.key, "attempt": event.attempt.number, "outcome": str(event.attempt.outcome)}), flush=True)


def main(root: Path, resume: str | None) -> None:
    environ = {**SECRETS, "REPRO_STATE": str(root / "state")}
    options = workflow.Options(paths=(root / "ws",), reports=root / "reports", workers=4, resume=resume)
    began = lambda plan, folder: print(json.dumps({"folder": str(folder)}), flush=True)  # noqa: E731
    workflow.run(options, workflow.World(environ=environ, host=FakeHost(script)), tell, began)
    print(json.dumps({"ended": True}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
