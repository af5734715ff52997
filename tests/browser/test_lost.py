"""A browser that is killed is replaced and the attempt is made anew, once; an interrupt keeps what is done; nothing is left behind."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from playwright.async_api import Playwright

from harness import workflow
from harness.browser import driver
from harness.core.exits import Exit
from harness.record.model import Result
from harness.run.events import RunEvent, StepDone
from harness.verdict.outcome import Outcome
from tests.browser import site
from tests.browser.trying import workspace

SCENARIO = """
title: Waits a little
steps:
  - goto: /late
    name: opened
  - wait_for: {text: status, is: Done}
  - goto: /
symptom: {visible: alert}
expected: {text: status, is: Ready}
within: 3s
"""


def children() -> dict[int, str]:
    """Process id -> command of every browser below this process."""
    return below(os.getpid())


def drivers() -> dict[int, str]:
    """Process id -> command of every driver below this process."""
    return {pid: command for pid, command in _descendants(os.getpid()).items() if "run-driver" in command}


def below(top: int) -> dict[int, str]:
    """Process id -> command of every browser below a process."""
    return {pid: command for pid, command in _descendants(top).items() if "--remote-debugging" in command and "--type=" not in command}


def _descendants(top: int) -> dict[int, str]:
    parents, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue

    def is_ours(pid: int) -> bool:
        while pid in parents and pid != 1:
            pid = parents[pid]
            if pid == top:
                return True
        return False

    return {pid: command for pid, command in commands.items() if is_ours(pid)}


def run_and_kill(folder: Path, times: int, victims: Callable[[], Iterable[int]] = children) -> Result:
    """The result when the browser is killed, or who else is named, after the first step of the first so many tries."""
    kills: list[int] = []

    def emit(event: RunEvent) -> None:
        if isinstance(event, StepDone) and event.step.name == "opened" and len(kills) < times:
            kills.append(event.attempt)
            for pid in victims():
                os.kill(pid, signal.SIGKILL)

    with site.serving() as base_url:
        world = workflow.World(environ={"PATH": "/usr/bin:/bin:/usr/local/bin", "REPRO_STATE": str(folder / "state")})
        asked = workflow.Options(paths=(workspace(folder, base_url, SCENARIO),), reports=folder / "reports", workers=1)
        result = workflow.run(asked, world, emit, lambda plan, where: None).record.results[0]
    assert len(kills) == times
    assert children() == {}
    assert drivers() == {}
    return result


def test_a_killed_browser_is_replaced_and_the_attempt_made_anew(tmp_path: Path) -> None:
    result = run_and_kill(tmp_path, times=1)
    assert result.verdict == Outcome.NOT_REPRODUCED, result.reason
    assert "crashed or was closed" in (result.attempts[0].repeated_after or "")


def test_a_browser_that_is_killed_twice_is_inconclusive(tmp_path: Path) -> None:
    result = run_and_kill(tmp_path, times=2)
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "lost twice" in result.reason


def test_a_killed_driver_is_replaced_and_the_attempt_made_anew(tmp_path: Path) -> None:
    result = run_and_kill(tmp_path, times=1, victims=drivers)
    assert result.verdict == Outcome.NOT_REPRODUCED, result.reason
    assert "crashed or was closed" in (result.attempts[0].repeated_after or "")


def test_cases_that_begin_together_share_one_driver_and_one_browser(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def emit(event: RunEvent) -> None:
        if isinstance(event, StepDone):
            browsers = {
                command.partition(" --")[2] for command in children().values()
            }  # a shell script that starts one has the same switches
            seen.append((len(drivers()), len(browsers)))

    with site.serving() as base_url:
        folder = workspace(tmp_path, base_url, SCENARIO)
        for number in range(3):
            (folder / f"more-{number}.yaml").write_text(SCENARIO)
        world = workflow.World(environ={"PATH": "/usr/bin:/bin:/usr/local/bin", "REPRO_STATE": str(tmp_path / "state")})
        asked = workflow.Options(paths=(folder,), reports=tmp_path / "reports", workers=4)
        results = workflow.run(asked, world, emit, lambda plan, where: None).record.results
    assert [result.verdict for result in results] == [Outcome.NOT_REPRODUCED] * 4
    assert set(seen) == {(1, 1)}


def test_a_driver_that_does_not_start_is_said_of_every_row(tmp_path: Path) -> None:
    with site.serving() as base_url:
        folder = workspace(tmp_path, base_url, SCENARIO)
        (folder / "more.yaml").write_text(SCENARIO)
        words = [sys.executable, "-m", "harness", "run", str(folder), "--reports", str(tmp_path / "reports")]
        environ = {**os.environ, "PLAYWRIGHT_NODEJS_PATH": str(tmp_path / "no-node"), "REPRO_STATE": str(tmp_path / "state")}
        ended = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == Exit.INCONCLUSIVE
    assert ended.stdout.count("Playwright's driver does not start: Cannot launch Node.js executable at") == 2
    assert "Traceback" not in ended.stderr and "defect" not in ended.stderr


def test_a_driver_that_did_not_start_once_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = driver._start, itertools.count()

    async def start(environ: Mapping[str, str]) -> Playwright:
        if next(tries) == 0:
            raise OSError("no process can be started now")
        return await real(environ)

    monkeypatch.setattr(driver, "_start", start)
    with site.serving() as base_url:
        folder = workspace(tmp_path, base_url, SCENARIO)
        (folder / "more.yaml").write_text(SCENARIO)
        world = workflow.World(environ={"PATH": "/usr/bin:/bin:/usr/local/bin", "REPRO_STATE": str(tmp_path / "state")})
        asked = workflow.Options(paths=(folder,), reports=tmp_path / "reports", workers=1)
        results = workflow.run(asked, world, lambda event: None, lambda plan, where: None).record.results
    assert [result.verdict for result in results] == [Outcome.NOT_REPRODUCED] * 2, [each.reason for each in results]


def test_no_browser_at_all_is_said_with_what_to_do(tmp_path: Path) -> None:
    with site.serving() as base_url:
        environ = {"PATH": "/usr/bin:/bin", "REPRO_STATE": str(tmp_path / "state"), "REPRO_BROWSER": "/nowhere/chrome"}
        asked = workflow.Options(paths=(workspace(tmp_path, base_url, SCENARIO),), reports=tmp_path / "reports")
        result = workflow.run(asked, workflow.World(environ=environ), lambda event: None, lambda plan, where: None).record.results[0]
    assert result.verdict == Outcome.INCONCLUSIVE
    assert "REPRO_BROWSER names `/nowhere/chrome`" in result.reason
