"""The browser that one records in: a run's, with a port for another machine's DevTools where one is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.browser.find import Found
from harness.browser.pool import PlaywrightHost
from harness.browser.recorder.tape import Names, Tape
from harness.browser.session import PlaywrightSession
from harness.run.ports import Session, SessionSpec


@dataclass
class RecordingHost(PlaywrightHost):
    """`cdp_port` is opened on this machine's own address only."""

    cdp_port: int | None = None

    def _arguments(self, spec: SessionSpec, found: Found) -> list[str]:
        port = [f"--remote-debugging-port={self.cdp_port}", "--remote-debugging-address=127.0.0.1"] if self.cdp_port is not None else []
        return [*super()._arguments(spec, found), *port]


def recordable(spec: SessionSpec) -> tuple[SessionSpec, tuple[str, ...]]:
    """The customer's browser as far as one can record in it, and what is different."""
    browser, notes = spec.browser, []
    if browser.engine != "chromium":
        notes.append(f"the customer's browser is {browser.engine}; it is recorded in Chromium")
        browser = replace(browser, engine="chromium", channel=None)
    if not browser.javascript:
        notes.append("the customer has JavaScript switched off; recording needs it, so pages may look different here")
        browser = replace(browser, javascript=True)
    return replace(spec, browser=browser), tuple(notes)


def tape_of(session: Session, names: Names) -> Tape:
    """Records what is done in a session."""
    assert isinstance(session, PlaywrightSession)
    return Tape(session.opened.context, names)
