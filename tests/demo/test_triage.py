"""Bisecting names the settings that cause a symptom, and a fix check tells the mended version from the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from harness import triage, workflow
from harness.core.exits import Exit
from harness.demo import SECRETS
from harness.demo.server import serving
from harness.run.bisect import Limits
from harness.verdict.outcome import Classification

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with serving() as staging, serving(fixed=True) as fixed:
        secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
        state = str(tmp_path_factory.mktemp("state"))
        addresses = {"REPRO_VAR_DEMO_BASE_URL": staging.base_url, "REPRO_VAR_FIXED_BASE_URL": fixed.base_url}
        yield {**secrets, **addresses, "REPRO_STATE": state, "PATH": "/usr/bin:/bin:/usr/local/bin"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's workspace with a second environment, the mended staging."""
    root = tmp_path_factory.mktemp("triage") / "scenarios"
    shutil.copytree(SCENARIOS, root)
    text = (root / "environments" / "staging.yaml").read_text()
    (root / "environments" / "fixed.yaml").write_text(text.replace("${DEMO_BASE_URL:-", "${FIXED_BASE_URL:-"))
    return root


def options(workspace: Path, scenario: str, tmp_path: Path) -> workflow.Options:
    return workflow.Options(paths=(workspace / f"{scenario}.yaml",), reports=tmp_path / "reports", trace="off")


def test_two_settings_that_cause_it_together_are_found(environ: dict[str, str], workspace: Path, tmp_path: Path) -> None:
    asked = options(workspace, "dashboard/blank-for-eu", tmp_path)
    finished, sentence = triage.bisect(asked, workflow.World(environ=environ), Limits(), lambda text: None)
    result = finished.record.results[0]
    assert result.bisected is not None
    assert set(result.bisected.culprits) == {"features.new_dashboard", "region"}
    assert result.bisected.confirmed_with_baseline and result.bisected.confirmed_without
    assert result.classification == Classification.EDGE_CASE
    assert {difference.path for difference in result.differences if difference.culprit} == {"features.new_dashboard", "region"}
    assert 'region = "eu"' in sentence and "confidence" in sentence


def test_a_setting_that_customers_can_change_is_a_misconfiguration(environ: dict[str, str], workspace: Path, tmp_path: Path) -> None:
    asked = options(workspace, "billing/pays-too-little", tmp_path)
    finished, _ = triage.bisect(asked, workflow.World(environ=environ), Limits(), lambda text: None)
    result = finished.record.results[0]
    assert result.bisected is not None
    assert result.bisected.culprits == ("browser.locale",)
    assert result.classification == Classification.MISCONFIGURATION


def test_a_fix_is_told_from_no_fix(environ: dict[str, str], workspace: Path, tmp_path: Path) -> None:
    asked = options(workspace, "billing/pays-too-little", tmp_path)
    world = workflow.World(environ=environ)
    mended = triage.check_fix(asked, world, "staging", "fixed", 0.95, lambda text: None)
    assert mended.exit is Exit.AS_EXPECTED
    assert "it is fixed, with a confidence of 9" in mended.sentence
    unchanged = triage.check_fix(asked, world, "staging", "staging", 0.95, lambda text: None)
    assert unchanged.exit is Exit.VERDICT
    assert unchanged.sentence.endswith("it is not fixed.")


def test_a_scenario_is_proven_against_its_control_and_the_mended_staging(environ: dict[str, str], workspace: Path, tmp_path: Path) -> None:
    asked = replace(options(workspace, "dashboard/blank-for-eu", tmp_path), prove=True, fixed="fixed")
    finished = workflow.run(asked, workflow.World(environ=environ), lambda event: None, lambda plan, folder: None)
    proof = finished.record.results[0].proof
    assert proof is not None
    assert proof.sentence.startswith("Proven: the symptom is seen with the customer and not with baseline nor in fixed.")
    assert workflow.exit_of(finished, None) is Exit.AS_EXPECTED
