"""What a condition is: one check with its operators, or `all`, `any`, `not` of conditions. The checks stand in `conditions/`."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from harness.diagnostics import Place
from harness.scenario.action import one_line
from harness.scenario.nearest import hint_among
from harness.scenario.shapes import (
    Decoder,
    Duration,
    Invalid,
    JsonSchema,
    Lazy,
    Many,
    Word,
    decode_fields,
    option,
    properties_of,
    specs,
    with_options,
)
from harness.scenario.source import Mapping, Node, Scalar, place_of


@dataclass(frozen=True, kw_only=True)
class Check:
    """Base of all checks. `key` is the word it was written with: one class may serve several (`visible`, `hidden`).

    `absence` says whether it can be true because something has not come yet; such a check proves nothing about a page
    that is still loading. `unfilled` says whether it is about something that is there and empty, as much is before it is filled.
    `event` says whether it is about something that happened, and so stays true.
    """

    keys: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[MappingType[str, str]] = {}
    example: ClassVar[str] = ""
    examples: ClassVar[MappingType[str, str]] = {}
    event: ClassVar[bool] = False
    key: str

    @property
    def absence(self) -> bool:
        return False

    @property
    def unfilled(self) -> bool:
        return False

    @classmethod
    def example_of(cls, key: str) -> str:
        """How it is written with one of its keys."""
        return cls.examples.get(key, cls.example)

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        """Reports what the fields can't say alone."""


@dataclass(frozen=True, kw_only=True)
class Base:
    """What every condition has."""

    text: str
    place: Place = field(compare=False)
    for_ms: int | None = option(Duration(), "it must hold all that time", key="for")


@dataclass(frozen=True, kw_only=True)
class Leaf(Base):
    """One check. `after` names the step from which events count."""

    check: Check
    after: str | None = option(Word(), "events count from this named step on, not from the first of `steps`")


@dataclass(frozen=True, kw_only=True)
class AllOf(Base):
    """Holds when every part holds at the same moment."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf(Base):
    """Holds when one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True)
class Not(Base):
    """Holds when the part does not."""

    part: Condition


Condition = Leaf | AllOf | AnyOf | Not
COMBINERS = {"all": "All of these hold at the same moment.", "any": "One of these holds.", "not": "This does not hold."}


