"""A scenario that is being made: what a recorder, an import, a live session or a ticket's text leads to. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DraftStep:
    """A step as plain data (`"reload"`, `{"click": 'button "Save"'}`), with a remark that stands above it as a comment.

    Texts that come from an application are given through `literal`, so that they never become a reference.
    """

    data: str | Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True)
class Draft:
    """A scenario in the making. `symptom` and `expected` are conditions as plain data; None is "not known yet".

    `unsaid` lists what could not be carried over, a sentence each; it is written at the head of the file and shown to whoever made it.
    `remarks` stand above the symptom, as comments.
    """

    title: str
    ticket: str | None = None
    area: str | None = None
    report: str | None = None
    customer: str | None = None
    environment: str | None = None
    control: str | None = None
    setup: tuple[DraftStep, ...] = ()
    steps: tuple[DraftStep, ...] = ()
    symptom: Mapping[str, Any] | None = None
    expected: Mapping[str, Any] | None = None
    within: str | None = None
    unsaid: tuple[str, ...] = field(default=())
    remarks: tuple[str, ...] = field(default=())


def literal(text: str) -> str:
    """A text of the application, or one that somebody typed, so that `${` in it stays a text."""
    return text.replace("${", "$${")


def shown(text: str) -> str:
    """A text of the application in one line, as a terminal may show it: without characters that would steer it."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
