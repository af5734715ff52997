"""`repro export` on the command line: where the script goes, and what is said of wrong words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.cli.conftest import Repro


def test_a_script_is_printed(repro: Repro) -> None:
    said = repro("export", "a.yaml", "--to", "pytest")
    assert said.code == 0
    assert "def test_the_total_is_wrong(page: Page) -> None:" in said.out
    ast.parse(said.out)


def test_a_script_is_written_and_not_written_over(repro: Repro, workspace: Path) -> None:
    first = repro("export", "a.yaml", "--to", "playwright-test", "-o", "total.spec.ts")
    assert (first.code, first.out, first.err) == (0, "", "wrote total.spec.ts\n")
    assert "npx playwright test total.spec.ts" in (workspace / "total.spec.ts").read_text()
    (workspace / "total.spec.ts").write_text("edited by hand")
    again = repro("export", "a.yaml", "--to", "playwright-test", "-o", "total.spec.ts")
    assert again.code == 2 and "error[file-exists]: total.spec.ts is there already" in again.err
    assert (workspace / "total.spec.ts").read_text() == "edited by hand"
    assert repro("export", "a.yaml", "--to", "playwright-test", "-o", "total.spec.ts", "--force").code == 0
    assert "npx playwright test" in (workspace / "total.spec.ts").read_text()


def test_what_can_not_be_said_is_said_so(repro: Repro, workspace: Path) -> None:
    steps = "steps:\n  - together: [{click: button}, {click: link}]\n  - upload: {Photo: files/photo.png}\n"
    (workspace / "files").mkdir()
    (workspace / "files/photo.png").write_bytes(b"x")
    (workspace / "race.yaml").write_text(f"title: Race\n{steps}symptom: {{visible: alert}}\nexpected: {{visible: heading}}\n")
    said = repro("export", "race.yaml", "--to", "playwright-python")
    assert said.code == 0
    assert "not exported, the script fails there: together: " in said.err
    assert "the script needs these files of the workspace beside it: files/photo.png" in said.err
    assert "# NOT EXPORTED, and the script fails there: together: " in said.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("a.yaml", "--to", "pytset"), "--to is one of pytest, playwright-test, playwright-python, not `pytset`"),
        ((".", "--to", "pytest"), "this takes one scenario; 2 fit"),
        (("nowhere.yaml", "--to", "pytest"), "nowhere.yaml"),
        (("a.yaml", "--to", "pytest", "--customer", "nobody"), "there is no customer `nobody`"),
        (("a.yaml", "--to", "pytest", "-o", "nowhere/test_a.py"), "nowhere/test_a.py can't be written: No such file or directory"),
    ],
)
def test_wrong_words_are_told(words: tuple[str, ...], message: str, repro: Repro, workspace: Path) -> None:
    (workspace / "b.yaml").write_text((workspace / "a.yaml").read_text())
    said = repro("export", *words)
    assert said.code == 2 and message in said.err, said.err
    assert said.out == ""
