"""The `repro` fixture: one scenario's verdict for a test in Python."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.diagnostics import Problems, problem
from harness.pytest_plugin.items import page_of, rendered
from harness.scenario.workspace import MARKER, open_workspace, select_files

if TYPE_CHECKING:
    from harness.plan.model import Planned
    from harness.pytest_plugin.session import Scenarios
    from harness.record.model import Result


class Repro:
    """Runs scenarios. Each goes into the session's report like any other."""

    def __init__(self, scenarios: Scenarios, beside: Sequence[Path]) -> None:
        self.report: Path | None = None
        self._scenarios = scenarios
        self._beside = beside

    def __call__(
        self,
        scenario: str | Path,
        *,
        customer: str | None = None,
        environment: str | None = None,
        control: str | None = None,
        attempts: int | None = None,
    ) -> Result:
        """The result of a scenario, named by its file or its id: `.verdict`, `.reason`, `.classification`, `.attempts` … as in
        `results.json`. `report` is then its page. What is wrong in the files, or one that isn't there, fails the test."""
        asked = self._scenarios.asked
        asked = dataclasses.replace(
            asked,
            customers=(customer,) if customer else asked.customers,
            environments=(environment,) if environment else asked.environments,
            control=control or asked.control,
            attempts=attempts or asked.attempts,
        )
        try:
            path = self._find(Path(scenario))
            root = next(folder for folder in path.parents if (folder / MARKER).is_file())
            ran = self._scenarios.run_besides(root, _only(self._scenarios.rows(path, asked)))
        except Problems as problems:
            pytest.fail(rendered(problems), pytrace=False)
        self.report = page_of(ran.result, ran.folder)
        return ran.result

    def _find(self, named: Path) -> Path:
        """The scenario's file: beside the test, below pytest's root folder, or by its id in a workspace there. Raises Problems."""
        for folder in self._beside:
            if (folder / named).is_file():
                return (folder / named).resolve()
        for folder in self._beside[:-1]:
            try:
                workspace = open_workspace(folder, self._scenarios.world.environ)
                return select_files(workspace, (named,))[0]
            except Problems:
                continue
        workspace = open_workspace(self._beside[-1], self._scenarios.world.environ)
        return select_files(workspace, (named,))[0]


def _only(rows: Sequence[Planned]) -> Planned:
    if len(rows) > 1:
        names = ", ".join(f"{row.case.customer.id if row.case.customer else '-'} in {row.case.environment.id}" for row in rows)
        raise problem("one-scenario", f"a verdict is asked for, and there would be several: {names}", "name the customer and environment")
    return rows[0]
