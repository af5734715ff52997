"""A page that does not answer any more."""

from dataclasses import dataclass

from harness.scenario.condition import Check
from harness.scenario.operators import True_
from harness.scenario.shapes import argument


@dataclass(frozen=True, kw_only=True)
class PageHealth(Check):
    """`unresponsive`: the page's main thread does not answer within 5 s; with `for`, all that time."""

    keys = ("unresponsive", "crashed")
    summary = {"unresponsive": "The page does not react any more (an endless script).", "crashed": "The page's process has crashed."}
    example = "unresponsive: true"
    examples = {"crashed": "crashed: true"}

    seen: bool = argument(True_(), "true")
