"""What the page asked the network for, and what came back."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.condition import Check
from harness.scenario.http import METHODS, Answer
from harness.scenario.shapes import Choice, Decoder, Duration, Invalid, Text, argument, option, whole
from harness.scenario.source import Node


@dataclass(frozen=True, kw_only=True)
class Traffic(Answer, Check):
    """`request` is known as soon as it is sent, `response` with its answer, `request_failed` when none came."""

    keys = ("request", "response", "request_failed")
    summary = {
        "request": "The page sent such a request.",
        "response": "The page got such an answer.",
        "request_failed": "The page sent such a request, and no answer came.",
    }
    example = "{response: '**/api/report', status: 5xx}"
    examples = {
        "request": "{request: '**/api/sync', method: POST, at_least: 2}",
        "request_failed": "request_failed: '**/api/report'",
    }
    event = True

    url: str = argument(Text(), "a glob of the address, or a path below base_url")
    method: str | None = option(Choice(*METHODS), "only this method")
    slower_than_ms: int | None = option(Duration(), "it took longer than this, or takes longer already", key="slower_than")
    at_least: int | None = option(whole(1), "so many of them, or more")
    at_most: int | None = option(whole(0), "so many of them, or fewer")

    @property
    def absence(self) -> bool:
        return self.at_most is not None

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        odd = [word for word in ("status", "json") if values.get(word) is not None and values["key"] != "response"]
        if odd:
            decoder.report("wrong-operator", f"`{odd[0]}` is about an answer; `{values['key']}` has none", node, "write `response: …`")
            raise Invalid
