"""Cases to export, and the tools that run what was exported: pytest, Python, and Playwright Test from npm."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from benchmarks.speed.install import cache_folder, driver_version, python_with
from harness import workflow
from harness.browser.find import find_browser
from harness.demo import SECRETS
from harness.demo.server import serving
from harness.plan.model import Case

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
COMPILER = ("--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom,dom.iterable", "--module", "nodenext", "--skipLibCheck")
TYPES = ("--moduleResolution", "nodenext", "--types", "node")
INSTALLED = """\
import os
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": os.environ["PLAYWRIGHT_CHROMIUM_EXECUTABLE"]}
"""
Cases = Callable[[Path], dict[str, Case]]


def cases_of(path: Path) -> dict[str, Case]:
    """The cases of a workspace or a file of one, by their scenarios' ids."""
    asked = workflow.Options(paths=(path,))
    return {row.case.scenario.id: row.case for row in workflow.plan(workflow.check(asked, {}), asked).rows}


@pytest.fixture(scope="session")
def browser() -> str:
    """The browser that every script is told to use."""
    with sync_playwright() as playwright:
        found = find_browser("chromium", None, False, playwright.chromium.executable_path, dict(os.environ))
    assert found.path is not None
    return found.path


@dataclass(frozen=True)
class Stagings:
    """Two demo stagings, one with its defects and one without."""

    buggy: str
    fixed: str


@pytest.fixture(scope="session")
def stagings() -> Iterator[Stagings]:
    with serving() as buggy, serving(fixed=True) as fixed:
        yield Stagings(buggy.base_url, fixed.base_url)


@dataclass(frozen=True)
class Runner:
    """Runs exported files as an engineer would, with the demo's secrets and the browser named, in an environment without the harness."""

    browser: str
    interpreter: Path

    def __call__(self, words: list[str], folder: Path, base_url: str, **more: str) -> subprocess.CompletedProcess[str]:
        secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environ = {**kept, **secrets, "BASE_URL": base_url, "PLAYWRIGHT_CHROMIUM_EXECUTABLE": self.browser, **more}
        return subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True, timeout=240, check=False)

    def python(self, folder: Path, name: str, base_url: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self([str(self.interpreter), name], folder, base_url, **more)

    def pytest(self, folder: Path, base_url: str, *names: str) -> dict[str, str]:
        """How each test ended: passed or failed, by the name of its file; worse wins."""
        (folder / "conftest.py").write_text(INSTALLED)
        words = [str(self.interpreter), "-m", "pytest", "-q", "-rA", "--tb=short", "-p", "no:cacheprovider", *names]
        done = self(words, folder, base_url)
        ended = [line.split(" ")[:2] for line in done.stdout.splitlines() if line.startswith(("PASSED ", "FAILED ", "ERROR "))]
        found: dict[str, str] = {}
        for how, test in ended:
            name = test.split("::")[0]
            found[name] = how.lower() if found.get(name) in (None, "passed") else found[name]
        assert found, done.stdout + done.stderr
        return found


@pytest.fixture(scope="session")
def runner(browser: str) -> Runner:
    return Runner(browser, python_with("pytest-playwright"))


@dataclass(frozen=True)
class Node:
    """A folder in which Playwright Test and the TypeScript compiler are installed."""

    folder: Path
    run: Runner

    def complaints(self, *names: str) -> str:
        """What the type checker says."""
        done = self.run(["npx", "--no-install", "tsc", *COMPILER, *TYPES, *names], self.folder, "")
        return done.stdout

    def test(self, base_url: str, *names: str) -> dict[str, str]:
        """How each test ended, by the name of its file; worse wins."""
        words = ["npx", "--no-install", "playwright", "test", "--workers=1", "--reporter=json", *names]
        done = self.run(words, self.folder, base_url)
        report = json.loads(done.stdout)
        assert report["suites"], done.stdout + done.stderr
        return {suite["file"]: "passed" if all(spec["ok"] for spec in suite["specs"]) else "failed" for suite in report["suites"]}


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory, runner: Runner) -> Node:
    """The packages are fetched once into the benchmarks' cache."""
    packages = cache_folder() / f"exported-{driver_version()}"
    if not (packages / ".ready").exists():
        packages.mkdir(parents=True, exist_ok=True)
        (packages / "package.json").write_text('{"name": "exported", "private": true}')
        wanted = [f"@playwright/test@{driver_version()}", "typescript", "@types/node"]
        done = runner(["npm", "install", "--no-audit", "--no-fund", *wanted], packages, "", PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD="1")
        assert done.returncode == 0, done.stdout + done.stderr
        (packages / ".ready").touch()
    folder = tmp_path_factory.mktemp("node")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    (folder / "package.json").write_text('{"name": "exported", "private": true}')
    return Node(folder, runner)
