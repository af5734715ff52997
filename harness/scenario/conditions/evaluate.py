"""JavaScript that says whether the condition holds, where the environment allows it."""

from dataclasses import dataclass

from harness.scenario.condition import Check
from harness.scenario.shapes import Text, argument


@dataclass(frozen=True, kw_only=True)
class EvaluatesTrue(Check):
    keys = ("evaluate",)
    summary = {"evaluate": "JavaScript in the page that returns true; only where the environment has allow_evaluate."}
    example = "evaluate: document.fonts.status === 'loaded'"

    script: str = argument(Text(), "an expression, or a function that is called")
