"""Wherever a page shows a secret, in whatever shape, the picture has it painted over, and what stands beside it can still be read.

Secrets are red and what has to stay readable is green, so that the pictures themselves are the proof.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import html
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from harness.browser.pool import PlaywrightHost
from harness.core.secret import Secret
from harness.evidence.events import EventLog
from harness.evidence.redact import Redactor
from harness.run.ports import Capture
from harness.scenario.customer import BrowserSettings, Viewport
from harness.scenario.locators import Locator
from tests.browser import site
from tests.browser.looking import spec

KEY = "hunter2 and-more/42"
FRAME = f"<body style='color: red'>{KEY}"


def hiding(mode: str, inner: str, then: str = "", host: str = "<div></div>") -> str:
    """An element with a shadow root."""
    return f"{host}<script>{{ const root = hide('{mode}', `{inner}`); {then} }}</script>"


CASES = {
    "a text": f"<p>{KEY}</p>",
    "a text broken over lines": "<p>hunter2\n      and-more/42</p>",
    "a text that hangs out of its element": f"<p style='width: 20px; white-space: nowrap'>{KEY}</p>",
    "an element without a box": f"<div style='display: contents'>{KEY}</div>",
    "characters in elements of their own": "<p>" + "".join(f"<span>{each}</span>" for each in KEY) + "</p>",
    "cells of a table": f"<table><tr><td>{KEY[:7]}</td><td>{KEY[7:]}</td></tr></table>",
    "a field": f"<input value='{KEY}'>",
    "a placeholder": f"<input class=red placeholder='{KEY}'>",
    "a text area": f"<textarea>{KEY}</textarea>",
    "a choice": f"<select><option>one<option selected>{KEY}</select>",
    "a list of choices": f"<select multiple><option>{KEY}</select>",
    "a password": "<input type=password value=whatever>",
    "a code of three characters in a field": "<input value=7f3>",
    "a button": f"<input type=button value='{KEY}'>",
    "an image that is not there": f"<img src='data:,' alt='{KEY}' width=300 height=30>",
    "a drawing's text": f"<svg width=500 height=60 viewBox='0 0 250 30'><text y=20 fill=red>{KEY}</text></svg>",
    "a turned element": f"<p style='transform: rotate(8deg) translate(40px); width: 300px'>{KEY}</p>",
    "an enlarged element": f"<p style='zoom: 1.7'>{KEY}</p>",
    "small letters shown large": f"<p style='text-transform: uppercase'>{KEY}</p>",
    "a frame": f'<iframe srcdoc="{FRAME}"></iframe>',
    "a frame with a border": f'<iframe style="border: 9px solid #ddd; padding: 9px" srcdoc="{FRAME}"></iframe>',
    "an enlarged frame": f'<iframe style="transform: scale(1.4); transform-origin: 0 0" srcdoc="{FRAME}"></iframe>',
    "a frame in a frame": f'<iframe srcdoc="{html.escape(f"<iframe srcdoc={chr(34)}{FRAME}{chr(34)}></iframe>")}"></iframe>',
    "a frame with an address": "<iframe src=/frame></iframe>",
    "a shadow root": hiding("open", f"<p>{KEY}</p>"),
    "a closed shadow root": hiding("closed", f"<p>{KEY}</p>"),
    "a password in a closed root": hiding("closed", "<input type=password value=xyz style='color: red'>", host="<my-field></my-field>"),
    "a closed root in a closed one": hiding(
        "closed", "<my-b></my-b>", f"root.firstChild.attachShadow({{ mode: 'closed' }}).innerHTML = '<p>{KEY}</p>'", "<my-a></my-a>"
    ),
    "half in a shadow root": hiding("open", f"<span>{KEY[:9]}</span><slot></slot>", host=f"<div>{KEY[9:]}</div>"),
    "the escaped form": f"<p>{quote(KEY, safe='')}</p>",
    "base64": f"<p>{base64.b64encode(f'u:{KEY}'.encode()).decode()}</p>",
    "hex": f"<p>{KEY.encode().hex()}</p>",
    "a masked element": "<p data-testid=masked>whatever</p>",
    "a masked role": "<button class=red>Whatever</button>",
}
ROW = 90
STYLE = f"""<!doctype html><meta charset=utf-8><style>
body {{ margin: 0; font: 16px sans-serif; color: red }} section {{ height: {ROW}px; position: relative; display: flow-root }}
section > * {{ color: red }} .red::placeholder {{ color: red; opacity: 1 }} 
i {{ position: absolute; left: 9px; top: 70px; width: 60px; height: 15px; background: green }}
p, iframe {{ margin: 0 }} iframe {{ border: 0; width: 400px; height: 50px }} .tall {{ height: 2000px }}</style><script>
const hide = (mode, inner) => {{
  const root = document.currentScript.previousElementSibling.attachShadow({{ mode }});
  root.innerHTML = inner;
  return root;
}};
</script>"""
SPY = """<script>
const noticed = [];
new MutationObserver((all) => noticed.push(...all.map((each) => each.type)))
  .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
const spied = [[Document, 'querySelectorAll createRange createElement'], [Range, 'selectNodeContents'],
  [Element, 'querySelectorAll getBoundingClientRect attachShadow getAttribute matches']];
