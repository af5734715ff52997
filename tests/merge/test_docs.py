"""docs/many.md is true: its commands are run in their order with a fake browser, and its example of an executor with a real one."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli.main import exit_code
from harness.record.model import Outcome
from harness.record.store import read_record, write_record
from harness.workflow import tooling
from tests.browser import site
from tests.browser.trying import workspace
from tests.report import sample
from tests.run.fake import FakeHost, Page

PAGE = (Path(__file__).parents[2] / "docs/many.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


SCENARIO = "title: Case\nstatus: fixed\nsteps: [click: button]\nsymptom: {visible: alert}\nexpected: {visible: heading}\nwithin: 40ms\n"


def script(page: Page) -> None:
    page.does["click: button"] = lambda page: page.show("visible: alert") if page.number == 1 else page.show("visible: heading")


def test_the_commands_do_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tooling, "host_of", lambda options, world: FakeHost(script))
    for number in range(4):
        (workspace(tmp_path, "https://staging.example.com", SCENARIO) / f"case-{number}.yaml").write_text(SCENARIO)
    for name, verdict in (("20260131-120000-aaaa", Outcome.REPRODUCED), ("20260131-130000-bbbb", Outcome.NOT_REPRODUCED)):
        write_record(sample.record(sample.result(verdict=verdict)), tmp_path / "reports" / name)
    codes = {line: exit_code(shlex.split(line)[1:]) for text in blocks("sh") for line in text.splitlines()}
    said = capsys.readouterr()
    assert "error[" not in said.err and list(codes.values()) == [1, 1, 1, 1, 1, 1, 0, 0], codes
    (merged,) = (tmp_path / "merged").iterdir()
    assert len(read_record(merged).results) == 5 and "fixed\t" in said.out and '"became": "fixed"' in said.out


def test_the_example_of_an_executor(tmp_path: Path) -> None:
    (example,) = blocks("python")
    (tmp_path / "example.py").write_text(example)
    scenario = (
        "title: Ready\nsteps: [goto: /]\nsymptom: {visible: alert}\nexpected: {text: status, is: Ready}\nattempts: 2\nmeasure: true\n"
    )
    with site.serving() as base_url:
        workspace(tmp_path, base_url, scenario)
        done = subprocess.run([sys.executable, "example.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    *made, merge = done.stdout.splitlines()
    assert made == ["case 1 not_reproduced", "case 2 not_reproduced"], done.stderr
    assert exit_code([*shlex.split(merge)[1:2], str(tmp_path / shlex.split(merge)[2]), "--reports", str(tmp_path / "merged")]) == 0
    (result,) = read_record(next((tmp_path / "merged").iterdir())).results
    assert len(result.attempts) == 2 and result.verdict is Outcome.NOT_REPRODUCED
