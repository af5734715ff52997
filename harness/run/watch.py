"""Watches a scenario's oracles: conditions combined, held for a time, and symptom against expected.

It waits through the session, whose waits are the browser's own; nothing here polls or sleeps.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harness.core.durations import format_duration
from harness.run.kept import look_at_kept
from harness.run.ports import Look, Session, Truth
from harness.scenario.condition import AllOf, AnyOf, Condition, Leaf, Not, only_absences, rests_on_absence, rests_on_event
from harness.scenario.conditions.kept import SavedIs, Took
from harness.verdict.ruling import Oracle, Seen

FLAPPING_S = 0.02
INVERSE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}


@dataclass
class Eyes:
    """What conditions are looked at with: a session, the names of steps (for `after` and `took`), the values kept so far."""

    session: Session
    start: int
    step_positions: Mapping[str, int]
    step_durations: Mapping[str, int]
    saved: Mapping[str, Any]

    def since(self, leaf: Leaf) -> int:
        """The position of the log from which events count."""
        return self.step_positions.get(leaf.after, self.start) if leaf.after else self.start

    async def look(self, condition: Condition) -> Look:
        """The condition's truth now; `for` is left out of account."""
        match condition:
            case Leaf(check=SavedIs() | Took() as check):
                return look_at_kept(check, self.saved, self.step_durations)
            case Leaf():
                return await self.session.look(condition, self.since(condition))
            case Not(part=part):
                look = await self.look(part)
                return Look(INVERSE[look.truth], look.said)
            case AllOf(parts=parts) | AnyOf(parts=parts):
                looks = await asyncio.gather(*(self.look(part) for part in parts))
                return combine(list(looks), conjunction=isinstance(condition, AllOf))

    async def wait(self, condition: Condition, wanted: bool, timeout_ms: float) -> Look:
        """Waits until the condition's truth is `wanted` or the time is over; gives the last look."""
        if condition.for_ms is not None and wanted:
            return await self._hold(condition, timeout_ms)
        return await self._wait_plain(condition, wanted, timeout_ms)

    async def _wait_plain(self, condition: Condition, wanted: bool, timeout_ms: float) -> Look:
        match condition:
            case Leaf(check=SavedIs() | Took()):
                return await self._wait_for_nothing(condition, wanted, timeout_ms)
            case Leaf():
                return await self.session.wait(condition, wanted, max(1, round(timeout_ms)), self.since(condition))
            case Not(part=part):
                look = await self.wait(part, not wanted, timeout_ms)
                return Look(INVERSE[look.truth], look.said)
            case AllOf(parts=parts) | AnyOf(parts=parts):
                if isinstance(condition, AllOf) == wanted:
                    return await self._wait_every(condition, parts, wanted, timeout_ms)
                return await self._wait_one(condition, parts, wanted, timeout_ms)

    async def _wait_for_nothing(self, condition: Condition, wanted: bool, timeout_ms: float) -> Look:
        """What was kept does not change while one waits: the answer is the same at the end, so the time only passes."""
        look = await self.look(condition)
        if not fits(look, wanted):
            await asyncio.sleep(timeout_ms / 1000)
        return look

    async def _hold(self, condition: Condition, timeout_ms: float) -> Look:
        """It must hold for a while without a break, begun before the time is over."""
        deadline = Deadline(timeout_ms)
        bare = dataclasses.replace(condition, for_ms=None)
        held_ms = condition.for_ms or 0
        while True:
            look = await self._wait_plain(bare, True, deadline.left_ms())
            if look.truth is not Truth.YES:
                return look
            broken = await self._wait_plain(bare, False, held_ms)
            if broken.truth is Truth.YES:
                return Look(Truth.YES, f"{look.said}, for {format_duration(held_ms)}")
            if deadline.over():
                return Look(broken.truth, f"{broken.said} (it did not last {format_duration(held_ms)})")

    async def _wait_every(self, condition: Condition, parts: tuple[Condition, ...], wanted: bool, timeout_ms: float) -> Look:
        """All parts at the same moment: waits for each in turn, then looks at all of them together."""
        deadline = Deadline(timeout_ms)
        while True:
            said: list[Look] = []
            for part in parts:
                look = await self.wait(part, wanted, deadline.left_ms())
                if not fits(look, wanted):
                    return await self._rest(condition, parts, said, look, wanted)
                said.append(look)
            if len(parts) == 1:
                return said[0]
            together = await self._confirm(parts, said, isinstance(condition, AllOf))
            if fits(together, wanted) or deadline.over():
                return together
            await asyncio.sleep(FLAPPING_S)  # parts that come and go in turn must not be asked without a pause

    async def _confirm(self, parts: tuple[Condition, ...], waited: list[Look], conjunction: bool) -> Look:
        """All parts now. A part with `for` has just been seen to hold that long; what a look says of it is its truth now."""
        looks = await asyncio.gather(*(self.look(part) for part in parts))
        spoken = [
            Look(now.truth, before.said if now.truth is before.truth else now.said) for now, before in zip(looks, waited, strict=True)
        ]
        return combine(spoken, conjunction)

    async def _rest(self, condition: Condition, parts: tuple[Condition, ...], before: list[Look], failed: Look, wanted: bool) -> Look:
        """The whole after one part was not as wanted in time."""
        later = await asyncio.gather(*(self.look(part) for part in parts[len(before) + 1 :]))
        return combine([*before, failed, *later], isinstance(condition, AllOf))

    async def _wait_one(self, condition: Condition, parts: tuple[Condition, ...], wanted: bool, timeout_ms: float) -> Look:
        """The first part that is as wanted."""
        looks = await first_of([lambda part=part: self.wait(part, wanted, timeout_ms) for part in parts], lambda look: fits(look, wanted))  # type: ignore[misc]
        return combine([look for look in looks if look is not None], isinstance(condition, AllOf))


