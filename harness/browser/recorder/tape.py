"""One context while somebody acts in it: the recorder's actions, vouched for, and the marks, as events."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag

from playwright.async_api import BrowserContext, Frame, Page
from playwright.async_api import Error as PlaywrightError

from harness.browser.recorder import channel
from harness.browser.recorder.events import Acted, Answered, Event, Marked, Unheard, Unvouched
from harness.browser.recorder.vouching import Witness, Witnesses, told_action
from harness.browser.recorder.worlds import Worlds

LAST_S = 3
HELD_BACK_S = 2
ANY_FRAME = "internal:control=any-frame"
ENTER_FRAME = " >> internal:control=enter-frame >> "
FRAME_STEP = re.compile(r"(?:^| >> )internal:control=(?:any|enter)-frame >> ")
VALUE_ROLES = ("alert", "status")
PARTS = ("region", "dialog")

Name = Callable[[str, str], str | None]

INDEX_PATH = """() => {
  const path = [];
  for (let at = window; at !== at.parent; at = at.parent) {
    let index = 0;
    while (index < at.parent.length && at.parent[index] !== at) index += 1;
    path.unshift(index);
  }
  return path;
}"""


@dataclass(frozen=True)
class Names:
    """What values are called. `typed` gives a reference for what was typed into a field (of the kind password, code, or none) where it has
    a name, and is the only one that sees what a field for secrets holds; `shown` takes secrets out of any other text."""

    typed: Name
    shown: Callable[[str], str]


@dataclass(eq=False)
class Tape:
    """Records one context. `events` gives what happens until the last tab is closed or `end` is called."""

    context: BrowserContext
    names: Names
    _queue: asyncio.Queue[Event | asyncio.Future[Event] | None] = field(default_factory=asyncio.Queue)
    _witnesses: dict[Page, Witnesses] = field(default_factory=dict)
    _count: int = 0
    _opened_at: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _tabs: list[Page] = field(default_factory=list)
    _asked: set[Page] = field(default_factory=set)
    _typed: dict[Page, str] = field(default_factory=dict)
    _picks: dict[int, Marked] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _worlds: Worlds | None = None
    _shown: dict[str, Any] = field(default_factory=lambda: {"symptom": False, "expected": False, "last": ""})

    async def start(self) -> None:
        """Begins with what is open. Raises Problems where Playwright can't record."""
        self._worlds = Worlds(self.context, self._said, self._told)
        channel.leave_dialogs_open(self.context, lambda dialog: None)
        self.context.on("page", self._opened)
        self.context.on("close", lambda _: self._queue.put_nowait(None))
        for page in self.context.pages:
            self._opened(page)
        await self._worlds.start()
        await channel.start(self.context, self._heard)

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order."""
        while (event := await self._queue.get()) is not None:
            yield event if not isinstance(event, asyncio.Future) else await event

    async def end(self) -> None:
        """Ends the recording; `events` still gives what was held back, also what the recorder is still working on."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HELD_BACK_S):
                while self._tabs and any(each.pending for each in self._witnesses.values()):
                    self._news.clear()
                    await self._news.wait()
        with contextlib.suppress(PlaywrightError):
            await channel.stop(self.context)
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=LAST_S)
        if self._worlds is not None:
            await self._worlds.stop()
        if unheard := sum(each.unheard for each in self._witnesses.values()):
            self._queue.put_nowait(Unheard(unheard))
            self._witnesses.clear()
        self._queue.put_nowait(None)

    def show(self, text: str) -> None:
        """A line in the overlay of every tab, which stays when another page comes."""
        self._shown = {**self._shown, "last": text}
        for page in self._tabs:
            self._spawn(self._call(page, "state", self._shown))

    def _opened(self, page: Page) -> None:
        self._tabs.append(page)
        page.on("close", self._closed)

    def _closed(self, page: Page) -> None:
        if page in self._tabs:
            self._tabs.remove(page)
        if not self._tabs:
            self._queue.put_nowait(None)

    def _tab(self, page: Page) -> int:
        return self._tabs.index(page) if page in self._tabs else 0

    def _heard(self, page: Page, told: Mapping[str, Any]) -> None:
        action = told_action(told)
        self._news.set()
        name = action["name"]
        if name in ("openPage", "closePage"):
            return
        if name == "navigate":
            if urldefrag(action["url"]).url == self._typed.pop(page, ""):
                self._queue.put_nowait(Acted(name=name, tab=self._tab(page), number=self._count, url=action["url"]))
            return
        witness = self._witnesses.setdefault(page, Witnesses()).vouch(action)
        if witness is None:
            self._queue.put_nowait(Unvouched(name, page.url))
        elif ANY_FRAME in action["selector"]:
            self._queue.put_nowait(asyncio.ensure_future(self._nested(page, dict(action), witness)))
        else:
            self._queue.put_nowait(self._acted(page, action, witness))

    async def _nested(self, page: Page, action: dict[str, Any], witness: Witness) -> Event:
        """A frame in a frame: which one is asked for, since the recorder leaves it open."""
        inner = FRAME_STEP.split(action["selector"])[-1]
        for frame in [each for each in page.frames if each.parent_frame is not None and each.parent_frame.parent_frame is not None]:
            with contextlib.suppress(PlaywrightError):
                if await frame.locator(inner).count() == 1:
                    action["selector"] = ENTER_FRAME.join([*await _frame_selectors(frame), inner])
                    break
        return self._acted(page, action, witness)

    def _acted(self, page: Page, action: Mapping[str, Any], witness: Witness) -> Acted:
        said = witness.said
        uploaded = said["t"] == "file"
        kind, text = str(said.get("secret") or ""), action["text"]
        reference = self.names.typed(kind, text) if action["name"] == "fill" and not uploaded else None
        return Acted(
            name="upload" if uploaded else action["name"],
            tab=self._tab(page),
            number=witness.number,
            url=page.url,
            selector=self.names.shown(action["selector"]),
            value=reference or ("" if kind else self.names.shown(text)),
            reference=reference is not None,
            hidden=bool(kind),
            key=action["key"],
            modifiers=action["modifiers"],
            button=action["button"],
            clicks=action["clickCount"],
            position=action["position"],
            options=tuple(said["files"]) if uploaded else tuple(self.names.shown(each) for each in action["options"]),
            on_label=bool(said.get("label")),
            from_label=witness.from_label,
        )

    def _said(self, page: Page, said: Mapping[str, Any]) -> None:
        match said["t"]:
            case "mode":
                self._spawn(self._call(page, "setMode", said["mode"], everywhere=True))
            case "hello":
                self._spawn(self._call(page, "state", self._shown))
            case "pick":
                self._spawn(self._picked(page, said))
            case "mark":
                self._marked(page, said)
            case _:
                self._count += 1
                self._witnesses.setdefault(page, Witnesses()).add(self._count, said)

    def _told(self, page: Page, what: str, event: Mapping[str, Any]) -> None:
        if what == "asked":
            self._asked.add(page)
        elif what == "arrived":
            self._typed[page] = "" if page in self._asked else str(event["frame"]["url"])
        elif what == "stopped":
            self._asked.discard(page)
        elif what == "dialog":
            self._opened_at = self._count
        elif event.get("result") is not None:
            self._queue.put_nowait(Answered(self._opened_at, bool(event["result"]), event.get("userInput") or None))

    async def _picked(self, page: Page, said: Mapping[str, Any]) -> None:
        await self._call(page, "setMode", "", everywhere=True)
        frame = await _frame_at(page, said["frame"])
        try:
            selector = str((await frame.locator(said["path"]).normalize())._impl_obj._selector)
            role, part = await _only_of_its_role(frame, said) if frame is page.main_frame else ("", None)
        except PlaywrightError:
            await self._call(page, "say", "that element can't be named; try another")
            return
        what, text = ("value", said["value"]) if said["value"] else ("text", said["text"])
        number, selector = max(self._picks, default=0) + 1, self.names.shown(selector)
        text = str(text) if self.names.shown(str(text)) == text else ""
        role = role if text else ""
        self._picks[number] = Marked(
            kind=said["kind"], what=what, tab=self._tab(page), url=page.url, selector=selector, role=role, part=part, text=text
        )
        await self._call(page, "ask", {"id": number, "kind": said["kind"], "shown": text[:80], "text": bool(text)})

    def _marked(self, page: Page, said: Mapping[str, Any]) -> None:
        should = self.names.shown(str(said["should"]))
        picked = self._picks.pop(said["id"], None)
        if said["id"] == 0 and should:
            mark = Marked(kind="expected", what="visible", tab=self._tab(page), url=page.url, text=should)
        elif picked is not None:
            what = "visible" if said["what"] == "visible" else picked.what
            mark = Marked(**{**vars(picked), "what": what, "should": should})
        else:
            return
        self._queue.put_nowait(mark)
        self._shown = {**self._shown, mark.kind: True, **({"expected": True} if mark.should and mark.what != "visible" else {})}
        self._spawn(self._call(page, "setMode", "", everywhere=True))

    async def _call(self, page: Page, function: str, argument: object, everywhere: bool = False) -> None:
        if self._worlds is not None:
            await self._worlds.call(page, function, argument, everywhere)

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _frame_at(page: Page, path: list[int]) -> Frame:
    for frame in page.frames[1:] if path else ():
        with contextlib.suppress(PlaywrightError):
            if await frame.evaluate(INDEX_PATH) == path:
                return frame
    return page.main_frame


