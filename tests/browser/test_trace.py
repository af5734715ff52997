"""The trace shows the scenario's steps with what each did, a filmstrip, and nothing that the harness asked for itself."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from harness.record.model import Result
from tests.browser import site
from tests.browser.trying import run

SCENARIO = """
title: Late
steps:
  - goto: /late
  - wait_for: {text: status, is: Done}
  - click: heading "Late"
symptom: {visible: alert}
expected: {visible: heading "Late"}
within: 1s
"""


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, list[dict[str, Any]], list[str]]:
    """(result, the trace's events, the archive's names)."""
    folder = tmp_path_factory.mktemp("trace")
    with site.serving() as base_url:
        result = run(folder, base_url, SCENARIO, trace="on")
    path = next((folder / "reports").glob(f"*/{result.attempts[0].trace}"))
    with zipfile.ZipFile(path) as archive:
        return result, [json.loads(line) for line in archive.read("trace.trace").splitlines()], archive.namelist()


def test_each_step_is_a_group_around_what_it_did(traced: tuple[Result, list[dict[str, Any]], list[str]]) -> None:
    result, events, _ = traced
    groups = {event["callId"]: event for event in events if event.get("method") == "tracingGroup"}
    steps = [step.text for step in result.attempts[0].steps]
    assert [group["title"] for group in groups.values()] == [*steps, "watch for the symptom"]
    assert [(Path(group["stack"][0]["file"]).name, group["stack"][0]["line"]) for group in groups.values()][:3] == [
        ("case.yaml", 4),
        ("case.yaml", 5),
        ("case.yaml", 6),
    ]
    done = {event["method"]: groups[event["parentId"]]["title"] for event in events if event["type"] == "before" and "parentId" in event}
    assert done["goto"] == steps[0]
    assert done["click"] == steps[2]


def test_what_the_harness_asked_for_itself_is_not_among_the_actions(traced: tuple[Result, list[dict[str, Any]], list[str]]) -> None:
    _, events, _ = traced
    called = {event["method"] for event in events if event["type"] == "before"}
    assert called <= {"newPage", "tracingGroup", "goto", "__waitInfo__", "click", "queryCount"}
    ended = {event["callId"] for event in events if event["type"] == "after"}
    assert {event["callId"] for event in events if event["type"] == "before"} == ended


def test_the_page_that_was_waited_for_is_there(traced: tuple[Result, list[dict[str, Any]], list[str]]) -> None:
    """A look is no action, and leaves no snapshot by itself."""
    _, events, _ = traced
    waiting = next(event["callId"] for event in events if str(event.get("title")).startswith("wait_for"))
    asked = {event["callId"] for event in events if event.get("parentId") == waiting}
    assert {event["snapshot"]["callId"] for event in events if event["type"] == "frame-snapshot"} & asked


def test_the_page_on_which_it_did_not_come_is_there(tmp_path: Path) -> None:
    """The step before leaves the same page, and its picture serves twice; the step that fails has the page in the trace all the same."""
    steps = "goto: /\n  - wait_for: {text: status, is: Ready}\n  - {wait_for: {text: status, is: Never}, timeout: 500ms}"
    with site.serving() as base_url:
        result = run(tmp_path, base_url, SCENARIO[: SCENARIO.index("goto")] + steps + SCENARIO[SCENARIO.index("\nsymptom") :], trace="on")
    assert [step.status for step in result.attempts[0].steps] == ["done", "done", "failed"]
    with zipfile.ZipFile(next((tmp_path / "reports").glob(f"*/{result.attempts[0].trace}"))) as archive:
        events = [json.loads(line) for line in archive.read("trace.trace").splitlines()]
    failed = next(event["callId"] for event in events if event.get("method") == "tracingGroup" and "Never" in event["title"])
    asked = {event["callId"] for event in events if event.get("parentId") == failed}
    assert {event["snapshot"]["callId"] for event in events if event["type"] == "frame-snapshot"} & asked


def test_the_filmstrip_has_the_pictures(traced: tuple[Result, list[dict[str, Any]], list[str]]) -> None:
    result, events, names = traced
    attempt = result.attempts[0]
    pictures = {*(step.screenshot for step in attempt.steps), attempt.deciding_screenshot}
    frames = [event["file"] for event in events if event["type"] == "screencast-frame"]
    assert len(frames) == len(pictures)
    assert set(frames) <= set(names)
