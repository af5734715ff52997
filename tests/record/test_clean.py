"""What the team wrote down itself is without secrets too, and everything can still be found."""

from __future__ import annotations

import re
from pathlib import Path

from harness.core.secret import Secret
from harness.evidence.redact import TYPED, Redactor
from harness.record.asked import Asked, RunPlan, read_plan, write_plan
from harness.record.clean import clean_plan, result_without_secrets, without_secrets
from harness.record.model import Configuration, Difference, ScenarioSource
from tests.report import sample

KNOWN = Redactor([Secret("KEY", "hunter2-and-more"), Secret("PIN", "7f3")])
TEXT = "typed hunter2-and-more there"


def test_texts_and_settings_are_cleaned_and_what_is_found_by_its_name_is_left() -> None:
    result = sample.result(
        "case--hunter2-and-more",
        title=TEXT,
        report=TEXT,
        configuration=Configuration(fingerprint="c1:hunter2-and-more", settings={"key": "hunter2-and-more", "pin": "7f3", "n": "7f3x"}),
        differences=(Difference(path="crm.key", customer=["hunter2-and-more"], baseline={"pin": "7f3"}),),
        source=ScenarioSource(path="a/hunter2-and-more.yaml", text=f"title: {TEXT}\n"),
    )
    found = result_without_secrets(result, KNOWN)
    assert (found.title, found.report) == ("typed [KEY] there", "typed [KEY] there")
    assert found.configuration and found.configuration.settings == {"key": "[KEY]", "pin": "[PIN]", "n": "7f3x"}
    assert [(each.path, each.customer, each.baseline) for each in found.differences] == [("crm.key", ["[KEY]"], {"pin": "[PIN]"})]
    assert found.source and found.source.text == "title: typed [KEY] there\n"
    assert without_secrets(sample.run(command=("repro", "run", "--tag", "hunter2-and-more")), KNOWN).command[-1] == "[KEY]"
    assert (found.key, found.source.path) == ("case--hunter2-and-more", "a/hunter2-and-more.yaml")
    assert found.configuration.fingerprint == "c1:hunter2-and-more"


def test_nothing_known_changes_nothing() -> None:
    result, run = sample.result(title=TEXT), sample.run()
    assert result_without_secrets(result, Redactor()) is result
    assert without_secrets(run, KNOWN) is run


def test_the_plan_is_cleaned_of_what_only_the_run_found(tmp_path: Path) -> None:
    asked = Asked(key="a", scenario="a", title="x", environment="e", source=ScenarioSource(path="a.yaml", text="fill: pa55-As-is"))
    write_plan(RunPlan(run=sample.run(), asked=(asked,)), tmp_path)
    found = Redactor()
    found.learn(TYPED, "pa55-As-is")
    clean_plan(tmp_path, found)
    (left,) = read_plan(tmp_path).asked
    assert left.source and left.source.text == "fill: [password field]"
    clean_plan(tmp_path / "nowhere", found)


def test_one_redactor_takes_over_what_another_was_told() -> None:
    other = Redactor([Secret("KEY", "hunter2-and-more")], [re.compile(r"\d{4}-\d{4}")])
    other.learn("token", "tok-123456")
    other.learn(TYPED, "demo", anywhere=False)
    known = Redactor()
    known.take(other, ("KEY", TYPED))
    assert known.text("hunter2-and-more tok-123456 demo 1234-5678") == "[KEY] tok-123456 demo [masked]"
    assert known.field("demo") == "[password field]"
