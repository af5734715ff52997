"""The three outcomes and the classifications: what a verdict can be."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How one attempt, and over its attempts one scenario, ends. `inconclusive` is a state of its own, never a falsehood."""

    REPRODUCED = "reproduced"
    NOT_REPRODUCED = "not_reproduced"
    INCONCLUSIVE = "inconclusive"


class Classification(StrEnum):
    """What a support agent does with the ticket: see the table in the language's page."""

    DEFECT = "defect"
    CONFIGURATION = "configuration"
    MISCONFIGURATION = "misconfiguration"
    EDGE_CASE = "edge_case"
    NOT_REPRODUCED = "not_reproduced"
