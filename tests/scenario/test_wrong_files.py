"""A folder of wrong scenario files, one mistake each, with the exact message beside it.

`REPRO_WRITE_GOLDEN=1 pytest tests/scenario/test_wrong_files.py` writes the messages anew; read them before they are kept.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from harness import workflow
from harness.diagnostics import Problems
from harness.scenario.source import MAX_BYTES

HERE = Path(__file__).parent
WRONG = sorted((HERE / "wrong").glob("*.yaml"))
BASE = HERE / "base"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a customer, an environment and flows, and nothing wrong in it; it is the current folder."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def messages(path: Path) -> str:
    """Everything that is said about one scenario."""
    try:
        problems = workflow.check(workflow.Options(paths=(path,)), {}).problems
    except Problems as raised:
        problems = raised.diagnostics
    return "\n\n".join(problem.render() for problem in problems) + "\n"


def compare(said: str, golden: Path) -> None:
    if os.environ.get("REPRO_WRITE_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", WRONG, ids=lambda path: path.stem)
def test_message(wrong: Path, workspace: Path) -> None:
    shutil.copy(wrong, workspace / wrong.name)
    compare(messages(Path(wrong.name)), wrong.with_suffix(".txt"))


def test_message_of_a_file_that_is_too_large(workspace: Path) -> None:
    (workspace / "large.yaml").write_text("title: T\nnotes: |\n" + "  x\n" * (MAX_BYTES // 4))
    compare(messages(Path("large.yaml")), HERE / "wrong" / "too-large.txt")


def test_every_file_has_a_message() -> None:
    assert [path.stem for path in WRONG if not path.with_suffix(".txt").read_text(encoding="utf-8").strip()] == []


def test_every_mistake_of_every_file_is_shown_at_once(workspace: Path) -> None:
    for name in ("unknown-step", "unknown-role", "missing-operator"):
        shutil.copy(HERE / "wrong" / f"{name}.yaml", workspace / f"{name}.yaml")
    (workspace / "customers" / "acme-eu.yaml").write_text("nmae: Acme\n")
    problems = workflow.check(workflow.Options(paths=(Path(),)), {}, whole=True).problems
    slugs = [(problem.place.source.path, problem.slug) for problem in problems if problem.place]
    assert slugs == [
        ("customers/acme-eu.yaml", "unknown-key"),
        ("missing-operator.yaml", "missing-operator"),
        ("unknown-role.yaml", "unknown-role"),
        ("unknown-step.yaml", "unknown-step"),
    ]
