"""A run in a process of its own: it tells how far it is, it can be cancelled, and what it has changed is put back either way."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

LONGEST_LINE = 4_000_000
LAST_WORDS = 40
Progress = Callable[[float, float | None, str], Awaitable[None]]


@dataclass
class Ran:
    """What came of it: the exit code, the run's folder once there is one, and the last lines of its progress."""

    code: int = 0
    folder: Path | None = None
    said: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_WORDS))


async def run_apart(words: Sequence[str], environ: Mapping[str, str], progress: Progress, ending: asyncio.Lock) -> Ran:
    """`repro WORDS`, with `--json` among them. When the request is cancelled the run is told to end in good order, and is waited for,
    while `ending` is held."""
    command = (sys.executable, "-m", "harness", *words)
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, env=dict(environ), stdin=nothing, stdout=pipe, stderr=pipe, limit=LONGEST_LINE, start_new_session=True
    )
    ran = Ran()
    listening = asyncio.ensure_future(_listen(process, ran, progress))
    try:
        await asyncio.shield(listening)
    except asyncio.CancelledError:
        with anyio.CancelScope(shield=True):
            async with ending:
                if process.returncode is None:
                    process.terminate()
                await asyncio.wait([listening])
        raise
    return ran


async def _listen(process: asyncio.subprocess.Process, ran: Ran, progress: Progress) -> None:
    assert process.stdout is not None and process.stderr is not None
    errors = asyncio.ensure_future(_last_words(process.stderr, ran))
    done, total = 0, 0
    async for line in process.stdout:
        event = _event(line)
        match event.get("event"):
            case "run":
                ran.folder, total = Path(str(event["folder"])), int(event["cases"])
            case "case":
                done += 1
        if told := _told(event, done, total):
            await progress(done, total or None, told)
    await errors
    ran.code = await process.wait()


async def _last_words(stream: asyncio.StreamReader, ran: Ran) -> None:
    async for line in stream:
        ran.said.append(line.decode("utf-8", "replace").rstrip())


def _event(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _told(event: Mapping[str, Any], done: int, total: int) -> str:
    """One line about an event: names and verdicts only, since an agent reads it unfenced."""
    match event.get("event"):
        case "run":
            return f"running {total} configuration{'s' if total != 1 else ''}"
        case "attempt":
            return f"{event['key']}: attempt {event['number']}: {event['outcome']}"
        case "case":
            return f"[{done}/{total}] {event['key']}: {event['verdict']}"
        case "waiting":
            return f"{event['key']} waits for a tenant that another run or session has"
    return ""
