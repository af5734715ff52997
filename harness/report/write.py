"""Writes every report of a run beside its record. Each report is a module of its own that knows one format."""

from __future__ import annotations

from pathlib import Path

from harness.record.files import write_text
from harness.record.model import Record
from harness.report.html import write_html
from harness.report.junit import junit
from harness.report.links import result_folder
from harness.report.markdown import summary, verdict


def write_reports(record: Record, folder: Path, base: Path | None = None) -> Path:
    """Write `report.html`, a page and a `verdict.md` a result, `summary.md` and `junit.xml` into the run's `folder`; the path of the index.

    Attachments in `junit.xml` are named from `base`, the folder that the CI job runs in; by default the current one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = write_html(record, folder)
    for result in record.results:
        write_text(folder / result_folder(result.key) / "verdict.md", verdict(record, result))
    write_text(folder / "summary.md", summary(record))
    write_text(folder / "junit.xml", junit(record, folder, base or Path.cwd()))
    return index
