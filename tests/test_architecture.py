"""Data flows one way: a room imports only rooms above it, only the browser room knows Playwright, and the pure rooms stay pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.browser.observers import OBSERVERS
from harness.browser.performers import PERFORMERS
from harness.scenario.conditions import CHECKS
from harness.scenario.steps import VERBS

ROOT = Path(__file__).resolve().parents[1] / "harness"
LAYERS = (
    {"core", "diagnostics", "explanations"},
    {"scenario"},
    {"draft"},
    {"evidence"},
    {"verdict"},
    {"plan"},
    {"record"},
    {"run"},
    {"browser"},
    {"report", "demo", "exporters", "guide"},
    {"trackers"},
    {"workflow"},
    {"triage", "merge", "restore", "jobs", "live", "recording"},
    {"importers", "shrink"},
    {"mcp_server"},
    {"cli", "pytest_plugin"},
    {"__main__"},
)
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
PURE = {"scenario", "draft", "plan", "verdict"}
IMPURE = {"asyncio", "socket", "subprocess", "time", "threading", "playwright", "random"}
MODULES = sorted(path for path in ROOT.rglob("*.py") if "workspace_template" not in path.parts)


def room_of(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(module, whether it is imported when the module is loaded)."""
    tree = ast.parse(path.read_text())
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) not in inner) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, id(node) not in inner


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_upwards(path: Path) -> None:
    room = room_of(path)
    for module, _ in imports(path):
        if module.startswith("harness."):
            other = module.split(".")[1]
            assert other == room or RANK[other] < RANK[room], f"{room} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_browser_room_knows_playwright(path: Path) -> None:
    if room_of(path) != "browser":
        used = [module for module, _ in imports(path) if module.split(".")[0] == "playwright"]
        assert used == [] or path.name == "install.py"


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) in PURE], ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_rooms_have_no_effects(path: Path) -> None:
    assert IMPURE.isdisjoint(module.split(".")[0] for module, _ in imports(path))


@pytest.mark.parametrize("heavy", ["playwright", "PIL", "jinja2", "pydantic", "rich"])
def test_heavy_libraries_are_not_loaded_by_the_language(heavy: str) -> None:
    """What `--help` and `validate` load at once."""
    light = [path for path in MODULES if room_of(path) in PURE | {"core", "diagnostics", "workflow", "cli", "explanations"}]
    loading = [
        str(path.relative_to(ROOT)) for path in light for module, at_once in imports(path) if at_once and module.split(".")[0] == heavy
    ]
    assert loading == []


def test_every_verb_has_a_performer() -> None:
    assert set(VERBS) == set(PERFORMERS) | {"use", "together", "wait_for"}


def test_every_condition_has_an_observer() -> None:
    assert set(CHECKS) == set(OBSERVERS) | {"saved", "took"}


def test_no_function_is_longer_than_a_page() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno >= 80:
                long.append(f"{path.name}:{node.name}")
    assert long == []
