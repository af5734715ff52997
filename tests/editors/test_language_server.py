"""yaml-language-server, as docs/editors.md sets it up: it completes, explains and underlines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from benchmarks.speed.install import node, packages
from harness.cli.main import exit_code
from tests.editors.client import Editor, editor

ROOT = Path(__file__).resolve().parents[2]
SERVER = "yaml-language-server@1.25.0"


def settings() -> dict[str, Any]:
    """The settings of the documentation, as the protocol sends them."""
    block = re.search(r"```json\n(.*?)```", (ROOT / "docs/editors.md").read_text(), re.DOTALL)
    assert block is not None
    flat = json.loads(block[1])
    return {"yaml": {key.removeprefix("yaml."): value for key, value in flat.items()} | {"schemaStore": {"enable": False}}}


NUMBERS = count(1)


def opened(server: Editor, folder: Path, path: str, text: str) -> Path:
    """A file with this text, of a name that none had before."""
    place = folder / path.replace("x.yaml", f"x{next(NUMBERS)}.yaml")
    server.open(place, text)
    return place


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("project")
    assert exit_code(["schema", "--output", str(made / ".schemas")]) == 0
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Editor]:
    program = packages("yaml-language-server", SERVER) / "node_modules/yaml-language-server/bin/yaml-language-server"
    with editor([node(), str(program), "--stdio"], folder, settings()) as made:
        made.settled(opened(made, folder, "scenarios/x.yaml", "stepz: 1\n"))
        yield made


def at_the_bar(text: str) -> tuple[str, int, int]:
    """The text without its `|`, and where that stood."""
    before, _, after = text.partition("|")
    return before + after, before.count("\n"), len(before.rpartition("\n")[2])


@pytest.mark.parametrize(
    ("path", "text", "offered"),
    [
        ("scenarios/a/x.yaml", "title: x\n|", {"steps", "symptom", "expected", "control", "within"}),
        ("scenarios/x.yaml", "steps:\n  - |", {"click", "goto", "use", "wait_for", "reload"}),
        ("scenarios/a/x.yaml", "steps:\n  - click: button \"Save\"\n    |", {"button", "modifiers", "timeout", "optional"}),
        ("scenarios/a/x.yaml", "symptom:\n  |", {"visible", "response", "all", "pixels"}),
        ("scenarios/a/x.yaml", "symptom:\n  all:\n    - |", {"visible", "not", "console"}),
        ("scenarios/a/x.yaml", "symptom:\n  visible:\n    |", {"role", "label", "within", "nth"}),
        ("scenarios/a/x.yaml", "symptom:\n  visible:\n    role: |", {"button", "heading", "textbox"}),
        ("scenarios/a/x.yaml", "status: |", {"open", "fixed"}),
        ("scenarios/customers/x.yaml", "browser:\n  |", {"locale", "timezone", "viewport", "engine"}),
        ("scenarios/customers/x.yaml", "browser:\n  engine: |", {"chromium", "firefox", "webkit"}),
        ("scenarios/environments/x.yaml", "|", {"base_url", "apply", "read_back", "restore"}),
        ("scenarios/flows/x.yaml", "steps:\n  - |", {"click", "fill"}),
        ("scenarios/repro.yaml", "|", {"environment", "attempts"}),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value)[-40:],
)  # fmt: skip
def test_completion(server: Editor, folder: Path, path: str, text: str, offered: set[str]) -> None:
    whole, line, column = at_the_bar(text)
    assert offered <= set(server.completion(opened(server, folder, path, whole), line, column))


def test_what_is_offered_is_explained(server: Editor, folder: Path) -> None:
    path = opened(server, folder, "scenarios/a/x.yaml", "steps:\n  - \n")
    assert server.completion(path, 1, 4)["click"] == 'Clicks an element. Example: `click: button "Save"`'


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("scenarios/a/x.yaml", "wit|hin: 5s", "how long after the last step to watch"),
        ("scenarios/a/x.yaml", "steps:\n  - sel|ect: {combobox: x}", "Chooses options of a select element"),
        ("scenarios/a/x.yaml", "symptom: {vis|ible: alert}", "The element is there and can be seen"),
        ("scenarios/customers/x.yaml", "browser: {time|zone: UTC}", "the computer's time zone"),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value)[-30:],
)
def test_hover(server: Editor, folder: Path, path: str, text: str, said: str) -> None:
    whole, line, column = at_the_bar(text)
    assert said in server.hover(opened(server, folder, path, whole), line, column)


WHOLE = "title: x\nsteps: [reload]\nsymptom: {visible: alert}\n"


@pytest.mark.parametrize(
    ("path", "text", "error"),
    [
        ("scenarios/a/x.yaml", WHOLE + "stepz: 1\n", "3:0 Property stepz is not allowed."),
        ("scenarios/a/x.yaml", WHOLE + "attempts: many\n", '3:10 Incorrect type. Expected "integer".'),
        ("scenarios/a/x.yaml", WHOLE + "status: done\n", '3:8 Value is not accepted. Valid values: "open", "fixed".'),
        ("scenarios/a/x.yaml", "title: x\nsteps: [reload]\n", '0:0 Missing property "symptom".'),
        (
            "scenarios/customers/x.yaml",
            "browser:\n  engine: opera\n",
            '1:10 Value is not accepted. Valid values: "chromium", "firefox", "webkit".',
        ),
        ("scenarios/customers/x.yaml", "browser: {locale: [de]}\n", "0:18 Incorrect type. Expected one of string, number, boolean."),
        ("scenarios/environments/x.yaml", "name: x\n", '0:0 Missing property "base_url".'),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value)[-40:],
)  # fmt: skip
def test_errors(server: Editor, folder: Path, path: str, text: str, error: str) -> None:
    assert server.errors(opened(server, folder, path, text)) == [error]


@pytest.mark.parametrize("step", ["clik: button", "click: {rol: button}", "press: [Enter]", "goto: /x\n    tmeout: 5s"])
def test_a_wrong_step_is_underlined(server: Editor, folder: Path, step: str) -> None:
    path = opened(server, folder, "scenarios/a/x.yaml", f"title: x\nsymptom: {{visible: alert}}\nsteps:\n  - reload\n  - {step}\n")
    found = server.errors(path)
    assert found and {int(each.partition(":")[0]) for each in found} <= {4, 5}, found


def test_a_line_in_the_file_names_the_schema(server: Editor, folder: Path) -> None:
    path = opened(server, folder, "elsewhere/deep/x.yaml", "# yaml-language-server: $schema=../../.schemas/scenario.json\nstatus: done\n")
    assert any("Valid values" in found for found in server.errors(path))


def test_nothing_is_underlined_in_files_that_are_right(server: Editor, folder: Path) -> None:
    paths = [path for path in sorted((ROOT / "scenarios").rglob("*.yaml")) if path.name != "answers.yaml"]
    found = {}
    for path in paths:
        place = folder / path.relative_to(ROOT)
        server.open(place, path.read_text(encoding="utf-8"))
        found[str(path.relative_to(ROOT))] = server.errors(place)
    assert len(found) > 40 and {path: errors for path, errors in found.items() if errors} == {}
