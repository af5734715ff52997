"""The shapes that values of the language take. One declaration decodes a YAML node, gives the JSON Schema and documents itself.

A shape's `decode` reports every problem it meets to the Decoder and raises Invalid when there is no usable value, so
that containers go on and all problems of a file are shown at once.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Collection, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar

from harness.core.durations import parse_duration
from harness.core.secret import Secret
from harness.diagnostics import Diagnostic, Severity
from harness.scenario.nearest import did_you_mean, hint_among
from harness.scenario.source import Items, Mapping, Node, Scalar, place_of
from harness.scenario.template import ROOTS, Deferred, Reference, TemplateError, parse_template

JsonSchema = dict[str, Any]
C = TypeVar("C")


class Invalid(Exception):
    """The value can't be used; its problems are reported already."""


@dataclass
class Decoder:
    """What decoding one file gathers: problems, and the references to check against what is known."""

    problems: list[Diagnostic] = field(default_factory=list)
    references: list[tuple[Reference, Node]] = field(default_factory=list)
    where: str = ""

    def report(self, slug: str, message: str, node: Node, hint: str = "", severity: Severity = Severity.ERROR) -> None:
        """Adds a problem at `node`."""
        self.problems.append(Diagnostic(slug, message, place_of(node), hint, self.where, severity))

    def warn(self, slug: str, message: str, node: Node, hint: str = "") -> None:
        """Adds a warning at `node`."""
        self.report(slug, message, node, hint, Severity.WARNING)

    def invalid(self, slug: str, message: str, node: Node, hint: str = "") -> Invalid:
        """Adds a problem at `node`, and gives what to raise."""
        self.report(slug, message, node, hint)
        return Invalid()


class Shape(Protocol):
    """What every shape can do."""

    def decode(self, node: Node, decoder: Decoder) -> Any: ...

    def schema(self) -> JsonSchema: ...


class ScalarShape:
    """A single value. Subclasses give `expected` and `convert`; a template in its place is deferred."""

    expected: str = "a value"

    def convert(self, value: Any) -> Any:
        """`value` (str, number, bool or Secret) as this shape. Raises ValueError saying what was expected."""
        raise NotImplementedError

    def raw(self, node: Scalar) -> Any:
        """What of the scalar `convert` is given."""
        return node.value

    def decode(self, node: Node, decoder: Decoder) -> Any:
        if not isinstance(node, Scalar):
            raise decoder.invalid("wrong-type", f"expected {self.expected}, found {node.kind}", node)
        value = self.raw(node)
        if isinstance(value, str):
            value = decode_template(value, node, self, decoder)
            if isinstance(value, Deferred):
                return value
        try:
            return self.convert(value)
        except ValueError as error:
            raise decoder.invalid(getattr(error, "slug", "wrong-value"), str(error), node, getattr(error, "hint", "")) from None

    def schema(self) -> JsonSchema:
        return {"type": "string"}


class ShapeError(ValueError):
    """A value that does not fit, with a hint."""

    def __init__(self, message: str, hint: str = "", slug: str = "wrong-value") -> None:
        super().__init__(message)
        self.hint = hint
        self.slug = slug


def decode_template(text: str, node: Scalar, shape: Any, decoder: Decoder) -> Any:
    """A Deferred when `text` holds references, else the text with `$${` unescaped."""
    try:
        parsed = parse_template(text)
    except TemplateError as error:
        raise decoder.invalid(error.slug, str(error), node, error.hint) from None
    if isinstance(parsed, str):
        return parsed
    for reference in parsed.references:
        if reference.root not in ROOTS:
            raise decoder.invalid("unknown-name", f"`{reference}` can't be looked up", node, hint_among(reference.root, ROOTS))
        decoder.references.append((reference, node))
    return Deferred(parsed, shape, place_of(node))


def _or_template(schema: JsonSchema) -> JsonSchema:
    return {"anyOf": [schema, {"type": "string", "pattern": r"\$\{"}]}


class TextLike(ScalarShape):
    """What is read as it is written: `1.10` and `no` stay what they look like."""

    def raw(self, node: Scalar) -> Any:
        return None if node.value is None and not node.quoted else node.text

    def schema(self) -> JsonSchema:
        return {"type": ["string", "number", "boolean"]}


class Text(TextLike):
    """Text. A secret stays a Secret."""

    expected = "text"

    def convert(self, value: Any) -> str | Secret:
        return as_text(value)


