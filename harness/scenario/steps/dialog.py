"""`dialog`: how the next dialogs are answered."""

from dataclasses import dataclass

from harness.scenario.action import Action
from harness.scenario.shapes import Choice, Either, RecordOf, Text, argument, required


@dataclass(frozen=True, kw_only=True)
class Accept:
    """The text for a prompt."""

    accept: str = required(Text(), "the text to answer a prompt with")


@dataclass(frozen=True, kw_only=True)
class DialogAnswer(Action):
    verb = "dialog"
    summary = "Says how dialogs (alert, confirm, prompt) are answered from here on; without it they are dismissed."
    example = "dialog: accept"

    answer: str | Accept = argument(Either(Choice("accept", "dismiss"), RecordOf(Accept, "`dialog`")), "accept, dismiss or {accept: text}")
