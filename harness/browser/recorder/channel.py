"""Playwright's own recorder, which its Python library has but does not publish. Everything internal that recording rests on stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from playwright.async_api import BrowserContext, Dialog, Page

from harness.diagnostics import problem

OLDEST = "1.65"
NEEDED = ("_start_recording", "_stop_recording")

Heard = Callable[[Page, Mapping[str, Any]], None]


@dataclass(frozen=True)
class _Sink:
    """What Playwright tells of: an action, or the last one again with more typed into it. Signals are told by the browser itself."""

    context: BrowserContext
    heard: Heard

    def action_added(self, page: Any, data: Mapping[str, Any], code: str) -> None:
        self._tell(page, data)

    def action_updated(self, page: Any, data: Mapping[str, Any], code: str) -> None:
        self._tell(page, data)

    def _tell(self, page: Any, data: Mapping[str, Any]) -> None:
        public = next((each for each in self.context.pages if each._impl_obj is page), None)
        if public is not None:
            self.heard(public, data)


async def start(context: BrowserContext, heard: Heard) -> None:
    """Begins to record; `heard` is given the page and the action. Raises Problems where Playwright can't do it."""
    inner: Any = context._impl_obj
    if any(not hasattr(inner, name) for name in NEEDED):
        raise problem(
            "recorder-missing",
            f"Playwright {version('playwright')} has no recorder that can be used",
            f"`pip install 'playwright>={OLDEST}'`",
        )
    await inner._start_recording({"language": "jsonl"}, _Sink(context, heard))


async def stop(context: BrowserContext) -> None:
    """Ends it; what is still held back is told first."""
    inner: Any = context._impl_obj
    await inner._stop_recording()


def leave_dialogs_open(context: BrowserContext, seen: Callable[[Dialog], None]) -> None:
    """From now on whoever sits before the browser answers dialogs, and nobody else does."""
    inner: Any = context._impl_obj
    inner.remove_all_listeners("dialog")
    context.on("dialog", seen)
