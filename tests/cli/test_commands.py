"""The command line: exit codes, what is said where, and no traceback for anything a person can do wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness import __version__
from harness.cli.main import app
from tests.cli.conftest import SCENARIO, Repro
from tests.run.fake import Page

SYMPTOM = "visible: alert"
EXPECTED = "visible: heading"


def shows(condition: str):
    """A page on which the click brings this about."""

    def script(page: Page) -> None:
        page.does["click: button"] = lambda page: page.show(condition)

    return script


def test_exit_code_0_as_the_status_expects(repro: Repro, workspace: Path) -> None:
    said = repro("run", script=shows(SYMPTOM))
    assert said.code == 0
    assert "reproduced" in said.out
    assert "report: " in said.out
    assert "running 1 scenario" in said.err
    report = Path(said.out.rsplit("report: ", 1)[1].strip())
    assert report.is_file()


def test_exit_code_1_for_a_regression(repro: Repro, workspace: Path) -> None:
    (workspace / "a.yaml").write_text(SCENARIO.format(title="T") + "status: fixed\n")
    assert repro("run", script=shows(SYMPTOM)).code == 1
    assert repro("run", script=shows(EXPECTED)).code == 0


def test_exit_code_3_when_something_is_inconclusive(repro: Repro) -> None:
    assert repro("run").code == 3


def test_fail_on_names_verdicts_on_the_command_line_and_in_the_workspace(
    repro: Repro, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repro("run", "--fail-on", "reproduced,inconclusive", script=shows(SYMPTOM)).code == 1
    assert repro("run", "--fail-on", "inconclusive").code == 1
    with (workspace / "repro.yaml").open("a") as file:
        file.write("fail_on: [reproduced]\n")
    assert repro("run", script=shows(SYMPTOM)).code == 1
    assert repro("run", "--fail-on", "inconclusive", script=shows(SYMPTOM)).code == 0
    monkeypatch.setenv("REPRO_FAIL_ON", "not_reproduced")
    assert repro("run", script=shows(SYMPTOM)).code == 0
    assert repro("run", script=shows(EXPECTED)).code == 1


def test_exit_code_4_for_a_defect_of_the_harness_names_a_log(repro: Repro) -> None:
    def breaks(page: Page) -> None:
        raise ZeroDivisionError("a defect")

    said = repro("run", script=breaks)
    assert said.code == 4
    log = next(word for word in said.err.split() if word.endswith(".log"))
    assert "ZeroDivisionError: a defect" in Path(log).read_text()
    Path(log).unlink()


@pytest.mark.parametrize(("condition", "code"), [(EXPECTED, 0), (SYMPTOM, 1), ("", 125)])
def test_git_bisect_codes(repro: Repro, condition: str, code: int) -> None:
    assert repro("run", "--git-bisect", script=shows(condition)).code == code


@pytest.mark.parametrize(
    "words", [("--tag", "and"), ("nowhere.yaml",), ("--shard", "9/2"), ("--environment", "prod"), ("--nonsense",), ("--attempts", "0")]
)
def test_git_bisect_is_stopped_by_wrong_usage(repro: Repro, words: tuple[str, ...]) -> None:
    assert repro("run", "--git-bisect", *words).code >= 128


WRONG = [
    (("run", "nowhere.yaml"), "there is no file, folder or scenario `nowhere.yaml`"),
    (("run", "aa"), "did you mean `a`?"),
    (("run", "../ws/nowhere.yaml"), "there is no file, folder or scenario `../ws/nowhere.yaml`"),
    (("validate", "nowhere"), "there is no file, folder or scenario `nowhere`"),
    (("run", "/"), "there is no repro.yaml at or above /"),
    (("run", "environments/staging.yaml"), "is not a scenario"),
    (("run", "environments"), "environments holds no scenarios"),
    (("run", "repro.yaml"), "is not a scenario"),
    (("run", "--tag", "billing and"), "is not a tag expression: it ends too early"),
    (("run", "--tag", "(slow"), "a parenthesis is not closed"),
    (("run", "--shard", "5/4"), "`5/4` is not a shard"),
    (("run", "--environment", "stagin"), "did you mean `staging`?"),
    (("run", "--customer", "acme"), "there is no customer `acme`"),
    (("run", "--control", "acme"), "there is no customer `acme`"),
    (("run", "--prove", "--fixed", "stagin"), "there is no environment `stagin` in environments/\n   = did you mean `staging`?"),
    (("run", "--fail-on", "reproducd"), "did you mean `reproduced`?"),
    (("run", "--trace", "maybe"), "--trace is one of on, off, decided"),
    (("run", "--reports", "a.yaml"), "the reports folder a.yaml can't be written"),
    (("show", "20200101"), "there is no run `20200101`"),
    (("show",), "there is no run in"),
    (("schema", "scenaro"), "did you mean `scenario`?"),
    (("explain", "unknown-stp"), "did you mean `unknown-step`?"),
    (("check", "a", "--before", "staging", "--after", "stagin"), "stagin"),
    (("bisect", "a"), "baseline"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_exit_code_2_and_a_message_for_wrong_usage(repro: Repro, words: tuple[str, ...], message: str) -> None:
    said = repro(*words)
    assert said.code == 2
    assert message in said.err
    assert "repro explain" in said.err
    assert said.out == ""


@pytest.mark.parametrize("words", [("run", "--attempts", "many"), ("run", "--workers", "0"), ("nonsense",), ("explain", "a", "b")])
def test_exit_code_2_for_what_is_no_option(repro: Repro, words: tuple[str, ...]) -> None:
    said = repro(*words)
    assert said.code == 2
    assert "Usage: repro" in said.err


def test_a_folder_without_a_workspace_says_how_to_make_one(repro: Repro, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    for command in ("run", "validate", "list"):
        said = repro(command)
        assert said.code == 2
        assert "`repro init` makes a workspace" in said.err


def test_wrong_variables_of_the_environment_are_told(repro: Repro, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPRO_WORKERS", "many")
    said = repro("run")
    assert said.code == 2
    assert "REPRO_WORKERS is `many`" in said.err


def test_validate_says_everything_of_every_file(repro: Repro, workspace: Path) -> None:
    (workspace / "b.yaml").write_text(SCENARIO.format(title="T").replace("click", "clik"))
    (workspace / "flows").mkdir()
    (workspace / "flows/unused.yaml").write_text("stepz: []\n")
    said = repro("validate")
    assert said.code == 2
    assert "error[unknown-step]: `clik` is not a step" in said.out
    assert "`stepz` is not a key of a flow" in said.out
    assert said.err == "3 errors, 0 warnings\n"


def test_validate_checks_customers_environments_and_flows_as_what_they_are(repro: Repro, workspace: Path) -> None:
    (workspace / "customers/eu").mkdir(parents=True)
    (workspace / "customers/eu/acme.yaml").write_text("tenant: acme\n")
    (workspace / "customers/blank.yaml").write_text("nmae: Blank\n")
    said = repro("validate", "customers")
    assert said.code == 2
    assert "`nmae` is not a key of a customer" in said.out and said.err == "1 error, 0 warnings\n"
    assert repro("validate", "customers/eu").err == "1 file of customers, environments and flows can be used, 0 warnings\n"
    both = repro("validate", "a.yaml", "environments/staging.yaml", "customers/eu/acme.yaml")
    assert both.code == 0
    assert both.err == "1 scenario can be run, 2 files of customers, environments and flows can be used, 0 warnings\n"


@pytest.mark.parametrize("path", ["flows", "files", "customers/notes.txt"])
def test_a_path_that_holds_nothing_to_check_is_told(repro: Repro, workspace: Path, path: str) -> None:
    for folder in ("flows", "files", "customers"):
        (workspace / folder).mkdir()
    (workspace / "files/data.yaml").write_text("a: 1\n")
    (workspace / "customers/notes.txt").write_text("x")
    said = repro("validate", path)
    assert said.code == 2 and "error[not-a-scenario]" in said.err


def test_a_wrong_file_that_no_scenario_uses_does_not_stop_a_run(repro: Repro, workspace: Path) -> None:
    (workspace / "flows").mkdir()
    (workspace / "flows/unused.yaml").write_text("stepz: []\n")
    assert repro("run", script=shows(SYMPTOM)).code == 0


def test_nothing_is_run_while_a_file_is_wrong(repro: Repro, workspace: Path) -> None:
    (workspace / "b.yaml").write_text("title: T\n")
    said = repro("run", script=shows(SYMPTOM))
    assert said.code == 2
    assert "a scenario needs `steps`" in said.err
    assert not (workspace / "reports").exists()


def test_validate_for_programs(repro: Repro, workspace: Path) -> None:
    assert json.loads(repro("validate", "--json").out) == []
    (workspace / "b.yaml").write_text(SCENARIO.format(title="T").replace("click", "clik"))
    (found,) = json.loads(repro("validate", "--json").out)
    assert (found["slug"], found["file"], found["line"], found["column"]) == ("unknown-step", "b.yaml", 4, 9)
    assert repro("validate", "--github").out.startswith("::error file=b.yaml,line=4,col=9,title=unknown-step::")


def test_warnings_count_only_when_asked(repro: Repro, workspace: Path) -> None:
    (workspace / "a.yaml").write_text("title: T\nsteps: [reload]\nsymptom: {visible: alert}\n")
    said = repro("validate")
    assert said.code == 0
    assert "warning[no-expected]" in said.out
    assert said.err == "1 scenario can be run, 1 warning\n"
    assert repro("validate", "--strict").code == 2


def test_list(repro: Repro, workspace: Path) -> None:
    (workspace / "b.yaml").write_text(SCENARIO.format(title="Norwegian: no").replace("Norwegian: no", "'Norwegian: no'"))
    assert repro("list").out.splitlines() == ["a  open  billing    The total is wrong", "b  open  billing    Norwegian: no"]
    assert [row["id"] for row in json.loads(repro("list", "--json").out)] == ["a", "b"]
    said = repro("list", "--tag", "login")
    assert (said.code, said.out) == (0, "")
    assert "fits `login`" in said.err


def test_json_lines_are_json_and_alone_on_stdout(repro: Repro, workspace: Path) -> None:
    said = repro("run", "--json", script=shows(SYMPTOM))
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert lines[0]["event"] == "run"
    assert [line["event"] for line in lines][-2:] == ["result", "finished"]
    assert lines[-2]["verdict"] == "reproduced"
    assert lines[-2]["expected_by_status"] is True


def test_nothing_to_run_is_no_failure(repro: Repro) -> None:
    said = repro("run", "--tag", "login")
    assert said.code == 0
    assert "nothing to run" in said.err


def test_show_prints_an_older_run_again(repro: Repro) -> None:
    repro("run", script=shows(SYMPTOM))
    said = repro("show", "--no-serve")
    assert said.code == 0
    assert "reproduced" in said.out
    assert json.loads(repro("show", "--json").out)["results"][0]["verdict"] == "reproduced"


def test_a_reports_folder_that_can_not_be_read_is_told(repro: Repro, workspace: Path) -> None:
    repro("run", script=shows(SYMPTOM))
    (run,) = (workspace / "reports").iterdir()
    (run / "results.json").write_bytes(b"\xff\x00 not json")
    said = repro("show", "--no-serve")
    assert said.code == 2
    assert "not-a-record" in said.err


def test_reports_in_the_place_of_a_file_are_told(repro: Repro, workspace: Path) -> None:
    (workspace / "taken").write_text("a file")
    said = repro("run", "--reports", "taken/below")
    assert said.code == 2
    assert "unwritable-reports" in said.err
    assert repro("show", "--reports", "taken").code == 2


def test_explain_lists_and_explains(repro: Repro) -> None:
    assert "unknown-step" in repro("explain").out
    assert repro("explain", "unknown-step").out.startswith("unknown-step\n\nThere is no such verb")


@pytest.mark.parametrize("kind", ["scenario", "flow", "customer", "environment", "workspace", "results"])
def test_schemas_are_printed(repro: Repro, kind: str) -> None:
    assert "$schema" in json.loads(repro("schema", kind).out)


def test_restore_with_nothing_to_do(repro: Repro) -> None:
    said = repro("restore")
    assert (said.code, said.out) == (0, "")
    assert said.err == "nothing is left to be put back\n"


def commands() -> list[str]:
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    return [*names, "demo"]


@pytest.mark.parametrize("name", commands())
def test_help_of_each_command(repro: Repro, name: str) -> None:
    said = repro(name, "--help")
    assert said.code == 0
    assert f"Usage: repro {name}" in said.out


def test_the_program_itself_starts(workspace: Path) -> None:
    """As a process of its own, with a pipe that is closed and a terminal that is none."""
    environ = {**os.environ, "NO_COLOR": "1"}
    version = subprocess.run([sys.executable, "-m", "harness", "--version"], capture_output=True, text=True, env=environ, check=False)
    assert (version.returncode, version.stdout) == (0, f"repro {__version__}\n")
    wrong = subprocess.run([sys.executable, "-m", "harness", "run", "nowhere"], capture_output=True, text=True, env=environ, check=False)
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert "Traceback" not in wrong.stderr
    assert "\x1b" not in wrong.stderr


def test_a_closed_pipe_is_no_defect(workspace: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "harness", "explain"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
