"""What a step is: one verb with its argument, and the options that every step has. The verbs stand in `steps/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any, ClassVar

from harness.core.secret import Secret
from harness.diagnostics import Place, Source
from harness.scenario.nearest import hint_among
from harness.scenario.shapes import (
    Bool,
    Decoder,
    Duration,
    Invalid,
    JsonSchema,
    Lazy,
    Nothing,
    Word,
    decode_fields,
    mapping,
    option,
    properties_of,
    specs,
    whole,
    with_options,
)
from harness.scenario.source import Items, Mapping, Node, Scalar, place_of

STEPS = Lazy("step", lambda: _registry().shape)


@dataclass(frozen=True, kw_only=True)
class Action:
    """Base of all verbs. A subclass has one field made with `argument` and any number made with `option`."""

    verb: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    example: ClassVar[str] = ""

    @classmethod
    def check(cls, values: dict[str, Any], node: Node, decoder: Decoder) -> None:
        """Reports what the fields can't say alone (options that exclude each other)."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a scenario or a flow. `text` is how it is written, on one line; `place` where."""

    action: Action
    text: str
    place: Place = field(compare=False)
    name: str | None = option(Word(), "a name, to refer to this step (`after:`, `took:`)")
    timeout_ms: int | None = option(Duration(), "how long the step may take", key="timeout")
    optional: bool = option(Bool(), "go on when the step can't be done", default=False)
    times: int = option(whole(1, 1000), "do it so many times", default=1)
    account: str | None = option(Word(), "the account of the customer that does it, in a session of its own", key="as")


@dataclass(frozen=True)
class Registry:
    """All verbs by name."""

    verbs: MappingType[str, type[Action]]
    shape: StepShape


@dataclass(frozen=True)
class StepShape:
    """A mapping with one verb, or the bare name of a verb without an argument."""

    verbs: MappingType[str, type[Action]]

    def decode(self, node: Node, decoder: Decoder) -> Step:
        if isinstance(node, Scalar):
            return self._bare(node, decoder)
        entries = mapping(node, decoder)
        verb, cls, value = self._verb(node, entries, decoder)
        siblings = tuple(entry for entry in entries if entry[0] is not verb)
        own = {spec.key for spec in specs(cls).values() if not spec.argument}
        common = {spec.key for spec in specs(Step).values()}
        for key, _ in siblings:
            if key.text not in own | common:
                raise self._stray(key, verb.text, own | common, decoder)
        decoded, failed = self._parts(cls, value, siblings, own, node, decoder)
        if failed:
            raise Invalid
        cls.check(decoded[0], node, decoder)
        return Step(action=cls(**decoded[0]), text=one_line(node), place=place_of(verb), **decoded[1])

    def _parts(self, cls: type[Action], value: Node, siblings: Any, own: set[str], node: Node, decoder: Decoder) -> tuple[Any, bool]:
        argument = next(((name, spec) for name, spec in specs(cls).items() if spec.argument), None)
        results: list[dict[str, Any]] = [{}, {}]
        failed = False
        jobs: tuple[tuple[int, Callable[[], dict[str, Any]]], ...] = (
            (0, lambda: {argument[0]: argument[1].shape.decode(value, decoder)} if argument else (Nothing().decode(value, decoder), {})[1]),
            (0, lambda: decode_fields(cls, tuple(e for e in siblings if e[0].text in own), node, decoder, f"`{cls.verb}`")),
            (1, lambda: decode_fields(Step, tuple(e for e in siblings if e[0].text not in own), node, decoder, "a step")),
        )
        for index, job in jobs:
            try:
                results[index] |= job()
            except Invalid:
                failed = True
        return results, failed

    def _bare(self, node: Scalar, decoder: Decoder) -> Step:
        cls = self.verbs.get(node.text)
        if cls is None:
            hint = _hint(node.text.split(" ")[0], self.verbs)
            raise decoder.invalid("unknown-step", f"expected a step such as `click: …`, found `{node.text}`", node, hint)
        if any(spec.argument for spec in specs(cls).values()):
            raise decoder.invalid("missing-argument", f"`{cls.verb}` needs an argument", node, f"such as {cls.example}")
        return Step(action=cls(), text=cls.verb, place=place_of(node))

    def _verb(self, node: Node, entries: tuple[tuple[Scalar, Node], ...], decoder: Decoder) -> tuple[Scalar, type[Action], Node]:
        for key, value in entries:
            if key.text in self.verbs:
                return key, self.verbs[key.text], value
        common = {spec.key for spec in specs(Step).values()}
        odd = next((key for key, _ in entries if key.text not in common), None)
        if odd is None:
            raise decoder.invalid("unknown-step", "a step needs a verb", node, "such as `click: …`")
        raise decoder.invalid("unknown-step", f"`{odd.text}` is not a step", odd, _hint(odd.text, self.verbs))

    def _stray(self, key: Scalar, verb: str, known: set[str], decoder: Decoder) -> Invalid:
        if key.text in self.verbs:
            return decoder.invalid(
                "two-verbs", f"a step has one verb; this one has `{verb}` and `{key.text}`", key, "begin a new step with `- `"
            )
        return decoder.invalid("unknown-key", f"`{key.text}` is not an option of `{verb}`", key, hint_among(key.text, known))

    def schema(self) -> JsonSchema:
        """One object with optional keys, so that editors complete them; exactly one verb is left to `repro validate`."""
        common = properties_of(Step)
        properties: dict[str, JsonSchema] = {}
        for verb, cls in sorted(self.verbs.items()):
            shape = next((spec.shape.schema() for spec in specs(cls).values() if spec.argument), Nothing().schema())
            properties[verb] = {**shape, "description": f"{cls.summary} Example: `{cls.example}`"}
        properties = with_options(properties, self.verbs.values())
        bare = [verb for verb, cls in self.verbs.items() if not any(spec.argument for spec in specs(cls).values())]
        return {
            "anyOf": [
                {"enum": sorted(bare)},
                {"type": "object", "properties": {**properties, **common}, "additionalProperties": False, "minProperties": 1},
            ]
        }


