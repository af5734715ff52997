"""The guide is short, true and whole: its examples are right, it names every verb and condition, and the commands it tells of exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness import workflow
from harness.cli.main import app, exit_code
from harness.guide import MOST_TOKENS, estimated_tokens, guide
from harness.scenario.conditions import CHECKS
from harness.scenario.scenario import Scenario
from harness.scenario.shapes import specs
from harness.scenario.steps import VERBS

FILES = {
    "repro.yaml": "environment: staging\n",
    "environments/staging.yaml": "base_url: https://staging.example.com\n",
    "customers/acme.yaml": (
        "tenant: acme\nbaseline: baseline\nsecrets: [ACME]\naccount: {email: jane@acme.example, password: '${secrets.ACME}'}\n"
        "accounts: {viewer: {email: vic@acme.example, password: '${secrets.ACME}'}}\n"
    ),
    "customers/baseline.yaml": "tenant: baseline\naccount: {email: j@b.example}\naccounts: {viewer: {email: v@b.example}}\n",
    "flows/login.yaml": (
        'params: {email: {default: "${customer.account.email}"}}\nsteps: [{goto: /login}, {fill: {textbox "Email": "${params.email}"}}]\n'
    ),
}
FENCED = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str, kind: str = "") -> list[str]:
    """The fenced blocks of one kind."""
    return [text for lang, what, text in FENCED.findall(guide()) if (lang, what) == (language, kind)]


def complaints(folder: Path, scenario: str) -> list[str]:
    """What `repro validate` says of a scenario in a workspace with the names that the guide uses."""
    for name, content in {**FILES, "billing/example.yaml": scenario}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return [f"{each.slug}: {each.message}" for each in workflow.check(workflow.Options(paths=(folder,)), {}).problems]


@pytest.mark.parametrize("example", blocks("yaml"), ids=lambda text: text.splitlines()[0][7:40])
def test_each_whole_scenario_can_be_run_and_draws_no_warning(tmp_path: Path, example: str) -> None:
    assert complaints(tmp_path, example) == []


def test_there_are_several_whole_scenarios_each_with_what_was_expected() -> None:
    assert len(blocks("yaml")) >= 4
    assert all("\nexpected:" in example for example in blocks("yaml"))


def test_the_forms_that_are_hard_to_guess_are_right(tmp_path: Path) -> None:
    (steps,) = blocks("yaml", "steps")
    scenario = f"title: x\ncustomer: acme\nsymptom: {{visible: alert}}\nexpected: {{visible: main}}\nsteps:\n{steps}"
    assert complaints(tmp_path, scenario) == []


@pytest.mark.parametrize("line", [line for text in blocks("text") for line in text.splitlines()], ids=lambda line: line.split(":")[0])
def test_each_line_of_the_lists_can_be_copied(tmp_path: Path, line: str) -> None:
    steps, _ = blocks("text")
    example, _, _ = line.partition("  # ")
    until = "\n    until: {json: {$.state: done}}" if line.startswith("poll") else ""
    is_step = line in steps.splitlines()
    parts = f"steps:\n  - {example}{until}\nsymptom: {{visible: alert}}\n" if is_step else f"steps: [reload]\nsymptom:\n  {example}\n"
    unknown = {"no-expected", "no-anchor", "no-such-file", "evaluate-not-allowed", "for-beyond-within"}  # no fault of the form
    found = complaints(tmp_path, f"title: x\ncustomer: acme\n{parts}")
    assert [each for each in found if each.partition(":")[0] not in unknown and "saved" not in each and "open-report" not in each] == []


def test_it_names_every_verb_condition_and_key() -> None:
    steps, conditions = blocks("text")
    assert {re.split(r"[: ]", line)[0] for line in steps.splitlines()} == set(VERBS)
    assert set(CHECKS) <= {re.split(r"[: ]", line.lstrip("{"))[0] for line in conditions.splitlines()}
    assert [key for key in specs(Scenario) if key not in guide()] == []
    assert "@" not in re.sub(r"\w@\w", "", guide())  # nothing was left to fill in


def test_it_fits_in_6000_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    assert estimated_tokens(guide()) < MOST_TOKENS
    assert exit_code(["guide", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["guide"] == guide() and told["tokens_at_most"] < MOST_TOKENS
    assert exit_code(["guide"]) == 0
    assert capsys.readouterr().out == guide()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`repro (\w+)", guide()))))
def test_the_commands_it_tells_of_exist(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        app([command, "--help"], prog_name="repro")
    assert ending.value.code == 0


def test_list_tells_what_a_scenario_can_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert complaints(tmp_path, blocks("yaml")[0]) == []
    monkeypatch.chdir(tmp_path)

    def rows(kind: str) -> list[dict[str, object]]:
        assert exit_code(["list", "--kind", kind, "--json"]) == 0
        found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
        return found

    acme, baseline = rows("customers")
    assert acme["id"] == "acme" and acme["baseline"] == "baseline" and acme["accounts"] == ["viewer"] and baseline["tenant"] == "baseline"
    assert rows("flows") == [{"id": "login", "title": "", "needs": [], "takes": ["email"]}]
    assert [(row["id"], row["default"]) for row in rows("environments")] == [("staging", True)]
    assert [row["id"] for row in rows("scenarios")] == ["billing/example"]
    assert exit_code(["list", "--kind", "customer"]) == 2
    assert "did you mean `customers`?" in capsys.readouterr().err
    assert exit_code(["list", "--kind", "customers"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["acme", "acme", "baseline"]


def test_a_customers_credentials_are_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    complaints(tmp_path, blocks("yaml")[0])
    (tmp_path / "customers/acme.yaml").write_text(
        "tenant: acme\nbrowser: {locale: de-DE, headers: {X-Key: k-123}, cookies: [{name: a, value: k-123}]}\n"
    )
    monkeypatch.chdir(tmp_path)
    assert exit_code(["list", "--kind", "customers", "--json"]) == 0
    shown = capsys.readouterr().out
    assert "de-DE" in shown and "k-123" not in shown
