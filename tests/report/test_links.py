"""Which paths and addresses may become links, and where a result's page lies."""

from __future__ import annotations

import pytest

from harness.report.links import href, inside, result_folder, web_url


@pytest.mark.parametrize("path", ["", "/a", "a/../b", "..", "./a", "a//b", "a\\b", "c:x", "javascript:x", "a\x00", "a?b", 'a"b', "a<b"])
def test_paths_that_could_leave_or_run(path: str) -> None:
    assert inside(path) is None and href(path) is None


def test_links_are_relative_and_quoted() -> None:
    assert href("a b/ü#1%.png", "x/y") == "../../a%20b/%C3%BC%231%25.png"
    assert href("a/b.png") == "a/b.png"


@pytest.mark.parametrize("key", ["../x", "", "_report", "REPORT.html", "results.json/x", "a" * 300, "a\ud800"])
def test_odd_keys_get_a_folder_of_our_own(key: str) -> None:
    assert result_folder(key).startswith("result-") and len(result_folder(key)) == 23


def test_plain_keys_are_their_folder() -> None:
    assert result_folder("dashboard/blank@acme-eu") == "dashboard/blank@acme-eu"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " https://x", "java\nscript:x", "//x", "http://", "ftp://x", "https:\\\\x", None]
)
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert web_url(url) is None


def test_web_addresses() -> None:
    assert web_url("https://tickets.example.com/SUP-1?a=b#c") == "https://tickets.example.com/SUP-1?a=b#c"