for (const [of, name] of spied.flatMap(([of, names]) => names.split(' ').map((name) => [of, name]))) {
  const own = of.prototype[name];
  of.prototype[name] = function (...all) { noticed.push(name); return own.apply(this, all); };
}
for (const type of ['scroll', 'focus', 'blur', 'resize', 'error', 'selectionchange', 'visibilitychange']) {
  addEventListener(type, () => noticed.push(type), true);
}
</script>"""
PAGES = {
    "/cases": STYLE + "".join(f"<section>{body}<i></i></section>" for body in CASES.values()),
    "/frame": STYLE + KEY,
    "/scrolled": f"{STYLE}<div class=tall></div>"
    f"<section><p>{KEY}</p><i></i></section><div class=tall></div><script>scrollTo(0, 1900)</script>",
    "/moving": f"""{STYLE}<section><p id=it style="position: absolute">{KEY}</p><i></i></section>
<script>let x = 0; const move = () => {{ it.style.left = `${{(x += 9) % 500}}px`; requestAnimationFrame(move) }}; move()</script>""",
    "/watching": STYLE
    + SPY
    + "".join(f"<section>{body}<i></i></section>" for body in CASES.values())
    + "<script>noticed.length = 0</script>",
    "/small": STYLE.replace("<style>", "<meta name=viewport content='width=device-width'><style>")
    + f"<section><p>{KEY}</p><i></i></section>",
    "/wide": f"{STYLE}<section style='width: 980px'><p style='margin-left: 500px'>{KEY}</p><i></i></section>",
}
MASKS = (Locator(testid="masked"), Locator(role="button", name="Whatever"))


async def pictured(host: PlaywrightHost, url: str, folder: Path, path: str, full_page: bool = False, **browser: object) -> Path:
    """The picture of one page."""
    capture = Capture(trace=False, screenshots=True)
    plain = spec(url, folder, capture=capture, browser=BrowserSettings(**browser))  # type: ignore[arg-type]
    wanted = dataclasses.replace(plain, masks=MASKS, redactor=Redactor([Secret("KEY", KEY), Secret("PIN", "7f3")]))
    session = await host.open(wanted, EventLog(lambda: 0))
    await session.page.goto(f"{url}{path}")
    picture = await session.picture(path.strip("/"), full_page)
    await session.close(keep_trace=False)
    assert picture is not None
    return picture.path


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image.Image]:
    async def main() -> dict[str, Path]:
        async with PlaywrightHost() as host:
            folder = tmp_path_factory.mktemp("covering")
            height = ROW * len(CASES)
            return {
                "window": await pictured(host, url, folder / "1", "/cases", viewport=Viewport(width=900, height=height)),
                "whole": await pictured(host, url, folder / "2", "/cases", full_page=True, viewport=Viewport(width=900, height=500)),
                "scrolled": await pictured(host, url, folder / "3", "/scrolled", viewport=Viewport(width=900, height=500)),
                "scrolled, whole": await pictured(
                    host, url, folder / "4", "/scrolled", full_page=True, viewport=Viewport(width=900, height=500)
                ),
                "moving": await pictured(host, url, folder / "5", "/moving", viewport=Viewport(width=900, height=500)),
                "phone": await pictured(host, url, folder / "6", "/small", device="iPhone 15"),
                "phone, page too wide": await pictured(host, url, folder / "7", "/wide", device="iPhone 15"),
            }

    with site.serving({path: ("text/html", text) for path, text in PAGES.items()}) as url:
        return {name: Image.open(path).convert("RGB") for name, path in asyncio.run(main()).items()}


def test_the_page_can_not_notice_that_it_is_pictured_and_what_is_covered(tmp_path: Path) -> None:
    async def main() -> list[str]:
        async with PlaywrightHost() as host:
            wanted = spec(url, tmp_path, capture=Capture(trace=False, screenshots=True))
            masks = (Locator(testid="masked"), Locator(css="button"))
            session = await host.open(
                dataclasses.replace(wanted, masks=masks, redactor=Redactor([Secret("KEY", KEY)])), EventLog(lambda: 0)
            )
            await session.page.goto(f"{url}/watching")
            await session.page.evaluate("noticed.length = 0")
            for number in range(3):
                assert await session.picture(f"picture-{number}") is not None
            names = await session.page.evaluate("Object.getOwnPropertyNames(window).filter((name) => /repro/i.test(name))")
            return [*(await session.page.evaluate("noticed")), *names]

    with site.serving({path: ("text/html", text) for path, text in PAGES.items()}) as url:
        assert asyncio.run(main()) == []


def colours(image: Image.Image) -> tuple[int, int]:
    """How much is red, and how much green."""
    data = image.tobytes()
    triples = list(zip(data[0::3], data[1::3], data[2::3], strict=True))
    return sum(r > 150 and g < 110 and b < 110 for r, g, b in triples), sum(g > r + 50 and g > b + 50 for r, g, b in triples)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("picture", ["window", "whole"])
def test_what_shows_a_secret_is_covered_and_what_stands_beside_it_is_not(taken: dict[str, Image.Image], picture: str, case: str) -> None:
    image = taken[picture]
    at = list(CASES).index(case)
    row = image.height / len(CASES)
    red, green = colours(image.crop((0, round(at * row), image.width, round((at + 1) * row))))
    assert red == 0
    assert green > 10


@pytest.mark.parametrize("picture", ["scrolled", "scrolled, whole", "moving", "phone", "phone, page too wide"])
def test_it_is_covered_where_the_page_is_scrolled_moves_or_is_shown_smaller(taken: dict[str, Image.Image], picture: str) -> None:
    red, green = colours(taken[picture])
    assert red == 0
    assert green > 10
