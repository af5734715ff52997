"""What is told while one records. A value that was typed into a field for secrets is never among it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NAMES = frozenset(("click", "fill", "press", "select", "check", "uncheck"))

Kind = Literal["symptom", "expected"]


@dataclass(frozen=True, kw_only=True)
class Acted:
    """An action of Playwright's recorder that a person's own event vouches for. `tab` is the tab's number, 0 the first.

    `value` is what was typed; with `reference` it is one, such as `${secrets.NAME}`, and never the text itself. `hidden` is a field for
    secrets: without a reference its value has no name and is left out. `modifiers` are bits: 1 Alt, 2 Control, 4 Meta, 8 Shift.
    `number` counts the person's events. `on_label` is a click on a label, `from_label` the one that the browser made of it.
    """

    name: str
    tab: int
    number: int
    url: str = ""
    selector: str = ""
    value: str = ""
    reference: bool = False
    hidden: bool = False
    key: str = ""
    modifiers: int = 0
    button: str = "left"
    clicks: int = 1
    position: tuple[float, float] | None = None
    options: tuple[str, ...] = ()
    on_label: bool = False
    from_label: bool = False


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Somebody marked an element, or typed what should be there (`selector` is empty then).

    `role` with `text`, within `part` (role, name) where there is one, names the element better than the selector where it is set.
    `what` is visible, text or value; `text` is what the element said, `should` what it should have said instead, if that was typed.
    """

    kind: Kind
    what: str
    tab: int
    url: str
    selector: str = ""
    role: str = ""
    part: tuple[str, str] | None = None
    text: str = ""
    should: str = ""


@dataclass(frozen=True)
class Answered:
    """A dialog was answered. `number` is the person's event before it opened."""

    number: int
    accepted: bool
    text: str | None


@dataclass(frozen=True)
class Unvouched:
    """The page told of an action that nobody did. What it calls it is the page's own word, unless it is one of the recorder's."""

    name: str
    url: str

    @property
    def what(self) -> str:
        """`a click`, or `something`."""
        return f"a {self.name}" if self.name in NAMES else "something"


@dataclass(frozen=True)
class Unheard:
    """A person did things that the recorder never told of: the page broke what it works with, or was gone too soon."""

    count: int

    @property
    def sentence(self) -> str:
        """What that means, without a full stop."""
        what = "one thing that was done" if self.count == 1 else f"{self.count} things that were done"
        return f"{what} could not be recorded: the page broke the recorder, or was gone too soon"


Event = Acted | Marked | Answered | Unvouched | Unheard
