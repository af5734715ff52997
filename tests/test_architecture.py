"""The rules of who may know whom, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.browser.observers import OBSERVERS
from harness.browser.performers import PERFORMERS
from harness.explanations import EXPLANATIONS
from harness.scenario.conditions import CHECKS
from harness.scenario.steps import VERBS

ROOT = Path(__file__).resolve().parent.parent
HARNESS = ROOT / "harness"

# A room imports only rooms of a lower number. Single files count as rooms of their own.
LEVELS = {
    "__init__": 0,
    "core": 0,
    "diagnostics": 0,
    "explanations": 0,
    "scenario": 1,
    "evidence": 2,
    "plan": 4,
    "verdict": 3,
    "record": 5,
    "run": 6,
    "browser": 7,
    "report": 8,
    "demo": 8,
    "workflow": 9,
    "triage": 10,
    "cli": 11,
    "__main__": 12,
}
BROWSER_MAY_KNOW_OF_RUN = ("harness.run.ports", "harness.run.answers")
PURE = ("scenario", "plan", "verdict")
IMPURE = ("playwright", "asyncio", "socket", "time", "threading", "subprocess", "requests", "urllib.request")
SINK_NAMES = (
    "Diagnostic",
    "problem",
    "report",
    "warn",
    "invalid",
    "_problem",
    "_file_problem",
    "_warning",
    "unknown",
    "ShapeError",
    "TemplateError",
)


def modules() -> dict[str, Path]:
    """Dotted name -> file."""
    found = {}
    for path in sorted(HARNESS.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(path: Path, whole: bool = True) -> Iterator[tuple[str, int]]:
    """Every module that a file names in an import; with `whole=False`, only what is imported when the file itself is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if whole else iter(_on_import(tree.body))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((_module_or_member(node.module, alias.name), node.lineno) for alias in node.names)


def _module_or_member(module: str, name: str) -> str:
    return f"{module}.{name}" if f"{module}.{name}" in MODULES else module


def _on_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, (ast.If, ast.Try)):
            yield from _on_import(node.body)
        yield node


def room(module: str) -> str:
    """`scenario` of `harness.scenario.steps.click`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def test_every_room_has_its_place() -> None:
    assert {room(module) for module in MODULES} == set(LEVELS)


def test_rooms_import_only_rooms_above_them() -> None:
    wrong = []
    for module, path in MODULES.items():
        for imported, line in imports(path):
            if not imported.startswith("harness") or room(imported) == room(module):
                continue
            if LEVELS[room(imported)] >= LEVELS[room(module)]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_the_browser_knows_only_the_ports_of_the_run() -> None:
    wrong = [
        f"{module}:{line} imports {imported}"
        for module, path in MODULES.items()
        if room(module) == "browser"
        for imported, line in imports(path)
        if imported.startswith("harness.run") and imported not in BROWSER_MAY_KNOW_OF_RUN
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_browser_and_its_installation_know_playwright() -> None:
    knowing = {module for module, path in MODULES.items() for imported, _ in imports(path) if imported.split(".")[0] == "playwright"}
    assert {module for module in knowing if room(module) != "browser"} <= {"harness.cli.install"}


@pytest.mark.parametrize("name", PURE)
def test_pure_rooms_import_no_effects(name: str) -> None:
    wrong = [
        f"{module}:{line} imports {imported}"
        for module, path in MODULES.items()
        if room(module) == name
        for imported, line in imports(path)
        if any(imported == effect or imported.startswith(f"{effect}.") for effect in IMPURE)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_import_cycle() -> None:
    graph = {
        module: {imported for imported, _ in imports(path, whole=False) if imported in MODULES and imported != module}
        for module, path in MODULES.items()
    }
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join((*above[above.index(module) :], module))
        if module in done:
            return
        for imported in sorted(graph[module]):
            visit(imported, (*above, module))
        done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_every_verb_can_be_performed() -> None:
    assert set(VERBS) == set(PERFORMERS) | {"use", "together", "wait_for"}


def test_every_condition_can_be_observed() -> None:
    assert set(CHECKS) == set(OBSERVERS) | {"saved", "took"}


def slugs() -> dict[str, str]:
    """Every word in brackets that the code can say -> where."""
    found: dict[str, str] = {}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for value in _slug_arguments(node):
                    found.setdefault(value, f"{module}:{node.lineno}")
    return found


def _slug_arguments(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in SINK_NAMES:
        return
    candidates = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "slug")]
    for argument in candidates:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and _looks_like_a_slug(argument.value):
            yield argument.value


def _looks_like_a_slug(text: str) -> bool:
    return "-" in text and all(part.isalnum() and part.islower() for part in text.split("-"))


def test_slugs_are_found() -> None:
    assert {"unknown-step", "not-yaml", "duplicate-key", "wrong-shard", "unset-secret", "no-anchor", "unknown-role"} <= set(slugs())


def test_every_message_is_explained() -> None:
    missing = {slug: where for slug, where in slugs().items() if slug not in EXPLANATIONS}
    assert not missing, missing


def test_every_explanation_belongs_to_a_message() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for module, path in MODULES.items() if module != "harness.explanations")
    built = {f"unknown-{kind}" for kind in ("customer", "environment")}  # put together from the kind of file
    unused = [slug for slug in EXPLANATIONS if f'"{slug}"' not in code and slug not in built | {"defect"}]
    assert not unused, unused


def test_every_module_says_what_it_is() -> None:
    silent = [
        module
        for module, path in MODULES.items()
        if (text := path.read_text(encoding="utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert not silent, silent


def test_no_function_is_long() -> None:
    long = [
        f"{module}.{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (node.end_lineno or 0) - node.lineno + 1 > 80
    ]
    assert not long, long
