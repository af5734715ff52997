"""`mock`: answers requests in the application's place."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.action import Action
from harness.scenario.http import HEADERS, METHODS
from harness.scenario.shapes import Choice, Data, Decoder, Duration, JsonSchema, RecordOf, ScalarShape, Text, argument, option, whole
from harness.scenario.source import Node

# Stands in a HAR file for the environment's own site, whatever its address: `repro import --mocks` writes it.
SITE = "https://environment.invalid"
ABORTS = (
    "failed",
    "aborted",
    "timedout",
    "accessdenied",
    "connectionclosed",
    "connectionreset",
    "connectionrefused",
    "connectionaborted",
    "connectionfailed",
    "namenotresolved",
    "internetdisconnected",
    "addressunreachable",
    "blockedbyclient",
    "blockedbyresponse",
)


class _Abort(ScalarShape):
    """`true` or Playwright's name of a network error."""

    expected = "true or the name of an error"

    def convert(self, value: Any) -> bool | str:
        return value if isinstance(value, bool) else Choice(*ABORTS).convert(value)

    def schema(self) -> JsonSchema:
        return {"enum": [True, *ABORTS]}


@dataclass(frozen=True, kw_only=True)
class Mocked:
    """Which requests, and what they get. With `delay` alone the real answer is fetched at once and given late."""

    url: str | None = option(Text(), "a glob of the address")
    har: str | None = option(Text(), "a HAR file of the workspace: the customer's recorded traffic")
    method: str | None = option(Choice(*METHODS), "only requests of this method")
    status: int | None = option(whole(100, 599), "the answer's status")
    json: Any = option(Data(), "the answer's body as JSON")
    body: str | None = option(Text(), "the answer's body")
    file: str | None = option(Text(), "a file of the workspace as the answer's body")
    headers: dict[str, str] | None = option(HEADERS, "headers of the answer")
    abort: bool | str | None = option(_Abort(), "the request fails: true, or an error such as connectionreset")
    delay_ms: int | None = option(Duration(), "the answer comes so much later", key="delay")
    count: int | None = option(whole(1), "only the first so many; the others go through")


class _MockedShape(RecordOf):
    def decode(self, node: Node, decoder: Decoder) -> Mocked:
        mocked: Mocked = super().decode(node, decoder)
        if (mocked.url is None) == (mocked.har is None):
            raise decoder.invalid("wrong-value", "a mock has `url` or `har`", node)
        bodies = [key for key in ("json", "body", "file", "abort") if getattr(mocked, key) is not None]
        if len(bodies) > 1:
            raise decoder.invalid("wrong-value", f"a mock has one of json, body, file, abort; found {' and '.join(bodies)}", node)
        if mocked.har is None and not bodies and mocked.status is None and mocked.delay_ms is None:
            raise decoder.invalid("wrong-value", "say what the request gets: status, json, body, file, abort or delay", node)
        return mocked


@dataclass(frozen=True, kw_only=True)
class Mock(Action):
    verb = "mock"
    summary = "Answers requests in the application's place, lets them fail, or delays the real answer."
    example = "mock: {url: '**/api/report', status: 503}"

    mocked: Mocked = argument(_MockedShape(Mocked, "`mock`"), "which requests, and what they get")
