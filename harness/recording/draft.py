"""A recording as a draft of a scenario. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.draft.model import Draft, DraftStep, literal, shown
from harness.draft.selectors import NoLocator
from harness.recording.flows import leading_flow
from harness.recording.steps import Item, Recorded, joined, oracle, relative, steps_of
from harness.scenario.scenario import Flow


@dataclass(frozen=True)
class About:
    """What is said of the scenario beforehand. `after` is a flow that was run before the recording began."""

    title: str
    customer: str | None
    environment: str
    ticket: str | None = None
    report: str | None = None
    after: str | None = None


def title_of(stem: str) -> str:
    """`blank-for-eu` -> `Blank for eu`."""
    words = re.sub(r"[-_.\s]+", " ", stem).strip()
    return literal(words[:1].upper() + words[1:]) or "Recorded"


def draft_of(recorded: Recorded, about: About, flows: Sequence[Flow]) -> Draft:
    """The scenario as far as it is known."""
    found = leading_flow(recorded, flows) if about.after is None else None
    items = recorded.items[found.count :] if found else recorded.items
    steps = joined((*steps_of(recorded, items), *_to_the_mark(recorded, items)))
    setup: tuple[DraftStep, ...] = (DraftStep({"use": about.after}),) if about.after else ()
    mark = recorded.symptom or recorded.expected
    if found and not steps and mark is None:
        steps = (found.step,)
    elif found:
        setup = (found.step,)
    if setup and not _begins_with_goto(steps):
        at = items[0].event.url if items else mark.url if mark else ""
        address = found.again if found and found.again and not items else relative(at, recorded.base_url)
        steps = (DraftStep({"goto": literal(address)}), *steps) if at else steps
    symptom, expected, unsaid = _oracles(recorded)
    return Draft(
        title=about.title,
        ticket=about.ticket,
        report=about.report,
        customer=about.customer,
        environment=about.environment,
        setup=setup,
        steps=steps,
        symptom=symptom,
        expected=expected,
        unsaid=(*recorded.unsaid, *unsaid),
    )


def _to_the_mark(recorded: Recorded, items: tuple[Item, ...]) -> tuple[DraftStep, ...]:
    """What was marked may stand in another tab than the one that was acted in last."""
    mark = recorded.symptom or recorded.expected
    last = items[-1].event.tab if items else 0
    return (DraftStep({"tab": mark.tab}),) if mark is not None and mark.tab != last else ()


def _begins_with_goto(steps: tuple[DraftStep, ...]) -> bool:
    first = steps[0].data if steps else None
    return isinstance(first, dict) and ("goto" in first or "use" in first)


def _oracles(recorded: Recorded) -> tuple[dict[str, Any] | None, dict[str, Any] | None, tuple[str, ...]]:
    found: list[dict[str, Any] | None] = []
    unsaid: list[str] = []
    for mark in (recorded.symptom, recorded.expected):
        try:
            found.append(oracle(mark))
        except NoLocator as error:
            found.append(None)
            unsaid.append(shown(f"the mark: {error}"))
    if recorded.symptom and recorded.expected and recorded.symptom.tab != recorded.expected.tab:
        unsaid.append("symptom and expected were marked in different tabs; both are watched for in the tab of the symptom")
    return found[0], found[1], tuple(unsaid)


def left_to_do(draft: Draft) -> tuple[str, ...]:
    """What somebody still has to fill in, a sentence each."""
    found = [] if draft.steps else ["steps: nothing was done in the page"]
    if draft.symptom is None:
        found.append("symptom: what the customer saw and should not have seen")
    if draft.expected is None:
        found.append("expected: what they should have seen instead")
    if draft.ticket is None:
        found.append("ticket and report: where it comes from, in the customer's own words")
    noted = dict.fromkeys(step.note for step in (*draft.setup, *draft.steps) if step.note)
    return (*found, *(f"a step: {note}" for note in noted), *draft.unsaid)
