"""Downloads and dialogs."""

from __future__ import annotations

import codecs
from typing import Any

from harness.browser.listen import TOO_LARGE
from harness.browser.observers.console import fits
from harness.browser.observers.support_.waiting import clean, on_events
from harness.browser.view import View
from harness.core.globs import glob_regex
from harness.evidence.events import DialogEvent, DownloadEvent
from harness.run.ports import Look, Truth
from harness.scenario.conditions.download import DialogSeen, Download

_WINDOWS = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


async def download(view: View, check: Download, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits for a file that was downloaded to its end."""

    async def test() -> Look:
        files = [event for event in view.log.since(since) if isinstance(event, DownloadEvent)]
        named = [file for file in files if glob_regex(check.name).fullmatch(file.name)]
        looks = [_judge(check, file) for file in named]
        best = next((look for look in looks if look.truth is Truth.YES), looks[-1] if looks else None)
        if best is not None:
            return best
        others = f"; downloaded were: {', '.join(clean(file.name, 60) for file in files[:3])}" if files else ""
        return Look(Truth.NO, f"no file {check.name} was downloaded{others}")

    return await on_events(view, test, wanted, timeout_ms)


def _judge(check: Download, file: DownloadEvent) -> Look:
    name = clean(file.name, 80)
    if file.failure == TOO_LARGE:
        return Look(Truth.UNKNOWN, f"the download of {name} was stopped: it is {TOO_LARGE}")
    if file.path is None:
        return Look(Truth.NO, f"the download of {name} failed ({file.failure})")
    text = decode(file.path.read_bytes())
    lines = line_count(text)
    good = fits(text, check.contains, check.matches) and _lines_fit(check, lines)
    return Look(Truth.YES if good else Truth.NO, f"{name} was downloaded: {lines} line{'s' if lines != 1 else ''}, {file.size} bytes")


def _lines_fit(check: Download, lines: int) -> bool:
    if check.lines is None:
        return True
    return lines == check.lines if isinstance(check.lines, int) else check.lines.fits(lines)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else Windows-1252, whose five unassigned bytes are read as in Latin-1."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return codecs.charmap_decode(data, "strict", _WINDOWS)[0]


def line_count(text: str) -> int:
    """How many lines there are. Only line feeds and carriage returns end one: a form feed or U+2028 is part of a line."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    return ended.count("\n") + (ended != "" and not ended.endswith("\n"))


async def dialog(view: View, check: DialogSeen, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits for a dialog."""

    async def test() -> Look:
        dialogs = [event for event in view.log.since(since) if isinstance(event, DialogEvent)]
        found = [each for each in dialogs if check.type in ("any", each.type) and fits(each.message, check.contains, check.matches)]
        if len(found) >= (check.at_least or 1):
            return Look(Truth.YES, f'the page opened a dialog ({found[0].type}): "{clean(found[0].message)}"')
        return Look(Truth.NO, f"there were {len(found)} such dialogs" if found else "the page opened no such dialog")

    return await on_events(view, test, wanted, timeout_ms)


OBSERVERS: dict[str, Any] = {"download": download, "dialog": dialog}
