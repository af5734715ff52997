"""One value for everything the harness has to complain about, and its renderings.

A diagnostic says where, what and how to mend it. It knows nothing of scenarios: only places in text files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Source:
    """A text file as it was read: `path` as shown to people, `text` whole."""

    path: str
    text: str

    def line(self, number: int) -> str:
        """Line `number` (from 1) without its end; empty beyond the last."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a source: line and column count from 1; `end_column` is past the last character marked."""

    source: Source
    line: int
    column: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.source.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem: `slug` names its kind (`repro explain SLUG`), `hint` stands beside the caret, `where` says
    which part of the file in words (`step 2 of 5`)."""

    slug: str
    message: str
    place: Place | None = None
    hint: str = ""
    where: str = ""
    severity: Severity = Severity.ERROR

    def render(self) -> str:
        """The problem as text: message, place, the line before and the line itself with a caret, help."""
        rows = [f"{self.severity}[{self.slug}]: {self.message}"]
        if self.place is None:
            rows += [f"   = {self.hint}"] if self.hint else []
        else:
            rows += _excerpt(self.place, self.hint, self.where)
        return "\n".join([*rows, f"   = help: repro explain {self.slug}"])

    def as_json(self) -> dict[str, object]:
        """The problem for programs: `slug`, `severity`, `message`, `hint`, and `file`, `line`, `column` where known."""
        place: dict[str, object] = {}
        if self.place is not None:
            place = {"file": self.place.source.path, "line": self.place.line, "column": self.place.column}
        return {"slug": self.slug, "severity": str(self.severity), "message": self.message, "hint": self.hint, **place}

    def as_github(self) -> str:
        """The problem as a workflow command that GitHub shows beside the line."""
        text = _escape_data(f"{self.message}. {self.hint}" if self.hint else self.message)
        if self.place is None:
            return f"::{self.severity} title={self.slug}::{text}"
        file = _escape_data(self.place.source.path).replace(":", "%3A").replace(",", "%2C")
        return f"::{self.severity} file={file},line={self.place.line},col={self.place.column},title={self.slug}::{text}"


class Problems(Exception):
    """What a person has to mend before the harness can go on: never a defect of the harness."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))

    def __reduce__(self) -> tuple[type[Problems], tuple[tuple[Diagnostic, ...]]]:
        """Between processes it travels with its diagnostics."""
        return Problems, (self.diagnostics,)


def problem(slug: str, message: str, hint: str = "") -> Problems:
    """One problem that has no place in a file."""
    return Problems([Diagnostic(slug, message, hint=hint)])


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """All problems as one JSON array."""
    return json.dumps([d.as_json() for d in diagnostics], indent=2, ensure_ascii=False)


def _excerpt(place: Place, hint: str, where: str) -> list[str]:
    width = len(str(place.line))
    gutter = " " * width + " |"
    rows = [f"{' ' * width}--> {place}" + (f"   ({where})" if where else ""), gutter]
    before = place.source.line(place.line - 1)
    if place.line > 1 and before.strip():
        rows.append(f"{place.line - 1:>{width}} | {_printable(before)}")
    text = _printable(place.source.line(place.line))
    rows.append(f"{place.line} | {text}")
    carets = "^" * max(1, min(place.end_column, len(text) + 1) - place.column)
    rows.append(f"{gutter} {' ' * (place.column - 1)}{carets}" + (f" {hint}" if hint else ""))
    return rows


def _printable(line: str) -> str:
    """One character for one, so that carets stay in their column; control characters cannot reach a terminal."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in line)[:300]


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
