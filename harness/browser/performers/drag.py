"""`drag`."""

from __future__ import annotations

from typing import Any

from harness.browser.locate import locate
from harness.browser.performers.support_.target import act
from harness.run.ports import Performed
from harness.scenario.steps.drag import Drag

ACTION = Drag
MOVES = 10  # of the mouse between the two, as a hand makes many: what listens to the pointer does not notice a single jump


async def perform(session: Any, action: Drag, timeout_ms: int) -> Performed:
    """Drags the one element onto the other."""
    target = locate(session.view().page, action.path.target)
    await act(session, action.path.target, lambda found: found.wait_for(state="visible", timeout=timeout_ms))
    return await act(session, action.path.source, lambda source: source.drag_to(target, steps=MOVES, timeout=timeout_ms))
