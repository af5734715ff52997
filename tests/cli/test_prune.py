"""Old runs are removed when that is asked for, and nothing else ever is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from harness import workflow
from harness.cli.main import exit_code

OLD = time.time() - 40 * 86_400


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    for name, old, record in (
        ("20260101-000000-aaaa", True, True),
        ("20260102-000000-bbbb", True, False),
        ("20261101-000000-cccc", False, True),
        ("kept-by-hand", True, False),
        ("merged", True, True),
    ):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "report.html").write_text("x" * 2000)
        if record:
            (folder / "results.json").write_text("{}")
        for path in (*folder.iterdir(), folder):
            os.utime(path, (OLD, OLD) if old else None)
    (tmp_path / "20260103-000000-dddd").symlink_to(tmp_path / "kept-by-hand")
    (tmp_path / "notes.txt").write_text("mine")
    return tmp_path


def left(reports: Path) -> set[str]:
    return {path.name for path in reports.iterdir()}


def test_runs_that_are_too_old_are_removed(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["prune", "--keep", "30d", "--reports", str(reports)]) == 0
    assert left(reports) == {"20261101-000000-cccc", "kept-by-hand", "20260103-000000-dddd", "notes.txt"}
    assert "3 runs older than 30d" in capsys.readouterr().out


def test_a_dry_run_only_says_so(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = left(reports)
    assert exit_code(["prune", "--keep", "30d", "--dry-run", "--reports", str(reports)]) == 0
    assert left(reports) == before
    assert "would remove" in capsys.readouterr().out


def test_a_run_that_is_being_worked_on_is_kept(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with workflow.alone(reports / "merged", workflow.World()):
        assert exit_code(["prune", "--keep", "30d", "--reports", str(reports)]) == 0
    assert "merged" in left(reports)
    assert "another process is working on merged" in capsys.readouterr().out


def test_how_long_has_to_be_said(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["prune", "--reports", str(reports)]) == 2
    assert exit_code(["prune", "--keep", "30", "--reports", str(reports)]) == 2
    assert "write --keep 30d" in capsys.readouterr().err
    assert len(left(reports)) == 7


def test_no_reports_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["prune", "--keep", "1d", "--reports", str(tmp_path / "none")]) == 0
    assert "0 runs" in capsys.readouterr().out
