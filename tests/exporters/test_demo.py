"""The demo's scenarios as scripts: they say of both stagings what the harness says of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from harness.demo import SECRETS
from harness.demo.defects import DEFECTS
from harness.exporters import TARGETS, export, file_name
from tests.exporters.conftest import SCENARIOS, Node, Runner, Stagings, cases_of

CASES = cases_of(SCENARIOS)
DEFECT = {defect.scenario for defect in DEFECTS if defect.kind == "defect"}
CHOSEN = (
    "billing/csv-cut-off",  # a download
    "billing/invoice-without-vat",  # by design, an absence
    "billing/negative-proration",  # a clock; what a click brings
    "dashboard/blank-for-eu",  # `for`; what a page shows
    "dashboard/empty-chart",  # what is painted
    "dashboard/too-many-invoices",  # a response
    "dashboard/widget-refused",  # frames, `any`
    "integration/button-can-not-be-read",  # contrast
    "integration/sync-is-limited",  # by design
    "login/asked-again-after-code",  # one-time codes
)
FEWER = ("billing/csv-cut-off", "billing/negative-proration", "dashboard/blank-for-eu", "dashboard/widget-refused")
FEWEST = ("billing/negative-proration", "dashboard/blank-for-eu")


def written(folder: Path, target: str, *ids: str) -> dict[str, str]:
    """Writes the scripts; scenario -> name of its file."""
    names = {id: file_name(CASES[id], target) for id in ids}
    for id, name in names.items():
        (folder / name).write_text(export(CASES[id], target, name).text)
    return names


def expected(id: str) -> str:
    """How the test ends on the staging with the defects."""
    return "failed" if id in DEFECT else "passed"


def ends(names: dict[str, str]) -> dict[str, str]:
    return {name: expected(id) for id, name in names.items()}


def test_pytest(tmp_path: Path, runner: Runner, stagings: Stagings) -> None:
    names = written(tmp_path, "pytest", *CHOSEN)
    assert runner.pytest(tmp_path, stagings.buggy, *names.values()) == ends(names)
    mended = [names[id] for id in FEWER]
    assert runner.pytest(tmp_path, stagings.fixed, *mended) == dict.fromkeys(mended, "passed")


def test_playwright_test(node: Node, stagings: Stagings) -> None:
    names = written(node.folder, "playwright-test", *FEWER)
    assert node.test(stagings.buggy, *names.values()) == ends(names)
    mended = [names[id] for id in FEWEST]
    assert node.test(stagings.fixed, *mended) == dict.fromkeys(mended, "passed")


@pytest.mark.parametrize("id", ["dashboard/blank-for-eu", "billing/pays-too-little"])
def test_a_plain_script_prints_the_verdict(id: str, tmp_path: Path, runner: Runner, stagings: Stagings) -> None:
    name = written(tmp_path, "playwright-python", id)[id]
    buggy = runner.python(tmp_path, name, stagings.buggy)
    assert (buggy.returncode, buggy.stdout.splitlines()[-1]) == (1, "verdict: reproduced"), buggy.stderr
    assert "the symptom is there" in buggy.stdout
    fixed = runner.python(tmp_path, name, stagings.fixed)
    assert (fixed.returncode, fixed.stdout.splitlines()[-1]) == (0, "verdict: not reproduced"), fixed.stdout + fixed.stderr


def test_attempts_end_at_the_first_that_shows_it(tmp_path: Path, runner: Runner, stagings: Stagings) -> None:
    id = "integration/double-click-syncs-twice"
    done = runner.python(tmp_path, written(tmp_path, "playwright-python", id)[id], stagings.buggy)
    *attempts, verdict = [line for line in done.stdout.splitlines() if line.startswith(("attempt ", "verdict: "))]
    assert (done.returncode, verdict) == (1, "verdict: reproduced"), done.stdout + done.stderr
    assert ["the symptom is there" in line for line in attempts][-1] is True


def test_a_step_that_can_not_be_done_proves_nothing(tmp_path: Path, runner: Runner, stagings: Stagings) -> None:
    text = export(CASES["billing/pays-too-little"], "playwright-python", "x.py").text
    (tmp_path / "x.py").write_text(text.replace('name="Pay INV-1001"', 'name="Pay INV-9999"').replace("timeout(10_000)", "timeout(500)"))
    done = runner.python(tmp_path, "x.py", stagings.buggy)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (3, "verdict: inconclusive"), done.stderr


def settings_of(base_url: str, tenant: str) -> str:
    import urllib.request

    asked = urllib.request.Request(
        f"{base_url}/admin/tenants/{tenant}/settings", headers={"Authorization": f"Bearer {SECRETS['DEMO_ADMIN_TOKEN']}"}
    )
    with urllib.request.urlopen(asked, timeout=5) as answer:
        return str(answer.read().decode())


def test_the_tenants_settings_are_put_back_also_after_a_failure(tmp_path: Path, runner: Runner, stagings: Stagings) -> None:
    before = settings_of(stagings.buggy, "sakura")
    name = written(tmp_path, "pytest", "dashboard/empty-chart")["dashboard/empty-chart"]
    assert runner.pytest(tmp_path, stagings.buggy, name) == {name: "failed"}
    assert settings_of(stagings.buggy, "sakura") == before


def test_settings_that_do_not_take_are_an_error(tmp_path: Path, runner: Runner, stagings: Stagings) -> None:
    name = written(tmp_path, "pytest", "dashboard/empty-chart")["dashboard/empty-chart"]
    text = (tmp_path / name).read_text()
    assert text.count("data=SETTINGS") == 1
    (tmp_path / name).write_text(text.replace("data=SETTINGS", 'data={"billing": {"currency": "EUR"}}'))
    assert runner.pytest(tmp_path, stagings.fixed, name) == {name: "error"}


def test_a_secret_that_is_not_set_is_named(tmp_path: Path, runner: Runner, stagings: Stagings) -> None:
    name = written(tmp_path, "playwright-python", "billing/pays-too-little")["billing/pays-too-little"]
    text = (tmp_path / name).read_text().replace("DEMO_ADMIN_TOKEN", "NOBODY_SET_IT")
    (tmp_path / name).write_text(text)
    done = runner.python(tmp_path, name, stagings.buggy)
    assert done.returncode == 3
    assert "KeyError: 'REPRO_SECRET_NOBODY_SET_IT'" in done.stdout


@pytest.mark.parametrize("target", TARGETS)
def test_every_scenario_can_be_exported_whole_and_without_secrets(target: str) -> None:
    for id, case in CASES.items():
        made = export(case, target, "x")
        assert made.unsupported == (), id
        assert [name for name, value in SECRETS.items() if value in made.text] == [], id
        if target != "playwright-test":
            ast.parse(made.text)


def test_every_scenario_is_right_for_the_type_checker(node: Node) -> None:
    names = written(node.folder, "playwright-test", *CASES)
    assert node.complaints(*names.values()) == ""
