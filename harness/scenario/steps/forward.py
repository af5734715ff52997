"""`forward`: goes forward in the tab's history."""

from dataclasses import dataclass

from harness.scenario.action import Action


@dataclass(frozen=True, kw_only=True)
class Forward(Action):
    verb = "forward"
    summary = "Goes forward in the tab's history."
    example = "forward"
