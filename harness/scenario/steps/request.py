"""`request`: an API call with the session's cookies."""

from dataclasses import dataclass
from typing import Any

from harness.core.secret import Secret
from harness.scenario.action import Action
from harness.scenario.http import HEADERS, STATUSES, Endpoint, JsonPath
from harness.scenario.shapes import Data, Decoder, Map, Text, argument, option
from harness.scenario.source import Node


@dataclass(frozen=True, kw_only=True)
class Request(Action):
    verb = "request"
    summary = "Makes an API call with the session's cookies. Without expect_status, 400 and above can't be done."
    example = "request: POST /api/sync"

    endpoint: str | Secret = argument(Endpoint(), "METHOD url")
    json: Any = option(Data(), "the body, sent as JSON")
    form: dict[str, str | Secret] | None = option(Map(Text()), "the body, sent as a form")
    headers: dict[str, str | Secret] | None = option(HEADERS, "headers of the request")
    expect_status: tuple[str, ...] | None = option(STATUSES, "the status that the answer must have: 200, 2xx, [200, 404]")
    save: dict[str, str] | None = option(Map(JsonPath()), "name: path of a value in the JSON answer")

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        if values.get("json") is not None and values.get("form") is not None:
            raise decoder.invalid("wrong-value", "a request has `json` or `form`, not both", node)
