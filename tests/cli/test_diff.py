"""`repro diff`: what became of each result between two runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.record.model import Outcome, Result
from harness.record.store import write_record
from harness.verdict.changes import Became, became
from tests.report import sample

from .conftest import Repro

R, N, U = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (N, R, "came back"),
        (R, N, "fixed"),
        (R, R, "still reproduces"),
        (N, N, "unchanged"),
        (R, U, "no longer decidable"),
        (N, U, "no longer decidable"),
        (U, U, "still undecided"),
        (U, R, "now decided"),
        (U, N, "now decided"),
        (None, R, "new"),
        (None, U, "new"),
        (N, None, "gone"),
    ],
)
def test_each_step_has_its_word(before: Outcome | None, after: Outcome | None, word: str) -> None:
    assert became(before, after) is Became(word)


def row(name: str, verdict: Outcome, environment: str = "staging") -> Result:
    return sample.result(name, verdict, scenario=f"billing/{name}", environment=environment, reason=f"{name} was looked at")


@pytest.fixture
def runs(workspace: Path) -> Path:
    """Two runs of which each result has taken another step."""
    reports = workspace / "reports"
    old = [row("a", N), row("b", R), row("c", R), row("d", R), row("e", N), row("f", N), row("i", U)]
    new = [row("a", R), row("b", N), row("c", R), row("d", U), row("e", N), row("g", R), row("i", R)]
    write_record(sample.record(*old), reports / "20260101-000000-aaaa")
    write_record(sample.record(*new), reports / "20260102-000000-bbbb")
    return reports


def test_the_most_urgent_comes_first_and_what_is_as_before_is_counted(repro: Repro, runs: Path) -> None:
    said = repro("diff", "20260101", "20260102", "--reports", str(runs))
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert [row[:2] for row in rows[:-1]] == [
        ["came back", "billing/a [acme-eu, staging]"],
        ["no longer decidable", "billing/d [acme-eu, staging]"],
        ["new", "billing/g [acme-eu, staging]"],
        ["fixed", "billing/b [acme-eu, staging]"],
        ["now decided", "billing/i [acme-eu, staging]"],
        ["gone", "billing/f [acme-eu, staging]"],
        ["still reproduces", "billing/c [acme-eu, staging]"],
    ]
    assert rows[0][2] == "a was looked at" and rows[-1][0].startswith("1 came back, 1 no longer decidable") and "1 unchanged" in rows[-1][0]
    assert said.code == 1


def test_json_has_every_result_with_both_verdicts(repro: Repro, runs: Path) -> None:
    said = repro("diff", "20260101", "--reports", str(runs), "--json")
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert len(lines) == 8 and said.code == 1
    assert lines[0] == {
        "became": "came back",
        "scenario": "billing/a",
        "customer": "acme-eu",
        "environment": "staging",
        "before": "not_reproduced",
        "after": "reproduced",
        "reason_before": "a was looked at",
        "reason_after": "a was looked at",
    }
    gone = next(line for line in lines if line["became"] == "gone")
    assert gone["after"] is None and gone["reason_after"] is None


@pytest.mark.parametrize(
    ("old", "new", "code"), [([N], [N], 0), ([R], [N], 0), ([N], [U], 3), ([U], [U], 3), ([N, N], [U, R], 1), ([], [], 0)]
)
def test_the_exit_code_is_that_of_the_worst(repro: Repro, workspace: Path, old: list[Outcome], new: list[Outcome], code: int) -> None:
    for run, verdicts in (("20260101-000000-aaaa", old), ("20260102-000000-bbbb", new)):
        results = [row(f"n{number}", verdict) for number, verdict in enumerate(verdicts)]
        write_record(sample.record(*results), workspace / "reports" / run)
    said = repro("diff", "20260101-000000-aaaa", "20260102-000000-bbbb")
    assert said.code == code and (old or said.out == "neither run has a result\n")


def test_one_environment_against_another(repro: Repro, workspace: Path) -> None:
    write_record(sample.record(row("a", R, "production")), workspace / "reports/20260101-000000-aaaa")
    write_record(sample.record(row("a", N, "staging")), workspace / "reports/20260102-000000-bbbb")
    said = repro("diff", "20260101-000000-aaaa", "20260102-000000-bbbb")
    assert said.out.startswith("fixed\tbilling/a [acme-eu]\t")
    assert "different environments, production and staging" in said.err


@pytest.mark.parametrize("words", [("nope",), ("20260101", "nope"), ("2026",)])
def test_a_run_that_is_not_there_is_said(repro: Repro, runs: Path, words: tuple[str, ...]) -> None:
    said = repro("diff", *words, "--reports", str(runs))
    assert said.code == 2 and "error[no-such-run]" in said.err and said.out == ""
