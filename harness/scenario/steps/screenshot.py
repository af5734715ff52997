"""`screenshot`: takes a picture under a name."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.shapes import Bool, Word, argument, option


@dataclass(frozen=True, kw_only=True)
class Screenshot(Action):
    verb = "screenshot"
    summary = "Takes a picture under a name."
    example = "screenshot: after-import"

    label: str = argument(Word(), "a name")
    full_page: bool = option(Bool(), "the whole page, not only what is in view", default=False)
