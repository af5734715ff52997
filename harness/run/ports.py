"""What the run needs of a browser, as Protocols: a fake drives the real engine in tests, Playwright does in earnest.

All durations are milliseconds. Everything that reaches a port is resolved: no `${…}` is left in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from harness.core.secret import Secret
from harness.diagnostics import Place
from harness.evidence.events import EventLog
from harness.evidence.redact import Redactor
from harness.scenario.action import Step
from harness.scenario.condition import Leaf
from harness.scenario.customer import BrowserSettings, NetworkSettings
from harness.scenario.locators import Locator


class Truth(Enum):
    """What a look at a condition gave. UNKNOWN is "could not be observed", which is never a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Look:
    """`said` is what was seen, as the rest of a sentence: `heading "Revenue" is not there`."""

    truth: Truth
    said: str


class StepFailed(Exception):
    """The step can't be done. `found` lists what was there instead; `unreachable` says that no server answered, `unprepared` that a
    value it refers to is missing (a secret that is not set), which is nothing that the customer could have seen. `missing` says that
    the page has no such element, and `slip` what it has that is written almost so."""

    def __init__(
        self,
        message: str,
        found: Sequence[str] = (),
        unreachable: bool = False,
        unprepared: bool = False,
        missing: bool = False,
        slip: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.found = tuple(found)
        self.unreachable = unreachable
        self.unprepared = unprepared
        self.missing = missing
        self.slip = slip


class BrowserLost(Exception):
    """The browser crashed, was killed or does not answer: the attempt has no outcome of its own."""


@dataclass(frozen=True)
class Box:
    """CSS pixels in the viewport."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Performed:
    """What doing a step gave: the element's box where the trace won't tell it, values to keep, a remark for the report."""

    box: Box | None = None
    saved: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True)
class Picture:
    """A screenshot on disk; `viewport` in CSS pixels (width, height)."""

    path: Path
    viewport: tuple[int, int]


@dataclass(frozen=True)
class Capture:
    """Which evidence is taken."""

    trace: bool = True
    screenshots: bool = True


@dataclass(frozen=True)
class SessionSpec:
    """What one attempt's browser context is made of. `folder` takes its evidence; `workspace` is the only place files are read from.
    `alone`: in a browser that nobody else has, for all that share one share its clipboard."""

    title: str
    base_url: str
    allow_hosts: tuple[str, ...]
    browser: BrowserSettings
    network: NetworkSettings
    clock: datetime | None
    allow_evaluate: bool
    masks: tuple[Locator, ...]
    folder: Path
    workspace: Path
    capture: Capture
    redactor: Redactor
    storage_state: Mapping[str, Any] | None = None
    alone: bool = False


@dataclass(frozen=True)
class PageState:
    """Where the session is: the address, the status of the document (None when unknown), whether the browser shows its own error page.
    `refused` is the address that was asked for, where the server sent to a page instead that asks for a password."""

    url: str
    status: int | None
    error_page: bool = False
    refused: str = ""


@dataclass(frozen=True)
class SessionEvidence:
    """What is left when a session is closed: paths in the attempt's folder, and the boxes of the elements that were acted on, by the
    numbers of the groups in which they were."""

    trace: Path | None = None
    notes: tuple[str, ...] = ()
    boxes: Mapping[int, Box] = field(default_factory=dict)


class Session(Protocol):
    """One attempt's browser context, seen through its current tab."""

    @property
    def log(self) -> EventLog:
        """Everything that happened in the attempt."""
        ...

    async def perform(self, step: Step, timeout_ms: int) -> Performed:
        """Does a step. Raises StepFailed or BrowserLost."""
        ...

    async def wait(self, leaf: Leaf, wanted: bool, timeout_ms: int, since: int) -> Look:
        """Waits in the browser until the check's truth is `wanted`, or the time is over; gives the last look. Events count from
        position `since` of the log. Raises BrowserLost."""
        ...

    async def look(self, leaf: Leaf, since: int) -> Look:
        """The check's truth now."""
        ...

    async def picture(self, name: str, full_page: bool = False, fresh: bool = True) -> Picture | None:
        """A screenshot under `name` in the folder, masked; None when the page can't be pictured. Without `fresh` it may be the last one
        again, where the page is sure to show the same."""
        ...

    async def names_near(self, locator: Locator) -> tuple[str, ...]:
        """The nearest names that the page has instead, in the notation of locators, at most five."""
        ...

    async def aria(self, locator: Locator | None = None) -> str:
        """The page, or all that the locator finds, as ARIA snapshot in the notation of locators: frames included, without what the team
        masks and without what stands in password fields. Raises StepFailed when there is no such element, or BrowserLost."""
        ...

    async def matches(self, locator: Locator) -> tuple[str, ...]:
        """The first five elements that a locator finds, each in the notation of locators. Raises StepFailed or BrowserLost."""
        ...

    async def title(self) -> str:
        """The page's title; empty when it has none or does not answer. Raises StepFailed when no tab is open."""
        ...

    async def settle(self, timeout_ms: int) -> None:
        """Waits until the page has loaded and no request is under way, at most so long. Raises StepFailed or BrowserLost."""
        ...

    async def state(self) -> PageState:
        """Where the session is."""
        ...

    def group(self, title: str, place: Place, snapshot: bool = False) -> AbstractAsyncContextManager[int | None]:
        """A named group in the trace that points at a line of the scenario, and its number; None where there is no trace. With `snapshot`
        it ends with the page as it is then; actions bring their own."""
        ...

    async def as_account(self, account: str) -> Session:
        """The session of another account: a context of its own, the same log and folder. The same one for the same account."""
        ...

    async def tabs(self, count: int) -> Sequence[Session]:
        """`count` views for steps done together: this tab, and further ones opened at its address."""
        ...

    async def storage_state(self) -> Mapping[str, Any]:
        """Cookies and storage, to sign another session in."""
        ...

    async def close(self, keep_trace: bool) -> SessionEvidence:
        """Ends all contexts of the attempt and gives what is left of them."""
        ...


@dataclass(frozen=True)
class ApiAnswer:
    """An HTTP answer; `text` is cut at 1 MiB."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class ApiUnreachable(Exception):
    """No answer: refused, timed out, a bad certificate, or a host that is not allowed. The message says which."""


class Api(Protocol):
    """HTTP without a page: health, version, apply, read back, restore."""

    async def call(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str | Secret] | None = None,
        headers: Mapping[str, str | Secret] | None = None,
        timeout_ms: int = 10_000,
    ) -> ApiAnswer:
        """One call. `url` is absolute. Raises ApiUnreachable."""
        ...


class BrowserHost(Protocol):
    """Starts browsers, keeps few of them, replaces those that are lost."""

    async def open(self, spec: SessionSpec, log: EventLog) -> Session:
        """A fresh context in a running browser. Raises BrowserLost, or Problems when there is no browser at all."""
        ...

    async def discard(self, session: Session) -> None:
        """Gives up a session whose browser is lost, and that browser with it. Never raises and never hangs."""
        ...

    def api(self, allow_hosts: tuple[str, ...], headers: Mapping[str, str | Secret]) -> AbstractAsyncContextManager[Api]:
        """An HTTP client that reaches these hosts only."""
        ...

    def describe(self) -> Mapping[str, str]:
        """`name`, `version` and `build` of the browser that was used; empty before the first."""
        ...
