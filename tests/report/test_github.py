"""What GitHub Actions is told: annotations that cannot pass for other commands, and a summary that it does not refuse."""

from __future__ import annotations

from pathlib import Path

from harness.record.model import Outcome, ScenarioSource, StepStatus
from harness.report.github import SUMMARY_BYTES, commands, tell_github

from . import hostility, sample

BACK = {"status": "fixed", "expected_by_status": False}


def test_only_what_needs_a_look_is_annotated_the_worst_first() -> None:
    record = sample.record(
        sample.result("fine"),
        sample.result("gone", Outcome.NOT_REPRODUCED),
        sample.result("undecided", Outcome.INCONCLUSIVE),
        sample.result("back", **BACK),
    )
    told = commands(record, Path())
    assert [line.split(" ")[0] for line in told] == ["::error", "::warning", "::warning"]
    title = "Reproduced%3A Dashboard stays blank for EU tenants [acme-eu]"
    assert told[0] == f"::error file={sample.PATH},line=18,title={title}::{sample.REASONS[Outcome.REPRODUCED]}"
    assert "title=Inconclusive" in told[1] and "title=Not reproduced" in told[2]


def test_ten_at_most() -> None:
    many = [sample.result(f"r{number}", Outcome.INCONCLUSIVE) for number in range(30)]
    told = commands(sample.record(*many, sample.result("back", **BACK)), Path())
    assert len(told) == 10
    assert told[0].startswith("::error ")


def test_the_line_is_that_of_the_step_that_could_not_be_done_unless_it_stands_in_another_file() -> None:
    def line(file: str) -> str:
        step = sample.step("click", 14, status=StepStatus.FAILED, file=file)
        stuck = sample.attempt(1, Outcome.INCONCLUSIVE, steps=(step,))
        return commands(sample.record(sample.result("k", Outcome.INCONCLUSIVE, attempts=(stuck,))), Path())[0].split(",")[1]

    assert line(sample.PATH) == "line=14"
    assert line("scenarios/flows/login.yaml") == "line=18"


def test_files_are_named_from_the_checkout(tmp_path: Path) -> None:
    inside = sample.result("k", source=ScenarioSource(path=str(tmp_path / "qa/a.yaml"), text="title: T\n"), **BACK)
    assert commands(sample.record(inside), tmp_path)[0].startswith("::error file=qa/a.yaml,line=1,")
    assert commands(sample.record(sample.result("k", **BACK)), tmp_path)[0].startswith(f"::error file={sample.PATH},")


def test_hostile_text_stays_in_its_command() -> None:
    trick = "50%\r\n::error file=x::forged, with: colons\n##[group]x"
    result = sample.result("k", title=trick, reason=trick, customer="a,line=1::x", **BACK)
    (told,) = commands(sample.record(result), Path())
    head, _, data = told.partition("::50%25")
    assert "\n" not in told and "\r" not in told
    assert head.count("::") == 1 and head.count(",") == 2
    assert data.startswith(" ::error file=x::forged")
    assert all("\n" not in line for line in commands(hostility.hostile_record(), Path()))


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(folder / "step.md"), **more}


def test_nothing_is_told_elsewhere(tmp_path: Path) -> None:
    record = sample.record(sample.result("back", **BACK))
    assert tell_github(record, {**environ(tmp_path), "GITHUB_ACTIONS": "false"}) == []
    assert list(tmp_path.iterdir()) == []
    assert len(tell_github(record, {"GITHUB_ACTIONS": "true"})) == 1


def test_the_summary_is_added_to_the_steps_and_both_stay_below_what_github_takes(tmp_path: Path) -> None:
    many = sample.record(*(sample.result(f"r{number}", reason="ä" * 300) for number in range(1500)))
    for expected in (1, 2, 2):
        tell_github(many, environ(tmp_path))
        text = (tmp_path / "step.md").read_text(encoding="utf-8")
        assert text.count("# 1,500 results") == expected
        assert len(text.encode()) <= SUMMARY_BYTES < 2**20
    assert [path.name for path in tmp_path.iterdir()] == ["step.md"]
