"""The terminal's side of `repro try`: reads lines, prints replies, and turns Ctrl-C into what it means."""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from harness.core.exits import Exit

if TYPE_CHECKING:
    from harness.diagnostics import Diagnostic
    from harness.live.aside import Aside
    from harness.live.session import LiveSession
    from harness.live.talk import Reply, Talk

WELCOME = "Type a step or a condition; `help` tells what else."


class Ended(KeyboardInterrupt):
    """The process was told to end."""


class Screen:
    """What is printed: replies on stdout, everything else on stderr. With `json`, one object a line."""

    def __init__(self, json: bool) -> None:
        self.json = json
        self.asks = sys.stdin.isatty()
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")

    def told(self, text: str) -> None:
        """Something that takes time, or that could not be put back."""
        print(text, file=sys.stderr, flush=True)

    def not_open(self, said: Diagnostic) -> None:
        """Why there is no session."""
        if self.json:
            print(json.dumps({"kind": "open", "ok": False, "sentence": said.message}, ensure_ascii=False), flush=True)
        else:
            print(said.render(), file=sys.stderr)

    def echo(self, text: str) -> None:
        """What was typed, where it is not on the screen already."""
        if not self.asks and not self.json:
            print("\n".join(f"> {line}" for line in text.splitlines()), flush=True)

    def reply(self, reply: Reply) -> None:
        """An answer."""
        line = json.dumps(reply.as_json(), ensure_ascii=False) if self.json else as_text(reply)
        print(line, flush=True)

    def next_line(self, more: bool) -> str | None:
        """The next line; None at the end."""
        if not self.asks:
            return line.rstrip("\r\n") if (line := sys.stdin.readline()) else None
        try:
            return input("... " if more else "try> ")
        except EOFError:
            print()
            return None


def as_text(reply: Reply) -> str:
    """An answer for a reader."""
    said = reply.said
    rows = [f"{'ok ' if said.ok else 'no '} {said.sentence}"]
    rows += [f"    {line}" for each in said.problems if each.place is not None for line in each.render().splitlines()]
    rows += [f"    there is {each}" for each in said.found]
    rows += [f"    {said.title or '(no title)'}  {said.url}"] if said.url and reply.kind in ("open", "step", "again") else []
    rows += [f"    {line}" for line in reply.page.splitlines()]
    rows += [f"    {line}" for line in reply.text.splitlines()]
    rows += [f"    ! {line}" for line in reply.events]
    return "\n".join(rows)


def converse(opening: AbstractAsyncContextManager[LiveSession], screen: Screen, talk: Callable[[LiveSession], Talk]) -> Exit:
    """Opens the session, answers until the end, and puts everything back. Raises Problems, NotOpen, KeyboardInterrupt."""
    from harness.live.aside import Aside

    if screen.asks:
        with suppress(ImportError):
            import readline  # noqa: F401  (input() has a history then)
    with _told_to_end(), Aside() as aside:
        live = aside.call(_entered(opening))
        try:
            return _answer(aside, talk(live), screen)
        finally:
            _close(aside, opening, screen)


async def _entered(opening: AbstractAsyncContextManager[LiveSession]) -> LiveSession:
    return await opening.__aenter__()


async def _left(opening: AbstractAsyncContextManager[LiveSession]) -> None:
    await opening.__aexit__(None, None, None)


@contextmanager
def _told_to_end() -> Iterator[None]:
    """SIGTERM ends in good order too."""

    def end(*_: object) -> None:
        raise Ended

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _close(aside: Aside, opening: AbstractAsyncContextManager[LiveSession], screen: Screen) -> None:
    """Ends the browser and puts the customer's settings back; a first Ctrl-C does not keep it from that."""
    signal.signal(signal.SIGINT, _patience(screen))
    try:
        aside.call(_left(opening))
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _patience(screen: Screen) -> Any:
    def asked(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        screen.told("The settings are being put back; Ctrl-C again ends at once, and `repro restore` puts them back later.")

    return asked


def _answer(aside: Aside, talk: Talk, screen: Screen) -> Exit:
    """Until the end of what is typed. A Ctrl-C interrupts the step, a second one without a line between ends."""
    from harness.live.aside import Interrupted

    interrupted = False
    if screen.asks:
        screen.told(WELCOME)
    try:
        screen.reply(aside.call(talk.began()))
    except Interrupted:
        return Exit.INTERRUPTED
    while True:
        try:
            text = _read(screen)
            if text is None:
                return _code(talk)
            if not text.strip():
                continue
            screen.echo(text)
            reply = aside.call(talk.answer(text))
            interrupted = False
            screen.reply(reply)
            if reply.kind == "end":
                return _code(talk)
        except Ended:
            return Exit.INTERRUPTED
        except KeyboardInterrupt:
            if interrupted:
                return Exit.INTERRUPTED
            interrupted = True
            screen.told("\ninterrupted; Ctrl-C again or Ctrl-D ends")


def _code(talk: Talk) -> Exit:
    return Exit.AS_EXPECTED if talk.live.usable else Exit.INCONCLUSIVE


def _read(screen: Screen) -> str | None:
    """What is typed next: a line, or all lines up to an empty one after a line that is only a key. None at the end."""
    from harness.live.talk import goes_on

    lines: list[str] = []
    while not lines or goes_on(lines):
        line = screen.next_line(bool(lines))
        if line is None:
            return "\n".join(lines) if lines else None
        if not line.lstrip().startswith("#"):
            lines.append(line)
    return "\n".join(lines)
