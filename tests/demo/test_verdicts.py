"""Every scenario of the demo gets the right verdict, with and without the demo's defects."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import workflow
from harness.demo import SECRETS
from harness.demo.defects import DEFECTS, Defect
from harness.demo.server import serving
from harness.record.model import Record, Result
from harness.verdict.outcome import Classification, Outcome

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
BY_SCENARIO = {defect.scenario: defect for defect in DEFECTS}


def run_demo(folder: Path, fixed: bool) -> Record:
    """All scenarios against a demo staging of this process."""
    with serving(fixed=fixed) as staging:
        secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
        environ = {**secrets, "REPRO_VAR_DEMO_BASE_URL": staging.base_url, "REPRO_STATE": str(folder / "state"), "PATH": "/usr/bin:/bin"}
        asked = workflow.Options(paths=(SCENARIOS,), workers=4, reports=folder / "reports", trace="off")
        return workflow.run(asked, workflow.World(environ=environ), lambda event: None, lambda plan, where: None).record


@pytest.fixture(scope="module")
def buggy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return {result.scenario: result for result in run_demo(tmp_path_factory.mktemp("buggy"), fixed=False).results}


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return {result.scenario: result for result in run_demo(tmp_path_factory.mktemp("fixed"), fixed=True).results}


def test_there_is_a_scenario_for_everything_planted(buggy: dict[str, Result]) -> None:
    assert set(buggy) == set(BY_SCENARIO)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.id)
def test_verdict_with_the_defects(buggy: dict[str, Result], defect: Defect) -> None:
    result = buggy[defect.scenario]
    assert result.verdict == (Outcome.REPRODUCED if defect.kind == "defect" else Outcome.NOT_REPRODUCED), result.reason
    if result.control is not None:
        assert result.classification == Classification.CONFIGURATION, result.control.reason
        assert set(defect.culprits) <= {difference.path for difference in result.differences}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.id)
def test_verdict_without_the_defects(fixed: dict[str, Result], defect: Defect) -> None:
    result = fixed[defect.scenario]
    assert result.verdict == Outcome.NOT_REPRODUCED, result.reason


def test_no_secret_is_in_the_record(buggy: dict[str, Result]) -> None:
    text = "".join(result.model_dump_json() for result in buggy.values())
    assert "orbit-owner-pass" not in text and "demo-admin-token" not in text


def test_enough_is_planted() -> None:
    planted = [defect.kind for defect in DEFECTS]
    assert planted.count("defect") >= 12
    assert planted.count("by_design") >= 4
