"""`reload`: loads the page again."""

from dataclasses import dataclass

from harness.scenario.action import Action


@dataclass(frozen=True, kw_only=True)
class Reload(Action):
    verb = "reload"
    summary = "Loads the page again."
    example = "reload"
