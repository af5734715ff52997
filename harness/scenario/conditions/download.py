"""Files that the page gave, and dialogs that it opened."""

import re
from dataclasses import dataclass

from harness.scenario.condition import Check
from harness.scenario.shapes import Choice, Either, Pattern, RecordOf, Text, argument, option, whole


@dataclass(frozen=True, kw_only=True)
class Lines:
    """How many lines a file has; an end of line at the end of the file begins no further one."""

    at_least: int | None = option(whole(0), "so many, or more")
    at_most: int | None = option(whole(0), "so many, or fewer")

    def fits(self, count: int) -> bool:
        """Whether a count is as wanted."""
        return (self.at_least is None or count >= self.at_least) and (self.at_most is None or count <= self.at_most)


@dataclass(frozen=True, kw_only=True)
class Download(Check):
    keys = ("download",)
    summary = {"download": "A file was downloaded to its end."}
    example = "{download: '*.csv', lines: 13}"
    event = True

    name: str = argument(Text(), "a glob of the file's name")
    contains: str | None = option(Text(), "text that the file holds")
    matches: re.Pattern[str] | None = option(Pattern(), "a regular expression that finds something in the file")
    lines: int | Lines | None = option(
        Either(whole(0), RecordOf(Lines, "`lines`")), "how many lines it has: a count, or {at_least, at_most}"
    )


@dataclass(frozen=True, kw_only=True)
class DialogSeen(Check):
    keys = ("dialog",)
    summary = {"dialog": "The page opened a dialog: alert, confirm, prompt, beforeunload, or any."}
    example = "{dialog: alert, contains: expired}"
    event = True

    type: str = argument(Choice("any", "alert", "confirm", "prompt", "beforeunload"), "its type, or any")
    contains: str | None = option(Text(), "text that it shows")
    matches: re.Pattern[str] | None = option(Pattern(), "a regular expression that finds something in its text")
    at_least: int | None = option(whole(1), "so many of them, or more")
