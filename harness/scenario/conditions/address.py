"""The page's address and title."""

import re
from dataclasses import dataclass
from typing import Any

from harness.scenario.condition import Check
from harness.scenario.operators import GlobOrOperators
from harness.scenario.shapes import Decoder, Invalid, Pattern, argument, option
from harness.scenario.source import Node


@dataclass(frozen=True, kw_only=True)
class Address(Check):
    keys = ("url", "title")
    summary = {
        "url": "The page's address: a glob, a path below base_url, or `{matches: …}`.",
        "title": "The page's title: a glob, or `{matches: …}`.",
    }
    example = "url: /invoices*"
    examples = {"title": "title: Invoices*"}

    glob: str | None = argument(GlobOrOperators(), "a glob", default=None)
    matches: re.Pattern[str] | None = option(Pattern(), "a regular expression that finds something in it")

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        if values.get("glob") is None and values.get("matches") is None:
            decoder.report("missing-operator", f"`{values['key']}` needs a glob or `matches`", node)
            raise Invalid
