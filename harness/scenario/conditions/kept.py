"""What an earlier step kept, and how long a step took."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.condition import Check
from harness.scenario.operators import need_operator
from harness.scenario.shapes import Decoder, Duration, Number, Pattern, Text, Word, argument, option, required
from harness.scenario.source import Node


@dataclass(frozen=True, kw_only=True)
class SavedIs(Check):
    keys = ("saved",)
    summary = {"saved": "A value that a `save` step kept."}
    example = "{saved: total, above: 100}"
    event = True

    name: str = argument(Word(), "the name it was saved under")
    is_: str | None = option(Text(), "equal to this", key="is")
    contains: str | None = option(Text(), "text that it holds")
    matches: Any = option(Pattern(), "a regular expression that finds something in it")
    above: float | None = option(Number(), "a larger number than this")
    below: float | None = option(Number(), "a smaller number than this")

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        need_operator(values, ("is", "contains", "matches", "above", "below"), node, decoder)


@dataclass(frozen=True, kw_only=True)
class Took(Check):
    keys = ("took",)
    summary = {"took": "A named step took longer than this."}
    example = "{took: open-report, longer_than: 5s}"
    event = True

    step: str = argument(Word(), "the step's name")
    longer_than_ms: int = required(Duration(), "how long is too long", key="longer_than")
