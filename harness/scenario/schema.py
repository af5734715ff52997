"""The JSON Schemas (2020-12) of the files of a workspace, for editors. They derive from the same declarations that decode the files."""

from __future__ import annotations

from typing import Any

from harness.scenario import conditions, steps
from harness.scenario.customer import Customer
from harness.scenario.environment import Environment
from harness.scenario.locators import locator_schema
from harness.scenario.scenario import Flow, Scenario
from harness.scenario.settings import Settings
from harness.scenario.shapes import object_schema

CLASSES = {"scenario": Scenario, "flow": Flow, "customer": Customer, "environment": Environment, "workspace": Settings}
TITLES = {
    "scenario": "A ticket's reproduction",
    "flow": "Steps that scenarios share",
    "customer": "A customer: account, browser, settings",
    "environment": "Where staging is, and how settings get onto it",
    "workspace": "repro.yaml: what holds for a whole workspace",
}


def schema_of(kind: str) -> dict[str, Any]:
    """The schema of one kind of file, with `step`, `condition` and `locator` below `$defs`. Raises KeyError for another kind."""
    definitions = {"locator": locator_schema(), "step": steps.REGISTRY.shape.schema(), "condition": conditions.SHAPE.schema()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLES[kind],
        **object_schema(CLASSES[kind]),
        "$defs": definitions,
    }
