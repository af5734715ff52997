"""Whether one condition holds whenever another does, as far as that can be told without a page. Pure.

It answers "surely" or "can't be told": two conditions about different elements may always hold together.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable
from typing import Any

from harness.scenario.condition import AllOf, AnyOf, Check, Condition, Leaf, Not
from harness.scenario.conditions.address import Address
from harness.scenario.conditions.number import CountIs
from harness.scenario.conditions.state import State
from harness.scenario.conditions.traffic import Traffic
from harness.scenario.locators import Locator
from harness.scenario.operators import Bounds, TextOperators

SEEN = frozenset(("visible", "clickable", "in_viewport"))
UNLIKELY = "\N{SNOWMAN} no page says this"
Edge = tuple[float, int]
"""A bound and on which side of it the range begins or ends: `above: 5` is (5, 1), `at_most: 5` is (5, 0), `below: 5` is (5, -1)."""


def same_condition(a: Condition, b: Condition) -> bool:
    """Whether two conditions say the same, whatever their spelling."""
    return dataclasses.replace(a, text="", place=b.place) == dataclasses.replace(b, text="")


def implies(a: Condition, b: Condition) -> bool:
    """Whether `b` surely holds whenever `a` does; how long they have to hold is left out of account."""
    if isinstance(a, AnyOf):
        return all(implies(part, b) for part in a.parts)
    if isinstance(b, AllOf):
        return all(implies(a, part) for part in b.parts)
    if isinstance(b, AnyOf):
        return any(implies(a, part) for part in b.parts)
    return any(_one_implies(part, b) for part in _conjuncts(a))


def share_a_number(a: Condition, b: Condition) -> bool:
    """Whether two conditions are about the same number, and some numbers suit both."""
    return any(_overlap(one.check, other.check) for one in _leaves(a) for other in _leaves(b) if _same_question(one, other))


def always_holds(condition: Condition) -> bool:
    """Whether it surely holds on every page, whatever the page shows."""
    match condition:
        case AllOf(parts=parts):
            return all(always_holds(part) for part in parts)
        case AnyOf(parts=parts):
            return any(always_holds(part) for part in parts)
        case Not():
            return False
        case Leaf(check=check):
            return _says_nothing(check)


def _says_nothing(check: Check) -> bool:
    match check:
        case Address(glob=str() as glob):
            return glob.strip("*") == ""
        case Address(matches=re.Pattern() as pattern):
            return _finds_anything(pattern)
        case CountIs():
            low, high = _range(check)
            return low <= (0, 0) and high == (math.inf, 0)
        case State(key="visible" | "attached" | "enabled", target=Locator() as target):
            return target.css in ("body", "html", ":root", "*")
        case _:
            return False


def _finds_anything(pattern: re.Pattern[str]) -> bool:
    return pattern.search("") is not None and pattern.search(UNLIKELY) is not None


def _conjuncts(condition: Condition) -> Iterable[Condition]:
    return [each for part in condition.parts for each in _conjuncts(part)] if isinstance(condition, AllOf) else [condition]


def _leaves(condition: Condition) -> list[Leaf]:
    return [each for each in _conjuncts(condition) if isinstance(each, Leaf)]


def _one_implies(a: Condition, b: Condition) -> bool:
    if same_condition(dataclasses.replace(a, for_ms=None), dataclasses.replace(b, for_ms=None)):
        return True
    if isinstance(a, Not) and isinstance(b, Not):
        return implies(b.part, a.part)
    if not (isinstance(a, Leaf) and isinstance(b, Leaf)):
        return False
    if isinstance(a.check, State) and isinstance(b.check, State):
        return a.check.target == b.check.target and _state_implies(a.check.key, b.check.key)
    return _same_question(a, b) and _check_implies(a.check, b.check)


def _state_implies(a: str, b: str) -> bool:
    return a == b or (a in SEEN and b == "visible") or (a != "hidden" and b == "attached")


def _same_question(a: Leaf, b: Leaf) -> bool:
    """Whether both are about the same thing, whatever they demand of it."""
    if type(a.check) is not type(b.check) or a.check.key != b.check.key or a.after != b.after:
        return False
    return all(getattr(a.check, name, None) == getattr(b.check, name, None) for name in ("target", "name", "url", "method", "step"))


def _check_implies(a: Any, b: Any) -> bool:
    if isinstance(a, TextOperators) and isinstance(b, TextOperators):
        return _text_implies(a, b)
    if isinstance(a, Bounds) and isinstance(b, Bounds):
        (low, high), (other_low, other_high) = _range(a), _range(b)
        return low >= other_low and high <= other_high
    return isinstance(a, Traffic) and isinstance(b, Traffic) and _traffic_implies(a, b)


def _text_implies(a: TextOperators, b: TextOperators) -> bool:
    known = [" ".join(text.split()) for text in (a.is_, a.contains) if isinstance(text, str)]
    exact = known[0] if isinstance(a.is_, str) else None
    return (
        (b.is_ is None or (isinstance(b.is_, str) and exact == " ".join(b.is_.split())))
        and (b.contains is None or (isinstance(b.contains, str) and any(" ".join(b.contains.split()) in text for text in known)))
        and (b.matches is None or b.matches == a.matches or (exact is not None and _found(b.matches, exact)))
    )


def _found(pattern: Any, text: str) -> bool:
    return isinstance(pattern, re.Pattern) and pattern.search(text) is not None


def _traffic_implies(a: Traffic, b: Traffic) -> bool:
    least, other_least = a.at_least or 1, b.at_least or 1
    known = isinstance(least, int) and isinstance(other_least, int)
    fewer = known and b.at_most is None and other_least <= least and a.at_most is None
    same = all(getattr(b, name) in (None, getattr(a, name)) for name in ("body_contains", "json", "slower_than_ms"))
    return fewer and same and (b.status is None or (a.status is not None and all(_among(each, b.status) for each in a.status)))


def _among(status: str, wanted: Iterable[str]) -> bool:
    """Whether `404` or `4xx` is one of `[404, 5xx]`."""
    texts = [each for each in wanted if isinstance(each, str)] if isinstance(status, str) else []
    return any(status == each or (each.endswith("xx") and status[0] == each[0]) for each in texts)


def _overlap(a: Any, b: Any) -> bool:
    if not (isinstance(a, Bounds) and isinstance(b, Bounds)):
        return False
    (low, high), (other_low, other_high) = _range(a), _range(b)
    return max(low, other_low) <= min(high, other_high)


def _range(bounds: Bounds) -> tuple[Edge, Edge]:
    """From where to where; whole numbers have no room between 4 and 5. A bound that is known only when it runs could be anywhere."""
    step = 1 if isinstance(bounds, CountIs) else 0
    low, high = (-math.inf, 0), (math.inf, 0)
    for name, edge in (("is_", 0), ("at_least", 0), ("above", 1)):
        if isinstance(value := getattr(bounds, name), (int, float)):
            low = max(low, (value + step * edge, edge - step * edge))
    for name, edge in (("is_", 0), ("at_most", 0), ("below", -1)):
        if isinstance(value := getattr(bounds, name), (int, float)):
            high = min(high, (value + step * edge, edge - step * edge))
    return low, high