class Deadline:
    """A time that comes; `left_ms` is never below zero."""

    def __init__(self, timeout_ms: float) -> None:
        self._end = asyncio.get_running_loop().time() + timeout_ms / 1000

    def left_ms(self) -> float:
        """Milliseconds until then."""
        return max(0.0, (self._end - asyncio.get_running_loop().time()) * 1000)

    def over(self) -> bool:
        """Whether it has come."""
        return self.left_ms() == 0.0


def fits(look: Look, wanted: bool) -> bool:
    """Whether a look is what is waited for; UNKNOWN never is."""
    return look.truth is (Truth.YES if wanted else Truth.NO)


def combine(looks: list[Look], conjunction: bool) -> Look:
    """Three-valued `all` or `any`. What decides is what is said."""
    decisive = Truth.NO if conjunction else Truth.YES
    if deciding := [look for look in looks if look.truth is decisive]:
        return Look(decisive, deciding[0].said if not conjunction or len(deciding) == 1 else "; ".join(look.said for look in deciding))
    if unknown := [look for look in looks if look.truth is Truth.UNKNOWN]:
        return Look(Truth.UNKNOWN, unknown[0].said)
    return Look(INVERSE[decisive], "; ".join(look.said for look in looks))


async def first_of(starts: list[Callable[[], Awaitable[Look]]], decides: Callable[[Look], bool]) -> list[Look | None]:
    """Runs all at once and stops when one decides; the others are cancelled and give None, unless they ended too."""
    tasks = [asyncio.ensure_future(start()) for start in starts]
    try:
        pending = set(tasks)
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            if any(decides(task.result()) for task in done):
                break
        return [task.result() if task.done() else None for task in tasks]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def early_part(condition: Condition | None, unfilled: bool = False) -> Condition | None:
    """What of a condition may decide before the time is over: an absence is only known when one has looked long enough."""
    if condition is None or not rests_on_absence(condition, unfilled=unfilled):
        return condition
    if isinstance(condition, AnyOf):
        parts = tuple(part for each in condition.parts if (part := early_part(each, unfilled)) is not None)
        return dataclasses.replace(condition, parts=parts) if parts else None
    return None


@dataclass(frozen=True)
class Watch:
    """What watching gave."""

    symptom: Oracle
    expected: Oracle | None
    first: Literal["symptom", "expected", "both", "none"]


@dataclass(frozen=True)
class Oracles:
    """What is watched, and for how long. What held already before the last step is `stale`: it says nothing about what that step did,
    unless it went away and came again, or is still there when the time is over. `proves` tells whether the page is one on which an
    absence means something."""

    symptom: Condition
    expected: Condition | None
    within_ms: int
    stale: Stale
    proves: Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Stale:
    """Which of the two held already before the last step."""

    symptom: bool = False
    expected: bool = False


