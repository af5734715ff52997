"""A browser for the tests that open a report as its readers do, and reports written once for all tests that only look."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from harness.record.model import Record
from harness.record.store import write_record
from harness.report.write import write_reports

from . import hostility, sample

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: Playwright's own, else one of the machine. One a module, so that no event loop outlives it."""
    with sync_playwright() as playwright:
        opened = _launch(playwright)
        if opened is None:
            pytest.fail("there is no Chromium on this machine: `repro install` gets one")
        yield opened
        opened.close()


def _launch(playwright: Playwright) -> Browser | None:
    for path in [None, *filter(None, map(shutil.which, _NAMES))]:
        try:
            return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error:
            continue
    return None


def written(record: Record, folder: Path) -> Path:
    """The record and all its reports in `folder`."""
    write_record(record, folder)
    write_reports(record, record.results, folder, base=folder.parent)
    return folder


@pytest.fixture(scope="session")
def showcase(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ordinary run with its files."""
    folder = tmp_path_factory.mktemp("showcase") / "run"
    return written(sample.showcase(folder), folder)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which every text is hostile."""
    return written(hostility.hostile_record(), tmp_path_factory.mktemp("hostile") / "run")
