"""`back`: goes back in the tab's history."""

from dataclasses import dataclass

from harness.scenario.action import Action


@dataclass(frozen=True, kw_only=True)
class Back(Action):
    verb = "back"
    summary = "Goes back in the tab's history."
    example = "back"
