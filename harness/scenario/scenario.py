"""A scenario and a flow, as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.diagnostics import Source
from harness.scenario.action import STEPS, Step
from harness.scenario.condition import CONDITION, Condition
from harness.scenario.shapes import (
    Bool,
    Choice,
    Data,
    Decoder,
    Duration,
    FileName,
    Fixed,
    Invalid,
    JsonSchema,
    Many,
    Map,
    RecordOf,
    Text,
    Word,
    decode_fields,
    mapping,
    option,
    required,
    whole,
)
from harness.scenario.source import Items, Node, Scalar
from harness.scenario.template import Reference

DEFAULT_WITHIN_MS = 10_000
TO_FILL = {
    "title": "what is wrong, in one line",
    "steps": "what the customer did, a step a line: `- goto: /dashboard`",
    "symptom": "what the customer saw, such as `visible: {role: status, has_text: Loading}`",
    "expected": 'what they should have seen instead, such as `visible: heading "Revenue"`, or remove the line',
}
"""What a skeleton leaves open, and what belongs there."""


class StepsShape(Many):
    """A list of steps; problems say which step they are in."""

    def __init__(self) -> None:
        super().__init__(STEPS)

    def decode(self, node: Node, decoder: Decoder) -> tuple[Any, ...]:
        if not isinstance(node, Items):
            return super().decode(node, decoder)
        outer = decoder.where
        steps: list[Any] = []
        failed = False
        for number, item in enumerate(node.items, 1):
            decoder.where = outer or f"step {number} of {len(node.items)}"
            try:
                steps.append(self.shape.decode(item, decoder))
            except Invalid:
                failed = True
        decoder.where = outer
        if failed:
            raise Invalid
        return tuple(steps)


STEP_LIST = StepsShape()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A ticket's reproduction. `id` is its path below the workspace without `.yaml`."""

    id: str
    source: Source = field(compare=False, repr=False)
    references: tuple[tuple[Reference, Node], ...] = field(compare=False, repr=False)
    title: str = required(Fixed(Text()), "what is wrong, in one line")
    ticket: str | None = option(Fixed(Text()), "the ticket's id or URL")
    area: str | None = option(Fixed(Text()), "groups reports and statistics")
    tags: tuple[str, ...] = option(Many(Fixed(Word()), or_one=True), "words to select by: --tag", default=())
    status: str = option(Fixed(Choice("open", "fixed")), "open, or fixed: it guards against the defect's return", default="open")
    report: str | None = option(Fixed(Text()), "the customer's own words")
    customer: str | None = option(Fixed(FileName()), "the customer whose configuration is used")
    environment: str | None = option(Fixed(FileName()), "where it runs")
    control: str | None = option(Fixed(FileName()), "a customer with whom it is run too, for comparison")
    session: str = option(Fixed(Choice("shared", "fresh")), "fresh: sign in anew even where a flow keeps its session", default="shared")
    setup: tuple[Step, ...] = option(STEP_LIST, "steps before anything is watched; failing here is inconclusive", default=())
    steps: tuple[Step, ...] = required(STEP_LIST, "what the customer did")
    symptom: Condition = required(CONDITION, "what the customer saw")
    expected: Condition | None = option(CONDITION, "what they should have seen instead")
    within_ms: int | None = option(Fixed(Duration()), "how long after the last step to watch; 10s is the default", key="within")
    attempts: int | None = option(Fixed(whole(1, 10_000)), "how often to try, for an intermittent symptom; 1 is the default")
    measure: bool = option(Fixed(Bool()), "make all attempts even after one reproduced, to measure the rate", default=False)
    timeout_ms: int | None = option(Fixed(Duration()), "how long one attempt may take altogether", key="timeout")
    cleanup: tuple[Step, ...] = option(STEP_LIST, "steps that are always run at the end", default=())
    notes: str | None = option(Fixed(Text()), "anything for the reader")


@dataclass(frozen=True, kw_only=True)
class Param:
    """A flow's parameter; without `default` it has to be given."""

    default: Any = option(Data(), "its value when none is given")
    doc: str | None = option(Text(), "what it is")


class ParamsShape:
    """A list of names, or a mapping of names to `{default: …}`, or to nothing."""

    def decode(self, node: Node, decoder: Decoder) -> dict[str, Param | None]:
        if isinstance(node, Items):
            return dict.fromkeys(Many(Word()).decode(node, decoder))
        return {key.text: self._one(value, decoder) for key, value in mapping(node, decoder)}

    def _one(self, node: Node, decoder: Decoder) -> Param | None:
        if isinstance(node, Scalar) and node.value is None and not node.quoted:
            return None
        if isinstance(node, Scalar):
            return Param(default=Data().decode(node, decoder))
        param: Param = RecordOf(Param, "a parameter").decode(node, decoder)
        return param

    def schema(self) -> JsonSchema:
        return {"anyOf": [Many(Word()).schema(), Map(Data()).schema()]}


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Steps that scenarios share. `id` is its path below `flows/` without `.yaml`."""

    id: str
    source: Source = field(compare=False, repr=False)
    references: tuple[tuple[Reference, Node], ...] = field(compare=False, repr=False)
    title: str | None = option(Text(), "what the flow does")
    params: dict[str, Param | None] = option(ParamsShape(), "the flow's parameters", default=None)
    session: bool = option(
        Bool(), "keep the signed-in state for the run: the next scenario of the same account starts with it", default=False
    )
    steps: tuple[Step, ...] = required(STEP_LIST, "what the flow does")
    notes: str | None = option(Text(), "anything for the reader")


def decode_scenario(id: str, node: Node, decoder: Decoder) -> Scenario:
    """A scenario's file. Raises Invalid when it can't be used."""
    if isinstance(node, Scalar) and node.value is None:
        raise decoder.invalid("missing-key", "the file is empty: a scenario needs `title`, `steps` and `symptom`", node)
    entries = mapping(node, decoder)
    empty = [key for key, value in entries if key.text in TO_FILL and isinstance(value, Scalar) and value.value is None]
    for key in empty:
        decoder.report("to-be-filled", f"`{key.text}` is still to be filled", key, TO_FILL[key.text])
    told = {key.text for key in empty}
    values = decode_fields(Scenario, tuple(each for each in entries if each[0].text not in told), node, decoder, "a scenario", told)
    if empty:
        raise Invalid
    if not values["steps"]:
        raise decoder.invalid("wrong-value", "`steps` needs at least one step", node)
    return Scenario(id=id, source=node.source, references=tuple(decoder.references), **values)


def decode_flow(id: str, node: Node, decoder: Decoder) -> Flow:
    """A flow's file. Raises Invalid when it can't be used."""
    values = decode_fields(Flow, mapping(node, decoder), node, decoder, "a flow")
    return Flow(id=id, source=node.source, references=tuple(decoder.references), **{"params": {}, **values})
