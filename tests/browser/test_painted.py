"""What is painted is told as a person would see it, and where the page does not tell it, nothing is told."""

from __future__ import annotations

import asyncio

import pytest

from harness.browser.pool import PlaywrightHost
from harness.run.ports import Look
from tests.browser import site
from tests.browser.looking import tab

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs="
STYLE = "<!doctype html><meta charset=utf-8><title>Painted</title><style>body { margin: 0; font: 14px sans-serif } p { margin: 0 }</style>"
PAGES = {
    "/empty": "",
    "/word": "<p>No</p>",
    "/stray": "<div style='width: 3px; height: 3px; background: #000'></div>",
    "/card": "<div id=card style='width: 900px; height: 500px'>No data</div>",
    "/whole": f"<picture><img alt='' src='{PIXEL}'></picture><img alt='' src='{PIXEL}' hidden>",
    "/broken": "<picture><img alt='' src='/nothing-here'></picture>",
    "/unused": "<img alt='' src='/no' hidden><img alt='' src='/no' style='width: 0; height: 0'><img alt='' src='/no' width=0>",
    "/drawn": "<div role=img aria-label=Chart style='width: 50px; height: 50px; background: url(/nothing-here)'></div>",
    "/child": "<p style='color: #000'><b style='color: #ddd'>Faint</b></p>",
    "/two": "<p style='color: #000'>Dark <b style='color: #ddd'>faint</b></p>",
    "/filled": "<p style='color: #000; -webkit-text-fill-color: #ddd'>Faint</p>",
    "/dim": "<div style='opacity: .3'><p style='color: #000'>Faint</p></div>",
    "/dimmed": "<div style='opacity: .5'><p style='color: #fff; background: #00f'>Button</p></div>",
    "/badge": "<p style='color: #000'>New <b style='color: #ddd; background: #000'>text</b></p>",
    "/plain": "<p style='color: #000'>Dark <b hidden style='color: #ddd'>faint</b></p>",
}
# page and condition -> what is told of it
TOLD = {
    ("/empty", "{blank: page}"): "yes",
    ("/stray", "{blank: page}"): "yes",
    ("/word", "{blank: page}"): "no",
    ("/card", '{blank: {css: "#card"}}'): "unknown",
    ("/whole", "{loaded: page}"): "yes",
    ("/whole", "{loaded: {css: picture}}"): "yes",
    ("/broken", "{loaded: page}"): "no",
    ("/broken", "{loaded: {css: picture}}"): "no",
    ("/unused", "{loaded: page}"): "yes",
    ("/drawn", '{loaded: img "Chart"}'): "unknown",
    ("/child", "{contrast: {css: p}, below: 3}"): "yes",
    ("/two", "{contrast: {css: p}, below: 3}"): "yes",
    ("/filled", "{contrast: {css: p}, below: 3}"): "yes",
    ("/dim", "{contrast: {css: p}, below: 3}"): "yes",
    ("/dimmed", "{contrast: {css: p}, below: 3.8}"): "yes",
    ("/dimmed", "{contrast: {css: p}, below: 2.5}"): "no",
    ("/badge", "{contrast: {css: p}, below: 3}"): "unknown",
    ("/plain", "{contrast: {css: p}, below: 3}"): "no",
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Look]:
    async def main() -> dict[tuple[str, str], Look]:
        found = {}
        async with PlaywrightHost() as host, tab(host, url, tmp_path_factory.mktemp("painted")) as page:
            for path, check in TOLD:
                await page.do(f"goto: {path}")
                found[path, check] = await page.look(check)
        return found

    with site.serving({path: ("text/html", STYLE + body) for path, body in PAGES.items()}) as url:
        return asyncio.run(main())


@pytest.mark.parametrize("case", TOLD, ids=" ".join)
def test_what_is_painted_is_told(seen: dict[tuple[str, str], Look], case: tuple[str, str]) -> None:
    assert seen[case].truth.value == TOLD[case], seen[case]
