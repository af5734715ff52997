"""The served report: its traces open in Playwright's viewer with one click, and nothing outside the run's folder is given."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from harness.diagnostics import Problems
from harness.report.serve import make_server, place_viewer

from . import sample
from .conftest import written

KEY = "dashboard--blank-for-eu@acme-eu"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run whose main attempt says that it has a trace, and files that the application left."""
    run = tmp_path / "run"
    attempt = run / KEY / "attempt-2"
    attempt.mkdir(parents=True)
    (attempt / "trace.zip").write_bytes(b"PK\5\6" + bytes(18))
    (attempt / "export.html").write_text("<script>document.title = 'it ran'</script>")
    (attempt / "console.jsonl").write_text('{"level": "error"}\n')
    (tmp_path / "secret.txt").write_text("a secret")
    (run / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    return written(sample.record(sample.full_result(KEY)), run)


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """The report of `folder`, served."""
    server = make_server(folder, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def get(address: str, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection(address)
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def test_a_trace_opens_with_one_click_and_shows_its_actions(folder: Path, address: str, browser: Browser) -> None:
    traced = browser.new_context()
    traced.tracing.start(snapshots=True)
    made = traced.new_page()
    made.set_content("<button>Last 30 days</button>")
    made.get_by_role("button", name="Last 30 days").click()
    traced.tracing.stop(path=folder / KEY / "attempt-2" / "trace.zip")
    traced.close()

    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://{address}/{quote(KEY)}/index.html")
    expect(page.get_by_text("A page opened from disk")).to_be_hidden()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Open the trace of attempt 2").click()
    viewer = opened.value
    expect(viewer).to_have_title("Playwright Trace Viewer")
    expect(viewer.get_by_text("Last 30 days").first).to_be_visible()
    expect(viewer.get_by_text("Click", exact=True).first).to_be_visible()
    context.close()


def test_with_the_viewer_beside_it_any_web_server_shows_traces(folder: Path, browser: Browser) -> None:
    place_viewer(folder)
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/run/{quote(KEY)}/index.html")
        link = page.get_by_role("link", name="Open the trace of attempt 2")
        expect(link).to_be_visible()
        expect(page.get_by_text("A page opened from disk")).to_be_hidden()
        page.goto(str(link.get_attribute("href")))
        expect(page).to_have_title("Playwright Trace Viewer")
        page.close()
        server.shutdown()


def test_from_disk_the_page_says_how_to_open_the_trace(folder: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"file://{folder}/{quote(KEY)}/index.html")
    expect(page.get_by_role("link", name="Open the trace")).to_have_count(0)
    expect(page.get_by_text("repro show 20260131-235000-4f2a")).to_be_visible()
    expect(page.get_by_role("link", name="Download the trace of attempt 2")).to_be_visible()
    page.close()


def test_the_address_alone_leads_to_the_report(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"http://{address}/")
    expect(page.get_by_role("link", name="Dashboard stays blank")).to_be_visible()
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "/way-out.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/_trace/../../secret.txt",
        "/_trace/%2e%2e/package.json",
        "//etc/passwd",
        "/_trace//etc/passwd",
        "/%00",
        f"/{quote(KEY)}/",
        "/_trace/",
        "/nothing",
    ],
)
def test_nothing_outside_the_folder_and_no_listing_is_given(address: str, path: str) -> None:
    answer = get(address, path)
    assert answer.status == 404
    assert b"secret" not in answer.read()


def test_another_name_for_this_machine_is_refused(address: str) -> None:
    answer = get(address, "/results.json", Host="rebound.example:80")
    assert answer.status == 403
    assert b"schema_version" not in answer.read()


def test_a_page_that_the_application_left_runs_no_script(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"http://{address}/{quote(KEY)}/attempt-2/export.html")
    assert page.title() == ""
    page.close()


def test_logs_are_shown_as_text(address: str) -> None:
    answer = get(address, f"/{quote(KEY)}/attempt-2/console.jsonl")
    assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"
    assert answer.read() == b'{"level": "error"}\n'


def test_a_port_that_is_taken_is_said(folder: Path, address: str) -> None:
    port = int(address.rpartition(":")[2])
    with pytest.raises(Problems, match=f"port {port} can't be had"):
        make_server(folder, port)
