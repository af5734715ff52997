"""Sessions of pytest over a workspace of their own, with a scripted browser: a button says what its page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

import harness.pytest_plugin.gather
import harness.pytest_plugin.verdicts
import harness.run.case  # noqa: F401  what a session in this process loads is unloaded after it, and PyYAML can't be loaded twice
from harness.record.model import Record
from harness.record.store import read_record

HOST = """
import os
from pathlib import Path
import pytest
from harness.workflow import World
from tests.run.fake import FakeHost

def script(page):
    page.does['click: button "Bad"'] = lambda page: page.show("visible: alert")
    page.does['click: button "Good"'] = lambda page: page.show("visible: heading")

def pytest_repro_world(config):
    environ = {**os.environ, "REPRO_STATE": str(config.rootpath / "state")}
    return World(environ=environ, host=FakeHost(script))
"""
PARTS = 'status: {status}\nsteps: [click: button "{button}"]\nsymptom: {{visible: alert}}\nexpected: {{visible: heading}}\n'


def counts(result: pytest.RunResult) -> dict[str, int]:
    """The last line of a session: how many of each kind. With workers the kinds come in any order."""
    last = re.sub(r" in [^,]*$", "", result.outlines[-1].strip("= "))
    return {kind: int(number) for number, _, kind in (part.partition(" ") for part in last.split(", "))}


@dataclass
class Sessions:
    """Writes scenarios and runs pytest over them."""

    pytester: pytest.Pytester

    @property
    def root(self) -> Path:
        return self.pytester.path

    def scenario(self, name: str, button: str, status: str = "open", more: str = "customer: acme\n") -> None:
        """A scenario; `Bad` shows the symptom, `Good` what is expected, any other button nothing."""
        head = f"title: About {name}\nticket: SUP-{len(name)}\n{more}"
        self.write(f"scenarios/{name}.yaml", head + PARTS.format(status=status, button=button))

    def write(self, path: str, text: str) -> None:
        """Any file."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")

    def run(self, *words: str) -> pytest.RunResult:
        """`pytest …` in this process."""
        result = self.pytester.runpytest_inprocess("-p", "no:cacheprovider", *words)
        assert "Traceback" not in result.stdout.str() + result.stderr.str()
        assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
        return result

    def records(self) -> list[Record]:
        """Of the runs, the earliest first."""
        return [read_record(path.parent) for path in sorted(self.root.glob("reports/*/results.json"))]

    def verdicts(self) -> dict[str, str]:
        """Of the only run: key -> verdict."""
        (record,) = self.records()
        return {result.key: str(result.verdict) for result in record.results}


@pytest.fixture
def sessions(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """A workspace with a customer and no scenarios yet."""
    for name in ("GITHUB_ACTIONS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    made = Sessions(pytester)
    made.write("conftest.py", HOST)
    made.write("scenarios/repro.yaml", "environment: staging\nwithin: 40ms\nstep_timeout: 40ms\n")
    made.write("scenarios/environments/staging.yaml", "base_url: https://staging.example.com\n")
    made.write("scenarios/customers/acme.yaml", "name: no tenant\n")
    made.write("scenarios/customers/birch.yaml", "name: no tenant either\n")
    return made


@pytest.fixture
def each_kind(sessions: Sessions) -> Sessions:
    """A scenario for each kind of outcome."""
    sessions.scenario("billing/open-bad", "Bad", more="area: billing\ntags: [slow]\ncustomer: acme\n")
    sessions.scenario("billing/open-good", "Good", more="area: billing\ncustomer: acme\n")
    sessions.scenario("login/fixed-bad", "Bad", "fixed", more="area: login\ncustomer: acme\n")
    sessions.scenario("login/fixed-good", "Good", "fixed", more="area: login\n")
    sessions.scenario("login/nothing", "Nothing", more="area: login\ncustomer: acme\n")
    return sessions
