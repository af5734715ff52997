"""One session over the demo staging in real browsers, with two workers: each kind of outcome, and one report with its evidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.demo import SECRETS
from harness.demo.server import serving
from harness.record.store import read_record
from tests.pytest_plugin.conftest import counts

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
UNDECIDED = """
title: The button is not there any more
customer: fjord
steps:
  - goto: /login
  - click: button "Sign in with a stamp"
    timeout: 500ms
symptom: {visible: alert}
expected: {visible: heading "Dashboard"}
within: 500ms
"""


@pytest.fixture
def workspace(pytester: pytest.Pytester) -> Path:
    """A few scenarios of the demo, some of them marked as fixed."""
    root = pytester.path / "scenarios"
    shutil.copytree(SCENARIOS, root, ignore=shutil.ignore_patterns("billing", "dashboard", "integration", "login"))
    bad, good = ((SCENARIOS / f"login/{name}.yaml").read_text() for name in ("percent-password", "sso-goes-round"))
    (root / "login").mkdir()
    (root / "login/is-back.yaml").write_text(f"status: fixed\n{bad}")
    (root / "login/still-there.yaml").write_text(bad)
    (root / "login/stays-fixed.yaml").write_text(f"status: fixed\n{good}")
    (root / "login/may-be-closed.yaml").write_text(good)
    (root / "login/undecided.yaml").write_text(UNDECIDED)
    return root


def test_each_kind_of_outcome_in_real_browsers(pytester: pytest.Pytester, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"REPRO_SECRET_{name}", value)
    with serving(fixed={"sso-loop"}) as staging:
        monkeypatch.setenv("REPRO_VAR_DEMO_BASE_URL", staging.base_url)
        result = pytester.runpytest_subprocess("scenarios", "-n2", "-v", "-p", "no:cacheprovider")
    shown = result.stdout.str()
    assert "Traceback" not in shown
    for line in (
        "REPRODUCED scenarios/login/still-there.yaml::fjord",
        "NOT REPRODUCED scenarios/login/may-be-closed.yaml::harbour",
        "FAILED scenarios/login/is-back.yaml::fjord",
        "PASSED scenarios/login/stays-fixed.yaml::harbour",
        "ERROR scenarios/login/undecided.yaml::fjord",
    ):
        assert line in shown
    assert counts(result) == {"failed": 1, "passed": 1, "error": 1, "reproduced": 1, "not reproduced": 1}
    (report,) = (Path(line.partition(": ")[2]) for line in result.outlines if line.endswith("report.html"))
    record = read_record(report.parent)
    assert len(record.results) == 5 and record.run.environment_version
    assert {each.environment_version for each in record.results} == {record.run.environment_version}
    assert all((report.parent / path).is_file() for each in record.results for path in each.evidence)
    assert all(each.evidence for each in record.results)
    assert not any(value in shown for value in SECRETS.values())
