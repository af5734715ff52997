"""`use`: runs a flow."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.action import Action
from harness.scenario.shapes import Data, FileName, Map, argument, option


@dataclass(frozen=True, kw_only=True)
class Use(Action):
    verb = "use"
    summary = "Runs a flow of the workspace's `flows/`."
    example = "use: login"

    flow: str = argument(FileName(), "the flow's name")
    with_: dict[str, Any] = option(Map(Data()), "the flow's parameters", key="with", default=None)
