"""`tab`: goes to another tab, or opens one."""

from dataclasses import dataclass
from typing import Any

from harness.scenario.action import Action
from harness.scenario.shapes import Decoder, Either, JsonSchema, RecordOf, ScalarShape, ShapeError, Text, argument, option
from harness.scenario.source import Node


class _NewOrNumber(ScalarShape):
    """`new`, `close`, or a number from 0."""

    expected = "new, close, or a tab's number"

    def convert(self, value: Any) -> str | int:
        if value in ("new", "close") or (isinstance(value, int) and not isinstance(value, bool)):
            return value  # type: ignore[no-any-return]
        raise ShapeError(f"expected {self.expected}, found `{value}`")

    def schema(self) -> JsonSchema:
        return {"anyOf": [{"enum": ["new", "close"]}, {"type": "integer"}]}


@dataclass(frozen=True, kw_only=True)
class TabNamed:
    """The tab whose address or title fits."""

    url: str | None = option(Text(), "a glob of its address")
    title: str | None = option(Text(), "a glob of its title")


class _Named(RecordOf):
    def decode(self, node: Node, decoder: Decoder) -> Any:
        named = super().decode(node, decoder)
        if (named.url is None) == (named.title is None):
            raise decoder.invalid("wrong-value", "name the tab by `url` or by `title`", node)
        return named


@dataclass(frozen=True, kw_only=True)
class Tab(Action):
    verb = "tab"
    summary = "Goes on in another tab: `new`, its number (0 is the first, -1 the newest), or by url or title; `close` closes it."
    example = "tab: -1"

    which: str | int | TabNamed = argument(
        Either(_NewOrNumber(), _Named(TabNamed, "`tab`")), "new, close, a number, {url: …} or {title: …}"
    )
