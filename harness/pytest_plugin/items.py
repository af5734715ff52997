"""A scenario's file as a pytest collector, and each of its customers as an item: `scenarios/billing/x.yaml::acme-eu`.

The browser's work is an item's setup and the verdict its call, because pytest calls what fails in a setup an error: that is what
inconclusive is. An open ticket that still reproduces is an expected failure.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.diagnostics import Problems, Severity
from harness.plan.model import Planned
from harness.plan.select import words_of

if TYPE_CHECKING:
    from harness.pytest_plugin.session import Ran, Scenarios
    from harness.record.model import Result

PYTESTS_OWN = frozenset(("skip", "skipif", "xfail", "usefixtures", "parametrize", "filterwarnings"))  # as markers they would do something


class ScenarioFile(pytest.File):
    """One scenario's file."""

    def __init__(self, *, scenarios: Scenarios, root: Path, **given: Any) -> None:
        super().__init__(**given)
        self.scenarios = scenarios
        self.root = root

    def collect(self) -> Iterator[pytest.Item]:
        """An item a customer and environment; what is wrong in the file is told as `repro validate` tells it."""
        try:
            rows = self.scenarios.rows(self.path)
        except Problems as problems:
            raise self.CollectError(rendered(problems)) from None
        for name, row in zip(names_of(rows), rows, strict=True):
            yield ScenarioItem.from_parent(self, name=name, row=row, scenarios=self.scenarios, root=self.root)


def names_of(rows: Sequence[Planned]) -> list[str]:
    """The customers' names, with the environment's where a customer has several."""
    names = [row.case.customer.id if row.case.customer else "no-customer" for row in rows]
    often = Counter(names)
    return [name if often[name] == 1 else f"{name}@{row.case.environment.id}" for name, row in zip(names, rows, strict=True)]


def rendered(problems: Problems) -> str:
    """What has to be mended, as text."""
    return "\n\n".join(each.render() for each in problems.diagnostics if each.severity is Severity.ERROR)


class ScenarioItem(pytest.Item):
    """A scenario with one customer in one environment."""

    def __init__(self, *, row: Planned, scenarios: Scenarios, root: Path, **given: Any) -> None:
        super().__init__(**given)
        self.row = row
        self.root = root
        self.ran: Ran | None = None
        self._scenarios = scenarios
        scenario = row.case.scenario
        words = words_of(scenario)
        self.extra_keyword_matches |= {word for word in (*words, scenario.ticket) if word}
        for word in sorted(words):
            self._mark(word)

    def _mark(self, word: str) -> None:
        """Area, tags and status are markers for `-m`, known to pytest, so that `--strict-markers` has nothing to say."""
        name = re.sub(r"[^\w.+/-]+", "-", word).strip("_-")
        if not name or name in PYTESTS_OWN:
            return
        if name not in self._scenarios.markers:
            self._scenarios.markers.add(name)
            self.config.addinivalue_line("markers", f"{name}: area, tag or status of scenarios")
        self.add_marker(name)

    def setup(self) -> None:
        """Runs the scenario in a browser. Inconclusive is an error here, not a failure later."""
        try:
            self.ran = self._scenarios.run(self.root, self.row)
        except Problems as problems:
            pytest.fail(rendered(problems), pytrace=False)
        result = self.ran.result
        self.user_properties += [(name, value) for name, value in _properties(self.ran).items() if value]
        if result.verdict == "inconclusive":
            pytest.fail(account(self.ran), pytrace=False)

    def runtest(self) -> None:
        """Says what the verdict means for the ticket's status."""
        assert self.ran is not None
        result = self.ran.result
        if str(result.verdict) in self.ran.fail_on or (result.status == "fixed" and result.verdict == "reproduced"):
            pytest.fail(account(self.ran), pytrace=False)
        if result.verdict == "reproduced":
            pytest.xfail(result.reason)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """Where the scenario is, and what it is about."""
        return self.path, 0, f"{self.nodeid}: {self.row.case.scenario.title}"


def _properties(ran: Ran) -> dict[str, str | None]:
    result = ran.result
    return {
        "ticket": result.ticket,
        "customer": result.customer,
        "environment": result.environment,
        "status": result.status,
        "verdict": str(result.verdict),
        "classification": str(result.classification) if result.classification else None,
        "fingerprint": result.configuration.fingerprint if result.configuration else None,
        "report": str(page_of(result, ran.folder)),
    }


def account(ran: Ran) -> str:
    """The verdict's sentence, what it means for the ticket, how to run it again, and where its page is."""
    from harness.report import words
    from harness.report.text import printable

    result = ran.result
    rows = [result.reason, words.by_status(result), f"report: {page_of(result, ran.folder)}", f"again:  {result.rerun}"]
    return printable("\n".join(row for row in rows if row))


def page_of(result: Result, folder: Path) -> Path:
    """The result's page in the run's report."""
    from harness.report.links import result_folder

    return folder / result_folder(result.key) / "index.html"
