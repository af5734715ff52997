"""Which files a workspace has, and where it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import workflow
from harness.diagnostics import Problems
from harness.scenario.workspace import open_workspace, select_files

SCENARIO = "title: T\nsteps: [reload]\nsymptom: {visible: alert}\nexpected: {visible: heading}\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "repro.yaml": "environment: staging\n",
        "environments/staging.yaml": "base_url: https://staging.example.com\n",
        "customers/eu/acme.yaml": "tenant: acme\n",
        "flows/auth/login.yaml": "steps: [goto: /login]\n",
        "login/locked-out.yaml": SCENARIO,
        "billing/a.yaml": SCENARIO,
        "billing/deep/b.yaml": SCENARIO,
        "top.yaml": SCENARIO,
        "files/data.yaml": "not a scenario",
        "reports/old.yaml": "not a scenario",
        ".hidden/x.yaml": "not a scenario",
        "nested/repro.yaml": "",
        "nested/other.yaml": SCENARIO,
        "answers.yaml": "{}",
        "notes.txt": "not a scenario",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ids(root: Path, *paths: str) -> list[str]:
    workspace = open_workspace(root, {})
    return [path.relative_to(root).with_suffix("").as_posix() for path in select_files(workspace, [Path(path) for path in paths])]


def test_scenarios_are_found_and_nothing_else(root: Path) -> None:
    assert ids(root) == ["billing/a", "billing/deep/b", "login/locked-out", "top"]


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (("billing",), ["billing/a", "billing/deep/b"]),
        (("billing/a.yaml",), ["billing/a"]),
        (("billing/a",), ["billing/a"]),
        (("top", "billing/a", "top.yaml", "./billing/../top.yaml"), ["top", "billing/a"]),
        ((".",), ["billing/a", "billing/deep/b", "login/locked-out", "top"]),
    ],
)
def test_paths_may_be_files_folders_or_ids(root: Path, paths: tuple[str, ...], found: list[str]) -> None:
    assert ids(root, *paths) == found


def test_the_nearest_workspace_above_is_used(root: Path) -> None:
    assert open_workspace(root / "billing" / "deep", {}).root == root
    assert open_workspace(root / "nested", {}).root == root / "nested"


def test_a_folder_named_scenarios_is_found_from_above(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/repro.yaml").write_text("")
    assert open_workspace(tmp_path, {}).root == tmp_path / "scenarios"


def test_a_link_that_leads_back_does_not_multiply_scenarios(root: Path) -> None:
    (root / "billing/back").symlink_to(root / "billing", target_is_directory=True)
    (root / "billing/up").symlink_to(root, target_is_directory=True)
    assert ids(root, "billing") == ["billing/a", "billing/deep/b"]


def test_customers_and_flows_may_stand_in_folders(root: Path) -> None:
    (root / "top.yaml").write_text(SCENARIO + "customer: eu/acme\nsetup: [use: auth/login]\n")
    asked = workflow.Options(paths=(Path("top"),))
    checked = workflow.check(asked, {})
    assert checked.problems == ()
    (case,) = workflow.plan(checked, asked).cases
    assert case.customer and case.customer.id == "eu/acme"
    assert "/" not in case.key


def test_names_never_lead_out_of_the_workspace(root: Path) -> None:
    (root.parent / "outside.yaml").write_text("tenant: outside\n")
    (root / "top.yaml").write_text(SCENARIO + "customer: ../../outside\n")
    problems = workflow.check(workflow.Options(paths=(Path("top"),)), {}).problems
    assert problems
    with pytest.raises(Problems):
        asked = workflow.Options(paths=(Path("top"),), customers=("../../outside",))
        workflow.plan(workflow.check(asked, {}), asked)


def test_a_file_that_would_never_be_read_is_told(root: Path) -> None:
    (root / "billing/forgotten.yml").write_text(SCENARIO)
    (problem,) = workflow.check(workflow.Options(), {}, whole=True).problems
    assert (problem.slug, problem.message, problem.hint) == (
        "wrong-suffix",
        "billing/forgotten.yml is not read: files of a workspace end in .yaml",
        "rename it to forgotten.yaml",
    )


def test_variables_of_repro_yaml_and_environments_come_from_their_own_names_only(root: Path) -> None:
    (root / "environments/staging.yaml").write_text("base_url: ${BASE:-https://default.example.com}\n")
    assert base_url(root, {}) == "https://default.example.com"
    assert base_url(root, {"REPRO_VAR_BASE": "https://x.example.com"}) == "https://x.example.com"
    assert base_url(root, {"BASE": "https://stolen.example.com"}) == "https://default.example.com"


def base_url(root: Path, environ: dict[str, str]) -> str:
    environment = open_workspace(root, environ).environment("staging")
    assert environment is not None
    return environment.base_url


def test_a_variable_without_a_value_is_told(root: Path) -> None:
    (root / "environments/staging.yaml").write_text("base_url: ${BASE}\n")
    problems = workflow.check(workflow.Options(), {}).problems
    assert {problem.slug for problem in problems} == {"unset-variable"}


def test_dotenv_gives_secrets_only_and_the_environment_comes_first(root: Path) -> None:
    (root / ".env").write_text(
        "# secrets\nexport REPRO_SECRET_A='one'\nREPRO_SECRET_B=two = 2\nPATH=/evil\nREPRO_SECRET_C=file\n\nbroken line\n"
    )
    found = workflow.with_dotenv({"REPRO_SECRET_C": "environment", "PATH": "/bin"}, root)
    assert found == {"REPRO_SECRET_A": "one", "REPRO_SECRET_B": "two = 2", "REPRO_SECRET_C": "environment", "PATH": "/bin"}