def _registry() -> Registry:
    from harness.scenario import steps

    return steps.REGISTRY


LOOKING = frozenset(("screenshot", "save", "wait_for"))
"""Verbs that change nothing in the page."""
SLEEPS = ("wait", "sleep", "pause", "delay", "wait_for_timeout")


def _hint(word: str, verbs: Iterable[str]) -> str:
    """The nearest verb. None lets time pass: what a person waits for can be seen."""
    if word in SLEEPS:
        return "no step waits by time; wait for what is seen then: wait_for: {visible: …}"
    return hint_among(word, verbs)


def one_line(node: Node) -> str:
    """A node as it would be written in one line, at most 200 characters."""
    text = _flow(node, top=True)
    return text if len(text) <= 200 else text[:199] + "…"


def _flow(node: Node, top: bool = False) -> str:
    if isinstance(node, Scalar):
        return " ".join(node.text.split()) if not node.quoted or node.text else '""'
    if isinstance(node, Items):
        return "[" + ", ".join(_flow(item) for item in node.items) + "]"
    assert isinstance(node, Mapping)
    inner = ", ".join(f"{key.text}: {_flow(value)}".rstrip() for key, value in node.entries)
    return inner if top else "{" + inner + "}"


def source_of(step: Step) -> Source:
    """The file in which the step stands."""
    return step.place.source


_ENDPOINT = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(\S.*)")


def split_endpoint(text: str | Secret) -> tuple[str, str]:
    """(`PUT`, `/admin/x`) of `PUT /admin/x`; a bare URL is a GET."""
    plain = text.reveal() if isinstance(text, Secret) else text
    match = _ENDPOINT.fullmatch(plain.strip())
    return (match[1], match[2].strip()) if match else ("GET", plain.strip())
