"""A ticket of the demo, recorded: the file runs unedited, and has the right verdict with and without the defect."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.async_api import Page

from harness import workflow
from harness.demo import SECRETS
from harness.demo.server import serving
from harness.recording.record import Asked, record
from tests.recording.acting import mark, press_in_overlay, type_in_overlay

WORKSPACE = Path(__file__).resolve().parents[2] / "scenarios"
PASSWORD = SECRETS["DEMO_OWNER_PASSWORD"]


def environ(folder: Path, base_url: str) -> dict[str, str]:
    secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
    return {**secrets, "REPRO_VAR_DEMO_BASE_URL": base_url, "REPRO_STATE": str(folder / "state"), "PATH": "/usr/bin:/bin"}


async def sign_in(page: Page) -> None:
    await page.get_by_label("Email").click()
    await page.keyboard.type("jane@acme-eu.example")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(WORKSPACE, tmp_path / "scenarios")
    return tmp_path


def recorded(folder: Path, driver: Any, lines: list[str], **asked: Any) -> Path:
    output = folder / "scenarios" / "dashboard" / "recorded.yaml"
    with serving() as staging:
        world = workflow.World(environ=environ(folder, staging.base_url))
        finished = record(Asked(output, "acme-eu", "staging", headless=True, **asked), world, lines.append, driver)
    assert finished.path == output
    return output


def verdict(folder: Path, output: Path, fixed: bool) -> str:
    with serving(fixed=fixed) as staging:
        options = workflow.Options(paths=(output,), reports=folder / "reports", trace="off")
        world = workflow.World(environ=environ(folder, staging.base_url))
        (result,) = workflow.run(options, world, lambda event: None, lambda plan, where: None).record.results
    return str(result.verdict)


@pytest.mark.parametrize("asked", [{}, {"after": "login"}, {"address": "/dashboard"}], ids=["by hand", "after a flow", "from a path"])
def test_a_recorded_ticket_runs_unedited(folder: Path, asked: dict[str, str]) -> None:
    async def act(page: Page) -> None:
        if "after" not in asked:
            await sign_in(page)
        await page.get_by_role("region", name="Recent invoices").get_by_role("listitem").first.wait_for()
        loading = page.get_by_role("region", name="Revenue").get_by_role("status")
        await mark(page, "Symptom", loading, "It should not be here")
        await mark(page, "Expected", page.get_by_role("heading", name="Recent invoices"), "It should be here")

    lines: list[str] = []
    output = recorded(folder, act, lines, **asked)
    data = yaml.safe_load(output.read_text())
    assert data["setup"] == [{"use": "login"}]
    assert data["steps"] == [{"goto": "/dashboard"}]
    assert data["symptom"] == {"visible": {"role": "status", "has_text": "Loading", "within": 'region "Revenue"'}, "for": "3s"}
    assert data["expected"] == {"visible": 'heading "Recent invoices"'}
    assert PASSWORD not in output.read_text() and PASSWORD not in "\n".join(lines)
    assert workflow.check(workflow.Options(paths=(output,)), environ(folder, "http://127.0.0.1:1")).problems == ()


def test_the_verdict_is_right_with_the_defect_and_without_it(folder: Path) -> None:
    async def act(page: Page) -> None:
        await sign_in(page)
        await page.get_by_role("region", name="Recent invoices").get_by_role("listitem").first.wait_for()
        loading = page.get_by_role("region", name="Revenue").get_by_role("status")
        await mark(page, "Symptom", loading, "It should not be here")
        await press_in_overlay(page, "Expected")
        await type_in_overlay(page, "It should say this", "Revenue")
        await press_in_overlay(page, "It should say this")

    output = recorded(folder, act, [])
    assert yaml.safe_load(output.read_text())["expected"] == {"visible": {"text": "Revenue"}}
    assert verdict(folder, output, fixed=False) == "reproduced"
    assert verdict(folder, output, fixed=True) == "not_reproduced"


def test_staging_has_its_own_settings_back_afterwards(folder: Path) -> None:
    async def act(page: Page) -> None:
        seen.append(settings())
        await page.get_by_label("Email").click()
        await page.keyboard.type("x")

    def settings() -> Any:
        request = urllib.request.Request(f"{staging.base_url}/admin/tenants/acme-eu/settings")
        request.add_header("Authorization", f"Bearer {SECRETS['DEMO_ADMIN_TOKEN']}")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    seen: list[Any] = []
    with serving() as staging:
        before = settings()
        world = workflow.World(environ=environ(folder, staging.base_url))
        output = folder / "scenarios" / "dashboard" / "recorded.yaml"
        record(Asked(output, "acme-eu", "staging", headless=True), world, lambda line: None, act)
        assert settings() == before
    assert seen[0] != before and seen[0]["region"] == "eu"
