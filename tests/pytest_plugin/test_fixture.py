"""The `repro` fixture: Python tests that want one scenario's verdict."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.conftest import Sessions, counts


@pytest.mark.parametrize("words", [(), ("-n2",)], ids=["one process", "two workers"])
def test_a_test_asks_for_verdicts_and_they_stand_in_the_one_report(each_kind: Sessions, words: tuple[str, ...]) -> None:
    each_kind.write(
        "tests/test_tickets.py",
        """
        import pytest

        def test_by_id(repro):
            result = repro("billing/open-bad")
            assert result.verdict == "reproduced"
            assert result.reason.startswith("The symptom was seen")
            assert result.customer == "acme"

        @pytest.mark.parametrize("customer", ["acme", "birch"])
        def test_by_file(repro, customer):
            assert repro("scenarios/login/fixed-good.yaml", customer=customer, attempts=2).rate.attempts == 2

        def test_elsewhere(repro, tmp_path, monkeypatch):
            monkeypatch.chdir(tmp_path)
            assert repro("login/nothing").verdict == "inconclusive"
            assert repro.report.parts[-4] == "reports"
        """,
    )
    result = each_kind.run("tests", "scenarios/billing", *words)
    assert counts(result) == {"passed": 4, "reproduced": 1, "not reproduced": 1}
    assert each_kind.verdicts() == {
        "billing-open-bad-acme-staging": "reproduced",
        "billing-open-good-acme-staging": "not_reproduced",
        "billing-open-bad-acme-staging-2": "reproduced",
        "login-fixed-good-acme-staging": "not_reproduced",
        "login-fixed-good-birch-staging": "not_reproduced",
        "login-nothing-acme-staging": "inconclusive",
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('repro("billing/open-bat")', "did you mean `billing/open-bad`?"),
        ('repro("billing/open-bad", customer="acm")', "there is no customer `acm`"),
        ('repro("billing/open-bad", environment="live")', "there is no environment `live`"),
    ],
)
def test_what_is_wrong_fails_the_test_without_a_traceback(each_kind: Sessions, call: str, message: str) -> None:
    each_kind.write("test_it.py", f"def test_it(repro):\n    {call}\n")
    result = each_kind.run("test_it.py")
    result.assert_outcomes(failed=1)
    assert message in result.stdout.str()
    assert "repro explain" in result.stdout.str()


def test_one_verdict_is_asked_for_and_not_several(each_kind: Sessions) -> None:
    each_kind.write("test_it.py", 'def test_it(repro):\n    repro("billing/open-bad")\n')
    result = each_kind.run("test_it.py", "--repro-customer=acme", "--repro-customer=birch")
    assert "there would be several: acme in staging, birch in staging" in result.stdout.str()


def test_secrets_are_not_in_the_report_wherever_they_stand(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPRO_SECRET_PASSWORD", "correct-horse-battery")
    sessions.write("scenarios/customers/acme.yaml", "account: {password: '${secrets.PASSWORD}'}\nsecrets: [PASSWORD]\n")
    sessions.scenario("a", "Bad", "fixed", more="customer: acme\nreport: I typed correct-horse-battery and it failed\n")
    sessions.write("test_it.py", 'def test_it(repro):\n    assert "correct" not in repro("a").model_dump_json()\n')
    result = sessions.run("scenarios", "test_it.py")
    assert counts(result) == {"failed": 1, "passed": 1}
    files = [path for path in sessions.root.glob("reports/**/*") if path.is_file()]
    assert files and [path for path in files if b"correct-horse" in path.read_bytes()] == []
    assert "correct-horse" not in result.stdout.str()
