"""The shapes of HTTP in scenarios: endpoints, statuses, and what an answer must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from harness.core.secret import Secret
from harness.scenario.shapes import (
    Data,
    Decoder,
    JsonSchema,
    Many,
    Map,
    Number,
    RecordOf,
    ScalarShape,
    ShapeError,
    Text,
    decode_fields,
    mapping,
    option,
    required,
)
from harness.scenario.source import Mapping, Node, Scalar

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


class Endpoint(Text):
    """`METHOD url`; decoded to the text."""

    expected = "`METHOD url`, such as `GET /api/items`"

    def convert(self, value: Any) -> str | Secret:
        text = super().convert(value)
        method, _, url = (text.reveal() if isinstance(text, Secret) else text).strip().partition(" ")
        if method not in METHODS or not url.strip():
            upper = f"did you mean `{method.upper()} …`?" if method.upper() in METHODS else ""
            raise ShapeError(f"expected {self.expected}, found `{'…' if isinstance(text, Secret) else text}`", upper)
        return text


class Status(ScalarShape):
    """An HTTP status, or a class of them: `404`, `5xx`. Decoded to text."""

    expected = "a status such as 404 or 5xx"

    def convert(self, value: Any) -> str:
        text = str(value).lower()
        if isinstance(value, (bool, Secret)) or not re.fullmatch(r"[1-5](?:\d\d|xx)", text):
            raise ShapeError(f"expected {self.expected}, found `{value}`")
        return text

    def schema(self) -> JsonSchema:
        return {"anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"type": "string", "pattern": "^[1-5]xx$"}]}


STATUSES = Many(Status(), or_one=True)


def status_fits(status: int | None, wanted: tuple[str, ...]) -> bool:
    """Whether a status is one of `wanted` (`404`, `5xx`); no answer fits nothing."""
    return status is not None and any(want == str(status) or (want.endswith("xx") and want[0] == str(status)[0]) for want in wanted)


class JsonPath(Text):
    """`$.a.b[0]` or `a.b[0]`: a path into JSON, keys and indexes only. Decoded to text."""

    expected = "a JSON path such as $.items[0].state"

    def convert(self, value: Any) -> str:
        if isinstance(value, Secret):
            raise ShapeError("a secret can't be used here")
        text = str(super().convert(value))
        if split_path(text) is None:
            raise ShapeError(f"`{text}` is not {self.expected}", 'keys with odd characters: $["a key"]')
        return text


_STEP = re.compile(r"""\.?([A-Za-z_][\w-]*)|\[(-?\d+)\]|\[(?:"([^"]*)"|'([^']*)')\]""")


def split_path(path: str) -> tuple[str | int, ...] | None:
    """(`items`, 0, `state`) of `$.items[0].state`, or None when it is not such a path."""
    rest = path.removeprefix("$")
    steps: list[str | int] = []
    while rest:
        match = _STEP.match(rest)
        if match is None:
            return None
        steps.append(int(match[2]) if match[2] else next(g for g in (match[1], match[3], match[4]) if g is not None))
        rest = rest[match.end() :]
    return tuple(steps)


class Missing:
    """There is nothing at that path."""


MISSING = Missing()


def at_path(data: Any, path: str) -> Any:
    """The value at `path`, or MISSING. `$.length` of a list is its length."""
    for step in split_path(path) or ():
        if isinstance(step, int):
            if not isinstance(data, list) or not -len(data) <= step < len(data):
                return MISSING
            data = data[step]
        elif step == "length" and isinstance(data, list):
            data = len(data)
        elif isinstance(data, dict) and step in data:
            data = data[step]
        else:
            return MISSING
    return data


_NUMBER = Number()


