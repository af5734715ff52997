"""How long a run's reports take to be written, how large they get, and how soon the index is usable.

`python -m benchmarks.report` prints a table; `--no-browser` leaves out the last column.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from harness.record.store import read_record, write_record
from harness.report.html import write_html
from harness.report.junit import junit
from harness.report.markdown import summary
from harness.report.write import write_reports
from tests.report import drawing, sample

CASES = ((100, True), (1000, False), (1000, True), (10_000, False))
HEAD = "results  pictures  write record  read record  all reports  (html  junit  summary)  record  index  html total  usable"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-browser", action="store_true")
    with_browser = not parser.parse_args().no_browser
    print(HEAD)
    for number, pictures in CASES:
        folder = Path(tempfile.mkdtemp(prefix="repro-bench-"))
        try:
            print(measure(number, pictures, folder, with_browser), flush=True)
        finally:
            shutil.rmtree(folder)


def measure(number: int, pictures: bool, folder: Path, with_browser: bool) -> str:
    """One row of the table: seconds, then mebibytes, then milliseconds until the index can be used."""
    record = sample.many(number, pictures)
    if pictures:
        sample.write_files(record, folder, drawing.draw("04"))
    written = timed(lambda: write_record(record, folder))
    read = timed(lambda: read_record(folder))
    html = timed(lambda: write_html(record, folder))
    xml = timed(lambda: junit(record, folder, folder))
    text = timed(lambda: summary(record))
    whole = timed(lambda: write_reports(record, folder))
    pages = sum(file.stat().st_size for file in folder.rglob("*.html"))
    usable = f"{opened(folder / 'report.html'):.0f} ms" if with_browser else "-"
    times = f"{written:10.2f} s  {read:9.2f} s  {whole:9.2f} s  ({html:.2f}  {xml:.2f}  {text:.2f})"
    sizes = f"{size(folder / 'results.json')}  {size(folder / 'report.html')}  {pages / 2**20:.1f} MiB"
    return f"{number:7,}  {sum(1 for _ in folder.rglob('*.png')):8,}  {times}  {sizes}  {usable}"


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def size(file: Path) -> str:
    """The size of a file in MiB."""
    return f"{file.stat().st_size / 2**20:.2f} MiB"


def opened(index: Path) -> float:
    """Milliseconds from opening the index in Chromium until its first rows stand and its script is done."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(index.as_uri())
        page.locator("#results tbody tr").first.wait_for()
        took = float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        browser.close()
    return took


if __name__ == "__main__":
    main()
