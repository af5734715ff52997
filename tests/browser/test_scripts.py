"""Conditions that are scripts, and answers that do not come."""

from __future__ import annotations

from pathlib import Path

from harness.verdict.outcome import Outcome
from tests.browser import site
from tests.browser.trying import run

STEPS = "title: A case\nsteps:\n  - goto: /late\n"


def test_a_script_that_comes_true_is_waited_for(tmp_path: Path) -> None:
    oracles = "symptom: {visible: alert}\nexpected: {evaluate: \"document.querySelector('p').textContent === 'Done'\"}\nwithin: 5s\n"
    with site.serving() as base_url:
        result = run(tmp_path, base_url, STEPS + oracles, environment="allow_evaluate: true\n")
    assert result.verdict == Outcome.NOT_REPRODUCED, result.reason


def test_an_answer_that_is_late_already_is_seen(tmp_path: Path) -> None:
    text = "title: A case\nsteps:\n  - goto: /never\n    timeout: 1s\n"
    oracles = "symptom: {response: /slow-image, slower_than: 2s}\nexpected: {visible: alert}\nwithin: 6s\n"
    with site.serving() as base_url:
        result = run(tmp_path, base_url, text + oracles)
    assert result.verdict == Outcome.REPRODUCED, result.reason
    assert "still without an answer" in result.reason
