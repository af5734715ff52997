"""The files of the real bugs fit together, without installing or starting anything."""

import os

import pytest

from benchmarks.realbugs.cases import HERE, VERSIONS, load, names
from benchmarks.realbugs.trials import variables
from harness.diagnostics import Severity
from harness.workflow import Options, check


def test_every_case_has_a_scenario_and_every_scenario_a_case() -> None:
    scenarios = {path.stem for path in (HERE / "scenarios").glob("*.yaml")}
    assert scenarios == set(names())


@pytest.mark.parametrize("name", names())
def test_case_can_be_installed_and_started(name: str) -> None:
    case = load(name)
    assert os.access(case.start, os.X_OK)
    assert case.ready.startswith("/")
    assert all(case.packages[version] for version in VERSIONS)
    assert case.packages["buggy"] != case.packages["fixed"]


@pytest.mark.parametrize("name", names())
def test_scenario_is_valid_and_says_what_the_customer_said(name: str) -> None:
    case = load(name)
    checked = check(Options(paths=(case.scenario,)), variables(case, "http://127.0.0.1:1"))
    assert [str(each) for each in checked.problems if each.severity is Severity.ERROR] == []
    (scenario,) = checked.scenarios
    assert scenario.report is not None
    assert " ".join(scenario.report.split()) == case.ticket
    assert scenario.expected is not None


@pytest.mark.parametrize("name", names())
def test_secrets_that_the_customer_declares_are_those_of_the_case(name: str) -> None:
    case = load(name)
    checked = check(Options(paths=(case.scenario,)), {})
    (scenario,) = checked.scenarios
    customer = checked.workspace.customer(scenario.customer or "")
    assert customer is not None
    assert set(customer.secrets) <= set(case.secrets or {})
