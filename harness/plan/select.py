"""Which scenarios are run: tags and shards. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from harness.diagnostics import problem
from harness.scenario.scenario import Scenario

T = TypeVar("T")
_WORD = re.compile(r"\s*(\(|\)|[^\s()]+)")


def words_of(scenario: Scenario) -> frozenset[str]:
    """What a tag expression sees of a scenario: its tags, area and status."""
    return frozenset((*scenario.tags, scenario.area or "", scenario.status))


def tags_fit(scenario: Scenario, expression: str | None) -> bool:
    """Whether the scenario's tags, area or status make the expression true: `billing and not (slow or flaky)`. Raises Problems."""
    return expression is None or _Expression(expression).holds(words_of(scenario))


class _Expression:
    """`or` binds weakest, then `and`, then `not`; parentheses group."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [match[1] for match in _WORD.finditer(text)]
        self.at = 0

    def holds(self, tags: frozenset[str]) -> bool:
        self.at = 0
        value = self._either(tags)
        if self.at < len(self.words):
            raise self._wrong(f"`{self.words[self.at]}` was not expected")
        return value

    def _either(self, tags: frozenset[str]) -> bool:
        values = [self._both(tags), *(self._both(tags) for _ in self._while("or"))]
        return any(values)

    def _both(self, tags: frozenset[str]) -> bool:
        values = [self._one(tags), *(self._one(tags) for _ in self._while("and"))]
        return all(values)

    def _one(self, tags: frozenset[str]) -> bool:
        word = self._next()
        if word == "not":
            return not self._one(tags)
        if word == "(":
            value = self._either(tags)
            if self.at >= len(self.words) or self._next() != ")":
                raise self._wrong("a parenthesis is not closed")
            return value
        if word in (")", "and", "or"):
            raise self._wrong(f"`{word}` was not expected")
        return word in tags

    def _while(self, word: str) -> Iterator[None]:
        while self.at < len(self.words) and self.words[self.at] == word:
            self.at += 1
            yield

    def _next(self) -> str:
        if self.at >= len(self.words):
            raise self._wrong("it ends too early")
        self.at += 1
        return self.words[self.at - 1]

    def _wrong(self, why: str) -> Exception:
        return problem("wrong-tag-expression", f"`{self.text}` is not a tag expression: {why}", "such as: billing and not slow")


def in_shard(items: Sequence[T], shard: str | None, weight: Callable[[T], float] | None = None) -> Sequence[T]:
    """The items of shard `K/N`, in their order: every N-th from the K-th on, or, with `weight`, so that all shards weigh about the same
    (the heaviest first, each to the lightest shard; Graham 1969). Raises Problems."""
    if shard is None:
        return items
    match = re.fullmatch(r"(\d+)/(\d+)", shard)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise problem("wrong-shard", f"`{shard}` is not a shard", "write K/N, such as 1/4 for the first of four")
    mine, of = int(match[1]) - 1, int(match[2])
    if weight is None:
        return items[mine::of]
    loads = [0.0] * of
    chosen: list[int] = []
    for place in sorted(range(len(items)), key=lambda place: (-weight(items[place]), place)):
        lightest = loads.index(min(loads))
        loads[lightest] += weight(items[place])
        chosen += [place] if lightest == mine else []
    return [items[place] for place in sorted(chosen)]
