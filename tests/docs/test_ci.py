"""docs/ci.md is true: its pytest commands collect something, its options are those that there are, its example passes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.pytest_plugin.conftest import Sessions
from tests.pytest_plugin.conftest import sessions as sessions

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/ci.md").read_text()


def block(kind: str) -> str:
    """The only fenced block of its kind."""
    (found,) = re.findall(rf"^```{kind}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.parametrize("line", re.findall(r"^pytest (scenarios.*)$", TEXT, re.MULTILINE))
def test_the_commands_choose_scenarios(line: str, pytester: pytest.Pytester) -> None:
    words = [word for word in shlex.split(line) if word not in ("-n", "4")]
    result = pytester.runpytest_inprocess(
        f"--rootdir={ROOT}", "--collect-only", "-q", *(word.replace("scenarios", str(ROOT / "scenarios")) for word in words)
    )
    chosen = [each for each in result.outlines if ".yaml::" in each]
    assert bool(chosen) is ("fixed" not in line)  # the demo has no fixed tickets
    assert result.ret in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def test_the_options_are_those_that_there_are(pytester: pytest.Pytester) -> None:
    shown = pytester.runpytest_inprocess("--help").stdout.str()
    assert set(re.findall(r"--repro-[\w-]+", TEXT)) == set(re.findall(r"--repro-[\w-]+", shown))
    assert set(re.findall(r"\brepro_\w+", TEXT)) == set(re.findall(r"^  (repro_\w+)", shown, re.MULTILINE))


def test_the_example_passes_with_the_ini_file_of_the_page(sessions: Sessions) -> None:
    for name in ("rhine", "baseline"):
        sessions.write(f"scenarios/customers/{name}.yaml", f"name: {name}\n")
    sessions.scenario("billing/pays-too-little", "Good", "fixed")
    sessions.write("pytest.ini", block("ini"))
    sessions.write("tests/test_it.py", block("python"))
    sessions.run().assert_outcomes(passed=2)
    (record,) = sessions.records()
    assert [result.rate.attempts for result in record.results] == [3, 3, 3]
