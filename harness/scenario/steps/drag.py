"""`drag`: drags one element onto another."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import LOCATOR, Locator
from harness.scenario.shapes import RecordOf, argument, required


@dataclass(frozen=True, kw_only=True)
class Path:
    """From where to where."""

    source: Locator = required(LOCATOR, "the element that is dragged", key="from")
    target: Locator = required(LOCATOR, "the element that it is dropped on", key="to")


@dataclass(frozen=True, kw_only=True)
class Drag(Action):
    verb = "drag"
    summary = "Drags one element onto another."
    example = 'drag: {from: {role: listitem, has_text: Task}, to: region "Done"}'

    path: Path = argument(RecordOf(Path, "`drag`"), "from and to")
