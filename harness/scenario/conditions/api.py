"""What the application's API answers, asked by the harness."""

from dataclasses import dataclass
from typing import Any

from harness.core.secret import Secret
from harness.scenario.condition import Check
from harness.scenario.http import HEADERS, Answer, Endpoint
from harness.scenario.shapes import Data, Duration, argument, option


@dataclass(frozen=True, kw_only=True)
class Api(Answer, Check):
    keys = ("api",)
    summary = {"api": "An API call with the session's cookies, asked until its answer is as wanted, or is no error."}
    example = "{api: GET /api/jobs/1, json: {$.state: failed}}"

    endpoint: str | Secret = argument(Endpoint(), "METHOD url")
    headers: dict[str, str | Secret] | None = option(HEADERS, "headers that are sent")
    body: Any = option(Data(), "a body that is sent, as JSON")
    every_ms: int = option(Duration(), "the pause between two calls", key="every", default=500)

    @property
    def asks_nothing(self) -> bool:
        """Whether any answer without an error will do."""
        return self.status is None and self.body_contains is None and self.json is None