@dataclass(frozen=True, kw_only=True)
class JsonMatch:
    """A value in a JSON answer: equal to `is_`, or as the other operators say. With none of them it must just be there."""

    path: str = required(JsonPath(), "where in the answer: $.items[0].state")
    is_: Any = option(Data(), "equal to this", key="is", default=MISSING)
    contains: str | None = option(Text(), "text or list that holds this")
    matches: str | None = option(Text(), "text that this regular expression finds")
    above: float | None = option(_NUMBER, "a larger number than this")
    below: float | None = option(_NUMBER, "a smaller number than this")
    at_least: float | None = option(_NUMBER, "this number or a larger one")
    at_most: float | None = option(_NUMBER, "this number or a smaller one")


class JsonMatches:
    """`{$.state: done}`, `{path: $.state, is: done}`, or a list of the second. Decoded to a tuple of JsonMatch."""

    _record = RecordOf(JsonMatch, "`json`")

    def decode(self, node: Node, decoder: Decoder) -> tuple[JsonMatch, ...]:
        if not isinstance(node, Mapping):
            return Many(self._record, or_one=True).decode(node, decoder)
        if node.get("path") is not None:
            entries = tuple((_renamed(key), value) for key, value in node.entries)
            return (JsonMatch(**decode_fields(JsonMatch, entries, node, decoder, "`json`")),)
        return tuple(self._entry(key, value, decoder) for key, value in mapping(node, decoder))

    def _entry(self, key: Scalar, value: Node, decoder: Decoder) -> JsonMatch:
        path = JsonPath().decode(key, decoder)
        operators = {"is", "contains", "matches", "above", "below", "at_least", "at_most"}
        if isinstance(value, Mapping) and value.entries and all(k.text in operators for k, _ in value.entries):
            path_entry = (Scalar("path", "path", False, key.mark, key.source), key)
            return JsonMatch(**decode_fields(JsonMatch, (path_entry, *value.entries), value, decoder, "`json`"))
        return JsonMatch(path=path, is_=Data().decode(value, decoder))

    def schema(self) -> JsonSchema:
        return {"anyOf": [self._record.schema(), {"type": "array", "items": self._record.schema()}, {"type": "object"}]}


def _renamed(key: Scalar) -> Scalar:
    """`value` is another word for `is`."""
    return key._replace(text="is") if key.text == "value" else key


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an HTTP answer must be."""

    status: tuple[str, ...] | None = option(STATUSES, "the status: 404, 5xx, [401, 403]")
    body_contains: str | None = option(Text(), "text that the body holds")
    json: tuple[JsonMatch, ...] | None = option(JsonMatches(), "values in the JSON body: {$.state: done}")


ANSWER = RecordOf(Answer, "an answer")
HEADERS = Map(Text())


def same(wanted: Any, found: Any) -> bool:
    """Equality as YAML and JSON see it: lists and tuples alike, true is not 1."""
    if isinstance(wanted, (list, tuple)) and isinstance(found, (list, tuple)):
        return len(wanted) == len(found) and all(same(a, b) for a, b in zip(wanted, found, strict=True))
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(same(wanted[key], found[key]) for key in wanted)
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    return bool(wanted == found)


def json_fits(match: JsonMatch, data: Any) -> bool:
    """Whether a JSON value is as wanted."""
    found = at_path(data, match.path)
    if found is MISSING:
        return False
    if match.is_ is not MISSING and not same(match.is_, found):
        return False
    if match.contains is not None and not _holds(match.contains, found):
        return False
    if match.matches is not None and not (isinstance(found, str) and re.search(match.matches, found)):
        return False
    bounds = (match.above, match.below, match.at_least, match.at_most)
    if all(bound is None for bound in bounds):
        return True
    return isinstance(found, (int, float)) and not isinstance(found, bool) and number_fits(found, *bounds)


def _holds(wanted: str, found: Any) -> bool:
    if isinstance(found, (list, dict)):
        return any(str(item) == wanted for item in found)
    return wanted in str(found)


def number_fits(number: float, above: float | None, below: float | None, at_least: float | None, at_most: float | None) -> bool:
    """Whether a number is within all bounds that are given."""
    return (
        (above is None or number > above)
        and (below is None or number < below)
        and (at_least is None or number >= at_least)
        and (at_most is None or number <= at_most)
    )
