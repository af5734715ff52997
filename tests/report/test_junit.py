"""JUnit XML as CI servers read it: what fails, what has an error, what is attached, and that hostile text cannot pass for anything else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import junitparser
import pytest

from harness.record.model import Classification, Outcome, Record, StepStatus
from harness.report.junit import junit

from . import sample


def tree(record: Record, folder: Path = Path("/nowhere/reports/run"), base: Path = Path("/nowhere")) -> ET.Element:
    return ET.fromstring(junit(record, folder, base))


def case(**changes: Any) -> ET.Element:
    found = tree(sample.record(sample.result("k", **changes))).find(".//testcase")
    assert found is not None
    return found


def test_an_open_ticket_that_reproduced_passes_and_says_so() -> None:
    found = case()
    assert found.get("name") == "dashboard/blank-for-eu [acme-eu]" and found.get("classname") == "dashboard"
    assert found.find("failure") is None and found.find("error") is None
    assert "The ticket is open and its symptom was seen, as expected." in (found.findtext("system-out") or "")


def test_a_regression_and_an_open_ticket_that_did_not_reproduce_fail() -> None:
    back = case(status="fixed", expected_by_status=False).find("failure")
    gone = case(verdict=Outcome.NOT_REPRODUCED, expected_by_status=False).find("failure")
    assert back is not None and back.get("type") == "regression"
    assert (back.get("message") or "").startswith("The ticket is marked as fixed, but its symptom is back.")
    assert gone is not None and gone.get("type") == "not_reproduced"


def test_inconclusive_is_an_error_and_never_a_pass() -> None:
    found = case(verdict=Outcome.INCONCLUSIVE, expected_by_status=False).find("error")
    assert found is not None and "503" in (found.get("message") or "")


def test_properties_name_ticket_customer_verdict_and_configuration() -> None:
    found = case(classification=Classification.DEFECT, configuration=sample.configuration())
    properties = {item.get("name"): item.get("value") for item in found.iter("property")}
    assert properties == {
        "ticket": "SUP-1423",
        "customer": "acme-eu",
        "environment": "staging",
        "status": "open",
        "verdict": "reproduced",
        "classification": "defect",
        "rate": "3/5",
        "fingerprint": "c1:7f3e9b2a44d0",
    }


def test_suites_are_areas_and_their_numbers_add_up() -> None:
    root = tree(sample.showcase())
    suites = root.findall("testsuite")
    assert {suite.get("name") for suite in suites} == {"dashboard", "billing", "login", "integration", "reports"}
    for number in ("tests", "failures", "errors"):
        assert int(root.get(number) or "") == sum(int(suite.get(number) or "") for suite in suites)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("24", "7", "3")
    assert len(root.findall(".//failure")) == 7 and len(root.findall(".//error")) == 3


def test_names_are_unique_even_for_one_scenario_in_two_environments() -> None:
    root = tree(sample.record(sample.result("a"), sample.result("b", environment="canary"), sample.result("c", customer=None)))
    names = [found.get("name") for found in root.iter("testcase")]
    assert names == ["dashboard/blank-for-eu [acme-eu] (a)", "dashboard/blank-for-eu [acme-eu] (b)", "dashboard/blank-for-eu"]


def test_attachments_are_named_from_where_the_job_runs_the_deciding_picture_first(showcase: Path) -> None:
    text = (showcase / "junit.xml").read_text(encoding="utf-8")
    first = re.findall(r"^\[\[ATTACHMENT\|(.+)\]\]$", text, re.MULTILINE)
    assert first[0] == "run/dashboard--blank-for-eu@acme-eu/attempt-2/deciding.png"
    assert all((showcase.parent / path).is_file() for path in first)


def test_hostile_text_is_well_formed_and_attaches_nothing(hostile: Path) -> None:
    text = (hostile / "junit.xml").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert len(list(root.iter("testcase"))) == 4
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", text)
    attached = re.findall(r"\[\[ATTACHMENT\|(.+?)\]\]", text)
    assert attached and all((hostile.parent / path).is_file() for path in attached)


def test_an_empty_run_is_valid() -> None:
    assert tree(sample.record()).get("tests") == "0"


# What Jenkins, GitLab and GitHub's actions read: element -> attributes, children. Beyond the schema of Jenkins' xUnit plugin, a case has
# properties (Jenkins' own `junit` step keeps them) and names its file and line (GitHub's actions annotate there, GitLab links to it).
SHAPE: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname"}, {"testcase"}),
    "testcase": ({"name", "classname", "time", "file", "line"}, {"properties", "failure", "error", "system-out"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}


@pytest.mark.parametrize("kind", ["showcase", "hostile"])
def test_nothing_stands_in_it_that_a_reader_does_not_know(kind: str, request: pytest.FixtureRequest) -> None:
    root = ET.parse(request.getfixturevalue(kind) / "junit.xml").getroot()
    for element in root.iter():
        attributes, children = SHAPE[element.tag]
        assert set(element.keys()) <= attributes and {child.tag for child in element} <= children
    times = [time for element in root.iter() if (time := element.get("time")) is not None]
    assert times and all(re.fullmatch(r"\d+\.\d{3}", time) for time in times)


def test_another_reader_sees_the_same(showcase: Path) -> None:
    suites = list(junitparser.JUnitXml.fromfile(str(showcase / "junit.xml")))
    cases = [case for suite in suites for case in suite]
    kinds = Counter(type(result).__name__ for case in cases for result in case.result)
    assert (len(cases), kinds["Failure"], kinds["Error"]) == (24, 7, 3)
    assert sum(suite.tests for suite in suites) == 24
    assert len({(case.classname, case.name) for case in cases}) == 24


def test_a_case_names_the_line_of_its_symptom_or_of_the_step_that_could_not_be_done() -> None:
    stuck = sample.attempt(1, Outcome.INCONCLUSIVE, steps=(sample.step("click", 14, status=StepStatus.FAILED, file=sample.PATH),))
    assert (case().get("file"), case().get("line")) == (sample.PATH, "18")
    assert case(verdict=Outcome.INCONCLUSIVE, expected_by_status=False, attempts=(stuck,)).get("line") == "14"
