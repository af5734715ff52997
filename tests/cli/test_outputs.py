"""What a CI job reads while a run goes on and after it: JSON lines as it goes, GitHub's annotations and summary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SCENARIO, Repro
from tests.run.fake import Page


def test_json_lines_come_as_the_run_goes_on(repro: Repro, capsys: pytest.CaptureFixture[str]) -> None:
    before: list[str] = []

    def script(page: Page) -> None:
        before.append(capsys.readouterr().out)
        page.does["click: button"] = lambda page: page.show("visible: heading")

    repro("run", "--json", "--attempts", "3", script=script)
    told = [[json.loads(line) for line in text.splitlines()] for text in before]
    assert [[line["event"] for line in lines] for lines in told] == [["run"], ["attempt"], ["attempt"]]
    assert told[2][0] == {"event": "attempt", "key": "a--staging", "number": 2, "outcome": "not_reproduced", "reason": told[2][0]["reason"]}


def test_in_a_job_of_github_regressions_are_annotated(
    repro: Repro, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    (workspace / "a.yaml").write_text(SCENARIO.format(title="T") + "status: fixed\n")

    def back(page: Page) -> None:
        page.does["click: button"] = lambda page: page.show("visible: alert")

    said = repro("run", "--json", script=back)
    assert said.code == 1
    assert "::error file=ws/a.yaml,line=5,title=Reproduced%3A T::The symptom was seen: visible: alert is so." in said.err.splitlines()
    assert all(json.loads(line) for line in said.out.splitlines())
    assert "**(is back)**" in (tmp_path / "step.md").read_text()