def as_text(value: Any) -> str | Secret:
    """A single value as text. Raises ShapeError."""
    if value is None:
        raise ShapeError("expected text, found nothing", 'write `""` for empty text')
    if isinstance(value, (str, Secret)):
        return value
    if isinstance(value, (list, dict)):
        raise ShapeError("expected text, found a list or a mapping")
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


class Word(TextLike):
    """Text that is a name and so no secret: letters, digits, `-`, `_`, `.`."""

    expected = "a name"

    def convert(self, value: Any) -> str:
        if isinstance(value, Secret):
            raise ShapeError("a secret can't be used here")
        text = str(as_text(value))
        if not re.fullmatch(r"[\w.@+-][\w .@+-]*", text):
            raise ShapeError(f"`{text}` is not a name", "use letters, digits, `-` and `_`")
        return text


class FileName(Word):
    """The name of a file of the workspace, without `.yaml`; folders stand before slashes."""

    def convert(self, value: Any) -> str:
        return "/".join(super(FileName, self).convert(part) for part in str(as_text(value)).split("/"))


class Pattern(TextLike):
    """A regular expression (Python's `re`), plain or between slashes with flags: `/paid$/i`."""

    expected = "a regular expression"

    def convert(self, value: Any) -> re.Pattern[str]:
        if isinstance(value, Secret):
            raise ShapeError("a secret can't be used here")
        return compile_pattern(str(as_text(value)))


