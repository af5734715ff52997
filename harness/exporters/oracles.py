"""How a script decides between symptom and expected: as few lines as say the same as the harness does.

DIRECT: assertions that a person would write, where the last step opens a page, so that nothing of before is left on it. DECIDE: two
functions and a loop, where both oracles are about what can be seen now. WATCH: everything else (absences, events, `for`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from harness.exporters.code import Assign, Attr, Call, Comment, Do, Expr, Lit, Name, Stmt, Tuple, helper
from harness.exporters.conditions import NOW, checks, pause_of, waits_itself
from harness.exporters.literals import one_line
from harness.exporters.locators import locate
from harness.exporters.making import Making
from harness.scenario.action import LOOKING, Step
from harness.scenario.condition import AllOf, AnyOf, Condition, Leaf, Not, leaves, rests_on_absence, rests_on_event
from harness.scenario.conditions.state import State
from harness.scenario.scenario import Scenario
from harness.scenario.template import TemplateError

SEEN = "the symptom is there"
SAW, INSTEAD = "What the customer saw", "What they should have seen instead"
OPENS = frozenset(("goto", "reload", "back", "forward"))


class Way(Enum):
    """How it is decided."""

    DIRECT = "direct"
    DECIDE = "decide"
    WATCH = "watch"


@dataclass(frozen=True)
class Watched:
    """An oracle as a function: its name, what it is about, and the checks that must pass."""

    name: str
    about: str
    checks: tuple[Expr, ...]


@dataclass(frozen=True)
class Decided:
    """The functions that the script defines, what it asks before the last step that acts, and what it says after all of them."""

    watched: tuple[Watched, ...]
    before: tuple[Stmt, ...]
    after: tuple[Stmt, ...]


def decided(making: Making, scenario: Scenario, can: frozenset[str]) -> Decided:
    """What a script needs to decide the scenario. A target that `can` tell a verdict has to know a symptom from anything else."""
    symptom, expected = scenario.symptom, scenario.expected
    way = _way(scenario, can)
    if way is Way.DIRECT and expected is not None:
        try:
            return Decided((), (), _direct(making, making.settle(symptom), making.settle(expected)))
        except TemplateError:
            pass  # said where it is watched
    watched = tuple(_watched(making, name, each) for name, each in _named(scenario))
    old = () if _opens_last(scenario.steps) else tuple(name for name, each in _named(scenario) if _may_be_old(each))
    if way is Way.WATCH or expected is None:
        return Decided(watched, _looks(old), _watch(making, scenario, old))
    before = Tuple(tuple(helper("holds", Name(name)) for name in ("symptom", "expected")))
    call = helper(
        "decide",
        making.page,
        Lit(making.case.limits.within_ms),
        Name("symptom"),
        Name("expected"),
        before=Name("before") if old else None,
    )
    return Decided(watched, (_remark(), Assign("before", before, new=True, constant=True)) if old else (), (Do(call),))


def _way(scenario: Scenario, can: frozenset[str]) -> Way:
    symptom, expected = scenario.symptom, scenario.expected
    if expected is None:
        return Way.WATCH
    opens = _opens_last(scenario.steps) and not _of_someone_else(scenario.steps)
    if opens and expected.for_ms is None and _is_seen(expected) and _is_seen(symptom):
        return Way.DIRECT
    if opens and "verdict" not in can and _only_late(symptom) and waits_itself(expected) and _about_now(expected):
        return Way.DIRECT
    return Way.DECIDE if _about_now(symptom) and _about_now(expected) else Way.WATCH


def _acting(steps: Sequence[Step]) -> int:
    """The index of the last step that acts on the page; the last one where none does."""
    return max((at for at, step in enumerate(steps) if step.action.verb not in LOOKING), default=len(steps) - 1)


def _opens_last(steps: Sequence[Step]) -> bool:
    last = steps[_acting(steps)]
    return last.action.verb in OPENS and not last.optional


def _of_someone_else(steps: Sequence[Step]) -> bool:
    return any(step.account is not None for step in steps)


def last_act(scenario: Scenario) -> int:
    """The index of the step before which is looked at what holds already."""
    return _acting(scenario.steps)


def _is_seen(condition: Condition) -> bool:
    return isinstance(condition, Leaf) and isinstance(condition.check, State) and condition.check.key == "visible"


def _only_late(condition: Condition) -> bool:
    """Whether it is believed at the end only, by which time what was expected has come or not."""
    return rests_on_absence(condition) and not rests_on_event(condition)


def _about_now(condition: Condition) -> bool:
    """Whether one look tells it: no duration, no event, no absence, nothing that is asked for at a pace of its own."""
    if rests_on_absence(condition) or rests_on_event(condition) or pause_of(condition) is not None or _lasting(condition):
        return False
    return not any(leaf.check.event or leaf.after is not None for leaf in leaves(condition))


def _lasting(condition: Condition) -> bool:
    if condition.for_ms is not None:
        return True
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(_lasting(part) for part in parts)
        case Not(part=part):
            return _lasting(part)
        case _:
            return False


def _may_be_old(condition: Condition) -> bool:
    """Whether it matters that it held before the last step: not for an event, nor for what has a time of its own to last."""
    kept = any(leaf.check.key in ("saved", "took") for leaf in leaves(condition))
    return condition.for_ms is None and not rests_on_event(condition) and not kept


def _named(scenario: Scenario) -> list[tuple[str, Condition]]:
    return [(name, each) for name, each in (("symptom", scenario.symptom), ("expected", scenario.expected)) if each is not None]


def _direct(making: Making, symptom: Condition, expected: Condition) -> tuple[Stmt, ...]:
    within, page = Lit(making.case.limits.within_ms), making.page
    said = (Comment(f"{SAW}: {symptom.text}"),)
    instead = Comment(f"{INSTEAD}: {expected.text}")
    if not _is_seen(symptom):
        return (*said, instead, *(Do(check) for check in checks(making, expected, within)))
    return (
        *said,
        Assign("symptom", locate(page, symptom.check.target, page), new=True, constant=True),  # type: ignore[union-attr]
        instead,
        Assign("expected", locate(page, expected.check.target, page), new=True, constant=True),  # type: ignore[union-attr]
        Do(_visible(Attr(Call(Name("symptom"), "or_", (Name("expected"),), wait=False), "first", called=True), within)),
        Do(_expect(Name("symptom"), "to_be_hidden", Lit(symptom.for_ms) if symptom.for_ms else NOW, SEEN)),
        Do(_visible(Name("expected"), within if symptom.for_ms else NOW)),
    )


def _visible(target: Expr, timeout: Expr) -> Expr:
    return _expect(target, "to_be_visible", timeout)


def _expect(target: Expr, assertion: str, timeout: Expr, message: str | None = None) -> Expr:
    given = (target,) if message is None else (target, Lit(message))
    return Call(Call(None, "expect", given, wait=False), assertion, (), {"timeout": timeout})


def _watched(making: Making, name: str, condition: Condition) -> Watched:
    about = SAW if name == "symptom" else INSTEAD
    bare = dataclasses.replace(condition, for_ms=None)
    text = one_line(condition.text)
    try:
        found = checks(making, making.settle(bare))
    except TemplateError as error:
        making.refuse(condition.text, str(error))
        found = (helper("can_not_say", Lit(f"{condition.text}: {error}"), wait=False),)
    return Watched(name, f"{about}: {text}", found)


def _looks(old: Sequence[str]) -> tuple[Stmt, ...]:
    found = tuple(Assign(f"old_{name}", helper("holds", Name(name)), new=True, constant=True) for name in old)
    return (_remark(), *found) if found else ()


def _remark() -> Comment:
    return Comment("What is there before the last step says nothing about that step.")


def _watch(making: Making, scenario: Scenario, old: Sequence[str]) -> tuple[Stmt, ...]:
    oracles = {name: _oracle(name, condition, name in old) for name, condition in _named(scenario)}
    pauses = [pause for _, condition in _named(scenario) if (pause := pause_of(condition)) is not None]
    call = helper(
        "watch",
        making.page,
        Lit(making.case.limits.within_ms),
        oracles["symptom"],
        expected=oracles.get("expected"),
        pause=Lit(max(pauses)) if pauses else None,
    )
    return (Do(call),)


def _oracle(name: str, condition: Condition, old: bool) -> Expr:
    options: dict[str, Expr] = {}
    if condition.for_ms is not None:
        options["for_ms"] = Lit(condition.for_ms)
    if rests_on_absence(condition):
        options["late"] = Lit(True)
    if rests_on_event(condition):
        options["event"] = Lit(True)
    if old:
        options["old"] = Name(f"old_{name}")
    return helper("oracle", Lit(one_line(condition.text)), Name(name), wait=False, **options)
