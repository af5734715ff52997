"""`clock`: changes the time that the page sees."""

from dataclasses import dataclass
from datetime import datetime

from harness.scenario.action import Action
from harness.scenario.shapes import Decoder, Duration, Invalid, RecordOf, argument, option
from harness.scenario.source import Node
from harness.scenario.times import Moment


@dataclass(frozen=True, kw_only=True)
class Change:
    """Exactly one is set."""

    at: datetime | None = option(Moment(), "the time becomes this, as when a computer wakes: timers that are due do not fire for it")
    forward_ms: int | None = option(Duration(), "so much time passes, and timers that are due fire once", key="forward")
    run_ms: int | None = option(Duration(), "so much time passes, and every timer fires as often as it is due", key="run")


class _One(RecordOf):
    def decode(self, node: Node, decoder: Decoder) -> Change:
        change: Change = super().decode(node, decoder)
        if sum(value is not None for value in (change.at, change.forward_ms, change.run_ms)) != 1:
            decoder.report("wrong-value", "expected exactly one of at, forward, run", node)
            raise Invalid
        return change


@dataclass(frozen=True, kw_only=True)
class Clock(Action):
    verb = "clock"
    summary = "Changes the time that the page sees."
    example = "clock: {forward: 2h}"

    change: Change = argument(_One(Change, "`clock`"), "at, forward or run")
