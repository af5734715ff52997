"""The scenarios as each tool's own files. What is written is what a user of that tool would write by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.speed.scenarios import Act, At, Scenario, See, Step

Q = json.dumps


def harness_files(scenarios: Sequence[Scenario], base_url: str) -> dict[str, str]:
    """A workspace. JSON is YAML, and quotes every text as it has to be."""
    files = {"repro.yaml": "environment: local\n", "environments/local.yaml": f"base_url: {base_url}\n"}
    return files | {f"{scenario.name}.yaml": _yaml(scenario) for scenario in scenarios}


def _yaml(scenario: Scenario) -> str:
    lines = [f"title: {scenario.title}", "steps:"]
    lines += [f"  - {_yaml_step(step)}" for step in scenario.steps]
    return "\n".join([*lines, f"symptom: {_condition(scenario.symptom)}", f"expected: {_condition(scenario.expected)}", ""])


def _yaml_step(step: Step) -> str:
    match step:
        case See():
            return f"wait_for: {_condition(step)}"
        case Act(verb="goto"):
            return f"goto: {step.text}"
        case Act(verb="fill" | "press"):
            return f"{step.verb}: {{locator: {_at(step.at)}, value: {Q(step.text)}}}"
        case Act(at=None):
            return step.verb
        case _:
            return f"{step.verb}: {_at(step.at)}"


def _at(at: At | None) -> str:
    assert at is not None
    return Q({key: value for key, value in asdict(at).items() if value is not None})


def _condition(see: See) -> str:
    at = _at(see.at)
    match see.kind:
        case "text" | "value":
            return f"{{{see.kind}: {at}, is: {Q(see.text)}}}"
        case "class":
            return f"{{attribute: {at}, name: class, contains: {Q(see.text)}}}"
        case "count":
            return f"{{count: {at}, is: {see.number}}}"
        case _:
            return f"{{{see.kind}: {at}}}"


CONFIG = """import {{ defineConfig }} from '@playwright/test';

export default defineConfig({{
  fullyParallel: true,
  retries: 0,
  reporter: [['json', {{ outputFile: process.env.BENCH_JSON }}]],
  outputDir: process.env.BENCH_OUT,
  use: {{
    baseURL: process.env.BENCH_URL,
    launchOptions: {{ executablePath: process.env.BENCH_BROWSER }},
    trace: process.env.BENCH_EVIDENCE === 'none' ? 'off' : {trace},
  }},
}});
"""
TRACE_ALIKE = "{ mode: 'on', snapshots: true, screenshots: false, sources: false }"
TRACE_USUAL = "'on'"
SPEC_HEAD = """import { test, expect, type Page, type TestInfo } from '@playwright/test';

const pictured = process.env.BENCH_EVIDENCE === 'full';

