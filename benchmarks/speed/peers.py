"""The tools that are compared: what each needs, how it is started, and whether it did all that it was asked for."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed import install, write
from benchmarks.speed.scenarios import Scenario, steps_of

EVIDENCE = ("none", "trace", "full")


@dataclass(frozen=True)
class Asked:
    """One run. `work` is the folder with the tool's files, `out` an empty one for what it produces."""

    scenarios: tuple[Scenario, ...]
    evidence: str
    workers: int
    base_url: str
    browser: str
    work: Path
    out: Path

    def environ(self) -> dict[str, str]:
        """What the tools' files read."""
        return {
            **os.environ,
            "BENCH_URL": self.base_url,
            "BENCH_BROWSER": self.browser,
            "BENCH_EVIDENCE": self.evidence,
            "BENCH_OUT": str(self.out),
            "BENCH_JSON": str(self.work / "result.json"),
            "REPRO_BROWSER": self.browser,
            "REPRO_STATE": str(self.work / "state"),
            "NODE_NO_WARNINGS": "1",
        }


@dataclass(frozen=True)
class Peer:
    """`files` writes into `work`; `passed` counts the scenarios that came out as they should, from `work`, `out` and what was printed."""

    name: str
    files: Callable[[Asked], dict[str, str]]
    command: Callable[[Asked], list[str]]
    passed: Callable[[Asked, str], int]
    prepare: Callable[[Asked], None] = lambda asked: None
    evidence: tuple[str, ...] = EVIDENCE
    why: Callable[[Asked, str], str] = lambda asked, printed: _last_line(printed)
    pictures: Callable[[Asked], int] = lambda asked: sum(path.suffix in (".png", ".jpg", ".jpeg") for path in asked.out.rglob("*"))


def problem(peer: Peer, asked: Asked, printed: str) -> str | None:
    """Why this run doesn't count: not all passed, or it has not the evidence that it was to take."""
    wanted = len(asked.scenarios)
    passed = peer.passed(asked, printed)
    if passed != wanted:
        return f"{passed} of {wanted} passed ({peer.why(asked, printed)[:160]})"
    traces = sum(1 for _ in asked.out.rglob("trace*.zip"))
    if asked.evidence != "none" and traces != wanted:
        return f"{traces} traces of {wanted}"
    pictures = peer.pictures(asked)
    if asked.evidence == "full" and pictures < steps_of(asked.scenarios):
        return f"{pictures} pictures of {steps_of(asked.scenarios)}"
    if (asked.evidence == "none" and traces) or (asked.evidence != "full" and pictures):
        return f"it took more than was asked for: {traces} traces, {pictures} pictures"
    return None


def _last_line(printed: str) -> str:
    return next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "nothing was printed")


def _harness_command(asked: Asked) -> list[str]:
    switches = ["--trace", "off" if asked.evidence == "none" else "on", "--screenshots", "on" if asked.evidence == "full" else "off"]
    return [
        sys.executable,
        "-m",
        "harness",
        "run",
        str(asked.work),
        "--workers",
        str(asked.workers),
        "--reports",
        str(asked.out),
        *switches,
    ]


def _harness_results(asked: Asked) -> list[dict[str, Any]]:
    records = list(asked.out.glob("*/results.json"))
    return list(json.loads(records[0].read_text(encoding="utf-8"))["results"]) if records else []


def _harness_passed(asked: Asked, printed: str) -> int:
    return sum(result["verdict"] == "not_reproduced" for result in _harness_results(asked))


def _harness_why(asked: Asked, printed: str) -> str:
    others = (result for result in _harness_results(asked) if result["verdict"] != "not_reproduced")
    return next((f"{each['scenario']}: {each['verdict']}: {each['reason']}" for each in others), _last_line(printed))


def _harness_pictures(asked: Asked) -> int:
    """Steps that show a picture, and the moments that decided. One picture may serve several that show the same."""
    attempts = [attempt for result in _harness_results(asked) for attempt in result["attempts"]]
    steps = [step["screenshot"] for attempt in attempts for step in attempt["steps"]]
    return sum(bool(name) for name in (*steps, *(attempt["deciding_screenshot"] for attempt in attempts)))


def _link_modules(asked: Asked) -> None:
    (asked.work / "node_modules").symlink_to(install.playwright_test() / "node_modules")


def _playwright_test_command(asked: Asked) -> list[str]:
    return [install.node(), "node_modules/@playwright/test/cli.js", "test", "--workers", str(asked.workers)]


def _playwright_test_passed(asked: Asked, printed: str) -> int:
    path = asked.work / "result.json"
    return int(json.loads(path.read_text(encoding="utf-8"))["stats"]["expected"]) if path.exists() else 0


