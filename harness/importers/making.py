"""A recording that is being read becomes a draft, by the same rules as one that is made here. Whatever can't be carried over is kept as a
sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from harness.browser.recorder.events import Acted
from harness.draft.model import Draft, DraftStep, literal
from harness.evidence.learn import in_url
from harness.evidence.scrub import scrub_tree
from harness.importers.naming import Naming, Value
from harness.recording.draft import About, draft_of
from harness.recording.flows import leading_flow
from harness.recording.steps import Item, Recorded, heard, relative, step_of
from harness.scenario.scenario import Flow

OPAQUE = re.compile(r"\d+|[0-9a-f]{8,}|(?=[^/]*\d).{6,}", re.IGNORECASE)


@dataclass
class Making:
    """The steps so far. `tabs` are the open tabs by what the recording calls them, in the order in which they were opened."""

    naming: Naming
    base_url: str = ""
    recorded: Recorded = field(default_factory=lambda: Recorded(""))
    tabs: list[str] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)
    waits: set[int] = field(default_factory=set)
    asserted: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    _number: int = 0
    _notes: list[str] = field(default_factory=list)

    def unsaid(self, sentence: str, here: bool = False) -> None:
        """Something that is not carried over; `here` also puts it above the next step."""
        if sentence not in self.recorded.unsaid:
            self.recorded = replace(self.recorded, unsaid=(*self.recorded.unsaid, sentence))
        if here:
            self._notes.append(sentence)

    def tab(self, key: str) -> int:
        """The number of a tab, which is open from now on."""
        if key not in self.tabs:
            self.tabs.append(key)
        return self.tabs.index(key)

    def goto(self, tab: str, url: str) -> None:
        """The person went to an address."""
        if not is_web(url):
            if url and not url.startswith(("about:blank", "chrome:")):
                self.unsaid(f"the address {url[:80]}: only http and https can be gone to", here=True)
            return
        self._site(url)
        url = self._without_secrets(url)
        self.act("navigate", tab, url=url)
        self.urls[tab] = url

    def arrived(self, tab: str, url: str) -> None:
        """An action led to an address."""
        if is_web(url):
            self.urls[tab] = self._without_secrets(url)

    def waited(self, tab: str, url: str) -> None:
        """The address that an action led to is waited for, before anything else is done."""
        if not is_web(url) or relative(url, self.recorded.base_url) == url:
            return
        self.waits.add(self.step(tab, {"wait_for": {"url": literal(path_of(relative(url, self.recorded.base_url)))}}))

    def act(self, name: str, tab: str, *, selector: str = "", more: Mapping[str, Any] | None = None, note: str = "", **event: Any) -> None:
        """One of the recorder's actions. `more` are options of the step."""
        self._number += 1
        acted = Acted(name=name, tab=self.tab(tab), number=self._number, selector=selector, **{"url": self.urls.get(tab, ""), **event})
        before = self.recorded
        self.recorded = heard(before, acted)
        self._notes += self.recorded.unsaid[len(before.unsaid) :]
        last = self.recorded.items[-1] if self.recorded.items else None
        if last is None or last.event is not acted:
            return
        notes = "\n".join([*self._notes, *([note] if note else [])])
        self._notes = []
        step = step_of(last, self.recorded.base_url)
        if (notes or more) and isinstance(step.data, Mapping):
            made = DraftStep({**step.data, **(more or {})}, notes or step.note)
            self.recorded = replace(self.recorded, items=(*self.recorded.items[:-1], replace(last, step=made)))

    def fill(self, tab: str, selector: str, value: Value, doubt: str = "", more: Mapping[str, Any] | None = None) -> None:
        """Something was written into a field. `doubt` is a remark on the step."""
        note = "\n".join(each for each in (value.note, doubt) if each)
        self.act("fill", tab, selector=selector, value=value.text, reference=value.reference, note=note, more=more)

    def step(self, tab: str, data: str | Mapping[str, Any], note: str = "") -> int:
        """A step that the recorder has no action for. Gives its number."""
        self._number += 1
        acted = Acted(name="step", tab=self.tab(tab), number=self._number, url=self.urls.get(tab, ""))
        step = DraftStep(data, "\n".join([*self._notes, *([note] if note else [])]))
        self._notes = []
        self.recorded = replace(self.recorded, items=(*self.recorded.items, Item(acted, step=step)))
        return self._number

    def check(self, tab: str, condition: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> None:
        """Something that the person wanted to be so: the last ones are what should have been seen, the others are waited for."""
        self.asserted[self.step(tab, {"wait_for": dict(condition), **(more or {})})] = condition

    def close(self, tab: str) -> None:
        """A tab was closed."""
        self.step(tab, {"tab": "close"})
        if tab in self.tabs:
            self.tabs.remove(tab)

    def finish(self, about: About, flows: Sequence[Flow]) -> Draft:
        """The scenario as far as it is known, without a secret in it."""
        expected = self._last_checks()
        self._without_wait_after_flow(about, flows)
        draft = draft_of(self.recorded, about, flows)
        return clean(replace(draft, expected=expected or draft.expected), self.naming)

    def _site(self, url: str) -> None:
        """The first address tells which site was recorded; the environment's stands in its place."""
        if self.recorded.base_url:
            return
        at = urlsplit(url)
        origin = f"{at.scheme}://{at.netloc.rpartition('@')[2]}"
        base = self.base_url if urlsplit(self.base_url)[:2] == at[:2] else origin
        self.recorded = replace(self.recorded, base_url=base)
        if base != self.base_url:
            self.unsaid(f"the site {base}: its addresses are opened on the environment's own")

    def _without_secrets(self, url: str) -> str:
        """The address without what in it looks like a secret."""
        found = {value: name for name, value in in_url(url)}
        for value, name in found.items():
            self.naming.redactor.learn(name, value)
            self.unsaid(f"the {name} in an address: it looks like a secret")
        at = urlsplit(url)
        query, fragment = (
            "&".join(pair for pair in part.split("&") if unquote_plus(pair.partition("=")[2]) not in found)
            for part in (at.query, at.fragment)
        )
        return urlunsplit((at.scheme, at.netloc.rpartition("@")[2], at.path, query, fragment))

    def _last_checks(self) -> dict[str, Any] | None:
        """Takes the checks at the end out of the steps; closing windows after them says nothing."""
        items = list(self.recorded.items)
        while items and items[-1].step is not None and items[-1].step.data == {"tab": "close"}:
            items.pop()
        found: list[Mapping[str, Any]] = []
        while items and items[-1].event.number in self.asserted and (len(items) < 2 or items[-2].event.tab == items[-1].event.tab):
            found.insert(0, self.asserted[items.pop().event.number])
        while items and items[-1].event.number in self.waits and found:
            items.pop()
        self.recorded = replace(self.recorded, items=tuple(items))
        return None if not found else dict(found[0]) if len(found) == 1 else {"all": [dict(each) for each in found]}

    def _without_wait_after_flow(self, about: About, flows: Sequence[Flow]) -> None:
        """A flow waits for its own end."""
        flow = leading_flow(self.recorded, flows) if about.after is None else None
        items = self.recorded.items
        if flow is not None and len(items) > flow.count and items[flow.count].event.number in self.waits:
            self.recorded = replace(self.recorded, items=items[: flow.count] + items[flow.count + 1 :])


def is_web(url: str) -> bool:
    """Whether it is an address that can be gone to."""
    try:
        at = urlsplit(url)
        return at.scheme in ("http", "https") and bool(at.hostname)
    except ValueError:
        return False


def path_of(address: str) -> str:
    """A glob of the address's path: parts that look made for one thing only (a number, a key) may be anything."""
    parts = (urlsplit(address).path or "/").split("/")
    return "/".join("*" if OPAQUE.fullmatch(part) else re.sub(r"[*{},]", "*", part) for part in parts)


def clean(draft: Draft, naming: Naming) -> Draft:
    """The draft without anything that was learned to be secret."""
    redactor = naming.redactor

    def step(each: DraftStep) -> DraftStep:
        return DraftStep(scrub_tree(each.data, redactor), redactor.text(each.note))

    return replace(
        draft,
        title=redactor.text(draft.title),
        report=None if draft.report is None else redactor.text(draft.report),
        setup=tuple(step(each) for each in draft.setup),
        steps=tuple(step(each) for each in draft.steps),
        symptom=scrub_tree(draft.symptom, redactor),
        expected=scrub_tree(draft.expected, redactor),
        unsaid=tuple(redactor.text(each) for each in draft.unsaid),
    )
