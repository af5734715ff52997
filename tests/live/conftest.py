"""A live session over a fake browser, over the demo staging, and over a small site; and `repro` in a process of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TypeVar

import pytest

from harness import workflow
from harness.demo import SECRETS
from harness.demo.server import serving
from harness.evidence.events import EventLog
from harness.live.session import LiveSession, Options, open_live
from harness.run.ports import BrowserLost, SessionSpec, StepFailed
from harness.scenario.locators import Locator
from harness.scenario.workspace import Workspace, open_workspace
from tests.run.conftest import CUSTOMER
from tests.run.conftest import SECRETS as FAKE_SECRETS
from tests.run.fake import Does, FakeHost, FakeSession, Page, Staging

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
T = TypeVar("T")
Work = Callable[[LiveSession], Awaitable[T]]


class ReadableSession(FakeSession):
    """A fake page that can be read: `lines` of the page are its snapshot."""

    async def aria(self, locator: Locator | None = None) -> str:
        lines: list[str] = getattr(self.page, "lines", ['- heading "Home"'])
        if locator is None:
            return "\n".join(lines)
        found = [line for line in lines if str(locator) in line]
        if not found:
            raise StepFailed(f"there is no {locator}", ['heading "Home"'])
        return "\n".join(found)

    async def matches(self, locator: Locator) -> tuple[str, ...]:
        return tuple(line.removeprefix("- ") for line in getattr(self.page, "lines", ()) if str(locator) in line)

    async def names_near(self, locator: Locator) -> tuple[str, ...]:
        return ('heading "Home"',)

    async def title(self) -> str:
        return "A \x1b[31mfake\x1b[0m page"

    async def settle(self, timeout_ms: int) -> None:
        return None

    async def as_account(self, account: str) -> ReadableSession:
        return ReadableSession(self.page, account)


class ReadableHost(FakeHost):
    """Opens pages that can be read; `lose_next` loses the browser at the next step."""

    async def open(self, spec: SessionSpec, log: EventLog) -> ReadableSession:
        page = (await super().open(spec, log)).page
        return ReadableSession(page)


def lose(page: Page) -> None:
    """What a step does when the browser is killed."""
    raise BrowserLost("the browser crashed or was closed")


@dataclass
class Fake:
    """A workspace and a fake browser."""

    root: Path
    script: Does
    staging: Staging
    host: ReadableHost | None = None

    def write(self, path: str, text: str) -> None:
        """A file of the workspace."""
        target = self.root / "ws" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")

    def workspace(self) -> Workspace:
        return open_workspace(self.root / "ws", {**FAKE_SECRETS, "REPRO_STATE": str(self.root / "state")})

    def live(self, work: Work[T], after: tuple[str, ...] = (), environment: str | None = None, **options: object) -> T:
        """What the work gives, done with an open session."""
        workspace = self.workspace()
        self.host = ReadableHost(self.script, self.staging)
        world = workflow.World(environ=workspace.environ, host=self.host)

        async def session() -> T:
            async with open_live(workspace, environment, None, after, Options(world=world, **options)) as live:  # type: ignore[arg-type]
                return await work(live)

        return asyncio.run(session())

    def done(self) -> list[str]:
        """The steps that the last page saw."""
        assert self.host is not None
        return self.host.pages[-1].done


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    found = Fake(tmp_path, lambda page: None, Staging())
    found.write("repro.yaml", "environment: staging\ncustomer: acme\nwithin: 60ms\nstep_timeout: 60ms\n")
    found.write("environments/staging.yaml", "base_url: https://staging.example.com\n")
    found.write("customers/acme.yaml", CUSTOMER)
    found.write("flows/login.yaml", 'steps:\n  - goto: /login\n  - fill: {textbox "Password": "${customer.account.password}"}\n')
    return found


@pytest.fixture(scope="session")
def demo() -> Iterator[Mapping[str, str]]:
    """The environment variables with which the demo's scenarios reach a demo staging of this process."""
    with serving() as staging:
        secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
        yield {**secrets, "REPRO_VAR_DEMO_BASE_URL": staging.base_url}


@pytest.fixture
def scenarios(tmp_path: Path) -> Path:
    """A copy of the demo's workspace, which a test may write into."""
    root = tmp_path / "scenarios"
    shutil.copytree(SCENARIOS, root, ignore=shutil.ignore_patterns(".env"))
    return root


@dataclass
class Repro:
    """`repro` as a process in a folder."""

    folder: Path
    environ: Mapping[str, str]

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "harness", *words]

    def variables(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(SCENARIOS.parent), os.environ.get("PYTHONPATH")]))
        return {**os.environ, **self.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}

    def __call__(self, *words: str, typed: str | bytes = "") -> subprocess.CompletedProcess[str]:
        """Runs it to its end with `typed` on its standard input."""
        given = typed.encode() if isinstance(typed, str) else typed
        ended = subprocess.run(self.command(*words), cwd=self.folder, env=self.variables(), input=given, capture_output=True, timeout=240)
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert "Traceback" not in out + err, err
        return subprocess.CompletedProcess(ended.args, ended.returncode, out, err)


@pytest.fixture
def repro(demo: Mapping[str, str], scenarios: Path, tmp_path: Path) -> Repro:
    """`repro` in the copy of the demo's workspace, against the demo staging."""
    return Repro(scenarios, {**demo, "REPRO_STATE": str(tmp_path / "state")})
