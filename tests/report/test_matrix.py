"""Several customers or environments stand side by side."""

from __future__ import annotations

from harness.report.html import render_index
from harness.report.matrix import matrix
from tests.report import sample


def test_one_run_of_each_scenario_needs_no_matrix() -> None:
    assert matrix(sample.record(sample.result("a", scenario="x"), sample.result("b", scenario="y"))) is None


def test_customers_and_environments_are_the_columns() -> None:
    record = sample.record(
        sample.result("a", scenario="x", customer="acme", environment="staging"),
        sample.result("b", scenario="x", customer="acme", environment="canary"),
        sample.result("c", scenario="y", customer="acme", environment="canary"),
        sample.result("d", scenario="y", customer="bolt", environment="canary"),
    )
    found = matrix(record)
    assert found is not None
    assert found.columns == ("acme on staging", "acme on canary", "bolt on canary")
    assert [[cell is not None for cell in row.cells] for row in found.rows] == [[True, True, False], [False, True, True]]
    page = render_index(record)
    assert "Side by side" in page and "not run" in page
