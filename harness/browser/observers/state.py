"""Visible, hidden, enabled and so on."""

from __future__ import annotations

import time
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from harness.browser.locate import locate
from harness.browser.observers.support_.waiting import in_driver, paced, truth, unknown
from harness.browser.performers.support_.errors import MOVING, is_strict, obstacle
from harness.browser.view import View
from harness.run.ports import Look, Truth
from harness.scenario.conditions.state import State

ASSERTIONS = {
    "visible": ("to_be_visible", "not_to_be_visible"),
    "hidden": ("to_be_hidden", "not_to_be_hidden"),
    "attached": ("to_be_attached", "not_to_be_attached"),
    "enabled": ("to_be_enabled", "not_to_be_enabled"),
    "disabled": ("to_be_disabled", "not_to_be_disabled"),
    "checked": ("to_be_checked", "not_to_be_checked"),
    "unchecked": ("not_to_be_checked", "to_be_checked"),
    "editable": ("to_be_editable", "not_to_be_editable"),
    "focused": ("to_be_focused", "not_to_be_focused"),
    "in_viewport": ("to_be_in_viewport", "not_to_be_in_viewport"),
}
YES = {"attached": "in the page", "focused": "focused", "in_viewport": "in view", "unchecked": "not checked"}
NEEDS_ELEMENT = frozenset(("enabled", "disabled", "checked", "unchecked", "editable", "focused", "in_viewport"))
AGAIN = frozenset(("visible", "hidden", "attached"))
TRIAL_MS = 1_000
APART = """elements => { if (elements.length !== 1) return null;
  const up = e => e.assignedSlot || e.parentElement || e.getRootNode().host;
  const modals = [...document.querySelectorAll('dialog:modal')];
  let within = !modals.length;
  if (getComputedStyle(elements[0]).pointerEvents === 'none') return 'it takes no clicks (pointer-events: none)';
  for (let e = elements[0]; e; e = up(e)) {
    if (e.inert) return 'it is in a part of the page that is inert';
    within ||= modals.includes(e) }
  return within ? null : 'a dialog is open in front of it' }"""
MIXED = """elements => { if (elements.length !== 1) return null;
  const [e] = elements, box = e.matches('input, [role]') ? e : e.closest('label')?.control || e;
  return box.indeterminate || box.ariaChecked === 'mixed' ? 'it is neither ticked nor not ticked (indeterminate)' : null }"""
HINDRANCES = {"enabled": APART, "disabled": APART, "editable": APART, "checked": MIXED, "unchecked": MIXED}


async def state(view: View, check: State, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Waits in the driver. Where it waited in vain, the state is looked at once more: the end of a wait alone shows nothing."""
    target = locate(view.page, check.target)
    positive, negative = (getattr(expect(target), name) for name in ASSERTIONS[check.key])
    chosen = positive if wanted else negative
    try:
        came = await in_driver(lambda ms: chosen(timeout=ms), timeout_ms)
        holds = came == wanted
        if not came and check.key in AGAIN:
            holds = await view.how_many(target if check.key == "attached" else target.filter(visible=True)) > 0
            holds = holds != (check.key == "hidden")
        elif check.key in NEEDS_ELEMENT and await view.how_many(target) == 0:
            return Look(Truth.NO, f"{check.target} is not there")  # so it has no state: neither this nor its opposite is true
    except PlaywrightError as error:
        if is_strict(error) and check.key in ("visible", "hidden") and (look := await _several(view, check, target)):
            return look
        return unknown(error, check.target)
    return Look(truth(holds), await _said(view, check, target, holds))


async def hindered(view: View, check: State, wanted: bool, timeout_ms: float, since: int) -> Look:
    """States of which Playwright's assertion sees only a part: a control that is enabled can't be used where the page is inert, and a
    checkbox that is not checked may be neither. Waits in the driver; only where something is in the way, which has no event, it looks
    again after pauses."""
    end = time.monotonic() + timeout_ms / 1000

    def left_ms() -> float:
        return max(0.0, (end - time.monotonic()) * 1000)

    if wanted != _seems(check):
        look = await _hindered_now(view, check, since)
        if look.truth is truth(wanted):
            return look
        seen = await state(view, check, wanted, left_ms(), since)
        return await _unless_hindered(view, check, seen)
    look = await _unless_hindered(view, check, await state(view, check, wanted, timeout_ms, since))
    if look.truth is truth(wanted) or left_ms() == 0:
        return look
    return await paced(lambda: _hindered_now(view, check, since), wanted, left_ms())


def _seems(check: State) -> bool:
    """What Playwright's assertion says where something that it does not see is in the way."""
    return check.key != "disabled"


async def _hindered_now(view: View, check: State, since: int) -> Look:
    return await _unless_hindered(view, check, await state(view, check, _seems(check), 0, since))


async def _unless_hindered(view: View, check: State, seen: Look) -> Look:
    if seen.truth is not truth(_seems(check)):
        return seen
    try:
        why = await locate(view.page, check.target).evaluate_all(HINDRANCES[check.key])
    except PlaywrightError as error:
        return unknown(error, check.target)
    if why is None:
        return seen
    return Look(truth(check.key == "disabled"), f"{check.target} is {'' if check.key == 'disabled' else 'not '}{check.key}: {why}")


async def _several(view: View, check: State, target: Any) -> Look | None:
    """None of several elements can be seen: then it is hidden, whichever is meant."""
    if await view.how_many(target.filter(visible=True)) == 0:
        return Look(truth(check.key == "hidden"), f"{check.target} is hidden")
    return None


async def _said(view: View, check: State, target: Any, holds: bool) -> str:
    word = YES.get(check.key, check.key)
    if holds and check.key != "hidden":
        return f"{check.target} is {word}"
    if not holds and check.key == "hidden":
        return f"{check.target} is visible"
    if await view.how_many(target) == 0:
        return f"{check.target} is not there"
    return f"{check.target} is hidden" if check.key in ("hidden", "visible") else f"{check.target} is not {word}"


async def clickable(view: View, check: State, wanted: bool, timeout_ms: float, since: int) -> Look:
    """Playwright's actionability: a trial click waits in the driver; that it stops being clickable has no event."""
    target = locate(view.page, check.target)
    if wanted:
        return await _try_click(view, check, target, max(timeout_ms, TRIAL_MS))
    return await paced(lambda: _try_click(view, check, target, TRIAL_MS), wanted, timeout_ms)


async def _try_click(view: View, check: State, target: Any, ms: float) -> Look:
    """Only an obstacle that was seen is a no: a machine that is busy may need long for an element that can be clicked."""
    try:
        await target.click(trial=True, timeout=ms)
    except PlaywrightError as error:
        if is_strict(error) or "Timeout" not in str(error):
            return unknown(error, check.target)
        if await view.how_many(target) == 0:
            return Look(Truth.NO, f"{check.target} is not there")
        why = obstacle(error)
        if why is None or (why == MOVING and ms <= TRIAL_MS):
            return Look(Truth.UNKNOWN, f"it is not known whether {check.target} can be clicked: it did not react in time")
        return Look(Truth.NO, f"{check.target} can't be clicked: {why}")
    return Look(Truth.YES, f"{check.target} can be clicked")


OBSERVERS = {**dict.fromkeys(ASSERTIONS, state), **dict.fromkeys(HINDRANCES, hindered), "clickable": clickable}
