"""`dialog`."""

from __future__ import annotations

from typing import Any

from harness.run.ports import Performed
from harness.scenario.steps.dialog import Accept, DialogAnswer

ACTION = DialogAnswer


async def perform(session: Any, action: DialogAnswer, timeout_ms: int) -> Performed:
    """Says how dialogs are answered from here on."""
    listener = session.opened.listener
    with_text = isinstance(action.answer, Accept)
    listener.answer = "accept" if with_text else action.answer
    listener.prompt_text = action.answer.accept if isinstance(action.answer, Accept) else None
    return Performed()
