"""YAML text to nodes that keep their place. Read as YAML 1.2 core, with the limits that untrusted text needs.

It knows YAML and nothing of scenarios. PyYAML's parser gives the events; what PyYAML's composer does beyond that
(YAML 1.1's booleans, merge keys, silent duplicate keys, unbounded aliases) is what a scenario must not have.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from harness.diagnostics import Diagnostic, Place, Problems, Source

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 10_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,30})|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "false": False}

type_name = {str: "text", bool: "true or false", int: "a number", float: "a number", type(None): "nothing"}


class Mark(NamedTuple):
    """Where a node stands: line and columns count from 0; `end` is the column past it, on the same line."""

    line: int
    column: int
    end: int


class Scalar(NamedTuple):
    """`text` as written, `value` as YAML 1.2 core reads it (str, bool, int, float or None)."""

    text: str
    value: str | bool | int | float | None
    quoted: bool
    mark: Mark
    source: Source

    @property
    def kind(self) -> str:
        return type_name[type(self.value)]


class Items(NamedTuple):
    """A YAML sequence."""

    items: tuple[Any, ...]
    mark: Mark
    source: Source

    @property
    def kind(self) -> str:
        return "a list"


class Mapping(NamedTuple):
    """A YAML mapping in the order of the file; keys are scalars and unique."""

    entries: tuple[tuple[Scalar, Any], ...]
    mark: Mark
    source: Source

    @property
    def kind(self) -> str:
        return "a mapping"

    def get(self, key: str) -> Node | None:
        """The value below `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Items | Mapping

_COMPLEX = {
    Items: "quote it if it begins with [",
    Mapping: "a locator that is a mapping stands below `locator`: {locator: {css: .x}, value: …}",
}


def place_of(node: Node) -> Place:
    """The node's place for a diagnostic."""
    return Place(node.source, node.mark.line + 1, node.mark.column + 1, node.mark.end + 1)


def plain(node: Node) -> Any:
    """The node as ordinary Python data."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def read_source(path: Path, shown: str) -> Source:
    """The file's text. Raises Problems for a file that is missing, unreadable, too large or not text."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except FileNotFoundError:
        raise _file_problem("no-such-file", f"there is no file {shown}") from None
    except OSError as error:
        raise _file_problem("unreadable-file", f"{shown} can't be read: {error.strerror}") from None
    return Source(shown, text_of(data, shown))


def text_of(data: bytes | None, shown: str) -> str:
    """What a file holds, as text; None is more than a file may hold. Raises Problems."""
    if data is None or len(data) > MAX_BYTES:
        raise _file_problem("file-too-large", f"{shown} is larger than 1 MiB; a scenario is a few kilobytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _file_problem("not-text", f"{shown} is not UTF-8 text (line {line}); is it a binary file?") from None
    if "\0" in text:
        raise _file_problem("not-text", f"{shown} holds NUL characters; is it a binary file?")
    return text


def parse(source: Source) -> Node:
    """The one document of `source`. Raises Problems when it is not YAML, or more than the limits allow."""
    try:
        return _Composer(source).document()
    except yaml.MarkedYAMLError as error:
        raise Problems([_syntax(error, source)]) from None
    except yaml.YAMLError as error:
        raise Problems([Diagnostic("not-yaml", f"{source.path} is not YAML: {error}".splitlines()[0])]) from None


class _Composer:
    """Nodes from parser events, counting as it goes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.events: Iterator[Any] = yaml.parse(source.text, Loader=_LOADER)
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.count = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._problem("several-documents", "one file holds one document", event, "remove this `---` and what follows")
                root = self._node(next(self.events), 0)
        return root if root is not None else Scalar("", None, False, Mark(0, 0, 0), self.source)

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            raise self._problem("too-deep", f"nested more than {MAX_DEPTH} levels deep", event)
        before = self.count
        self._add(1, event)
        if event.tag is not None and event.tag != "!":
            raise self._problem("custom-tag", f"the tag `{event.tag}` is not allowed", event, "write the plain value")
        node = self._bare(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _bare(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            quoted = bool(event.style)
            return Scalar(event.value, event.value if quoted else read_plain(event.value), quoted, self._mark(event), self.source)
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(self._node(e, depth + 1) for e in iter(self._next_of(yaml.SequenceEndEvent), None))
            return Items(items, self._mark(event), self.source)
        return self._mapping(event, depth)

    def _mapping(self, start: Any, depth: int) -> Node:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        for event in iter(self._next_of(yaml.MappingEndEvent), None):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self._problem("complex-key", "a key is a plain word, not a list or a mapping", event, _COMPLEX[type(key)])
            if key.text == "<<" and not key.quoted:
                raise self._problem("merge-key", "merge keys (`<<`) are not allowed", event, "write the values out, or use a flow")
            value = self._node(next(self.events), depth + 1)
            if key.text in seen:
                first = seen[key.text].mark.line + 1
                raise self._problem("duplicate-key", f"`{key.text}` stands twice in this mapping", event, f"first in line {first}")
            seen[key.text] = key
            entries.append((key, value))
        return Mapping(tuple(entries), self._span(start, entries), self.source)

    def _span(self, start: Any, entries: list[tuple[Scalar, Node]]) -> Mark:
        """A block mapping is marked by its first key, one in braces by its brace."""
        mark = self._mark(start)
        first = entries[0][0].mark if entries else mark
        return first if first[:2] == mark[:2] else mark

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self.anchors:
            raise self._problem("unknown-alias", f"there is no anchor `&{event.anchor}` before this alias", event)
        node, size = self.anchors[event.anchor]
        self._add(size, event)
        return node

    def _add(self, size: int, event: Any) -> None:
        self.count += size
        if self.count > MAX_NODES:
            raise self._problem("too-many-nodes", f"expands to more than {MAX_NODES:,} values", event)

    def _next_of(self, end: type) -> Any:
        def following() -> Any:
            event = next(self.events)
            return None if isinstance(event, end) else event

        return following

    def _mark(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        if not isinstance(event, yaml.ScalarEvent):
            return Mark(start.line, start.column, start.column + 1)
        stop = end.column if end.line == start.line else len(self.source.line(start.line + 1))
        return Mark(start.line, start.column, max(stop, start.column + 1))

    def _problem(self, slug: str, message: str, event: Any, hint: str = "") -> Problems:
        mark = self._mark(event)
        return Problems([Diagnostic(slug, message, Place(self.source, mark.line + 1, mark.column + 1, mark.end + 1), hint)])


def read_plain(text: str) -> str | bool | int | float | None:
    """A plain scalar as the YAML 1.2 core schema reads it, but that only `true` and `false` are booleans and that
    digits with leading zeros stay text (customer numbers, postal codes)."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INT.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text) if math.isfinite(float(text)) else text
    return text


def written(text: str) -> str:
    """A text as it is written where it has to stand between braces: plain when it is then read as itself, else in quotes."""
    if _is_plain(text):
        return text
    return "'" + text.replace("'", "''") + "'" if text.isprintable() else json.dumps(text)


def _is_plain(text: str) -> bool:
    try:
        return bool(plain(_Composer(Source("", f"{{key: {text}}}")).document()) == {"key": text})
    except (yaml.YAMLError, Problems):
        return False


_COLON = "a value that holds `: ` needs quotes around it"
_COLON_OR_OPEN = "a text that holds `: ` needs quotes around it; or a bracket or a brace is not closed"
_HINTS = (
    ("found character '\\t'", "indent with spaces, not with tabs"),
    ("mapping values are not allowed", _COLON),
    ("could not find expected ':'", "a key needs a colon and a space after it"),
    ("did not find expected ','", _COLON_OR_OPEN),
    ("did not find expected key", "check the indentation here, and for a quote above that is not closed"),
    ("expected <block end>", "check the indentation"),
    ("found character that cannot start any token", "quote a value that begins with @, ` or %, and indent with spaces"),
    ("while scanning a quoted scalar", "a quote is not closed"),
)


_CUT = re.compile(r"""(?<!['"\w])[a-z]+ "[^"]*: [^"]*\"""")  # a locator that YAML takes to pieces


def _syntax(error: yaml.MarkedYAMLError, source: Source) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    said = " ".join(part for part in (error.context, error.problem) if part)
    hint = next((hint for words, hint in _HINTS if words in said), "")
    if mark is not None and hint in (_COLON, _COLON_OR_OPEN) and (cut := _CUT.search(source.line(mark.line + 1))):
        hint = f"put the whole locator in quotes: {written(cut[0])}"
    if mark is not None and source.line(mark.line + 1)[: mark.column + 1].strip(" ") == "\t":
        hint = "indent with spaces, not with tabs"
    if mark is None:
        return Diagnostic("not-yaml", f"{source.path} is not YAML: {said}", hint=hint)
    last = max(1, len(source.text.splitlines()))
    line = min(mark.line + 1, last)
    column = mark.column + 1 if mark.line + 1 <= last else len(source.line(last)) + 1
    return Diagnostic("not-yaml", f"not YAML: {error.problem or said}", Place(source, line, column, column + 1), hint)


def _file_problem(slug: str, message: str) -> Problems:
    return Problems([Diagnostic(slug, message)])
