"""An attempt's evidence on disk: what the log holds, redacted, one JSON value a line. Files are written aside and renamed."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from harness.evidence.events import ConsoleEvent, Event, Exchange, PageErrorEvent
from harness.evidence.redact import Redactor

CONSOLE = "console.jsonl"
NETWORK = "network.jsonl"


def write_aside(path: Path, text: str) -> None:
    """The whole file or none of it, whenever the process ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def write_events(events: Iterable[Event], folder: Path, redactor: Redactor) -> None:
    """`console.jsonl` (console lines and page errors) and `network.jsonl` (requests) in the attempt's folder, where there are any."""
    console, network = [], []
    for event in events:
        if isinstance(event, Exchange):
            network.append(_line(_exchange(event), redactor))
        elif isinstance(event, (ConsoleEvent, PageErrorEvent)):
            console.append(
                _line({"kind": "console" if isinstance(event, ConsoleEvent) else "page_error", **dataclasses.asdict(event)}, redactor)
            )
    for name, lines in ((CONSOLE, console), (NETWORK, network)):
        if lines:
            write_aside(folder / name, "".join(lines))


def _exchange(exchange: Exchange) -> Mapping[str, Any]:
    values = {f.name: getattr(exchange, f.name) for f in dataclasses.fields(exchange)}
    return {key: value for key, value in values.items() if key not in ("body", "post_data", "charset")}


def _line(value: Mapping[str, Any], redactor: Redactor) -> str:
    clean = {key: redactor.text(item) if isinstance(item, str) else item for key, item in value.items()}
    return json.dumps(clean, ensure_ascii=False) + "\n"
