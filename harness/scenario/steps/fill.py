"""`fill`: sets the value of fields at once."""

from dataclasses import dataclass

from harness.core.secret import Secret
from harness.scenario.action import Action
from harness.scenario.locators import Locator
from harness.scenario.pairs import Pairs
from harness.scenario.shapes import Text, argument


@dataclass(frozen=True, kw_only=True)
class Fill(Action):
    verb = "fill"
    summary = "Sets the value of fields at once."
    example = 'fill: {textbox "Email": jane@acme.example}'

    fields: tuple[tuple[Locator, str | Secret], ...] = argument(Pairs(Text()), "locator: value")
