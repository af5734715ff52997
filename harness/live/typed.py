"""What somebody types, decoded by the language itself: one step, one condition, one locator. Pure, and with the same messages as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from harness.diagnostics import Diagnostic, Place, Problems, Severity, Source
from harness.scenario.action import STEPS, Step
from harness.scenario.condition import CONDITION, Condition
from harness.scenario.locators import LOCATOR, Locator, parse_locator
from harness.scenario.shapes import Decoder, Invalid, ShapeError
from harness.scenario.source import MAX_BYTES, Items, Mapping, Node, Scalar, parse, place_of, plain
from harness.scenario.template import Deferred, Reference

T = TypeVar("T")


@dataclass(frozen=True)
class Typed(Generic[T]):
    """A value with what it was made of: `data` is the same as plain data, `references` are to be checked against what is known."""

    value: T
    data: Any
    references: tuple[tuple[Reference, Node], ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


def read_step(text: str) -> Typed[Step]:
    """One step: `click: button "Save"`, `reload`, or a mapping over several lines. Raises Problems."""
    return _read(text, STEPS.decode, "step")


def read_condition(text: str) -> Typed[Condition]:
    """One condition: `visible: heading "Revenue"`. Raises Problems."""
    return _read(text, CONDITION.decode, "condition")


def read_locator(text: str) -> Typed[Locator | Deferred]:
    """One locator, as text or as a mapping. A role and a name need no quotes around them, whatever the name holds. Raises Problems."""
    if (named := _notation(text.strip())) is not None:
        return Typed(named, text.strip())
    return _read(text, LOCATOR.decode, "locator")


def keys(text: str) -> tuple[str, ...]:
    """All keys of the mapping that was typed, or the bare word."""
    try:
        node = _single(parse(Source("typed", text)), "line")
    except Problems:
        return ()
    if isinstance(node, Mapping):
        return tuple(key.text for key, _ in node.entries)
    return (node.text,) if isinstance(node, Scalar) else ()


def _read(text: str, decode: Callable[[Node, Decoder], T], what: str) -> Typed[T]:
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise Problems([Diagnostic("file-too-large", f"the {what} is larger than 1 MiB")])
    node = _single(parse(Source(what, text)), what)
    value, decoder = _decoded(node, decode)
    warnings = tuple(each for each in decoder.problems if each.severity is not Severity.ERROR)
    return Typed(value, _data(node, value, decode), tuple(decoder.references), warnings)


def _notation(text: str) -> Locator | None:
    """What a snapshot prints: `link "Home: #1"` is no YAML, and means what it says."""
    if "${" in text:
        return None
    try:
        found = parse_locator(text)
    except ShapeError:
        return None
    return found if found.role is not None else None


def _single(node: Node, what: str) -> Node:
    """The one that was typed, also with the `- ` that it has in a file. Raises Problems."""
    if not isinstance(node, Items):
        return node
    if len(node.items) != 1:
        raise Problems([Diagnostic("wrong-type", f"expected one {what}, found {len(node.items)}", place_of(node), "type one at a time")])
    return node.items[0]  # type: ignore[no-any-return]


def _decoded(node: Node, decode: Callable[[Node, Decoder], T]) -> tuple[T, Decoder]:
    decoder = Decoder()
    try:
        value = decode(node, decoder)
    except Invalid:
        raise Problems(decoder.problems) from None
    if any(each.severity is Severity.ERROR for each in decoder.problems):
        raise Problems(decoder.problems)
    return value, decoder


def _data(node: Node, value: Any, decode: Callable[[Node, Decoder], Any]) -> Any:
    """Plain data that decodes to the same value: a number such as `1.10` stays as it was written where it is taken for text."""
    data = plain(node)
    for each in (data, _numbers_as_text(node)):
        try:
            again, _ = _decoded(_node(each), decode)
        except Problems:
            continue
        if _bare(again) == _bare(value):
            return each
    return data


def _node(data: Any) -> Node:
    from harness.draft.write import to_yaml

    return parse(Source("data", to_yaml(data)))


def _numbers_as_text(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) else node.value
    if isinstance(node, Items):
        return [_numbers_as_text(item) for item in node.items]
    return {key.text: _numbers_as_text(value) for key, value in node.entries}


def _bare(value: Any) -> Any:
    """Without what only says how it was written."""
    if isinstance(value, Step):
        return replace(value, text="", place=Place(Source("", ""), 1, 1, 1))
    return replace(value, text="") if hasattr(value, "text") and hasattr(value, "place") else value
