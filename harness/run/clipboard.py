"""Which scenarios paste: what they find in the clipboard must be their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.scenario.action import Step
from harness.scenario.advice import all_steps
from harness.scenario.scenario import Flow, Scenario
from harness.scenario.steps.press import Press

PASTES = re.compile(r"(Control|Meta|ControlOrMeta)\+(Shift\+)?(v|KeyV)|Shift\+Insert", re.IGNORECASE)


def pastes(scenario: Scenario, flows: Mapping[str, Flow]) -> bool:
    """Whether any step presses the keys that paste."""
    steps = (*scenario.setup, *scenario.steps, *scenario.cleanup, *(step for flow in flows.values() for step in flow.steps))
    return any(PASTES.fullmatch(keys) for keys in _pressed(steps))


def _pressed(steps: Sequence[Step]) -> Iterator[str]:
    for step in all_steps(steps):
        if isinstance(step.action, Press):
            target = step.action.target
            yield from (target,) if isinstance(target, str) else (keys for _, keys in target)