async def _only_of_its_role(frame: Frame, said: Mapping[str, Any]) -> tuple[str, tuple[str, str] | None]:
    """The role of an alert or a status whose text tells it from the others, and the named part of the page that it stands in: both say more
    than a place in the page, and stay true while other parts still load."""
    role, text, part = said["role"], said["text"], said["part"]
    if role not in VALUE_ROLES or not text:
        return "", None
    if part and part["role"] in PARTS and await frame.get_by_role(part["role"], name=part["name"]).count() == 1:
        inside = frame.get_by_role(part["role"], name=part["name"]).get_by_role(role).filter(has_text=text)
        return (role, (part["role"], part["name"])) if await inside.count() == 1 else ("", None)
    return (role, None) if await frame.get_by_role(role).filter(has_text=text).count() == 1 else ("", None)


async def _frame_selectors(frame: Frame) -> list[str]:
    """From the outermost frame to this one, each in its parent."""
    found: list[str] = []
    at: Frame | None = frame
    while at is not None and at.parent_frame is not None:
        element = await at.frame_element()
        title, name, index = await element.get_attribute("title"), at.name, at.parent_frame.child_frames.index(at)
        attribute = ("title", title) if title else ("name", name) if name else None
        quoted = attribute[1].replace("\\", "\\\\").replace('"', '\\"') if attribute else ""
        found.insert(0, f'iframe[{attribute[0]}="{quoted}"]' if attribute else f"iframe >> nth={index}")
        at = at.parent_frame
    return found
