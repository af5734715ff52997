"""A picture is only used again where the page is sure to show the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harness.browser.pool import PlaywrightHost
from harness.run.ports import Capture
from tests.browser import site
from tests.browser.looking import Tab, tab

PAGE = """<!doctype html><title>Page</title><meta charset=utf-8>
<style>.wide { background: url(/picture.png) } .moves { transition: width 5s } .moves.wide { width: 300px }</style>
<h1>Orders</h1><input id=field value=one><p id=text>none</p><div id=box style="width: 9px; height: 9px"></div>
<div style="height: 3000px"></div>"""
CHANGES = {
    "a text": "document.querySelector('#text').textContent = 'three'",
    "an attribute": "document.querySelector('#box').className = 'wide'",
    "a field, without an event": "document.querySelector('#field').value = 'two'",
    "the place": "scrollTo(0, 900)",
    "a style sheet": "document.adoptedStyleSheets = [new CSSStyleSheet()]",
    "the focus": "document.querySelector('#field').focus()",
}
UNSURE = {
    "a canvas": "document.body.append(document.createElement('canvas'))",
    "a video": "document.body.append(document.createElement('video'))",
    "a frame": "document.body.append(document.createElement('iframe'))",
    "a shadow tree": "document.querySelector('#box').attachShadow({ mode: 'open' })",
    "an element of its own": "document.body.append(document.createElement('my-clock'))",
    "a movement": "document.querySelector('#box').animate([{ width: '9px' }, { width: '90px' }], { duration: 100000 })",
}


async def pictures(page: Tab, before: str, between: str) -> tuple[Path, Path]:
    """Two in a row, the second of which need not be fresh."""
    await page.do("goto: /page")
    await page.page.evaluate(before)
    first = await page.session.picture("first")
    await page.page.evaluate(between)
    second = await page.session.picture("second", fresh=False)
    return first.path, second.path


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """(first, second) by what is done between them, or before both."""

    async def main() -> dict[str, tuple[Path, Path]]:
        found = {}
        cases = {"nothing": ("0", "0"), "another page": ("0", "location.reload()")}
        cases |= {name: ("0", script) for name, script in CHANGES.items()} | {name: (script, "0") for name, script in UNSURE.items()}
        async with PlaywrightHost() as host:
            for name, (before, between) in cases.items():
                folder = tmp_path_factory.mktemp("pictures")
                async with tab(host, url, folder, capture=Capture(trace=False, screenshots=True)) as page:
                    found[name] = await pictures(page, before, between)
        return found

    with site.serving({"/page": ("text/html", PAGE)}) as url:
        return asyncio.run(main())


def test_where_nothing_has_changed_the_last_one_serves_again(taken: dict[str, tuple[Path, Path]]) -> None:
    first, second = taken["nothing"]
    assert first == second and first.name == "first.jpg"
    assert not first.with_name("second.jpg").exists()


@pytest.mark.parametrize("change", ["another page", *CHANGES, *UNSURE])
def test_where_something_may_have_changed_another_is_taken(taken: dict[str, tuple[Path, Path]], change: str) -> None:
    first, second = taken[change]
    assert [first.name, second.name] == ["first.jpg", "second.jpg"]
    assert second.read_bytes().startswith(b"\xff\xd8\xff")
