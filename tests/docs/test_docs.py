"""The documentation is true: its examples decode, its commands exist, its generated pages are up to date, its links resolve."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness import explanations
from harness.cli.main import app, exit_code
from harness.demo.reference import tables
from harness.diagnostics import Source
from harness.scenario import reference
from harness.scenario.customer import decode_customer
from harness.scenario.environment import decode_environment
from harness.scenario.scenario import decode_flow, decode_scenario
from harness.scenario.schema import CLASSES, schema_of
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse, plain

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


def commands() -> list[str]:
    lines = [line.strip() for _, text in blocks("sh") for line in text.splitlines()]
    return sorted({line for line in lines if line.startswith("repro ")})


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_docs_exists_with_its_options(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line)[1:]
    name = words[:2] if words[0] == "demo" and len(words) > 1 and not words[1].startswith("-") else words[:1]
    with pytest.raises(SystemExit) as ending:
        app([*name, "--help"], prog_name="repro")
    assert ending.value.code == 0
    shown = capsys.readouterr().out
    assert [word for word in words if word.startswith("--") and word not in shown] == []


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
    calls = r'(?:report|invalid|warn|problem|Diagnostic|_warning|_problem|_file_problem|TemplateError)\(\s*f?"([a-z]+(?:-[a-z]+)+)"'
    slugs = {slug for path in (ROOT / "harness").rglob("*.py") for slug in re.findall(calls, path.read_text())}
    assert len(slugs) > 40
    assert sorted(slugs - set(explanations.EXPLANATIONS)) == []
