"""The documentation is true: its examples decode, its commands exist, its generated pages are up to date, its links resolve."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness import explanations
from harness.cli.main import app, exit_code
from harness.demo.reference import tables
from harness.diagnostics import Source
from harness.scenario import reference
from harness.scenario.conditions import CHECKS
from harness.scenario.customer import decode_customer
from harness.scenario.environment import decode_environment
from harness.scenario.scenario import decode_flow, decode_scenario
from harness.scenario.schema import CLASSES, schema_of
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse, plain
from harness.scenario.steps import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
DECODERS = {"scenario": decode_scenario, "customer": decode_customer, "environment": decode_environment, "flow": decode_flow}


def blocks(kind: str) -> list[tuple[str, str]]:
    """(what, text) of every fenced block of one kind in the pages."""
    found = []
    for page in PAGES:
        for what, text in re.findall(rf"^```{kind}(?: (\w+))?\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            found.append((what, text))
    return found


@pytest.mark.parametrize(("what", "text"), [block for block in blocks("yaml") if block[0]], ids=lambda value: value[:20])
def test_yaml_examples_decode_and_fit_their_schema(what: str, text: str) -> None:
    decoder = Decoder()
    node = parse(Source("example.yaml", text))
    DECODERS[what]("example", node, decoder)  # type: ignore[operator]
    assert [problem.message for problem in decoder.problems] == []
    Draft202012Validator(schema_of(what)).validate(plain(node))


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_schemas_are_valid_json_schema_2020_12(kind: str) -> None:
    Draft202012Validator.check_schema(json.loads(json.dumps(schema_of(kind))))


TEMPLATE = ROOT / "harness/cli/workspace_template/flows/login.yaml"
SIGNING_IN = [text for text in (*explanations.EXAMPLES.values(), TEMPLATE.read_text()) if 'click: button "Sign in"' in text]


@pytest.mark.parametrize("text", [text for what, text in blocks("yaml") if what == "flow"] + SIGNING_IN)
def test_a_flow_that_signs_in_ends_with_what_shows_that_it_did(text: str) -> None:
    assert list(plain(parse(Source("flow.yaml", text)))["steps"][-1]) == ["wait_for"]


FRAMES = {
    "scenario": {"title": "title: x\n", "steps": "steps: [reload]\n", "symptom": "symptom: {visible: alert}\n"},
    "flows": {"steps": "steps: [reload]\n"},
    "customers": {},
}
KINDS = {"scenario": "scenario", "flows": "flow", "customers": "customer"}


def complaints(example: str) -> list[str]:
    """What the language has to say of a part of a file, which is filled up with what must be there."""
    place = re.match(r"# (\w+)/", example)
    folder = place[1] if place else "scenario"
    rest = "".join(text for key, text in FRAMES[folder].items() if not re.search(rf"^{key}:", example, re.MULTILINE))
    decoder = Decoder()
    DECODERS[KINDS[folder]]("example", parse(Source("example.yaml", example + rest)), decoder)  # type: ignore[operator]
    return [problem.message for problem in decoder.problems]


@pytest.mark.parametrize("slug", sorted(explanations.EXAMPLES))
def test_the_examples_of_the_messages_are_right(slug: str) -> None:
    assert complaints(explanations.EXAMPLES[slug]) == []


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_example_of_each_verb_is_right(verb: str) -> None:
    example = VERBS[verb].example
    assert re.match(rf"{verb}\b", example)
    more = {"poll": "\n    until: {json: {$.state: done}}"}
    assert complaints(f"steps:\n  - {example}{more.get(verb, '')}\n") == []


@pytest.mark.parametrize("key", sorted(CHECKS))
def test_the_example_of_each_condition_is_right(key: str) -> None:
    example = CHECKS[key].example_of(key)
    assert re.match(rf"{{?{key}: ", example)
    assert complaints(f"symptom:\n  {example}\n") == []


@pytest.mark.parametrize("key", sorted(reference.COMBINED))
def test_the_example_of_each_combination_is_right(key: str) -> None:
    assert complaints(f"symptom:\n  {reference.COMBINED[key]}\n") == []


NEEDS_A_BROWSER = ("mcp", "record", "run", "demo", "bisect", "check", "install", "inspect", "try", "shrink")
RUN_ELSEWHERE = ("attach", "diff", "merge")  # tests/trackers/test_docs.py and tests/merge/test_docs.py bring trackers and runs


SENT = {"recording.json": "pays-too-little.json", "recording.jsonl": "pays-too-little.jsonl", "customer.har": "acme.har"}


def command_blocks() -> list[list[str]]:
    """The `repro …` lines of each block of shell commands."""
    found = [[line.strip() for line in text.splitlines() if line.startswith("repro ")] for _, text in blocks("sh")]
    return [lines for lines in found if lines]


def commands() -> list[str]:
    return sorted({line for lines in command_blocks() for line in lines})


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_docs_exists_with_its_options(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line)[1:]
    name = words[:2] if words[0] == "demo" and len(words) > 1 and not words[1].startswith("-") else words[:1]
    with pytest.raises(SystemExit) as ending:
        app([*name, "--help"], prog_name="repro")
    assert ending.value.code == 0
    shown = capsys.readouterr().out
    assert [word for word in words if word.startswith("--") and word.partition("=")[0] not in shown] == []


@pytest.mark.parametrize("lines", command_blocks(), ids=lambda lines: lines[0])
def test_the_commands_of_a_block_that_need_no_browser_work_one_after_another(
    lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    if not any(" init" in line for line in lines):
        assert exit_code(["init", "scenarios"]) == 0
    run = tmp_path / "reports" / "20260131-235000-4f2a"
    run.mkdir(parents=True)
    shutil.copy(ROOT / "tests/record/samples/v1.json", run / "results.json")
    (tmp_path / "ticket.txt").write_text("I can't log in.\n")
    for name, example in SENT.items():
        shutil.copy(ROOT / "tests/importers/examples" / example, name)
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        if words[0] not in NEEDS_A_BROWSER + RUN_ELSEWHERE:
            assert exit_code(words) == 0, (line, capsys.readouterr().err)


def test_init_and_validate_work_as_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(["init", "scenarios"]) == 0
    assert exit_code(["validate", "scenarios"]) == 0
    assert "1 scenario can be run" in capsys.readouterr().err
    assert exit_code(["init", "scenarios"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_generated_pages_are_up_to_date() -> None:
    assert (ROOT / "docs/reference.md").read_text() == reference.page()
    assert (ROOT / "docs/errors.md").read_text() == explanations.page()
    assert (ROOT / "docs/demo.md").read_text().endswith(tables())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text())
    assert [target for target in targets if not target.startswith("http") and not (page.parent / target).exists()] == []


def test_every_slug_that_is_reported_is_explained() -> None:
    """A slug stands first in a call that reports, second in a TemplateError and third in a ShapeError, or is named."""
    slugs = {slug for path in (ROOT / "harness").rglob("*.py") for slug in slugs_of(ast.parse(path.read_text()))}
    assert {"unknown-step", "unknown-role", "unset-secret", "no-such-file"} <= slugs
    assert sorted(slugs - set(explanations.EXPLANATIONS)) == []


REPORTING = {"report": 0, "invalid": 0, "warn": 0, "problem": 0, "Diagnostic": 0, "_warning": 0, "_problem": 0, "_file_problem": 0}
PLACES = {**REPORTING, "TemplateError": 1, "ShapeError": 2, "unknown": 2}
SLUG = re.compile(r"[a-z]+(-[a-z]+)+")


def slugs_of(tree: ast.AST) -> Iterator[str]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = (
            [*call.args[PLACES[name] : PLACES[name] + 1], *(word.value for word in call.keywords if word.arg == "slug")]
            if name in PLACES
            else []
        )
        yield from (
            each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str) and SLUG.fullmatch(each.value)
        )