function camera(page: Page, info: TestInfo) {
  let number = 0;
  return async () => {
    number += 1;
    if (pictured) await page.screenshot({ path: info.outputPath(`step-${number}.png`) });
  };
}
"""


def playwright_test_files(scenarios: Sequence[Scenario], usual: bool) -> dict[str, str]:
    """A project for Playwright Test. `usual`: with the trace as `trace: 'on'` takes it, the screencast and the sources included."""
    tests = "\n".join(_typescript(scenario) for scenario in scenarios)
    config = CONFIG.format(trace=TRACE_USUAL if usual else TRACE_ALIKE)
    return {"playwright.config.ts": config, "todomvc.spec.ts": f"{SPEC_HEAD}\n{tests}"}


def _typescript(scenario: Scenario) -> str:
    body = "".join(f"  {line};\n  await shot();\n" for step in (*scenario.steps, scenario.expected) for line in [_ts_step(step)])
    return f"test({Q(scenario.title)}, async ({{ page }}, info) => {{\n  const shot = camera(page, info);\n{body}}});\n"


def _ts_step(step: Step) -> str:
    if isinstance(step, See):
        negation, name, arguments = TS_CHECKS[step.kind]
        return f"await expect({_ts_at(step.at)}){negation}.{name}({arguments(step)})"
    match step.verb:
        case "goto":
            return f"await page.goto({Q(step.text)})"
        case "reload":
            return "await page.reload()"
        case "back":
            return "await page.goBack()"
        case verb:
            return f"await {_ts_at(step.at)}.{verb}({Q(step.text) if verb in ('fill', 'press') else ''})"


TS_CHECKS = {
    "visible": ("", "toBeVisible", lambda see: ""),
    "hidden": ("", "toBeHidden", lambda see: ""),
    "checked": ("", "toBeChecked", lambda see: ""),
    "unchecked": (".not", "toBeChecked", lambda see: ""),
    "text": ("", "toHaveText", lambda see: Q(see.text)),
    "value": ("", "toHaveValue", lambda see: Q(see.text)),
    "class": ("", "toHaveClass", lambda see: f"/{see.text}/"),
    "count": ("", "toHaveCount", lambda see: str(see.number)),
}


def _ts_at(at: At | None) -> str:
    assert at is not None
    if at.role:
        found = f"page.getByRole({Q(at.role)}, {{ name: {Q(at.name)} }})"
    else:
        found = f"page.getByPlaceholder({Q(at.placeholder)})" if at.placeholder else f"page.locator({Q(at.css)})"
    return found if at.nth is None else f"{found}.nth({at.nth})"


def _python_step(step: Step) -> str:
    if isinstance(step, See):
        name, arguments = PYTHON_CHECKS[step.kind]
        return f"expect({_python_at(step.at)}).{name}({arguments(step)})"
    match step.verb:
        case "goto":
            return f"page.goto(BASE_URL + {Q(step.text)})"
        case "reload":
            return "page.reload()"
        case "back":
            return "page.go_back()"
        case verb:
            return f"{_python_at(step.at)}.{verb}({Q(step.text) if verb in ('fill', 'press') else ''})"


PYTHON_CHECKS = {
    "visible": ("to_be_visible", lambda see: ""),
    "hidden": ("to_be_hidden", lambda see: ""),
    "checked": ("to_be_checked", lambda see: ""),
    "unchecked": ("not_to_be_checked", lambda see: ""),
    "text": ("to_have_text", lambda see: Q(see.text)),
    "value": ("to_have_value", lambda see: Q(see.text)),
    "class": ("to_have_class", lambda see: f"re.compile({Q(see.text)})"),
    "count": ("to_have_count", lambda see: str(see.number)),
}


def _python_at(at: At | None) -> str:
    assert at is not None
    if at.role:
        found = f"page.get_by_role({Q(at.role)}, name={Q(at.name)})"
    else:
        found = f"page.get_by_placeholder({Q(at.placeholder)})" if at.placeholder else f"page.locator({Q(at.css)})"
    return found if at.nth is None else f"{found}.nth({at.nth})"


CONFTEST = '''import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": os.environ["BENCH_BROWSER"]}


@pytest.fixture
def shot(page, request):
    """Takes a picture after a step, where pictures are wanted."""
    folder = Path(os.environ["BENCH_OUT"]) / request.node.name.partition("[")[0]
    number = 0

    def take():
        nonlocal number
        number += 1
        if os.environ["BENCH_EVIDENCE"] == "full":
            page.screenshot(path=folder / f"step-{number}.png")

    return take
'''
CONFTEST_TRACE = '''

@pytest.fixture(autouse=True)
def trace(context, request):
    """The trace with snapshots of the page, and nothing else in it."""
    if os.environ["BENCH_EVIDENCE"] == "none":
        yield
        return
    context.tracing.start(snapshots=True)
    yield
    context.tracing.stop(path=Path(os.environ["BENCH_OUT"]) / request.node.name.partition("[")[0] / "trace.zip")
'''
PYTEST_HEAD = """import os
import re

from playwright.sync_api import expect

BASE_URL = os.environ["BENCH_URL"]
"""


def pytest_files(scenarios: Sequence[Scenario], usual: bool) -> dict[str, str]:
    """Tests for pytest-playwright. `usual`: the trace is the plugin's own (`--tracing on`), which has the screencast and the sources."""
    tests = "\n".join(_pytest(scenario) for scenario in scenarios)
    return {"conftest.py": CONFTEST + ("" if usual else CONFTEST_TRACE), "test_todomvc.py": f"{PYTEST_HEAD}\n\n{tests}"}


def _pytest(scenario: Scenario) -> str:
    body = "".join(f"    {_python_step(step)}\n    shot()\n" for step in (*scenario.steps, scenario.expected))
    return f"\ndef test_{scenario.name}(page, shot):\n{body}"


BARE_HEAD = '''"""A script without a framework: one browser, so many contexts at once, what was asked for captured after each step."""

import argparse
import asyncio
import base64
import re
import sys
from pathlib import Path

from playwright.async_api import async_playwright, expect

parser = argparse.ArgumentParser()
parser.add_argument("base_url")
parser.add_argument("browser")
parser.add_argument("out", type=Path)
parser.add_argument("--workers", type=int, default=1)
parser.add_argument("--trace", action="store_true")
parser.add_argument("--pictures", choices=("none", "png", "jpeg"), default="none")
options = parser.parse_args()
BASE_URL = options.base_url


class Camera:
    def __init__(self, page, folder):
        self.page, self.folder, self.number, self.cdp = page, folder, 0, None

    async def __call__(self):
        self.number += 1
        if options.pictures == "png":
            await self.page.screenshot(path=self.folder / f"step-{self.number}.png")
        elif options.pictures == "jpeg":
            self.cdp = self.cdp or await self.page.context.new_cdp_session(self.page)
            asked = {"format": "jpeg", "quality": 55, "optimizeForSpeed": True}
            answer = await self.cdp.send("Page.captureScreenshot", asked)
            (self.folder / f"step-{self.number}.jpg").write_bytes(base64.b64decode(answer["data"]))
'''
BARE_TAIL = """

async def attempt(browser, slots, scenario):
    async with slots:
        folder = options.out / scenario.__name__
        folder.mkdir(parents=True)
        context = await browser.new_context()
        if options.trace:
            await context.tracing.start(snapshots=True)
        page = await context.new_page()
        await scenario(page, Camera(page, folder))
        if options.trace:
            await context.tracing.stop(path=folder / "trace.zip")
        await context.close()


async def main():
    slots = asyncio.Semaphore(options.workers)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=options.browser)
        results = await asyncio.gather(*(attempt(browser, slots, each) for each in SCENARIOS), return_exceptions=True)
        await browser.close()
    failures = [result for result in results if isinstance(result, BaseException)]
    print(f"{len(results) - len(failures)} passed", *failures, sep="\\n")
    sys.exit(bool(failures))


asyncio.run(main())
"""


