"""The ready files for CI servers: they fit their servers' schemas, and their commands do together what the files say."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import junitparser
import pytest

from tests.cli.conftest import SCENARIO, Repro
from tests.run.fake import Page

CI = Path(__file__).resolve().parents[2] / "docs/ci"
SCHEMAS = [
    ("github-actions.yml", "vendor.github-workflows"),
    ("github-actions.yml", "custom.github-workflows-require-timeout"),
    ("pytest.yml", "vendor.github-workflows"),
    ("gitlab-ci.yml", "vendor.gitlab-ci"),
]


@pytest.mark.parametrize(("file", "schema"), SCHEMAS)
def test_it_fits_its_schema(file: str, schema: str) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    found = subprocess.run([program, "--builtin-schema", schema, CI / file], text=True, capture_output=True, timeout=300)
    assert found.returncode == 0, found.stdout + found.stderr


def well(page: Page) -> None:
    page.does["click: button"] = lambda page: page.show("visible: heading")


@pytest.fixture
def checkout(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with four fixed scenarios and an open one below `scenarios/`."""
    folder = tmp_path / "checkout"
    shutil.move(workspace, folder / "scenarios")
    monkeypatch.chdir(folder)
    for name in "bcde":
        (folder / f"scenarios/{name}.yaml").write_text(SCENARIO.format(title=f"Case {name}") + "status: fixed\n")
    return folder


def runs(file: str) -> list[str]:
    """The commands of a workflow or pipeline that are the harness's own, in order."""
    text = (CI / file).read_text()
    return [line.strip() for line in re.findall(r"^\s+- (?:run: )?((?:repro|pytest) .*)$", text, re.MULTILINE)]


@pytest.mark.parametrize(
    ("file", "variables"), [("github-actions.yml", {"${{ matrix.shard }}/3"}), ("gitlab-ci.yml", {"$CI_NODE_INDEX/$CI_NODE_TOTAL"})]
)
def test_the_shards_become_one_report(repro: Repro, checkout: Path, file: str, variables: set[str]) -> None:
    (variable,) = variables
    run, merge = (line for line in runs(file) if not line.startswith("repro install"))
    assert variable in run
    for number in (1, 2, 3):
        assert repro(*shlex.split(run.replace(variable, f"{number}/3"))[1:], script=well).code == 0
        if file == "github-actions.yml":  # each machine uploads its folder as an artifact of its own
            shutil.move(checkout / "reports", checkout / f"shards/shard-{number}")
    assert repro(*shlex.split(merge)[1:]).code == 0
    (summary,) = checkout.glob("merged/*/summary.md")
    assert summary.read_text().startswith("# 4 results: 4 not reproduced")
    (xml,) = checkout.glob("merged/*/junit.xml")
    assert sum(suite.tests for suite in junitparser.JUnitXml.fromfile(str(xml))) == 4


def test_pytest_does_as_the_file_says(pytester: pytest.Pytester, checkout: Path) -> None:
    (line,) = (line for line in runs("pytest.yml") if line.startswith("pytest "))
    words = shlex.split(line)[1:]
    host = "from harness.workflow import World\nfrom tests.run.fake import FakeHost\nfrom tests.cli.test_ci_files import well\n"
    (checkout / "conftest.py").write_text(f"{host}def pytest_repro_world(config): return World(host=FakeHost(well))\n")
    result = pytester.runpytest_subprocess(*words, f"--rootdir={checkout}")
    result.assert_outcomes(passed=4)
    assert len(list(checkout.glob("reports/*/report.html"))) == 1
