"""What leaves the team: a page that stands alone, an archive with everything behind it, and nothing secret in either."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from harness.diagnostics import Problems
from harness.record.store import read_record
from harness.report.bundle import Bundle, choose, make_bundle, parse_size

from . import hostility, sample
from .conftest import written


@pytest.fixture(scope="module")
def made(showcase: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(showcase, tmp_path_factory.mktemp("bundle"))


def bundle_of(folder: Path, out: Path, place: int = 0, **options: object) -> Bundle:
    return make_bundle(folder, read_record(folder), place, out, **options)  # type: ignore[arg-type]


def test_the_page_needs_no_other_file_and_no_network(made: Bundle, browser: Browser, tmp_path: Path) -> None:
    alone = tmp_path / "alone.html"
    alone.write_bytes(made.html.read_bytes())
    context = browser.new_context(offline=True)
    tab = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    tab.on("request", lambda request: asked.append(request.url[:40]))
    tab.on("console", lambda message: wrong.append(message.text))
    tab.goto(alone.as_uri())
    broken = tab.evaluate(
        "[...document.images].filter((each) => { each.loading = 'eager'; return each.complete && !each.naturalWidth; }).length"
    )
    assert [url for url in asked if not url.startswith(("data:", alone.as_uri()[:40]))] == []
    assert (broken, wrong) == (0, [])
    assert tab.locator("img").count() > 3
    assert tab.get_by_role("heading", name="In the customer's words").is_visible()
    assert tab.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
    assert tab.locator("a[href]:not([href^='#']):not([href^='http'])").count() == 0
    tab.locator("[data-zoom]").first.click()
    assert tab.get_by_role("dialog").is_visible()
    context.close()


def test_it_is_small_and_its_pictures_are_webp(made: Bundle) -> None:
    assert made.html.stat().st_size < 2_000_000
    assert b"data:image/webp;base64," in made.html.read_bytes()


def test_the_archive_holds_what_its_manifest_says(made: Bundle) -> None:
    with zipfile.ZipFile(made.zip) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        sums = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "manifest.json"}
    assert {name: each["sha256"] for name, each in manifest["files"].items()} == sums
    assert {"report.html", "verdict.md", "results.json", "steps.webp"} <= set(sums)
    assert any(name.endswith("trace.zip") for name in sums)
    assert manifest["verdict"] == "reproduced"


def test_the_animation_has_a_frame_for_each_picture(made: Bundle) -> None:
    with zipfile.ZipFile(made.zip) as archive:
        moving = Image.open(io.BytesIO(archive.read("steps.webp")))
    assert moving.n_frames > 2  # type: ignore[attr-defined]


def test_what_is_least_telling_is_left_out_first_and_named(showcase: Path, made: Bundle, tmp_path: Path) -> None:
    whole = made.zip.stat().st_size
    smaller = bundle_of(showcase, tmp_path, max_bytes=whole * 3 // 4)
    assert max(smaller.zip.stat().st_size, smaller.html.stat().st_size) <= whole * 3 // 4
    assert smaller.dropped
    assert "the trace" not in smaller.dropped
    assert json.loads(zipfile.ZipFile(smaller.zip).read("manifest.json"))["left_out"] == list(smaller.dropped)


def test_what_can_not_be_made_small_enough_is_refused(showcase: Path, tmp_path: Path) -> None:
    with pytest.raises(Problems, match="even the page alone takes"):
        bundle_of(showcase, tmp_path, max_bytes=1000)
    assert list(tmp_path.iterdir()) == []


def test_a_secret_in_the_evidence_stops_it_and_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    record = sample.showcase(folder)
    written(record, folder)
    log = folder / str(record.results[0].attempts[0].console_log)
    log.write_text(log.read_text() + '{"text": "key=p%C3%A4ss%2Bword"}\n', encoding="utf-8")
    with pytest.raises(Problems, match=f"{log.name} holds KEY"):
        bundle_of(folder, tmp_path / "out", secrets={"KEY": "päss+word"})
    assert not (tmp_path / "out").exists()


def test_what_looks_like_a_secret_in_a_trace_stops_it_too(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    record = sample.showcase(folder)
    written(record, folder)
    request = {"url": "http://x/", "headers": [{"name": "Authorization", "value": "Bearer b3arer-0d9c8b7a"}]}
    with zipfile.ZipFile(folder / str(record.results[0].attempts[0].trace), "w") as archive:
        archive.writestr("trace.network", json.dumps({"type": "resource-snapshot", "snapshot": {"request": request}}))
    with pytest.raises(Problems, match="holds a value of Authorization"):
        bundle_of(folder, tmp_path / "out")


def test_an_attempt_that_was_found_to_leak_is_never_exported(tmp_path: Path) -> None:
    leaky = sample.result(attempts=(sample.attempt(leaks=("trace.zip holds KEY",)),))
    folder = written(sample.record(leaky), tmp_path / "run")
    with pytest.raises(Problems, match=r"trace\.zip holds KEY"):
        bundle_of(folder, tmp_path / "out")


def test_hostile_texts_run_nothing(browser: Browser, tmp_path: Path, hostile: Path) -> None:
    record = hostility.hostile_record()
    for place in range(len(record.results)):
        made = make_bundle(hostile, record, place, tmp_path)
        tab = browser.new_page()
        ran: list[str] = []
        tab.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))  # type: ignore[misc]
        tab.goto(made.html.as_uri())
        assert ran == []
        assert made.html.parent == tmp_path
        tab.close()


def test_one_of_several_has_to_be_named() -> None:
    two = sample.record(sample.result("a", scenario="a", customer="x"), sample.result("b", scenario="a", customer="y"))
    assert choose(two, "a", "y") == 1
    assert choose(two, "b") == 1
    with pytest.raises(Problems, match="several such results"):
        choose(two, "a")
    with pytest.raises(Problems, match="no such result"):
        choose(two, "c")


@pytest.mark.parametrize(("text", "size"), [("10MB", 10_000_000), ("1.5 MiB", 1_572_864), ("500kb", 500_000), ("77", 77)])
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "10 parsecs", "-1MB", "MB"])
def test_wrong_sizes(text: str) -> None:
    with pytest.raises(ValueError, match="not a size"):
        parse_size(text)
