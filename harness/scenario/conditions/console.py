"""What the page wrote to the console, and exceptions that nothing caught."""

import re
from dataclasses import dataclass
from typing import Any

from harness.scenario.condition import Check
from harness.scenario.operators import True_
from harness.scenario.shapes import Choice, JsonSchema, Pattern, ScalarShape, Text, argument, option


@dataclass(frozen=True, kw_only=True)
class Console(Check):
    keys = ("console",)
    summary = {"console": "The page wrote such a line to the console."}
    example = "{console: error, contains: quota}"
    event = True

    level: str = argument(Choice("any", "error", "warning", "info", "log", "debug"), "the line's level")
    contains: str | None = option(Text(), "text that the line holds")
    matches: re.Pattern[str] | None = option(Pattern(), "a regular expression that finds something in the line")


class _TrueOrText(ScalarShape):
    """true, or text that the message holds."""

    expected = "true, or text that the message holds"

    def convert(self, value: Any) -> Any:
        return True_().convert(value) if isinstance(value, bool) else Text().convert(value)

    def schema(self) -> JsonSchema:
        return {"anyOf": [{"const": True}, {"type": ["string", "number"]}]}


@dataclass(frozen=True, kw_only=True)
class PageErrorSeen(Check):
    keys = ("page_error",)
    summary = {"page_error": "An exception in the page that nothing caught."}
    example = "{page_error: true, contains: undefined}"
    event = True

    message: bool | str = argument(_TrueOrText(), "true, or text that the message holds")
    contains: str | None = option(Text(), "text that the message holds")
    matches: re.Pattern[str] | None = option(Pattern(), "a regular expression that finds something in the message")
