"""docs/agents.md is true: its tools are the server's, its answer is one, and `--json` prints what it says."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from harness.cli import progress
from harness.cli.main import exit_code
from harness.mcp_server.desk import Desk
from harness.mcp_server.server import build
from tests.mcp.conftest import Bench, asked

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/agents.md").read_text(encoding="utf-8")


def row(command: str) -> list[str]:
    """The words in code of a command's row."""
    (found,) = re.findall(rf"^\| `{command}` \| (.*) \|$", PAGE.partition("| tool |")[0], re.MULTILINE)
    return re.findall(r"`([^`]+)`", found)


def test_the_tools_are_the_servers_each_with_a_description_and_described_arguments(tmp_path: Path) -> None:
    async def listed() -> list[Any]:
        async with Client(build(Desk(tmp_path, {}))) as client:
            assert [str(each.uri) for each in (await client.list_resources()).resources] == ["repro://guide"]
            return list((await client.list_tools()).tools)

    tools = asyncio.run(listed())
    told = re.findall(r"^\| `(\w+)` \|", PAGE.partition("| tool |")[2], re.MULTILINE)
    assert len(told) == len(set(told)) and set(told) == {tool.name for tool in tools}
    assert [tool.name for tool in tools if not (tool.description or "").strip()] == []
    assert sum(len(json.dumps(tool.model_dump(mode="json"))) for tool in tools) < 20_000


def test_the_answer_it_shows_is_one(bench: Bench) -> None:
    (shown,) = re.findall(r"^```text\n(.*?)\n```", PAGE, re.MULTILINE | re.DOTALL)
    bench.fake.script = lambda page: page.show("visible: alert")

    async def work(desk: Desk) -> str:
        await asked(desk.open(None, None, ()))
        return (await asked(desk.check("visible: alert", "0ms", None))).text("d120fcc5")

    said = bench.do(work).splitlines()
    assert said[:2] + said[-2:] == shown.splitlines()[:2] + shown.splitlines()[-2:]


def test_json_prints_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert exit_code(["init", "scenarios"]) == 0
    run = tmp_path / "reports" / "20260131-235000-4f2a"
    run.mkdir(parents=True)
    shutil.copy(ROOT / "tests/record/samples/v1.json", run / "results.json")
    capsys.readouterr()

    def printed(*words: str, code: int = 0) -> Any:
        assert exit_code([*words, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    assert list(printed("guide")) == row("guide")
    assert list(printed("list")[0]) == row("list")[:7]
    assert [printed("list", "--kind", kind)[0]["id"] for kind in ("customers", "flows", "environments")] == ["acme", "login", "staging"]
    (tmp_path / "scenarios/x.yaml").write_text("title: x\nsteps: [{clik: y}]\nsymptom: {visible: alert}\n")
    assert list(printed("validate", code=2)[0]) == row("validate")
    assert printed("show")["schema_version"] == 1
    which = ("--scenario", "dashboard/blank-for-eu", "--customer", "acme-eu")
    assert list(printed("bundle", *which)) == row("bundle")


def test_the_events_of_a_run_are_those_that_it_prints() -> None:
    events = set(re.findall(r'"event": "(\w+)"', Path(progress.__file__).read_text(encoding="utf-8")))
    assert events == set(row("run")) - {"event"}


def test_the_clients_configuration_starts_the_server() -> None:
    (block,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    started = json.loads(block)["mcpServers"]["repro"]
    assert started["command"] == "repro"
    assert exit_code([*started["args"][:1], "--help"]) == 0
