"""`${…}`: a look-up of a name, never an expression. Text with references becomes a Template; a Scope gives the values.

Anything read from YAML may still be a Deferred (a template and the shape it must take); `resolve` turns a whole
value of the language into one without any.
"""

from __future__ import annotations

import dataclasses
import re
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from harness.core.secret import Secret
from harness.diagnostics import Place

ROOTS = ("customer", "environment", "secrets", "params", "saved", "run", "today")
_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*")
_TODAY = re.compile(r"today(?:\s*([+-])\s*(\d{1,5})\s*d)?")

T = TypeVar("T")


class TemplateError(ValueError):
    """A reference that can't be read or has no value; `slug` names the kind of problem."""

    def __init__(self, message: str, slug: str = "bad-reference", hint: str = "") -> None:
        super().__init__(message)
        self.slug = slug
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Reference:
    """One `${…}`: `path` is (`customer`, `settings`, `plan`); for dates (`today`, `+30`)."""

    path: tuple[str, ...]

    @property
    def root(self) -> str:
        return self.path[0]

    def __str__(self) -> str:
        return "${" + ".".join(self.path) + "}"


@dataclass(frozen=True, slots=True)
class Template:
    """Text and references in order."""

    parts: tuple[str | Reference, ...]
    text: str

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(part for part in self.parts if isinstance(part, Reference))

    def __str__(self) -> str:
        return self.text


class Convertible(Protocol):
    """What a shape of a single value can do."""

    def convert(self, value: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Deferred:
    """A value that is known only when its template is; `shape` says what it must become."""

    template: Template
    shape: Convertible
    place: Place | None = field(compare=False, default=None)

    def __str__(self) -> str:
        return self.template.text


def parse_template(text: str) -> Template | str:
    """A Template, or plain text when `text` holds no reference (`$${` becomes `${`). Raises TemplateError."""
    if "${" not in text:
        return text
    parts: list[str | Reference] = []
    end = 0
    for match in _REFERENCE.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        if match[0] == "$${":
            parts.append("${")
        elif match[1] is None:
            raise TemplateError("`${` is not closed", hint="write `$${` for the characters themselves")
        else:
            parts.append(_reference(match[1].strip()))
    merged = _merge([*parts, text[end:]])
    if not any(isinstance(part, Reference) for part in merged):
        return "".join(str(part) for part in merged)
    return Template(merged, text)


def _reference(name: str) -> Reference:
    if today := _TODAY.fullmatch(name):
        return Reference(("today", f"{today[1]}{today[2]}") if today[1] else ("today",))
    if not _PATH.fullmatch(name):
        raise TemplateError(
            f"`${{{name}}}` is not a name", hint="`${…}` looks a name up, such as ${customer.account.email}; it is no expression"
        )
    return Reference(tuple(name.split(".")))


def _merge(parts: list[str | Reference]) -> tuple[str | Reference, ...]:
    merged: list[str | Reference] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


@dataclass(frozen=True)
class Scope:
    """The values that references see. `customer` and `environment` are plain data that may hold references themselves;
    `secret` gives a declared secret or raises TemplateError."""

    customer: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    secret: Callable[[str], Secret] = lambda name: _no_secret(name)
    params: Mapping[str, Any] | None = None
    saved: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    today: date | None = None

    def look_up(self, reference: Reference) -> Any:
        """The value behind a reference, itself resolved. Raises TemplateError when there is none."""
        root, *rest = reference.path
        if root == "today":
            if self.today is None:
                raise TemplateError("`${today}` is known only while a scenario runs")
            return (self.today + timedelta(days=int(rest[0]) if rest else 0)).isoformat()
        if root == "secrets":
            return self.secret(".".join(rest))
        value: Any = {
            "customer": self.customer,
            "environment": self.environment,
            "params": self.params,
            "saved": self.saved,
            "run": self.run,
        }.get(root)
        for step in rest:
            if not isinstance(value, Mapping) or step not in value:
                raise TemplateError(f"`{reference}` has no value here", "unknown-name")
            value = value[step]
        if root not in ("customer", "environment"):
            return value  # what the application or a caller gave is never read as a template
        try:
            return self.resolve_data(value)
        except RecursionError:
            raise TemplateError(f"`{reference}` refers to itself", "unknown-name") from None

    def render(self, template: Template) -> Any:
        """The template's value: the thing itself when the template is one reference, else text, and a Secret when any part is one."""
        values = [self.look_up(part) if isinstance(part, Reference) else part for part in template.parts]
        if len(values) == 1:
            return values[0]
        secrets = [value.name for value in values if isinstance(value, Secret)]
        text = "".join(value.reveal() if isinstance(value, Secret) else plain_text(value) for value in values)
        return Secret("+".join(secrets), text) if secrets else text

    def resolve_data(self, value: Any) -> Any:
        """Plain data with every reference in its strings replaced."""
        if isinstance(value, str):
            parsed = parse_template(value)
            return self.render(parsed) if isinstance(parsed, Template) else parsed
        if isinstance(value, Mapping):
            return {key: self.resolve_data(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.resolve_data(item) for item in value]
        return value


def plain_text(value: Any) -> str:
    """A value inside a text, as YAML would write it."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (Mapping, list)):
        raise TemplateError("a list or a mapping can't stand inside a text")
    return "" if value is None else str(value)


def resolve(value: T, scope: Scope) -> T:
    """`value` (a dataclass of the language, or containers of them) with every Deferred replaced. Raises TemplateError."""
    result: Any = _resolve(value, scope)
    return result  # type: ignore[no-any-return]


def _resolve(value: Any, scope: Scope) -> Any:
    if isinstance(value, Deferred):
        return _resolve(value.shape.convert(scope.render(value.template)), scope)
    if isinstance(value, tuple):
        new = [_resolve(item, scope) for item in value]
        return value if all(a is b for a, b in zip(new, value, strict=True)) else tuple(new)
    if isinstance(value, dict):
        pairs = [(key, item, _resolve(key, scope), _resolve(item, scope)) for key, item in value.items()]
        same = all(key is new_key and item is new for key, item, new_key, new in pairs)
        return value if same else {new_key: new for _, _, new_key, new in pairs}
    if _is_node(value) and not _is_settled(value):
        old = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        changed = {name: new for name, item in old.items() if (new := _resolve(item, scope)) is not item}
        if changed:
            return dataclasses.replace(value, **changed)
        _SETTLED[id(value)] = value
    return value


_SETTLED: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
"""Values in which nothing is to be resolved, by their identity: the same scenario is resolved again for every attempt."""


def _is_node(value: Any) -> bool:
    return hasattr(value, "__dataclass_fields__") and not isinstance(value, (type, Place))


def _is_settled(value: Any) -> bool:
    return _SETTLED.get(id(value)) is value


def references_in(value: Any) -> Iterator[Reference]:
    """Every reference that is still to be resolved in a value of the language."""
    if isinstance(value, Deferred):
        yield from value.template.references
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from references_in(key)
            yield from references_in(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from references_in(item)
    elif _is_node(value) and not _is_settled(value):
        for each in dataclasses.fields(value):
            yield from references_in(getattr(value, each.name))


def _no_secret(name: str) -> Secret:
    raise TemplateError(f"the secret {name} is not declared", "unknown-secret")
