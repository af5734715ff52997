"""`repro mcp` as an agent's program meets it: the official client, over stdio and HTTP, against the demo staging in a real browser."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CallToolResult
from PIL import Image

from harness.guide import guide
from tests.live.conftest import Repro
from tests.live.test_commands import settings
from tests.mcp.conftest import FENCE, server

TICKET = 'I press "Pay" on the invoice of 1.190,00 and the amount is 1.19. I am not complaining, but our bookkeeping is.'
WRONG = '{value: textbox "Amount", is: "1.19"}'
RIGHT = '{value: textbox "Amount", is: "1190.00"}'


class Agent:
    """Calls tools and keeps a transcript."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.transcript: list[str] = []
        self.progress: list[str] = []

    async def __call__(self, tool: str, **arguments: object) -> str:
        """The tool's text."""
        result = await self.call(tool, **arguments)
        assert not result.is_error, _text(result)
        return _text(result)

    async def call(self, tool: str, **arguments: object) -> CallToolResult:
        """The whole result."""

        async def heard(done: float, total: float | None, message: str | None) -> None:
            self.progress.append(f"{done:g}/{total or 0:g} {message}")

        result = await self.client.call_tool(tool, dict(arguments), progress_callback=heard)
        assert isinstance(result, CallToolResult)
        pictures = [f"<picture {_size(each.data)}>" for each in result.content if each.type == "image"]
        self.transcript += [f"> {tool} {json.dumps(arguments, ensure_ascii=False)}", _text(result), *pictures, ""]
        return result


def _text(result: CallToolResult) -> str:
    return "\n".join(each.text for each in result.content if each.type == "text")


def _size(data: str) -> str:
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        return f"{image.format} {image.width}x{image.height}"


@asynccontextmanager
async def agent(repro: Repro) -> AsyncIterator[Agent]:
    """An agent whose server is a process of its own, over stdio."""
    command, *words = server()
    at = StdioServerParameters(command=command, args=words, env=repro.variables(), cwd=repro.folder)
    async with Client(stdio_client(at)) as client:
        yield Agent(client)


def test_from_the_tickets_text_to_a_verdict(repro: Repro, demo: Mapping[str, str]) -> None:
    """The whole way; what it says is written to $MCP_TRANSCRIPT where that is set."""

    async def work() -> Agent:
        async with agent(repro) as ask:
            assert (await ask("guide")).startswith(guide().strip()[:500])
            assert "rhine" in await ask("workspace")
            assert 'heading "Dashboard"' in await ask("open", customer="rhine", after=["login"])
            assert 'button "Pay INV-1001"' in await ask("act", steps=["goto: /billing"])
            wrong = await ask("act", steps=['click: button "Pay INV-101"'])
            assert "no: 0 of 1" in wrong and 'there is button "Pay INV-1010"' in wrong
            assert 'textbox "Amount": 1.19' in await ask("act", steps=['click: button "Pay INV-1001"'])
            assert (await ask("check", condition=WRONG)).startswith("yes")
            assert (await ask("check", condition=RIGHT, within="200ms")).startswith("no")
            look = await ask.call("look", locator='region "Payment"')
            assert next(_size(each.data) for each in look.content if each.type == "image").startswith("JPEG 1280x")
            fields = {"title": "The amount is too small", "report": TICKET, "ticket": "DESK-2302", "control": "baseline"}
            assert "was written." in await ask("save", file="billing/found", symptom=WRONG, expected=RIGHT, **fields)
            ran = await ask.call("run", paths=["billing/found"])
            text = _text(ran)
            assert (
                "reproduced, configuration" in text
                and "they differ in browser.locale" in text
                and "control baseline: not_reproduced" in text
            )
            assert sum(each.type == "image" for each in ran.content) == 2 and "2. the control customer" in text
            assert any("[2/2]" in line for line in ask.progress)
            assert "reproduced, configuration" in await ask("verdict", scenario="billing/found")
            assert "no secret was found" in await ask("bundle")
            assert await ask("open", customer="rhine")  # left open on purpose
            return ask

    before = settings(demo, "rhine")
    done = asyncio.run(work())
    assert settings(demo, "rhine") == before
    told = "\n".join(done.transcript)
    assert "orbit-owner-pass" not in told
    assert "Hotel Post" in told and "Hotel Post" not in FENCE.sub("", told)  # text of the application stands behind a fence
    assert len(list((repro.folder.parent / "reports/bundles").glob("*/*.zip"))) == 1
    if place := os.environ.get("MCP_TRANSCRIPT"):
        Path(place).write_text(told, encoding="utf-8")