async def watch(eyes: Eyes, oracles: Oracles) -> Watch:
    """Symptom and expected side by side: the first that holds decides. What rests on an absence, or held before, is decided
    at the end of the time."""
    symptom, expected, stale = oracles.symptom, oracles.expected, oracles.stale
    early = ((early_part(symptom, unfilled=True), stale.symptom), (early_part(expected), stale.expected))
    looks = await _race(eyes, early, oracles.within_ms)
    symptom_look, expected_look = looks
    if _yes(symptom_look):
        beside = expected if stale.symptom or not stale.expected else None  # what is left from before says nothing against what came
        return await _symptom_first(eyes, symptom, beside, symptom_look)
    if expected_look is not None and _yes(expected_look):
        now = await eyes.look(symptom)
        if _yes(now) and symptom.for_ms is None and not rests_on_absence(symptom, unfilled=True):
            first: Literal["symptom", "both"] = "symptom" if rests_on_event(symptom) else "both"
            return Watch(_oracle(now), _oracle(expected_look), first)
        return Watch(_oracle(now, held=False), _oracle(expected_look), "expected")
    return await _at_the_end(eyes, oracles, looks)


Early = tuple[Condition | None, bool]
"""What may decide before the time is over, and whether it held already before the last step."""


async def _race(eyes: Eyes, early: tuple[Early, Early], within_ms: int) -> tuple[Look | None, Look | None]:
    present = [(condition, held) for condition, held in early if condition is not None]
    if not present:
        await asyncio.sleep(within_ms / 1000)  # nothing can decide before the time is over
        return None, None
    looks = await first_of([lambda c=c, held=held: _come(eyes, c, held, within_ms) for c, held in present], _yes)  # type: ignore[misc]
    found = iter(looks)
    return tuple(next(found) if condition is not None else None for condition, _ in early)  # type: ignore[return-value]


async def _come(eyes: Eyes, condition: Condition, held: bool, within_ms: int) -> Look:
    """Waits until it holds. What held before has to go away and come again, or to be there all the time."""
    if not held:
        return await eyes.wait(condition, True, within_ms)
    deadline = Deadline(within_ms)
    look = await eyes.wait(condition, False, within_ms)
    if look.truth is Truth.YES:
        return Look(Truth.YES, f"{look.said}, from before the last step until {format_duration(within_ms)} after it")
    return await eyes.wait(condition, True, deadline.left_ms())


async def _symptom_first(eyes: Eyes, symptom: Condition, expected: Condition | None, look: Look | None) -> Watch:
    """A symptom that happened stays true. One that only holds now must not hold together with what was expected."""
    assert look is not None
    if expected is None or rests_on_event(symptom) or rests_on_absence(expected):
        return Watch(_oracle(look), None, "symptom")
    other = await eyes.look(expected)
    if _yes(other) and expected.for_ms is None:
        again = await eyes.look(symptom)
        return Watch(_oracle(look), _oracle(other), "both" if _yes(again) else "symptom")
    return Watch(_oracle(look), _oracle(other), "symptom")


async def _at_the_end(eyes: Eyes, oracles: Oracles, looks: tuple[Look | None, Look | None]) -> Watch:
    """The time is over: an absence has been looked for long enough, if the page is one on which it means something."""
    symptom, expected = oracles.symptom, oracles.expected
    rests = rests_on_absence(symptom, unfilled=True)
    seen = looks[0] if looks[0] is not None and not rests else await eyes.look(symptom)
    other = looks[1]
    if expected is not None and (other is None or rests_on_absence(expected)):
        other = await eyes.look(expected)
    meaningful = await oracles.proves()
    by_absence = _yes(seen) and rests
    late = expected is not None and _yes(other) and rests_on_absence(expected)
    if by_absence and not meaningful and only_absences(symptom):
        return Watch(Oracle(Seen.WEAK, seen.said), _maybe(other), "none")
    if by_absence:
        return Watch(_oracle(seen), _maybe(other), "both" if _yes(other) else "symptom")
    if late and expected is not None and (meaningful or not only_absences(expected)):
        return Watch(_oracle(seen, held=False), _maybe(other), "expected")
    return Watch(_oracle(seen, held=False), _maybe(other), "none")


def _yes(look: Look | None) -> bool:
    return look is not None and look.truth is Truth.YES


def _oracle(look: Look, held: bool = True) -> Oracle:
    """`held=False`: a symptom that is true now but did not last as long as `for` demands was not seen."""
    seen = {Truth.YES: Seen.YES if held else Seen.NO, Truth.NO: Seen.NO, Truth.UNKNOWN: Seen.UNKNOWN}[look.truth]
    return Oracle(seen, look.said)


def _maybe(look: Look | None) -> Oracle | None:
    return None if look is None else _oracle(look, held=False)
