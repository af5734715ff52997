"""What happened in a browser, an event a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.evidence.events import Event


def event_line(event: Event) -> str:
    """What a reader wants to know of an event at once; empty for one that is as it should be."""
    from harness.evidence.events import ConsoleEvent, CrashEvent, DialogEvent, DownloadEvent, Exchange, HeldEvent, PageErrorEvent
    from harness.run.attempt import has_failed

    match event:
        case ConsoleEvent(level="error", text=text):
            return f"console error: {text}"
        case PageErrorEvent(message=message):
            return f"exception: {message}"
        case Exchange() if has_failed(event):
            return f"request failed: {event.method} {event.url} {event.status or event.failure}"
        case CrashEvent():
            return "the page crashed"
        case HeldEvent(host=host, by=by):
            return f"held back: {host} is not allowed here ({by})"
        case DialogEvent(type=kind, message=message, answered=answered):
            return f"dialog: {kind} said {message!r} and was answered with {answered}"
        case DownloadEvent(name=name, failure=failure):
            return f"download: {name}{f' failed: {failure}' if failure else ''}"
    return ""
