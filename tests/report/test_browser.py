"""The report opened from disk in a real browser, as its readers do: filters, keys, search, and scripts that must not run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from . import sample
from .conftest import written

KEY = "dashboard--blank-for-eu@acme-eu"


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab that fails its test for anything the console or the Content-Security-Policy has to say."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    said: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error('csp', e.violatedDirective, e.blockedURI))")
    yield opened
    context.close()
    assert said == []


def titles(tab: Page) -> list[str]:
    return tab.locator("#results tbody a").all_inner_texts()


def column(tab: Page, number: int) -> list[str]:
    return [text.strip() for text in tab.locator(f"#results tbody td:nth-child({number})").all_inner_texts()]


def test_filters_narrow_the_table_and_stand_in_the_address(tab: Page, showcase: Path) -> None:
    tab.goto(f"file://{showcase}/report.html")
    assert len(titles(tab)) == 24
    tab.get_by_role("button", name="Inconclusive").click()
    assert len(titles(tab)) == 3 and tab.url.endswith("#verdict=inconclusive")
    tab.get_by_label("Area", exact=True).select_option("billing")
    expect(tab.get_by_role("status")).to_have_text("1 of 24 shown")
    tab.get_by_role("button", name="Clear").first.click()
    assert len(titles(tab)) == 24
    tab.get_by_label("Classification", exact=True).select_option("Edge case")
    assert titles(tab) == ["Dashboard stays blank for EU tenants"]
    tab.reload()
    assert titles(tab) == ["Dashboard stays blank for EU tenants"]
    tab.get_by_label("Classification", exact=True).select_option("")
    tab.get_by_role("button", name="Need attention").click()
    assert len(titles(tab)) == 10


def test_search_looks_at_titles_tickets_and_reasons(tab: Page, showcase: Path) -> None:
    tab.goto(f"file://{showcase}/report.html")
    tab.keyboard.press("/")
    tab.keyboard.type("sup-1423")
    expect(tab.get_by_role("status")).to_have_text("1 of 24 shown")
    tab.get_by_role("searchbox").fill("staging answered 503")
    expect(tab.get_by_role("status")).to_have_text("3 of 24 shown")
    tab.get_by_role("searchbox").fill("nothing like it")
    expect(tab.get_by_text("No result matches.")).to_be_visible()


def test_sorting_with_the_keyboard_alone(tab: Page, showcase: Path) -> None:
    tab.goto(f"file://{showcase}/report.html")
    tab.get_by_role("button", name="Area").focus()
    tab.keyboard.press("Enter")
    head = tab.locator('th[data-sort="area"]')
    expect(head).to_have_attribute("aria-sort", "ascending")
    areas = column(tab, 3)
    assert areas == sorted(areas)
    tab.keyboard.press("Space")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert column(tab, 3) == sorted(areas, reverse=True)
    tab.get_by_role("button", name="Took").click()
    assert column(tab, 7)[0] == "4 s"


def test_regressions_come_first(tab: Page, showcase: Path) -> None:
    tab.goto(f"file://{showcase}/report.html")
    assert titles(tab)[0] == "Paying twice when the card form is sent by keyboard"
    expect(tab.get_by_text("The symptom is back").first).to_be_visible()
    expect(tab.get_by_text("1 fixed ticket has its symptom back.")).to_be_visible()


def test_a_row_leads_to_its_page_and_back(tab: Page, showcase: Path) -> None:
    tab.goto(f"file://{showcase}/report.html")
    tab.get_by_role("link", name="Dashboard stays blank").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Dashboard stays blank for EU tenants")
    assert tab.evaluate("[...document.images].every((picture) => picture.loading === 'lazy' || picture.naturalWidth > 0)")
    tab.get_by_role("link", name="Next", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Paying twice when the card form is sent by keyboard")
    tab.get_by_role("link", name="All results").click()
    expect(tab.get_by_role("table")).to_be_visible()


def test_pictures_enlarge_and_keys_turn_them(tab: Page, showcase: Path) -> None:
    tab.goto(f"file://{showcase}/{KEY}/index.html")
    tab.get_by_role("link", name="Step 2: click").first.click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text('Step 2: click: button "Last 30 days"')
    tab.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("Step 3")
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_command_can_be_copied(tab: Page, showcase: Path) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"file://{showcase}/{KEY}/index.html")
    tab.get_by_role("button", name="Copy").first.click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()


def test_the_outline_lies_on_the_element(tab: Page, showcase: Path) -> None:
    tab.goto(f"file://{showcase}/{KEY}/index.html")
    shot = tab.locator(".strip .shot", has_text="Last 30 days").first
    shot.scroll_into_view_if_needed()
    picture, line = shot.locator("img").bounding_box(), shot.locator("rect.line").bounding_box()
    assert picture and line
    scale = picture["width"] / 1280
    assert line["x"] - picture["x"] == pytest.approx(1030 * scale, abs=3)
    assert line["y"] - picture["y"] == pytest.approx(84 * scale, abs=3)


def test_hostile_text_does_nothing(tab: Page, hostile: Path) -> None:
    for file in (hostile / "report.html", *hostile.glob("*/index.html")):
        tab.goto(f"file://{file}")
        if file.name == "report.html":
            tab.get_by_role("searchbox").fill("script")
        tab.wait_for_timeout(50)
        assert tab.evaluate("window.pwned") is None
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), file
        expect(tab.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(tab: Page, showcase: Path, width: int, scheme: str) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for file in (showcase / "report.html", showcase / KEY / "index.html"):
        tab.goto(f"file://{file}")
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        dark = tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 22)"
        assert dark is (scheme == "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, showcase: Path, hostile: Path, scheme: str) -> None:
    """Everything unfolded, with the rules of WCAG 2.1 AA and what is good practice."""
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    opened = context.new_page()
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    for file in (showcase / "report.html", showcase / KEY / "index.html", next(hostile.glob("*/index.html"))):
        opened.goto(f"file://{file}")
        opened.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        found = Axe().run(opened, options=rules).response["violations"]
        assert [(each["impact"], each["id"], each["nodes"][0]["html"]) for each in found] == []
    context.close()


def test_without_scripts_the_results_are_a_list(browser: Browser, showcase: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"file://{showcase}/report.html")
    assert opened.locator("noscript li, .plain-results li").count() == 24
    context.close()


def test_ten_thousand_results_come_in_pieces(tab: Page, tmp_path: Path) -> None:
    """How long that takes is measured by benchmarks/report.py."""
    from harness.report.html import render_index

    (tmp_path / "_report").mkdir()
    (tmp_path / "_report" / "report.css").write_text("")
    (tmp_path / "report.html").write_text(render_index(sample.many(10_000)), encoding="utf-8")
    assert (tmp_path / "report.html").stat().st_size < 5_000_000
    tab.goto(f"file://{tmp_path}/report.html")
    assert tab.locator("#results tbody tr").count() == 100
    tab.get_by_role("button", name="Show more").click()
    assert tab.locator("#results tbody tr").count() == 300
    tab.get_by_role("searchbox").fill("case 09999")
    expect(tab.get_by_role("status")).to_have_text("1 of 10,000 shown")


def test_print_unfolds_all_but_the_other_attempts(tab: Page, tmp_path: Path) -> None:
    folder = written(sample.record(sample.full_result(KEY)), tmp_path / "run")
    tab.goto(f"file://{folder}/{KEY}/index.html")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("details:not(.attempt):not([open])").count() == 0
    assert tab.locator("details.attempt[open], img[loading=lazy]").count() == 0
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("details[open]").count() == 0