@dataclass(frozen=True)
class ConditionShape:
    """A mapping with one check or combiner, its operators and `for` beside it."""

    checks: MappingType[str, type[Check]]

    def decode(self, node: Node, decoder: Decoder) -> Condition:
        if not isinstance(node, Mapping):
            hint = "write `all: […]`" if not isinstance(node, Scalar) else 'such as `visible: heading "Revenue"`'
            raise decoder.invalid("wrong-type", f"expected a condition, found {node.kind}", node, hint)
        key, value = self._key(node, decoder)
        siblings = tuple(entry for entry in node.entries if entry[0] is not key)
        if key.text in COMBINERS:
            return self._combined(key, value, siblings, node, decoder)
        return self._leaf(key, value, siblings, node, decoder)

    def _key(self, node: Mapping, decoder: Decoder) -> tuple[Scalar, Node]:
        for key, value in node.entries:
            if key.text in self.checks or key.text in COMBINERS:
                return key, value
        odd = next((key for key, _ in node.entries if key.text not in ("for", "after")), None)
        if odd is None:
            raise decoder.invalid("unknown-condition", "expected a condition", node, 'such as `visible: heading "Revenue"`')
        raise decoder.invalid(
            "unknown-condition", f"`{odd.text}` is not a condition", odd, hint_among(odd.text, [*self.checks, *COMBINERS])
        )

    def _combined(self, key: Scalar, value: Node, siblings: Any, node: Node, decoder: Decoder) -> Condition:
        common = decode_fields(Base, self._known(siblings, {"for"}, key.text, decoder), node, decoder, f"`{key.text}`")
        base = {"text": one_line(node), "place": place_of(key), **common}
        if key.text == "not":
            return Not(part=self.decode(value, decoder), **base)
        parts = Many(self).decode(value, decoder)
        if not parts:
            raise decoder.invalid("wrong-value", f"`{key.text}` needs at least one condition", value)
        return (AllOf if key.text == "all" else AnyOf)(parts=parts, **base)

    def _leaf(self, key: Scalar, value: Node, siblings: Any, node: Node, decoder: Decoder) -> Condition:
        cls = self.checks[key.text]
        operators = {spec.key for spec in specs(cls).values() if not spec.argument}
        name, spec = next((name, spec) for name, spec in specs(cls).items() if spec.argument)
        if isinstance(value, Mapping) and getattr(spec.shape, "operators_inside", False):
            siblings, value = (*value.entries, *siblings), Scalar("", None, False, value.mark, value.source)
        own = tuple(entry for entry in siblings if entry[0].text in operators)
        rest = self._known(tuple(e for e in siblings if e[0].text not in operators), {"for", "after"}, key.text, decoder, operators)
        values: dict[str, Any] = {"key": key.text}
        failed = False
        jobs: tuple[Callable[[], dict[str, Any]], ...] = (
            lambda: {name: spec.shape.decode(value, decoder)},
            lambda: decode_fields(cls, own, node, decoder, f"`{key.text}`"),
        )
        for job in jobs:
            try:
                values |= job()
            except Invalid:
                failed = True
        common = decode_fields(Leaf, rest, node, decoder, f"`{key.text}`")
        if failed:
            raise Invalid
        cls.check(values, node, decoder)
        return Leaf(check=cls(**values), text=one_line(node), place=place_of(key), **common)

    def _known(self, entries: Any, known: set[str], owner: str, decoder: Decoder, also: set[str] | None = None) -> Any:
        for key, _ in entries:
            if key.text in known:
                continue
            if key.text in self.checks:
                message = f"a condition has one check; this one has `{owner}` and `{key.text}`"
                raise decoder.invalid("two-conditions", message, key, "write `all: [{…}, {…}]`")
            hint = hint_among(key.text, known | (also or set()))
            raise decoder.invalid("unknown-key", f"`{key.text}` is not an operator of `{owner}`", key, hint)
        return entries

    def schema(self) -> JsonSchema:
        """One object with optional keys, as for steps."""
        inner = {"$ref": "#/$defs/condition"}
        properties: dict[str, JsonSchema] = {
            "all": {"type": "array", "items": inner, "description": COMBINERS["all"]},
            "any": {"type": "array", "items": inner, "description": COMBINERS["any"]},
            "not": {**inner, "description": COMBINERS["not"]},
        }
        for key, cls in sorted(self.checks.items()):
            shape = next(spec.shape.schema() for spec in specs(cls).values() if spec.argument)
            if any(spec.argument and getattr(spec.shape, "operators_inside", False) for spec in specs(cls).values()):
                shape = {"anyOf": [shape, {"type": "object", "properties": properties_of(cls), "additionalProperties": False}]}
            properties[key] = {**shape, "description": f"{cls.summary[key]} Example: `{cls.example_of(key)}`"}
        known = {**with_options(properties, self.checks.values()), **properties_of(Leaf)}
        return {"type": "object", "properties": known, "additionalProperties": False, "minProperties": 1}


def _shape() -> ConditionShape:
    from harness.scenario import conditions

    return conditions.SHAPE


CONDITION = Lazy("condition", _shape)


def rests_on_absence(condition: Condition, wanted: bool = True, unfilled: bool = False) -> bool:
    """Whether the condition can hold because something has not come yet. With `for` the author says how long is long enough, but not what
    has a `for` of its own inside `not`: that it did not last so long is an absence too. With `unfilled`, so does what is there and empty:
    of a symptom it may be that it is only not filled yet."""
    if condition.for_ms is not None:
        return False
    match condition:
        case Leaf(check=check):
            lacking = check.absence or (unfilled and check.unfilled)
            return lacking if wanted else not lacking
        case Not(part=part):
            return rests_on_absence(replace(part, for_ms=None), not wanted, unfilled)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(rests_on_absence(part, wanted, unfilled) for part in parts)


def only_absences(condition: Condition, wanted: bool = True) -> bool:
    """Whether nothing in the condition needs anything to be there, so that a page that never loaded satisfies it."""
    match condition:
        case Leaf(check=check):
            return check.absence if wanted else not check.absence
        case Not(part=part):
            return only_absences(part, not wanted)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            conjunction = isinstance(condition, AllOf) == wanted
            return (all if conjunction else any)(only_absences(part, wanted) for part in parts)


def rests_on_event(condition: Condition) -> bool:
    """Whether the condition is about something that happened (a response, a console line) and so stays true."""
    match condition:
        case Leaf(check=check):
            return check.event and not check.absence
        case Not():
            return False
        case AllOf(parts=parts):
            return any(rests_on_event(part) for part in parts)
        case AnyOf(parts=parts):
            return all(rests_on_event(part) for part in parts)


def leaves(condition: Condition) -> tuple[Leaf, ...]:
    """Every check in the condition, in order."""
    match condition:
        case Leaf():
            return (condition,)
        case Not(part=part):
            return leaves(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return tuple(leaf for part in parts for leaf in leaves(part))


def only_blank(condition: Condition) -> bool:
    """Whether the condition is about nothing being painted, which is itself what stops a customer."""
    return all(getattr(leaf.check, "key", "") == "blank" for leaf in leaves(condition)) and not isinstance(condition, Not)