class Raw:
    """A client that speaks the protocol itself, a line at a time, so that it can do what a good one does not."""

    def __init__(self, repro: Repro) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            server(),
            cwd=repro.folder,
            env=repro.variables(),
            stdin=pipe,
            stdout=pipe,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._count = 0
        about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}
        self.answer(self.ask("initialize", about))
        self.say({"method": "notifications/initialized"})

    def say(self, message: Mapping[str, object]) -> None:
        """A notification, or a request with its id."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def ask(self, method: str, params: Mapping[str, object]) -> int:
        """The id of the request."""
        self._count += 1
        self.say({"id": self._count, "method": method, "params": params})
        return self._count

    def tool(self, name: str, **arguments: object) -> int:
        """The id of a tool's call, whose progress is told."""
        meta = {"progressToken": f"p{self._count + 1}"}
        return self.ask("tools/call", {"name": name, "arguments": arguments, "_meta": meta})

    def heard(self) -> dict[str, Any]:
        """The next message."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the server has ended"
        found: dict[str, Any] = json.loads(line)
        return found

    def answer(self, number: int) -> str:
        """The text of the answer to a request, after what comes before it."""
        while (message := self.heard()).get("id") != number:
            continue
        return "\n".join(each.get("text", "") for each in message["result"].get("content", []))

    def until(self, said: str) -> None:
        """Until progress says this."""
        while said not in self.heard().get("params", {}).get("message", ""):
            continue


@pytest.fixture
def raw(repro: Repro) -> Iterator[Raw]:
    client = Raw(repro)
    yield client
    with suppress(ProcessLookupError):
        client.process.kill()
    client.process.wait()
    for stream in (client.process.stdin, client.process.stdout):
        with suppress(OSError):
            stream.close()  # type: ignore[union-attr]


def restored(demo: Mapping[str, str], before: object, tenant: str) -> bool:
    """Whether the settings are soon as they were."""
    end = time.monotonic() + 90
    while settings(demo, tenant) != before and time.monotonic() < end:
        time.sleep(0.2)
    return settings(demo, tenant) == before


def test_being_told_to_end_puts_the_settings_back(raw: Raw, demo: Mapping[str, str]) -> None:
    before = settings(demo, "acme-eu")
    assert "is open as acme-eu" in raw.answer(raw.tool("open", customer="acme-eu"))
    assert settings(demo, "acme-eu") != before
    raw.process.send_signal(signal.SIGTERM)
    assert raw.process.wait(90) == 130
    assert settings(demo, "acme-eu") == before


def test_a_client_that_kills_the_server_and_its_browser_leaves_the_settings_as_they_were(raw: Raw, demo: Mapping[str, str]) -> None:
    before = settings(demo, "acme-eu")
    raw.answer(raw.tool("open", customer="acme-eu"))
    os.killpg(raw.process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        raw.process.wait(0.3)
    with suppress(ProcessLookupError):
        os.killpg(raw.process.pid, signal.SIGKILL)
    assert restored(demo, before, "acme-eu")


def test_a_run_is_cancelled_in_good_order_and_what_was_done_is_kept(raw: Raw, demo: Mapping[str, str]) -> None:
    before = settings(demo, "baseline")
    run = raw.tool("run", paths=["billing/pays-too-little"], customers=["baseline"], attempts=500)
    raw.until("attempt 1: not_reproduced")
    raw.say({"method": "notifications/cancelled", "params": {"requestId": run}})
    told = raw.answer(raw.tool("verdict"))
    assert "interrupted" in told and "billing/pays-too-little [baseline]" in told
    assert settings(demo, "baseline") == before
    assert raw.answer(raw.tool("validate", paths=["billing"])).startswith("ok: ")


def test_over_http_only_this_machine_is_answered_and_a_session_ends_with_its_client(repro: Repro, demo: Mapping[str, str]) -> None:
    before = settings(demo, "acme-eu")
    process = subprocess.Popen(server("--http", "--port", "0"), cwd=repro.folder, env=repro.variables(), stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+/mcp", process.stderr.readline())

        async def work() -> None:
            async with Client(address, mode="legacy") as client:
                ask = Agent(client)
                await ask("open", customer="acme-eu")
                assert settings(demo, "acme-eu") != before

        asyncio.run(work())
        assert restored(demo, before, "acme-eu")
        assert [refused(address, header) for header in ({"Host": "evil.example"}, {"Origin": "http://evil.example"})] == [421, 403]
        taken = repro("mcp", "--http", "--port", address.rpartition(":")[2].partition("/")[0])
        assert taken.returncode == 2 and "error[port-taken]" in taken.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
        process.stderr.close()  # type: ignore[union-attr]


def refused(address: str, header: Mapping[str, str]) -> int:
    """The status that a request with this header gets."""
    about = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **header}
    with pytest.raises(HTTPError) as error:
        urlopen(Request(address, data=b"{}", headers=about))
    with error.value:
        return error.value.code


def test_without_the_extra_or_a_workspace_it_says_so(repro: Repro, tmp_path: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None; from harness.cli.main import run; run(['mcp'])"
    missing = subprocess.run([sys.executable, "-c", code], cwd=repro.folder, env=repro.variables(), capture_output=True, text=True)
    assert missing.returncode == 2 and "error[mcp-extra]" in missing.stderr and "pip install 'repro-harness[mcp]'" in missing.stderr
    nowhere = repro("mcp", str(tmp_path.parent))
    assert nowhere.returncode == 2 and "no-workspace" in nowhere.stderr
    assert repro("mcp", "--idle", "soon").returncode == 2
