"""What a script's values are made of: those that are known now, and those that only the script knows when it runs.

A secret, a parameter of a flow, a saved value, the run's token: while a scenario is read they stand in texts as marks, so that every
shape of the language can take them; where a text is printed, the marks become code. No secret is ever read.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.core.secret import Secret
from harness.diagnostics import Place
from harness.scenario.shapes import ShapeError
from harness.scenario.template import Deferred, Reference, Scope, TemplateError

_PRIVATE_USE = range(0xE000, 0xF8FF)


@dataclass(frozen=True)
class Runtime:
    """A value that the script looks up: `root` is secrets, params, saved, run, today or totp; `path` what of it."""

    root: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Late:
    """A value of another kind than text (a number, a duration) that is known only when the script runs; `text` holds the mark."""

    text: str


@dataclass
class Marks:
    """Marks in texts. `sign` is a character that none of the workspace's texts holds, so no text can pretend to be a mark."""

    sign: str
    _known: list[Runtime] = field(default_factory=list)

    def text(self, runtime: Runtime) -> str:
        """The mark that stands for a value."""
        if runtime not in self._known:
            self._known.append(runtime)
        return f"{self.sign}{self._known.index(runtime)}{self.sign}"

    def parts(self, text: str) -> tuple[str | Runtime, ...]:
        """The text's pieces in order."""
        pieces = text.split(self.sign)
        found = [self._known[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)]
        return tuple(piece for piece in found if piece != "")


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value of the language, as it is once YAML's escapes are read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        yield value.pattern
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(key)
            yield from texts_in(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from texts_in(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, (type, Place)):
        for each in dataclasses.fields(value):
            yield from texts_in(getattr(value, each.name))


def marks_for(*values: Any) -> Marks:
    """Marks that do not occur in these values."""
    used = {char for value in values for text in texts_in(value) for char in text}
    return Marks(next(chr(code) for code in _PRIVATE_USE if chr(code) not in used))


@dataclass(frozen=True)
class ExportScope(Scope):
    """Looks up what is known now and marks the rest. `names` are a flow's parameters as the script calls them."""

    marks: Marks = field(default_factory=lambda: Marks(""))
    names: Mapping[str, str] = field(default_factory=dict)

    def look_up(self, reference: Reference) -> Any:
        root, *rest = reference.path
        if root == "secrets":
            return Secret(".".join(rest), self.marks.text(Runtime("secrets", (".".join(rest),))))
        if root == "today" and self.today is not None:
            return super().look_up(reference)
        if root == "params":
            return self.marks.text(Runtime(root, (self.names[rest[0]], *rest[1:])))
        if root in ("saved", "run", "today"):
            return self.marks.text(Runtime(root, tuple(rest)))
        if reference.path == ("customer", "account", "totp"):
            return self._code(reference)
        return super().look_up(reference)

    def _code(self, reference: Reference) -> Secret:
        secret = super().look_up(reference)
        if not isinstance(secret, Secret):
            raise TemplateError("`totp` has to be a secret: ${secrets.NAME}")
        return Secret("TOTP_CODE", self.marks.text(Runtime("totp", (secret.name,))))


def settle(value: Any, scope: ExportScope) -> Any:
    """A value of the language with every reference looked up or marked. Raises TemplateError."""
    if isinstance(value, Deferred):
        return _settle_text(value, scope)
    if isinstance(value, tuple):
        return tuple(settle(item, scope) for item in value)
    if isinstance(value, list):
        return [settle(item, scope) for item in value]
    if isinstance(value, Mapping):
        return {settle(key, scope): settle(item, scope) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Place, Runtime, Late)):
        old = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        changed = {name: new for name, item in old.items() if (new := settle(item, scope)) is not item}
        return dataclasses.replace(value, **changed) if changed else value
    return value


def _settle_text(value: Deferred, scope: ExportScope) -> Any:
    rendered = scope.render(value.template)
    try:
        return settle(value.shape.convert(rendered), scope)
    except ShapeError as error:
        if isinstance(rendered, str) and scope.marks.sign in rendered:
            return Late(rendered)
        raise TemplateError(f"`{value}`: {error}") from None
