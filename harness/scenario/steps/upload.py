"""`upload`: chooses files for a file field."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.locators import Locator
from harness.scenario.pairs import Pairs
from harness.scenario.shapes import Many, Text, argument


@dataclass(frozen=True, kw_only=True)
class Upload(Action):
    verb = "upload"
    summary = "Chooses files of the workspace for a file field, or for the file dialog that a button opens."
    example = 'upload: {button "Photo": files/photo.png}'

    fields: tuple[tuple[Locator, tuple[str, ...]], ...] = argument(Pairs(Many(Text(), or_one=True)), "locator: file")
