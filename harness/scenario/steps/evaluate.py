"""`evaluate`: runs JavaScript in the page, where the environment allows it."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.shapes import Text, argument


@dataclass(frozen=True, kw_only=True)
class Evaluate(Action):
    verb = "evaluate"
    summary = "Runs JavaScript in the page; only where the environment has allow_evaluate."
    example = "evaluate: document.dispatchEvent(new Event('visibilitychange'))"

    script: str = argument(Text(), "an expression, or a function that is called")