def bare_files(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """One script, which has all that the evidence needs and no more."""
    names = ", ".join(scenario.name for scenario in scenarios)
    tests = "\n".join(_bare(scenario) for scenario in scenarios)
    return {"bare.py": f"{BARE_HEAD}\n{tests}\n\nSCENARIOS = ({names},)\n{BARE_TAIL}"}


def _bare(scenario: Scenario) -> str:
    body = "".join(f"    await {_python_step(step)}\n    await shot()\n" for step in (*scenario.steps, scenario.expected))
    return f"\nasync def {scenario.name}(page, shot):\n{body}"


ROBOT_HEAD = """*** Settings ***
Library    Browser    timeout=10s    auto_closing_level=SUITE    enable_playwright_debug=disabled
Suite Setup    New Browser    chromium    headless=True    executablePath=%{BENCH_BROWSER}
Suite Teardown    Close Browser    ALL
Test Setup    Open
Test Teardown    Close Context

*** Keywords ***
Open
    IF    $TRACED
        New Context    viewport={'width': 1280, 'height': 720}    tracing=%{BENCH_OUT}${/}trace-${TEST NAME}.zip
    ELSE
        New Context    viewport={'width': 1280, 'height': 720}
    END
    New Page    about:blank

Shot
    IF    $FULL    Take Screenshot    filename=%{BENCH_OUT}${/}${TEST NAME}-{index}

*** Variables ***
${TRACED}    ${{ os.environ['BENCH_EVIDENCE'] != 'none' }}
${FULL}    ${{ os.environ['BENCH_EVIDENCE'] == 'full' }}

*** Test Cases ***
"""


def robot_files(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """A suite for Robot Framework's Browser library."""
    return {"todomvc.robot": ROBOT_HEAD + "\n".join(_robot(scenario) for scenario in scenarios)}


def _robot(scenario: Scenario) -> str:
    lines = [line for step in (*scenario.steps, scenario.expected) for line in (_robot_step(step), "Shot")]
    return f"{scenario.title}\n" + "".join(f"    {line}\n" for line in lines)


def _robot_step(step: Step) -> str:
    at = _robot_at(step.at) if step.at else ""
    if isinstance(step, See):
        return _robot_check(step, at)
    return {
        "goto": f"Go To    %{{BENCH_URL}}{step.text}",
        "reload": "Reload",
        "back": "Go Back",
        "click": f"Click    {at}",
        "dblclick": f"Click With Options    {at}    clickCount=2",
        "check": f"Check Checkbox    {at}",
        "uncheck": f"Uncheck Checkbox    {at}",
        "fill": f"Fill Text    {at}    {_robot_text(step.text)}",
        "press": f"Press Keys    {at}    {step.text}",
    }[step.verb]


def _robot_check(see: See, at: str) -> str:
    return {
        "visible": f"Wait For Elements State    {at}    visible",
        "hidden": f"Wait For Elements State    {at}    hidden",
        "checked": f"Wait For Elements State    {at}    checked",
        "unchecked": f"Wait For Elements State    {at}    unchecked",
        "text": f"Get Text    {at}    ==    {_robot_text(see.text)}",
        "value": f"Get Property    {at}    value    ==    {_robot_text(see.text)}",
        "class": f"Get Classes    {at}    contains    {see.text}",
        "count": f"Get Element Count    {at}    ==    {see.number}",
    }[see.kind]


def _robot_text(text: str) -> str:
    return text.replace(" " * 4, "${SPACE * 4}") if text else "${EMPTY}"


def _robot_at(at: At) -> str:
    by_css = f'[placeholder="{at.placeholder}"]' if at.placeholder else str(at.css)
    found = f"role={at.role}[name=/{at.name}/i]" if at.role else by_css
    escaped = found.replace("#", "\\#") if found.startswith("#") else found
    return escaped if at.nth is None else f"{escaped} >> nth={at.nth}"


def write_all(files: dict[str, str], folder: Path) -> None:
    """Writes them below the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
