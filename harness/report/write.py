"""Writes every report of a run beside its record. Each report is a module of its own that knows one format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.record.files import write_text
from harness.record.model import Record, Result
from harness.report.html import write_index, write_page
from harness.report.junit import junit
from harness.report.links import result_folder
from harness.report.markdown import summary, verdict


def write_reports(record: Record, results: Iterable[Result], folder: Path, base: Path | None = None) -> Path:
    """Write `report.html`, a page and a `verdict.md` a result, `summary.md` and `junit.xml` into the run's `folder`; the path of the index.

    A record in short is enough; its `results`, whole, are taken one at a time and in the same order. Attachments in `junit.xml` are named
    from `base`, the folder that the CI job runs in; by default the current one.
    """
    keys = [None, *(result.key for result in record.results), None]
    for place, result in enumerate(results):
        write_page(record.run, result, (keys[place], keys[place + 2]), folder)
        write_text(folder / result_folder(result.key) / "verdict.md", verdict(record.run, result))
    index = write_index(record, folder)
    write_text(folder / "summary.md", summary(record))
    write_text(folder / "junit.xml", junit(record, folder, base or Path.cwd()))
    return index
