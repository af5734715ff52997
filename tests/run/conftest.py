"""A workspace in a temporary folder, and the whole pipeline over it with a fake browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from harness import workflow
from harness.record.model import AttemptRecord, Result
from harness.run.events import RunEvent
from tests.run.fake import Does, FakeHost, Staging

SECRETS = {"REPRO_SECRET_PASSWORD": "correct horse battery", "REPRO_SECRET_TOTP": "JBSWY3DPEHPK3PXP", "REPRO_SECRET_ADMIN": "admin-token-1"}
ENVIRONMENT = "base_url: https://staging.example.com\n"
CUSTOMER = """
tenant: acme
account: {email: jane@acme.example, password: "${secrets.PASSWORD}", totp: "${secrets.TOTP}"}
accounts: {viewer: {email: vic@acme.example, password: "${secrets.PASSWORD}"}}
secrets: [PASSWORD, TOTP]
"""


@dataclass
class Bench:
    """A workspace to run scenarios in."""

    root: Path
    host: FakeHost | None = None

    def write(self, path: str, text: str) -> None:
        """A file of the workspace."""
        target = self.root / "ws" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")

    def world(self, host: FakeHost, **environ: str) -> workflow.World:
        """What the run takes from outside."""
        return workflow.World(environ={**SECRETS, "REPRO_STATE": str(self.root / "state"), **environ}, host=host)

    def run(
        self,
        script: Does = lambda page: None,
        staging: Staging | None = None,
        emit: Callable[[RunEvent], None] = lambda event: None,
        **options: object,
    ) -> workflow.Finished:
        """Runs the workspace's scenarios; `host` is the fake browser afterwards."""
        self.host = FakeHost(script, staging)
        asked = workflow.Options(paths=(self.root / "ws",), reports=self.root / "reports", **options)  # type: ignore[arg-type]
        return workflow.run(asked, self.world(self.host), emit, lambda plan, folder: None)

    def result(self, script: Does = lambda page: None, staging: Staging | None = None, **options: object) -> Result:
        """The only row of a run."""
        (result,) = self.run(script, staging, **options).record.results
        return result

    def attempt(self, script: Does = lambda page: None, staging: Staging | None = None) -> AttemptRecord:
        """The only attempt of a run."""
        (attempt,) = self.result(script, staging).attempts
        return attempt

    def done(self) -> list[str]:
        """The steps that the last page saw."""
        assert self.host is not None
        return self.host.pages[-1].done


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A workspace with an environment and a customer; scenarios are up to the test."""
    found = Bench(tmp_path)
    found.write("repro.yaml", "environment: staging\ncustomer: acme\nwithin: 60ms\nstep_timeout: 60ms\n")
    found.write("environments/staging.yaml", ENVIRONMENT)
    found.write("customers/acme.yaml", CUSTOMER)
    return found
