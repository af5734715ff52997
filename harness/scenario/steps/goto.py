"""`goto`: opens a page."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.shapes import Text, argument


@dataclass(frozen=True, kw_only=True)
class Goto(Action):
    verb = "goto"
    summary = "Opens a path below the environment's base_url, or a whole URL on an allowed host."
    example = "goto: /dashboard"

    url: str = argument(Text(), "a path or a URL")