def compile_pattern(text: str) -> re.Pattern[str]:
    """`text` compiled; `/…/ims` gives flags. Raises ShapeError."""
    slashed = re.fullmatch(r"/(.*)/([ims]*)", text, re.DOTALL)
    flags = sum((getattr(re, flag.upper()) for flag in slashed[2]), start=0) if slashed else 0
    try:
        return re.compile(slashed[1] if slashed else text, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise ShapeError(f"`{text}` is not a regular expression: {error}") from None


class Bool(ScalarShape):
    """`true` or `false` and nothing else."""

    expected = "true or false"

    def convert(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        near = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}.get(
            str(value).lower(), str(value).lower()
        )
        hint = f"did you mean `{near}`?" if near in ("true", "false") else ""
        raise ShapeError(f"expected true or false, found `{value}`", hint)

    def schema(self) -> JsonSchema:
        return _or_template({"type": "boolean"})


@dataclass(frozen=True)
class Number(ScalarShape):
    """A number, within bounds where they are given."""

    least: float | None = None
    most: float | None = None
    whole: bool = False

    @property
    def expected(self) -> str:  # type: ignore[override]
        kind = "a whole number" if self.whole else "a number"
        if self.least is not None and self.most is not None:
            return f"{kind} from {self.least:,g} to {self.most:,g}"
        low = f" of at least {self.least:g}" if self.least is not None else ""
        return kind + low + (f" of at most {self.most:g}" if self.most is not None else "")

    def convert(self, value: Any) -> float | int:
        number = _number(value)
        if number is None or (self.whole and number != int(number)):
            raise ShapeError(f"expected {self.expected}, found `{value}`")
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            raise ShapeError(f"expected {self.expected}, found {value}")
        return int(number) if self.whole else number

    def schema(self) -> JsonSchema:
        bounds = {key: bound for key, bound in (("minimum", self.least), ("maximum", self.most)) if bound is not None}
        return _or_template({"type": "integer" if self.whole else "number", **bounds})


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    try:
        number = float(value) if isinstance(value, str) and value == value.strip() else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def whole(least: float | None = None, most: float | None = None) -> Number:
    """A whole number."""
    return Number(least, most, whole=True)


class Duration(ScalarShape):
    """A duration with its unit; decoded to milliseconds."""

    expected = "a duration"

    def convert(self, value: Any) -> int:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            raise ShapeError(f"expected a duration, found the number {value}", f"add a unit: {value}s or {value}ms")
        try:
            return parse_duration(str(value))
        except ValueError as error:
            raise ShapeError(str(error), "such as 500ms, 10s, 2m") from None

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": r"^((\d+(\.\d+)?(ms|s|m|h|d))+|.*\$\{.*)$"}


class Choice(ScalarShape):
    """One word of a list."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.expected = " or ".join(words)

    def convert(self, value: Any) -> str:
        if value not in self.words:
            raise ShapeError(f"`{value}` is not one of {', '.join(self.words)}", did_you_mean(str(value), self.words))
        return str(value)

    def schema(self) -> JsonSchema:
        return _or_template({"enum": list(self.words)})


class Nothing(ScalarShape):
    """No argument: `- reload:` or `- reload` alone."""

    expected = "nothing"

    def convert(self, value: Any) -> None:
        if value not in (None, True):
            raise ShapeError("expected nothing after the colon")

    def schema(self) -> JsonSchema:
        return {"type": ["null", "boolean"]}


class Data:
    """Any YAML value, with references in its strings."""

    expected = "a value"

    def decode(self, node: Node, decoder: Decoder) -> Any:
        if isinstance(node, Items):
            return tuple(self.decode(item, decoder) for item in node.items)
        if isinstance(node, Mapping):
            return {key.text: self.decode(value, decoder) for key, value in node.entries}
        return decode_template(node.value, node, self, decoder) if isinstance(node.value, str) else node.value

    def convert(self, value: Any) -> Any:
        return value

    def schema(self) -> JsonSchema:
        return {}


@dataclass(frozen=True)
class Fixed:
    """A single value in which `${` means nothing: titles, the customer's words, names that are needed before anything runs."""

    shape: ScalarShape

    def decode(self, node: Node, decoder: Decoder) -> Any:
        if not isinstance(node, Scalar):
            return self.shape.decode(node, decoder)
        try:
            return self.shape.convert(self.shape.raw(node))
        except ValueError as error:
            raise decoder.invalid(getattr(error, "slug", "wrong-value"), str(error), node, getattr(error, "hint", "")) from None

    def schema(self) -> JsonSchema:
        return self.shape.schema()


@dataclass(frozen=True)
class Many:
    """A list; with `or_one`, a single value stands for a list of one. Decoded to a tuple."""

    shape: Shape
    or_one: bool = False

    def decode(self, node: Node, decoder: Decoder) -> tuple[Any, ...]:
        if isinstance(node, Items):
            return _all([lambda item=item: self.shape.decode(item, decoder) for item in node.items])  # type: ignore[misc]
        if self.or_one:
            return (self.shape.decode(node, decoder),)
        raise decoder.invalid("wrong-type", f"expected a list, found {node.kind}", node, "begin each entry with `- `")

    def schema(self) -> JsonSchema:
        listed: JsonSchema = {"type": "array", "items": self.shape.schema()}
        return {"anyOf": [self.shape.schema(), listed]} if self.or_one else listed


@dataclass(frozen=True)
class Map:
    """A mapping of free names to one shape. Decoded to a dict."""

    shape: Shape

    def decode(self, node: Node, decoder: Decoder) -> dict[str, Any]:
        entries = mapping(node, decoder)
        values = _all([lambda value=value: self.shape.decode(value, decoder) for _, value in entries])  # type: ignore[misc]
        return {key.text: value for (key, _), value in zip(entries, values, strict=True)}

    def schema(self) -> JsonSchema:
        return {"type": "object", "additionalProperties": self.shape.schema()}


@dataclass(frozen=True)
class Either:
    """The first shape for scalars, the second for everything else."""

    scalar: Shape
    other: Shape

    def decode(self, node: Node, decoder: Decoder) -> Any:
        return (self.scalar if isinstance(node, Scalar) else self.other).decode(node, decoder)

    def schema(self) -> JsonSchema:
        return {"anyOf": [self.scalar.schema(), self.other.schema()]}


@dataclass(frozen=True)
class Lazy:
    """A shape that is defined later, and stands once in the schema, below `$defs`."""

    name: str
    get: Callable[[], Shape] = field(compare=False)

    def decode(self, node: Node, decoder: Decoder) -> Any:
        return self.get().decode(node, decoder)

    def schema(self) -> JsonSchema:
        return {"$ref": f"#/$defs/{self.name}"}


def mapping(node: Node, decoder: Decoder) -> tuple[tuple[Scalar, Node], ...]:
    """The entries of a mapping node."""
    if isinstance(node, Mapping):
        return node.entries
    raise decoder.invalid("wrong-type", f"expected a mapping (`key: value`), found {node.kind}", node)


def _all(steps: list[Callable[[], Any]]) -> tuple[Any, ...]:
    """Every step's value; goes on after an Invalid, and raises it at the end."""
    values, failed = [], False
    for step in steps:
        try:
            values.append(step())
        except Invalid:
            failed = True
    if failed:
        raise Invalid
    return tuple(values)


@dataclass(frozen=True)
class Spec:
    """How a dataclass field is written in YAML."""

    shape: Shape
    doc: str
    key: str
    required: bool
    argument: bool


def option(shape: Shape, doc: str, *, default: Any = None, key: str = "") -> Any:
    """A field that may be left out."""
    return field(default=default, metadata={"shape": shape, "doc": doc, "key": key, "required": False})


def required(shape: Shape, doc: str, *, key: str = "") -> Any:
    """A field that must be there."""
    return field(metadata={"shape": shape, "doc": doc, "key": key, "required": True})


def argument(shape: Shape, doc: str, *, default: Any = dataclasses.MISSING) -> Any:
    """The value that stands right behind a verb or a condition."""
    return field(default=default, metadata={"shape": shape, "doc": doc, "key": "", "required": False, "argument": True})


def specs(cls: type) -> dict[str, Spec]:
    """Field name -> Spec of a dataclass whose fields were declared with `option`, `required` or `argument`."""
    cached = _SPECS.get(cls)
    if cached is None:
        cached = _SPECS[cls] = {
            f.name: Spec(
                f.metadata["shape"],
                f.metadata["doc"],
                f.metadata["key"] or f.name,
                f.metadata["required"],
                f.metadata.get("argument", False),
            )
            for f in dataclasses.fields(cls)
            if "shape" in f.metadata
        }
    return cached


_SPECS: dict[type, dict[str, Spec]] = {}


def decode_fields(
    cls: type, entries: tuple[tuple[Scalar, Node], ...], owner: Node, decoder: Decoder, what: str, told: Collection[str] = ()
) -> dict[str, Any]:
    """Field name -> decoded value for the entries of a mapping; unknown and missing keys are reported, but those that were told of."""
    by_key = {spec.key: (name, spec) for name, spec in specs(cls).items() if not spec.argument}

    def one(key: Scalar, value: Node) -> tuple[str, Any]:
        if key.text not in by_key:
            raise decoder.invalid("unknown-key", f"`{key.text}` is not a key of {what}", key, hint_among(key.text, by_key))
        name, spec = by_key[key.text]
        return name, spec.shape.decode(value, decoder)

    values: dict[str, Any] = {}
    failed = False
    try:
        values = dict(_all([lambda entry=entry: one(*entry) for entry in entries]))  # type: ignore[misc]
    except Invalid:
        failed = True
    present = {key.text for key, _ in entries}
    for key, (_, spec) in by_key.items():
        if spec.required and key not in present and key not in told:
            decoder.report("missing-key", f"{what} needs `{key}`: {spec.doc}", owner)
            failed = True
    if failed:
        raise Invalid
    return values


@dataclass(frozen=True)
class RecordOf:
    """A mapping with the keys of a dataclass; decoded to an instance of it."""

    cls: type
    what: str
    extra: ClassVar[MappingType[str, Any]] = {}

    def decode(self, node: Node, decoder: Decoder) -> Any:
        return self.cls(**decode_fields(self.cls, mapping(node, decoder), node, decoder, self.what))

    def schema(self) -> JsonSchema:
        return object_schema(self.cls)


def properties_of(cls: type) -> dict[str, JsonSchema]:
    """Key -> schema with its description."""
    return {spec.key: {**spec.shape.schema(), "description": spec.doc} for spec in specs(cls).values() if not spec.argument}


def object_schema(cls: type) -> JsonSchema:
    """The schema of a mapping that has the keys of a dataclass."""
    must = [spec.key for spec in specs(cls).values() if spec.required]
    return {"type": "object", "properties": properties_of(cls), "additionalProperties": False, **({"required": must} if must else {})}


def with_options(properties: dict[str, JsonSchema], classes: Iterable[type]) -> dict[str, JsonSchema]:
    """The properties and those of every class; a key that means several things (`save`, `at_least`) takes what any of them takes."""
    found: dict[str, list[JsonSchema]] = {key: [schema] for key, schema in properties.items()}
    for cls in classes:
        for key, schema in properties_of(cls).items():
            known = found.setdefault(key, [])
            if all(_bare(schema) != _bare(other) for other in known):
                known.append(schema)
    return {key: each[0] if len(each) == 1 else {"anyOf": each} for key, each in found.items()}


def _bare(schema: JsonSchema) -> JsonSchema:
    return {key: value for key, value in schema.items() if key != "description"}
