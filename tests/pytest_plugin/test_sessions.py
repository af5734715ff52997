"""pytest over scenarios, with a scripted browser: what is collected and chosen, what is shown, and the one report of the session."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.pytest_plugin.conftest import HOST, Sessions, counts

ALL = {
    "scenarios/billing/open-bad.yaml::acme",
    "scenarios/billing/open-good.yaml::acme",
    "scenarios/login/fixed-bad.yaml::acme",
    "scenarios/login/fixed-good.yaml::no-customer",
    "scenarios/login/nothing.yaml::acme",
}


def items(result: pytest.RunResult) -> set[str]:
    """The node ids that `--collect-only -q` prints."""
    return {line for line in result.outlines if "::" in line}


def pages(result: pytest.RunResult) -> list[Path]:
    """The results' pages that were named; in CI pytest repeats a failure's whole text in its summary."""
    return [Path(path) for path in dict.fromkeys(re.findall(r"^report: (.+index\.html)$", result.stdout.str(), re.MULTILINE))]


def test_each_kind_of_outcome_has_its_own_word(each_kind: Sessions) -> None:
    result = each_kind.run("scenarios", "-v")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "scenarios/billing/open-bad.yaml::acme REPRODUCED (The symptom was se*",
            "scenarios/billing/open-good.yaml::acme NOT REPRODUCED *",
            "scenarios/login/fixed-bad.yaml::acme FAILED *",
            "scenarios/login/fixed-good.yaml::no-customer PASSED *",
            "scenarios/login/nothing.yaml::acme ERROR *",
            "*1 failed, 1 passed, 1 error, 1 reproduced, 1 not reproduced in*",
        ]
    )


def test_a_fixed_ticket_that_is_back_fails_with_the_sentence_and_the_page(each_kind: Sessions) -> None:
    result = each_kind.run("scenarios/login/fixed-bad.yaml::acme")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*scenarios/login/fixed-bad.yaml::acme: About login/fixed-bad*",
            "The symptom was seen: visible: alert is so.",
            "The ticket is marked as fixed, but its symptom is back.",
            "report: *",
            "again:  repro run scenarios/login/fixed-bad.yaml --environment staging --customer acme",
        ]
    )
    (page,) = pages(result)
    assert "its symptom is back" in page.read_text()


def test_inconclusive_is_an_error_and_says_why(each_kind: Sessions) -> None:
    result = each_kind.run("scenarios/login/nothing.yaml")
    assert result.parseoutcomes() == {"errors": 1}
    result.stdout.fnmatch_lines(["Neither the symptom nor what was expected was seen within 40 ms.*"])
    assert all(page.is_file() for page in pages(result))


def test_open_tickets_are_expected_to_reproduce_and_tell_when_they_may_be_closed(each_kind: Sessions) -> None:
    result = each_kind.run("scenarios/billing")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "scenarios/billing/open-bad.yaml r*",
            "scenarios/billing/open-good.yaml n*",
            "*= scenarios =*",
            "2 results: 1 reproduced, 1 not reproduced",
            "SUP-17: open, but its symptom was not seen: billing/open-good [[]acme[]]",
            "report: *report.html",
        ]
    )


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ((), ALL),
        (("-m", "billing"), {"scenarios/billing/open-bad.yaml::acme", "scenarios/billing/open-good.yaml::acme"}),
        (("-m", "billing and slow"), {"scenarios/billing/open-bad.yaml::acme"}),
        (("-m", "fixed"), {"scenarios/login/fixed-bad.yaml::acme", "scenarios/login/fixed-good.yaml::no-customer"}),
        (("-m", "open and not slow"), {"scenarios/billing/open-good.yaml::acme", "scenarios/login/nothing.yaml::acme"}),
        (("-k", "no-customer"), {"scenarios/login/fixed-good.yaml::no-customer"}),
        (("-k", "SUP-13"), {"scenarios/login/nothing.yaml::acme"}),
        (("-k", "billing and not good"), {"scenarios/billing/open-bad.yaml::acme"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_choosing_by_marker_and_keyword(each_kind: Sessions, words: tuple[str, ...], chosen: set[str]) -> None:
    result = each_kind.run("scenarios", "--collect-only", "-q", "--strict-markers", "-W", "error", *words)
    assert items(result) == chosen
    assert not (each_kind.root / "reports").exists()


def test_words_that_can_not_be_markers_do_no_harm(sessions: Sessions) -> None:
    more = 'area: "Billing: EU (new)"\ntags: [skip, xfail, skipif, usefixtures, _x, "two words"]\n'
    sessions.scenario("a", "Good", "fixed", more=more)
    result = sessions.run("scenarios", "--strict-markers", "-W", "error", "-m", "Billing-EU-new and two-words and x")
    result.assert_outcomes(passed=1)
    assert items(sessions.run("scenarios", "--collect-only", "-q", "-k", "usefixtures")) == {"scenarios/a.yaml::no-customer"}


def test_only_what_failed_last(each_kind: Sessions) -> None:
    each_kind.pytester.runpytest_inprocess("scenarios")
    result = each_kind.pytester.runpytest_inprocess("scenarios", "--lf", "--collect-only", "-q")
    assert items(result) == {"scenarios/login/fixed-bad.yaml::acme", "scenarios/login/nothing.yaml::acme"}


def test_stopping_at_the_first_failure_leaves_nothing_out_of_the_report(each_kind: Sessions) -> None:
    result = each_kind.run("scenarios", "-x")
    assert "1 failed, 1 reproduced, 1 not reproduced" in result.stdout.str()
    (record,) = each_kind.records()
    assert [str(each.verdict) for each in record.results] == ["reproduced", "not_reproduced", "reproduced", "inconclusive", "inconclusive"]
    assert "interrupted before" in record.results[-1].reason
    assert not record.run.interrupted


@pytest.mark.parametrize("words", [(), ("-n2",)], ids=["one process", "two workers"])
def test_there_is_one_report_a_session(each_kind: Sessions, words: tuple[str, ...]) -> None:
    result = each_kind.run("scenarios", *words)
    assert counts(result) == {"failed": 1, "passed": 1, "error": 1, "reproduced": 1, "not reproduced": 1}
    assert each_kind.verdicts() == {
        "billing-open-bad-acme-staging": "reproduced",
        "billing-open-good-acme-staging": "not_reproduced",
        "login-fixed-bad-acme-staging": "reproduced",
        "login-fixed-good-staging": "not_reproduced",
        "login-nothing-acme-staging": "inconclusive",
    }
    (record,) = each_kind.records()
    assert record.run.workers == (2 if words else 1)
    assert record.run.browser is not None and record.run.browser.name == "fake"
    assert record.run.command[:2] == ("pytest", "-p")
    assert all(page.is_file() for page in pages(result))


def test_a_worker_that_is_lost_is_a_row_that_says_so(sessions: Sessions) -> None:
    sessions.write(
        "conftest.py",
        HOST.replace(
            "page.does['click: button \"Good\"']",
            "page.does['click: button \"Die\"'] = lambda page: os._exit(9)\n    page.does['click: button \"Good\"']",
        ),
    )
    sessions.scenario("a-dies", "Die", "fixed")
    sessions.scenario("b", "Good", "fixed")
    sessions.scenario("c", "Good", "fixed")
    result = sessions.run("scenarios", "-n1")
    assert "worker 'gw0' crashed while running 'scenarios/a-dies.yaml::acme'" in result.stdout.str()
    assert sessions.verdicts() == {
        "a-dies-acme-staging": "inconclusive",
        "b-acme-staging": "not_reproduced",
        "c-acme-staging": "not_reproduced",
    }
    assert "no result of it came back" in sessions.records()[0].results[0].reason


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM], ids=lambda which: which.name)
def test_an_interrupt_keeps_what_was_done_and_puts_back_what_was_set(sessions: Sessions, which: signal.Signals) -> None:
    slow = "page.does['click: button \"Hang\"'] = lambda page: Path('hangs').touch() or __import__('asyncio').sleep(600)"
    host = "FakeHost(script, Staging({'PUT /flags': lambda json: 200, 'GET /flags': {'new': True}}))"
    text = HOST.replace("page.does['click: button \"Good\"']", f"{slow}\n    page.does['click: button \"Good\"']")
    sessions.write("conftest.py", text.replace("FakeHost(script)", host).replace("import FakeHost", "import FakeHost, Staging"))
    put = "request: PUT /flags\n    json: ${customer.settings}"
    environment = f"apply:\n  - {put}\nread_back: {{request: GET /flags}}\nrestore:\n  - {put}\n"
    sessions.write("scenarios/environments/staging.yaml", f"base_url: https://staging.example.com\n{environment}")
    sessions.write("scenarios/customers/acme.yaml", "tenant: acme\nsettings: {new: true}\n")
    sessions.scenario("a", "Good", "fixed")
    sessions.scenario("b", "Hang", "fixed")
    process = sessions.pytester.popen(
        [sys.executable, "-m", "pytest", "scenarios"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    while not (sessions.root / "hangs").exists():
        assert process.poll() is None
    process.send_signal(which)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, out
    (record,) = sessions.records()
    assert record.run.interrupted
    assert [str(each.verdict) for each in record.results] == ["not_reproduced", "inconclusive"]
    assert [each.configuration and each.configuration.restored for each in record.results] == [True, True]
    assert "report.html" in out


def test_settings_that_could_not_be_put_back_are_told_in_the_last_lines(sessions: Sessions) -> None:
    host = "FakeHost(script, Staging({'PUT /flags': lambda json: 200}))"
    sessions.write("conftest.py", HOST.replace("FakeHost(script)", host).replace("import FakeHost", "import FakeHost, Staging"))
    environment = "apply: [{request: PUT /flags}]\nrestore: [{request: DELETE /flags}]\n"
    sessions.write("scenarios/environments/staging.yaml", f"base_url: https://staging.example.com\n{environment}")
    sessions.write("scenarios/customers/acme.yaml", "tenant: acme\nsettings: {new: true}\n")
    sessions.scenario("a", "Good", "fixed")
    sessions.run("scenarios").stdout.fnmatch_lines(["*The settings of acme could not be put back in staging*`repro restore`*"])


def test_an_invalid_file_is_told_as_validate_tells_it(sessions: Sessions) -> None:
    sessions.scenario("good", "Good", "fixed")
    sessions.write("scenarios/wrong.yaml", "title: T\nsteps: [clik: button]\nsymptom: {visibl: alert}\n")
    result = sessions.run("scenarios")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        [
            "*ERROR collecting scenarios/wrong.yaml*",
            "error[[]unknown-step[]]: `clik` is not a step",
            " --> scenarios/wrong.yaml:2:9   (step 1 of 1)",
            "*^^^^ did you mean `click`?",
            "   = help: repro explain unknown-step",
            "error[[]*: *visibl*",
        ]
    )
    assert sessions.run("scenarios", "--continue-on-collection-errors").parseoutcomes() == {"passed": 1, "errors": 1}


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("scenarios/repro.yaml", "environmen: staging\n", "did you mean `environment`?"),
        ("scenarios/environments/staging.yaml", "base_url: nowhere\n", "scenarios/environments/staging.yaml:1:11"),
        ("scenarios/customers/acme.yaml", "clok: 2026-01-31\n", "did you mean `clock`?"),
        ("scenarios/a.yaml", "- no\n- scenario\n", "scenarios/a.yaml:1:1"),
    ],
)
def test_whatever_is_wrong_in_a_workspace_is_said_without_a_traceback(sessions: Sessions, path: str, text: str, message: str) -> None:
    sessions.scenario("a", "Good", "fixed")
    sessions.write(path, text)
    result = sessions.run("scenarios")
    assert message in result.stdout.str()
    assert result.parseoutcomes() == {"errors": 1}


def test_a_customer_is_no_scenario_and_other_yaml_files_are_left_alone(sessions: Sessions) -> None:
    sessions.write("data/other.yaml", "- anything\n")
    sessions.write("test_one.py", "def test_one(): pass\n")
    assert items(sessions.run("--collect-only", "-q")) == {"test_one.py::test_one"}
    assert sessions.run("scenarios/customers/acme.yaml").ret == pytest.ExitCode.USAGE_ERROR


def test_options_of_the_command_line_come_before_variables_and_those_before_the_ini_file(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions.scenario("a", "Good", "fixed", more="")
    sessions.write("scenarios/environments/canary.yaml", "base_url: https://canary.example.com\n")
    sessions.write(
        "pytest.ini", "[pytest]\nrepro_customer = acme birch\nrepro_environment = staging\nrepro_attempts = 2\nrepro_reports = here\n"
    )

    def collected(*words: str) -> set[str]:
        return {item.partition("::")[2] for item in items(sessions.run("scenarios", "--collect-only", "-q", *words))}

    assert collected() == {"acme", "birch"}
    assert collected("--repro-customer", "birch") == {"birch"}
    assert collected("--repro-environment=staging", "--repro-environment=canary", "--repro-customer=acme") == {
        "acme@staging",
        "acme@canary",
    }
    monkeypatch.setenv("REPRO_ENVIRONMENT", "canary,staging")
    assert collected("--repro-customer=acme") == {"acme@staging", "acme@canary"}
    monkeypatch.setenv("REPRO_ENVIRONMENT", "staging")
    sessions.run("scenarios", "--repro-customer=acme")
    sessions.run("scenarios", "--repro-customer=acme", "--repro-attempts=3", "--repro-reports=there")
    assert [len(list(sessions.root.glob(f"{place}/*/*/attempt-*"))) for place in ("here", "there")] == [2, 3]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--repro-attempts=0",), "invalid at_least_one value: '0'"),
        (("--repro-trace=maybe",), "invalid choice: 'maybe'"),
        (("--repro-fail-on=reprodced",), "invalid verdict value: 'reprodced'"),
        (("-o", "repro_attempts=many"), "`many` is not a whole number of at least 1"),
        (("-o", "repro_trace=maybe"), "repro_trace is one of on, off, decided"),
        (("-o", "repro_fail_on=bad"), "`bad` is not one of reproduced, not_reproduced, inconclusive"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_options_are_wrong_usage(sessions: Sessions, words: tuple[str, ...], message: str) -> None:
    result = sessions.run("scenarios", *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()


def test_wrong_names_and_variables_are_told(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions.scenario("a", "Good", "fixed")
    assert "there is no customer `acm` in customers/" in sessions.run("scenarios", "--repro-customer=acm").stdout.str()
    monkeypatch.setenv("REPRO_ATTEMPTS", "many")
    result = sessions.run("scenarios")
    assert "REPRO_ATTEMPTS is `many`" in result.stdout.str() + result.stderr.str()


def test_verdicts_to_fail_on(each_kind: Sessions) -> None:
    assert counts(each_kind.run("scenarios/billing", "--repro-fail-on=not_reproduced")) == {"failed": 1, "reproduced": 1}
    each_kind.write("scenarios/repro.yaml", "environment: staging\nwithin: 40ms\nfail_on: [reproduced]\n")
    assert counts(each_kind.run("scenarios/billing")) == {"failed": 1, "not reproduced": 1}


def test_reports_that_can_not_be_written_are_an_error_without_a_traceback(sessions: Sessions) -> None:
    sessions.scenario("a", "Good", "fixed")
    result = sessions.run("scenarios", "--repro-reports=conftest.py")
    assert result.parseoutcomes() == {"errors": 1}
    assert "the reports folder" in result.stdout.str() and "can't be written" in result.stdout.str()


def test_a_report_that_can_not_be_written_at_the_end_is_said_and_what_was_done_is_kept(sessions: Sessions) -> None:
    change = """page.does['click: button "Good"'] = lambda page: (page.show("visible: heading"), [
        path.with_name("results.json").mkdir() for path in Path("reports").glob("*/plan.json")])"""
    sessions.write(
        "conftest.py", HOST.replace("""page.does['click: button "Good"'] = lambda page: page.show("visible: heading")""", change)
    )
    sessions.scenario("a", "Good", "fixed")
    result = sessions.run("scenarios")
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["the report could not be written: *results.json*", "what was done is kept: repro merge *"])


def test_a_browser_that_is_missing_is_an_error_with_what_to_do(sessions: Sessions) -> None:
    raises = "raise problem('no-browser', 'there is no browser', 'repro install')"
    missing = f"class Missing(FakeHost):\n    async def __aenter__(self):\n        {raises}\n"
    text = HOST.replace("def script", f"from harness.diagnostics import problem\n{missing}\ndef script").replace(
        "host=FakeHost", "host=Missing"
    )
    sessions.write("conftest.py", text)
    sessions.scenario("a", "Good", "fixed")
    result = sessions.run("scenarios")
    assert result.parseoutcomes() == {"errors": 1}
    result.stdout.fnmatch_lines(["error[[]no-browser[]]: there is no browser", "   = repro install"])


def test_pytests_own_junit_file_tells_failures_errors_and_expected_failures_apart(each_kind: Sessions) -> None:
    each_kind.run("scenarios", "--junitxml=out.xml")
    cases = list(ET.parse(each_kind.root / "out.xml").iter("testcase"))
    assert [[child.tag for child in case if child.tag != "properties"] for case in cases] == [["skipped"], [], ["failure"], [], ["error"]]
    properties = [{each.get("name"): each.get("value") for each in case.iter("property")} for case in cases]
    assert [each["verdict"] for each in properties] == ["reproduced", "not_reproduced", "reproduced", "not_reproduced", "inconclusive"]
    assert {"ticket", "customer", "environment", "status", "report", "fingerprint"} <= set(properties[0])


def test_in_a_job_of_github_the_session_annotates_and_sums_up(each_kind: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(each_kind.root))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(each_kind.root / "step.md"))
    result = each_kind.run("scenarios", "-n2")
    told = [line for line in result.outlines if line.startswith("::")]
    assert told[0].startswith("::error file=scenarios/login/fixed-bad.yaml,line=7,title=Reproduced%3A About login/fixed-bad [acme]::")
    assert [line.split(",")[0] for line in told[1:]] == [
        "::warning file=scenarios/login/nothing.yaml",
        "::warning file=scenarios/billing/open-good.yaml",
    ]
    assert (each_kind.root / "step.md").read_text().startswith("# 5 results")


def test_sessions_without_scenarios_pay_nothing(sessions: Sessions) -> None:
    sessions.write("conftest.py", "")
    sessions.write("test_one.py", "def test_one(): pass\n")
    program = (
        "import sys, pytest; pytest.main(['-q', 'test_one.py']); print(sorted(name for name in sys.modules if name.startswith('harness')))"
    )
    result = sessions.pytester.run(sys.executable, "-c", program)
    assert "['harness', 'harness.pytest_plugin', 'harness.pytest_plugin.hooks', 'harness.pytest_plugin.plugin']" in result.stdout.str()
    assert not (sessions.root / "reports").exists()


def test_the_plugin_can_be_left_out(each_kind: Sessions) -> None:
    each_kind.write("conftest.py", "")
    assert each_kind.run("scenarios", "-p", "no:repro").ret == pytest.ExitCode.NO_TESTS_COLLECTED