def _pytest_command(usual: bool) -> Callable[[Asked], list[str]]:
    def command(asked: Asked) -> list[str]:
        python = str(install.python_with("pytest-playwright", "pytest-xdist"))
        at_once = ["-n", str(asked.workers)] if asked.workers > 1 else []
        own = ["--tracing", "on" if usual and asked.evidence != "none" else "off", "--output", str(asked.out / "plugin")]
        return [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *at_once, *own]

    return command


def _printed_passed(asked: Asked, printed: str) -> int:
    found = re.search(r"(\d+) passed", printed)
    failed = re.search(r"(\d+) (?:failed|errors?)", printed)
    return 0 if found is None or failed else int(found[1])


def _bare_command(kind: str) -> Callable[[Asked], list[str]]:
    def command(asked: Asked) -> list[str]:
        trace = [] if asked.evidence == "none" else ["--trace"]
        pictures = ["--pictures", kind] if asked.evidence == "full" else []
        words = [sys.executable, "bare.py", asked.base_url, asked.browser, str(asked.out), "--workers", str(asked.workers)]
        return [*words, *trace, *pictures]

    return command


def _robot_command(asked: Asked) -> list[str]:
    python = str(install.python_with(*ROBOT))
    quiet = ["--outputdir", str(asked.out), "--console", "none"]
    if asked.workers == 1:
        return [python, "-m", "robot", *quiet, "todomvc.robot"]
    at_once = ["--command", python, "-m", "robot", "--end-command", "--testlevelsplit", "--chunk", "--processes", str(asked.workers)]
    return [python, "-m", "pabot.pabot", *at_once, "--outputdir", str(asked.out), "todomvc.robot"]


ROBOT = ("robotframework-browser==20.6.0", "robotframework-browser-batteries==20.6.0", "robotframework-pabot")


def _robot_pictures(asked: Asked) -> int:
    """Those that were asked for; what the library leaves of its traces lies deeper."""
    return sum(1 for _ in asked.out.glob("*.png"))


def _robot_passed(asked: Asked, printed: str) -> int:
    path = asked.out / "output.xml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(r'<stat pass="(\d+)" fail="0"[^>]*>All Tests', text)
    return int(found[1]) if found else 0


HARNESS = Peer(
    "harness",
    lambda asked: write.harness_files(asked.scenarios, asked.base_url),
    _harness_command,
    _harness_passed,
    why=_harness_why,
    pictures=_harness_pictures,
)
BARE_ALIKE = Peer(
    "bare script, same way", lambda asked: write.bare_files(asked.scenarios), _bare_command("jpeg"), _printed_passed, evidence=("full",)
)
BARE = Peer("bare script", lambda asked: write.bare_files(asked.scenarios), _bare_command("png"), _printed_passed)
PLAYWRIGHT_TEST = Peer(
    "Playwright Test",
    lambda asked: write.playwright_test_files(asked.scenarios, usual=False),
    _playwright_test_command,
    _playwright_test_passed,
    _link_modules,
)
PLAYWRIGHT_TEST_USUAL = Peer(
    "Playwright Test, trace: 'on'",
    lambda asked: write.playwright_test_files(asked.scenarios, usual=True),
    _playwright_test_command,
    _playwright_test_passed,
    _link_modules,
    ("trace", "full"),
)
PYTEST = Peer(
    "pytest-playwright", lambda asked: write.pytest_files(asked.scenarios, usual=False), _pytest_command(usual=False), _printed_passed
)
PYTEST_USUAL = Peer(
    "pytest-playwright --tracing on",
    lambda asked: write.pytest_files(asked.scenarios, usual=True),
    _pytest_command(usual=True),
    _printed_passed,
    evidence=("trace", "full"),
)
ROBOT_BROWSER = Peer(
    "Robot Framework Browser",
    lambda asked: write.robot_files(asked.scenarios),
    _robot_command,
    _robot_passed,
    pictures=_robot_pictures,
)
PEERS: dict[str, Peer] = {
    "harness": HARNESS,
    "bare-alike": BARE_ALIKE,
    "bare": BARE,
    "playwright-test": PLAYWRIGHT_TEST,
    "playwright-test-usual": PLAYWRIGHT_TEST_USUAL,
    "pytest-playwright": PYTEST,
    "pytest-playwright-usual": PYTEST_USUAL,
    "robot": ROBOT_BROWSER,
}


def named(names: Sequence[str]) -> list[Peer]:
    """The peers of these names. Raises KeyError."""
    return [PEERS[name] for name in names]
