"""Each verb does what it says, and says what was the matter when it can't."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from harness.browser.pool import PlaywrightHost
from harness.scenario.customer import BrowserSettings
from tests.browser import site
from tests.browser.looking import Tab, tab

PAGE = """<!doctype html><title>Form</title><meta charset=utf-8>
<style>#modal { position: fixed; inset: 0 0 50% 50%; z-index: 9; background: #eee } [draggable], #bin { width: 80px; height: 40px }</style>
<label>Name <input id=field></label> <label for=mail>E-mail</label><input id=mail type=email>
<label>Country <select id=country><option value=no>Norway</option><option value=se>Sweden</option></select></label>
<label>Agree <input id=tick type=checkbox></label>
<label>Files <input id=files type=file multiple></label>
<button id=pick onclick="const i = document.createElement('input'); i.type = 'file';
  i.onchange = () => log.textContent = i.files[0].name; i.click()">Attach…</button>
<button id=save onclick="log.textContent += 'c'" ondblclick="log.textContent += 'd'" onmouseover="log.dataset.over = 1">Save order</button>
<button disabled>Locked</button> <button style="display: none">Secret</button>
<button onclick="window.open('/other')">Open other</button>
<button onclick="log.textContent = prompt('Your name?', 'nobody')">Ask</button>
<button onclick="log.textContent = confirm('Sure?')">Confirm</button>
<ul><li>Delete <button>Delete</button></li><li><button>Delete</button></li></ul>
<p id=total>1.234,50 €</p>
<div id=card draggable=true ondragstart="event.dataTransfer.setData('text', 'card')">Card</div>
<div id=bin ondragover="event.preventDefault()"
  ondrop="event.preventDefault(); log.textContent = event.dataTransfer.getData('text')">Bin</div>
