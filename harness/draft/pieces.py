"""The steps of a scenario's file as pieces of its text, so that some can be left out and the rest stays as it was written. Pure.

A piece is a step of `setup`, `steps` or `cleanup` with the comment that stands right above it. What else is there (other comments, empty
lines, order, quotes) belongs to no piece.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

import yaml

LINE = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029])|[^\r\n\x85\u2028\u2029]+")
DASH = re.compile(r"\s*-(?:\s|$)")
LISTS = ("setup", "steps", "cleanup")

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A step of the file: `number` counts from 0 within its list; `line` from 1."""

    name: str
    number: int
    line: int


@dataclass(frozen=True)
class Written:
    """A file's text and where its pieces stand, as offsets into it. `whole` are the lists' own places, keys included; those in
    `brackets` stand between [ and ], with commas that belong to nobody."""

    text: str
    spans: Mapping[Piece, Span]
    whole: Mapping[str, Span]
    brackets: frozenset[str]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """In the order of the file."""
        return tuple(sorted(self.spans, key=lambda piece: self.spans[piece]))

    def at(self, line: int) -> Piece | None:
        """The piece that a line, counted from 1, belongs to."""
        offset = sum(len(each) for each in lines_of(self.text)[: line - 1])
        return next((piece for piece, (start, stop) in self.spans.items() if start <= offset < stop), None)

    def without(self, left_out: Collection[Piece]) -> str:
        """The text without some pieces; a list of which nothing is left goes altogether."""
        text = self.text
        for start, stop in sorted(self._gone(frozenset(left_out)), reverse=True):
            text = text[:start] + text[stop:]
        return text

    def _gone(self, left_out: frozenset[Piece]) -> Iterator[Span]:
        for name, whole in self.whole.items():
            pieces = [piece for piece in self.pieces if piece.name == name]
            if left_out.issuperset(pieces):
                yield whole
            elif name in self.brackets:
                yield from _runs([(*self.spans[piece], piece in left_out) for piece in pieces])
            else:
                yield from (self.spans[piece] for piece in pieces if piece in left_out)


def pieces_of(text: str) -> Written:
    """The pieces of a scenario's file, which has been read without problems. A list that is an alias of another has none."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    spans: dict[Piece, Span] = {}
    whole: dict[str, Span] = {}
    brackets: set[str] = set()
    lines = _Lines(text)
    for key, value in root.value if isinstance(root, yaml.MappingNode) and not root.flow_style else ():
        its_own = isinstance(value, yaml.SequenceNode) and value.start_mark.index > key.start_mark.index
        if key.value not in LISTS or not its_own or not value.value:
            continue
        brackets |= {key.value} if value.flow_style else set()
        found = [(node.start_mark.index, node.end_mark.index) for node in value.value] if value.flow_style else lines.of_items(key, value)
        for number, (node, span) in enumerate(zip(value.value, found, strict=True)):
            spans[Piece(key.value, number, node.start_mark.line + 1)] = span
        whole[key.value] = lines.between(key.start_mark.line, _end(value))
    return Written(text, spans, whole, frozenset(brackets))


def lines_of(text: str) -> list[str]:
    """As YAML divides it, with the ends of the lines."""
    return [found[0] for found in LINE.finditer(text)]


def _runs(items: Sequence[tuple[int, int, bool]]) -> Iterator[Span]:
    """What is left out between brackets, each run of items with the comma behind it, or the one before it at the end."""
    for gone, run in groupby(range(len(items)), lambda at: items[at][2]):
        places = list(run)
        first, last = places[0], places[-1]
        if gone and last + 1 < len(items):
            yield items[first][0], items[last + 1][0]
        elif gone:
            yield items[first - 1][1], items[last][1]


class _Lines:
    """The text by lines, counted from 0."""

    def __init__(self, text: str) -> None:
        self.lines = lines_of(text)
        self.starts = [0, *accumulate(len(line) for line in self.lines)]

    def between(self, first: int, last: int) -> Span:
        """From the beginning of a line to the end of another."""
        return self.starts[first], self.starts[min(last + 1, len(self.lines))]

    def of_items(self, key: yaml.Node, value: yaml.SequenceNode) -> Iterator[Span]:
        """Each from the comment above its dash to its last line."""
        above = int(key.end_mark.line)
        for node in value.value:
            last = _end(node)
            yield self.between(self._comment_above(self._dash(node), above), last)
            above = last

    def _dash(self, node: yaml.Node) -> int:
        line = int(node.start_mark.line)
        while not DASH.match(self.lines[line]):
            line -= 1
        return line

    def _comment_above(self, line: int, above: int) -> int:
        while line - 1 > above and self.lines[line - 1].lstrip().startswith("#"):
            line -= 1
        return line


def _end(node: yaml.Node) -> int:
    """The last line with something of the node; its mark may stand behind what follows it."""
    if isinstance(node, yaml.ScalarNode):
        mark = node.end_mark
        behind = mark.column == 0 and mark.line > node.start_mark.line
        return int(mark.line) - behind
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    if isinstance(node, yaml.MappingNode):
        key, value = node.value[-1]
        return max(int(key.end_mark.line), _end(value))
    return _end(node.value[-1])
