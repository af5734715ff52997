"""Each condition is seen as true, as false, and as it changes; what is not certain is not answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from harness.browser.pool import PlaywrightHost
from harness.run.ports import Look, Truth
from tests.browser import site
from tests.browser.looking import Tab, tab

PAGE = """<!doctype html><title>Start</title><meta charset=utf-8>
<style>body { margin: 0; font: 16px sans-serif } .box { width: 100px; height: 40px; background: #fff } .red { background: #f00 }</style>
<h1 id=h1>Orders</h1>
<div id=box class=box data-state=off></div>
<p id=note role=status>One  two
three</p>
<p id=amount>1,234.50</p>
<label>Name <input id=field value=Ann></label>
<label><input id=tick type=checkbox> Agree</label>
<dialog id=ask><button>Yes</button></dialog>
<button id=save>Save</button>
<ul id=list><li>a</li></ul>
<canvas id=chart width=100 height=50></canvas>
<img id=logo alt=Logo width=20 height=20>
<div id=cover style="display: none; position: fixed; inset: 0; z-index: 9"></div>
<div style="height: 3000px"></div><p id=far>Far away</p>
<p class=twin hidden>Twin</p><p class=twin hidden>Twin</p>"""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="

TWINS_HIDDEN, TWINS_VISIBLE = "{hidden: {css: .twin}}", "{visible: {css: .twin}}"

# (condition, JavaScript after which it is true, JavaScript after which it is false again); at first it is false
CHANGES = [
    ('{visible: {css: "#cover"}}', "cover.style.display = 'block'", "cover.style.display = 'none'"),
    ("{hidden: heading}", "h1.hidden = true", "h1.hidden = false"),
    ('{hidden: {css: "#save"}}', "window.old = save; old.remove()", "document.body.prepend(window.old || save)"),
    ('{attached: {css: "b"}}', "note.append(document.createElement('b'))", "note.innerHTML = ''"),
    ('{enabled: button "Save"}', "save.disabled = false", "save.disabled = true"),
    ('{disabled: button "Save"}', "save.disabled = true", "save.disabled = false"),
    ("{checked: checkbox}", "tick.checked = true", "tick.checked = false"),
    ("{unchecked: checkbox}", "tick.checked = false", "tick.checked = true"),
    ("{editable: textbox}", "field.readOnly = false", "field.readOnly = true"),
    ('{enabled: {css: "#save"}}', "save.inert = false", "save.inert = true"),
    ("{enabled: {css: 'button#save'}}", "ask.close()", "ask.open || ask.showModal()"),
    ("{disabled: {css: '#save'}}", "save.style.pointerEvents = 'none'", "save.style.pointerEvents = ''"),
    ('{editable: {css: "#field"}}', "document.body.inert = false", "document.body.inert = true"),
    ("{unchecked: {label: Agree}}", "tick.indeterminate = false", "tick.indeterminate = true"),
    ("{checked: {label: Agree}}", "tick.indeterminate = false", "tick.checked = tick.indeterminate = true"),
    ('{enabled: {css: "#ask button"}}', "ask.inert = false; ask.open || ask.showModal()", "ask.inert = true"),
    ("{focused: textbox}", "field.focus()", "field.blur()"),
    ("{in_viewport: Far away}", "far.scrollIntoView()", "scrollTo(0, 0)"),
    ('{clickable: button "Save"}', "cover.style.display = 'none'", "cover.style.display = 'block'"),
    ("{text: status, is: Done}", "note.textContent = 'Done'", "note.textContent = 'One  two'"),
    ("{text: status, contains: four}", "note.innerText = 'One\\ntwo four'", "note.innerText = 'One\\n\\ntwo   three'"),
    ("{value: textbox, matches: '^B'}", "field.value = 'Bob'", "field.value = 'Ann'"),
    ('{number: {css: "#amount"}, above: 2000}', "amount.textContent = '$2,000.01'", "amount.textContent = '1,999.99'"),
    ("{count: listitem, at_least: 2}", "list.append(document.createElement('li'))", "list.replaceChildren(document.createElement('li'))"),
    ('{attribute: {css: "#box"}, name: data-state, is: "on"}', "box.dataset.state = 'on'", "box.removeAttribute('data-state')"),
    ('{style: {css: "#box"}, name: color, contains: "255, 0, 0"}', "box.style.color = 'red'", "box.style.color = 'green'"),
    ("{url: '/o#there'}", "location.hash = 'there'", "location.hash = 'here'"),
    ("{title: 'Done*'}", "document.title = 'Done: 1/2'", "document.title = 'Start'"),
    ("{aria: '- heading \"Shipped\"'}", "h1.textContent = 'Shipped'", "h1.textContent = 'Orders'"),
    ('{pixels: {css: "#chart"}, color: "#00ff00", at_least: 10%}', "paint('#0f0')", "paint('#fff')"),
    ('{blank: {css: "#chart"}}', "paint('#00f')", "paint('#00f', 20)"),
    ("{loaded: img}", f"logo.src = '{PIXEL}'", "logo.src = '/nothing-here'"),
    ('{overlaps: [{css: "#box"}, status]}', "note.style.marginTop = '-30px'", "note.style.marginTop = '60px'"),
    ("{contrast: status, below: 3}", "note.style.color = '#ccc'", "note.style.color = '#000'"),
    ("{evaluate: window.ready}", "window.ready = true", "window.ready = false"),
    ("{evaluate: async () => window.ready}", "window.ready = true", "window.ready = false"),
]
HELPERS = """for (const e of document.querySelectorAll('[id]')) window[e.id] = e;
window.paint = (colour, width) => { const c = chart.getContext('2d'); c.fillStyle = '#fff'; c.fillRect(0, 0, 100, 50);
  c.fillStyle = colour; c.fillRect(0, 0, width || 100, 50) };"""

# condition -> JavaScript that makes the event
EVENTS = {
    "{console: error, contains: bad thing}": "console.error('a bad thing')",
    "{page_error: oops}": "throw new Error('oops')",
    "{dialog: confirm, contains: sure}": "confirm('are you sure?')",
    "{request: /echo?x=1}": "fetch('/echo?x=1')",
    "{response: /502, status: 5xx}": "fetch('/502')",
    "{response: /json, json: {$.state: failed}}": "fetch('/json')",
    "{request_failed: /reset}": "fetch('/reset').catch(() => 0)",
    "{response: /slow, slower_than: 700ms}": "fetch('/slow').catch(() => 0)",
    "{download: '*.csv', contains: total, lines: 2}": "const a = document.createElement('a'); a.href = '/report.csv'; a.click()",
}


class Handler(site._Handler):
    """The page, and what it asks for."""

    def do_GET(self) -> None:
        if self.path == "/o":
            self._send(200, "text/html", PAGE)
        elif self.path == "/json":
            self._send(200, "application/json", '{"state": "failed"}')
        elif self.path == "/reset":
            self.close_connection = True
        elif self.path == "/report.csv":
            self.send_response(200)
            self.send_header("Content-Disposition", 'attachment; filename="july.csv"')
            self.end_headers()
            self.wfile.write(b"name,total\na,1\n")
            self.close_connection = True
        else:
            super().do_GET()


SEVERAL = [
    '{visible: button "Delete"}',
    '{text: button "Delete", is: Delete}',
    '{number: button "Delete", is: 1}',
    '{clickable: button "Delete"}',
    '{attribute: button "Delete", name: id, is: x}',
]
MISSING = ["focused", "in_viewport", "enabled", "clickable", "blank", "visible", "attached"]


async def _change(one: Tab, key: str, to_true: str, to_false: str) -> list[Look]:
    """Before; as it becomes true; true; as it becomes false; false."""
    await one.page.goto("/o")
    await one.page.evaluate(f"() => {{ {HELPERS} {to_false} }}")
    looks = [await one.look(key)]
    for script, wanted in ((to_true, True), (to_false, False)):
        await one.page.evaluate(f"() => {{ setTimeout(() => {{ {script} }}, 300) }}")
        looks += [await one.wait(key, wanted), await one.look(key)]
    return looks


async def _event(one: Tab, key: str) -> list[Look]:
    """Before; as it happens; afterwards."""
    await one.page.goto("/o")
    since = one.session.log.position()
    looks = [await one.look(key, since)]
    await one.page.evaluate(f"() => {{ setTimeout(() => {{ {EVENTS[key]} }}, 300) }}")
    return [*looks, await one.wait(key, since=since), await one.look(key, since)]


async def _doubtful(one: Tab, path: str, key: str) -> list[Look]:
    """Now, and after waiting in vain for its opposite."""
    await one.page.goto(path)
    return [await one.look(key), await one.wait(key, timeout_ms=400), await one.wait(key, False, timeout_ms=400)]


async def _all(base_url: str, folder: Path) -> dict[str, list[Look]]:
    """Everything, in a few tabs side by side."""
    work: dict[str, Callable[[Tab], Awaitable[list[Look]]]] = {}
    work |= {change[0]: lambda one, change=change: _change(one, *change) for change in CHANGES}  # type: ignore[misc]
    work |= {key: lambda one, key=key: _event(one, key) for key in EVENTS}  # type: ignore[misc]
    work |= {key: lambda one, key=key: _doubtful(one, "/three", key) for key in SEVERAL}  # type: ignore[misc]
    work |= {key: lambda one, key=key: _doubtful(one, "/o", key) for key in map(missing, MISSING)}  # type: ignore[misc]
    work |= {key: lambda one, key=key: _doubtful(one, "/o", key) for key in (TWINS_HIDDEN, TWINS_VISIBLE)}  # type: ignore[misc]
    left, looks = list(work), {}

    async def take(one: Tab) -> None:
        while left:
            key = left.pop(0)
            looks[key] = await work[key](one)

    async with PlaywrightHost() as host, contextlib.AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(tab(host, base_url, folder / str(number))) for number in range(5)]
        await asyncio.gather(*map(take, tabs))
    return looks


def missing(check: str) -> str:
    """A condition about an element that is not there."""
    return f'{{{check}: button "Gone"}}'


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Look]]:
    with site.serving_with(Handler) as base_url:
        return asyncio.run(_all(base_url, tmp_path_factory.mktemp("seen")))


@pytest.mark.parametrize("key", [change[0] for change in CHANGES])
def test_a_change_is_seen(seen: dict[str, list[Look]], key: str) -> None:
    assert [look.truth.value for look in seen[key]] == ["no", "yes", "yes", "no", "no"], seen[key]


@pytest.mark.parametrize("key", EVENTS)
def test_an_event_is_seen_and_stays_seen(seen: dict[str, list[Look]], key: str) -> None:
    assert [look.truth.value for look in seen[key]] == ["no", "yes", "yes"], seen[key]


@pytest.mark.parametrize("key", SEVERAL)
def test_several_matches_are_listed_and_not_answered(seen: dict[str, list[Look]], key: str) -> None:
    for look in seen[key]:
        assert look.truth is Truth.UNKNOWN
        assert 'button "Delete" is there 3 times' in look.said
        assert look.said.count("Delete") >= 4


def test_several_that_can_t_be_seen_are_hidden(seen: dict[str, list[Look]]) -> None:
    assert {look.truth for look in seen[TWINS_HIDDEN]} == {Truth.YES}
    assert {look.truth for look in seen[TWINS_VISIBLE]} == {Truth.NO}


@pytest.mark.parametrize("check", MISSING)
def test_what_is_not_there_has_no_state(seen: dict[str, list[Look]], check: str) -> None:
    for look in seen[missing(check)]:
        assert look.truth is Truth.NO
        assert "not there" in look.said