<p id=log role=status></p>
<div style="position: relative"><button id=under style="position: absolute; left: 0; top: 0">Under</button>
<div id=veil style="position: absolute; left: 0; top: 0; width: 200px; height: 60px; background: #ddd"></div></div>
<div style="height: 2000px"></div><p id=far>Far away</p>"""
VALUES = "() => Object.fromEntries([...document.querySelectorAll('[id]')].map(e => [e.id, e]).map(([id, e]) => [id, "
VALUES += "e.type === 'checkbox' ? e.checked : e.type === 'file' ? [...e.files].map(f => f.name) : e.value ?? e.textContent]))"
HAR = {
    "log": {
        "version": "1.2",
        "creator": {"name": "x", "version": "1"},
        "entries": [
            {
                "request": {"method": "GET", "url": "URL/count", "headers": [], "httpVersion": "1.1", "cookies": [], "queryString": [],
                            "headersSize": -1, "bodySize": -1},
                "response": {"status": 200, "statusText": "OK", "headers": [], "httpVersion": "1.1", "cookies": [], "redirectURL": "",
                             "content": {"size": 8, "mimeType": "text/plain", "text": "recorded"}, "headersSize": -1, "bodySize": -1},
                "startedDateTime": "2026-01-31T00:00:00Z", "time": 1, "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0},
            }
        ],
    }
}  # fmt: skip


class Handler(site._Handler):
    """The page, a counter, and an API."""

    count = 0

    def do_GET(self) -> None:
        if self.path == "/form":
            self._send(200, "text/html", PAGE)
        elif self.path == "/other":
            self._send(200, "text/html", "<title>The other</title><h1>Other</h1>")
        elif self.path == "/count":
            Handler.count += 1
            self._send(200, "text/plain", str(Handler.count))
        elif self.path.startswith("/job"):
            Handler.count += 1
            self._send(200, "application/json", json.dumps({"id": 7, "state": "done" if Handler.count >= 3 else "running"}))
        else:
            super().do_GET()


async def value(one: Tab, name: str) -> Any:
    """What a control of the form holds, or an element shows."""
    return (await one.page.evaluate(VALUES))[name]


async def fetched(one: Tab, path: str) -> str:
    """What the page itself gets."""
    found: str = await one.page.evaluate("path => fetch(path).then(r => r.text(), e => 'failed')", path)
    return found


DONE: dict[str, Callable[[Tab, Path], Awaitable[bool]]] = {}


def case(work: Callable[[Tab, Path], Awaitable[bool]]) -> Callable[[Tab, Path], Awaitable[bool]]:
    """A case that gives True when the verb did what it says."""
    DONE[work.__name__.replace("_", " ")] = work
    return work


@case
async def fill_by_label(one: Tab, folder: Path) -> bool:
    await one.do('fill: {{label: Name}: Ann, textbox "E-mail": a@b.example}'.replace("{{label: Name}: Ann, ", '{textbox "Name": Ann, '))
    return [await value(one, "field"), await value(one, "mail")] == ["Ann", "a@b.example"]


@case
async def fill_by_visible_text(one: Tab, folder: Path) -> bool:
    await one.do("fill: {E-mail: a@b.example}")
    return await value(one, "mail") == "a@b.example"


@case
async def type_where_the_focus_is(one: Tab, folder: Path) -> bool:
    await one.do('focus: textbox "Name"')
    await one.do("type: abc")
    await one.do("press: Backspace")
    await one.do('press: {textbox "Name": Shift+Z}')
    return await value(one, "field") == "abZ"


@case
async def clear_what_was_filled(one: Tab, folder: Path) -> bool:
    await one.do('fill: {textbox "Name": Ann}')
    await one.do('clear: textbox "Name"')
    return await value(one, "field") == ""


@case
async def select_by_text_and_by_value(one: Tab, folder: Path) -> bool:
    await one.do("select: {combobox: Sweden}")
    by_text = await value(one, "country")
    await one.do("select: {Country: no}")
    return [by_text, await value(one, "country")] == ["se", "no"]


@case
async def check_and_uncheck(one: Tab, folder: Path) -> bool:
    await one.do("check: checkbox")
    ticked = await value(one, "tick")
    await one.do("uncheck: Agree")
    return [ticked, await value(one, "tick")] == [True, False]


@case
async def upload_to_a_field(one: Tab, folder: Path) -> bool:
    await one.do("upload: {Files: [a.txt, b.txt]}")
    return await value(one, "files") == ["a.txt", "b.txt"]


@case
async def upload_by_a_button(one: Tab, folder: Path) -> bool:
    await one.do('upload: {button "Attach…": a.txt}')
    return await value(one, "log") == "a.txt"


@case
async def click_and_double_click_and_hover(one: Tab, folder: Path) -> bool:
    await one.do('hover: button "Save order"')
    over = await one.page.evaluate("log.dataset.over")
    await one.do('click: button "Save order"')
    await one.do('dblclick: button "Save order"')
    return over == "1" and await value(one, "log") == "cccd"


@case
async def drag_a_card(one: Tab, folder: Path) -> bool:
    await one.do('drag: {from: {css: "#card"}, to: {css: "#bin"}}')
    return await value(one, "log") == "card"


@case
async def scroll_to_what_is_far(one: Tab, folder: Path) -> bool:
    await one.do("scroll_to: Far away")
    return bool(await one.page.evaluate("scrollY > 0"))


@case
async def go_back_and_forward_and_reload(one: Tab, folder: Path) -> bool:
    await one.do("goto: /other")
    await one.do("back")
    behind = one.page.url
    await one.do("forward")
    await one.do("reload")
    return behind.endswith("/form") and one.page.url.endswith("/other")


@case
async def tabs_by_number_and_address_and_title(one: Tab, folder: Path) -> bool:
    await one.do('click: button "Open other"')
    seen = []
    for which in ("{url: /other}", "0", "-1", "{title: Form}", "{title: The o*}", "new", "close"):
        await one.do(f"tab: {which}")
        seen.append(one.session.page.url.rpartition("/")[2])
    return seen == ["other", "form", "other", "form", "other", "about:blank", "other"]


@case
async def clock_at_jumps_without_timers(one: Tab, folder: Path) -> bool:
    await one.do("clock: {at: 2026-01-31T23:55}")
    await one.do("goto: /form")
    await one.page.evaluate("() => { window.fired = 0; setTimeout(() => { window.fired = 1 }, 3600000) }")
    await one.do("clock: {at: 2026-02-01T08:00}")
    jumped = await one.page.evaluate("[fired, new Date().toISOString().slice(0, 13)]")
    await one.do("clock: {forward: 2h}")
    return [jumped, await one.page.evaluate("[fired, new Date().getUTCHours()]")] == [[0, "2026-02-01T08"], [1, 10]]


@case
async def network_offline_and_online(one: Tab, folder: Path) -> bool:
    await one.do("network: offline")
    off = await fetched(one, "/other")
    await one.do("network: online")
    return off == "failed" and "Other" in await fetched(one, "/other")


@case
async def network_slow(one: Tab, folder: Path) -> bool:
    await one.do("network: slow-3g")
    took = await one.page.evaluate("async () => { const t = performance.now(); await fetch('/other'); return performance.now() - t }")
    return took > 300


@case
async def mock_an_answer(one: Tab, folder: Path) -> bool:
    await one.do("mock: {url: /api/**, status: 418, json: {a: [1]}}")
    found = await one.page.evaluate("fetch('/api/x?y=1').then(async r => [r.status, await r.json()])")
    return found == [418, {"a": [1]}]


@case
async def mock_a_failure_the_first_time_only(one: Tab, folder: Path) -> bool:
    await one.do("mock: {url: /count, abort: true, count: 1}")
    return [await fetched(one, "/count"), (await fetched(one, "/count")).isdecimal()] == ["failed", True]


@case
async def mock_a_delay(one: Tab, folder: Path) -> bool:
    await one.do("mock: {url: /other, delay: 400ms}")
    took, text = await one.page.evaluate(
        "async () => { const t = performance.now(); const r = await fetch('/other'); return [performance.now() - t, await r.text()] }"
    )
    return took > 390 and "Other" in text


@case
async def mock_from_a_har_file(one: Tab, folder: Path) -> bool:
    base = one.page.url.removesuffix("/form")
    (folder / "x.har").write_text(json.dumps(HAR).replace("URL", base))
    await one.do("mock: {har: x.har}")
    return await fetched(one, "/count") == "recorded" and "Other" in await fetched(one, "/other")


@case
async def dialog_accepted_with_text(one: Tab, folder: Path) -> bool:
    await one.do("dialog: {accept: Ann}")
    await one.do('click: button "Ask"')
    asked = await value(one, "log")
    await one.do("dialog: dismiss")
    await one.do('click: button "Confirm"')
    refused = await value(one, "log")
    await one.do("dialog: accept")
    await one.do('click: button "Confirm"')
    return [asked, refused, await value(one, "log")] == ["Ann", "false", "true"]


@case
async def request_and_keep(one: Tab, folder: Path) -> bool:
    performed = await one.do("{request: GET /job, expect_status: [200], save: {job: $.id}}")
    return performed.saved == {"job": 7}


@case
async def poll_until_done(one: Tab, folder: Path) -> bool:
    Handler.count = 0
    await one.do("{poll: GET /job, until: {json: {$.state: done}}, every: 50ms}")
    return Handler.count >= 3


@case
async def save_what_the_page_shows(one: Tab, folder: Path) -> bool:
    saved = (
        await one.do('save: {total: {number_of: {css: "#total"}}, text: {text_of: {css: "#total"}}, n: {count_of: button "Delete"}}')
    ).saved
    return saved == {"total": 1234.5, "text": "1.234,50 €", "n": 2}


# step -> what its failure says
FAILS = {
    'click: button "Save ordre"': 'there is no button "Save ordre" | button "Save order"',
    'click: button "Delete"': 'button "Delete" is there 2 times; say which one is meant (name, within, nth) |',
    'click: button "Locked"': 'button "Locked": it is disabled',
    "click: {css: '[style*=none]'}": "it is there, but hidden",
    'click: button "Under"': 'button "Under": it is covered by another element (<div> veil)',
    "select: {combobox: Denmark}": "combobox: it has no such option",
    "fill: {locator: {css: '#total'}, value: x}": "can't be filled: it is no field",
    "upload: {Files: ../secret.txt}": "outside the workspace",
    "upload: {Files: none.txt}": "there is no file none.txt in the workspace",
    "tab: {title: Nowhere}": "there is no such tab; open are: 0: ",
    "goto: http://elsewhere.example/": "the host elsewhere.example is not allowed",
    "goto: file:///etc/passwd": "addresses that begin with `file:` are not allowed",
    "{request: GET /missing}": "it answered 404",
    "{request: GET http://elsewhere.example/}": "the host elsewhere.example is not allowed",
    "{request: GET /other, save: {a: $.b}}": "its answer is no JSON",
    "{request: GET /job, save: {a: $.b}}": "its answer has no $.b",
    "{poll: GET /other, until: {json: {$.state: done}}, every: 100ms}": "the answer was not as wanted within 500 ms; the last one was 200",
    "save: {n: {number_of: heading}}": "there is no heading",
    "save: {n: {number_of: {css: '#card'}}}": "'Card' is no number",
    "evaluate: alert(1)": "JavaScript is not allowed in this environment",
}


async def _did(one: Tab, work: Callable[[Tab, Path], Awaitable[bool]], folder: Path) -> bool | str:
    try:
        await one.page.goto("/form")
        return await work(one, folder)
    except Exception as error:
        return repr(error)


async def _all(base_url: str, folder: Path) -> dict[str, bool | str]:
    results: dict[str, bool | str] = {}
    german = BrowserSettings(locale="de-DE", timezone="UTC")
    async with PlaywrightHost() as host:

        async def one_case(name: str) -> None:
            place = folder / name
            async with slots, tab(host, base_url, place, browser=german) as one:
                for file in ("a.txt", "b.txt"):
                    (place / file).write_text("x")
                results[name] = await _did(one, DONE[name], place)

        slots = asyncio.Semaphore(3)
        await one_case("network slow")
        await asyncio.gather(*(one_case(name) for name in DONE if name != "network slow"))
        async with tab(host, base_url, folder / "fails", browser=german, allow_evaluate=False) as one:
            await one.page.goto("/form")
            for text in FAILS:
                results[text] = await one.fails(text)
    return results


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool | str]:
    with site.serving_with(Handler) as base_url:
        return asyncio.run(_all(base_url, tmp_path_factory.mktemp("verbs")))


@pytest.mark.parametrize("name", DONE)
def test_a_verb_does_what_it_says(results: dict[str, bool | str], name: str) -> None:
    assert results[name] is True


@pytest.mark.parametrize("text", FAILS)
def test_a_failure_says_what_was_the_matter(results: dict[str, bool | str], text: str) -> None:
    assert FAILS[text] in str(results[text])
