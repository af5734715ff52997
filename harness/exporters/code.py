"""A small language that both Python and TypeScript can be printed from: calls of Playwright's API, named as Python names them.

Verbs and conditions are translated into it once; `python.py` and `typescript.py` print it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Lit:
    """Plain data; texts in it may hold marks."""

    value: Any


@dataclass(frozen=True)
class Pattern:
    """A regular expression as Python writes it; `flags` of `re`. `literal`: marks in it stand for text that is to be found as it is."""

    source: str
    flags: int = 0
    literal: bool = False


@dataclass(frozen=True)
class Source:
    """The text of a regular expression; marks in it stand for text that is to be found as it is."""

    text: str


@dataclass(frozen=True)
class Name:
    """A variable or a function."""

    name: str


@dataclass(frozen=True)
class Attr:
    """What Python reads as a property; `called` where it is a method in TypeScript."""

    on: Expr
    name: str
    called: bool = False


@dataclass(frozen=True)
class Item:
    """`on[key]`; `key` is text."""

    on: Expr
    key: str


@dataclass(frozen=True)
class Call:
    """A method of `on`, or a function. `wait`: in TypeScript it gives a promise, which is awaited."""

    on: Expr | None
    name: str
    args: tuple[Expr, ...] = ()
    options: Mapping[str, Expr] = field(default_factory=dict)
    wait: bool = True


@dataclass(frozen=True)
class Tuple:
    """Several values in order."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Lambda:
    """A function without a name. Its body is evaluated in order; `returns`: the last value is its answer."""

    body: tuple[Expr, ...]
    params: tuple[str, ...] = ()
    returns: bool = False


@dataclass(frozen=True)
class And:
    """All of them are true."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Plus:
    """Milliseconds, since a moment or added up."""

    left: Expr
    right: Expr


@dataclass(frozen=True)
class File:
    """A file of the workspace, beside the script."""

    name: str


Expr = Lit | Pattern | Source | Name | Attr | Item | Call | Lambda | And | Plus | File | Tuple


@dataclass(frozen=True)
class Do:
    """An expression for its effect."""

    expr: Expr


@dataclass(frozen=True)
class Assign:
    """`name = value`; `new` where the variable begins here, `constant` where it stays as it is."""

    name: str
    value: Expr
    new: bool = False
    constant: bool = False


@dataclass(frozen=True)
class SetItem:
    """`on["key"] = value`."""

    on: str
    key: str
    value: Expr


@dataclass(frozen=True)
class Comment:
    """One line for the reader."""

    text: str


@dataclass(frozen=True)
class Unsupported:
    """What can't be said: a comment, and the script fails here."""

    what: str
    why: str


@dataclass(frozen=True)
class Repeat:
    """So many times."""

    times: int
    body: tuple[Stmt, ...]


@dataclass(frozen=True)
class Tolerant:
    """Goes on when it can't be done."""

    body: tuple[Stmt, ...]


@dataclass(frozen=True)
class AtOnce:
    """Begun at the same moment."""

    parts: tuple[tuple[Stmt, ...], ...]


Stmt = Do | Assign | SetItem | Comment | Unsupported | Repeat | Tolerant | AtOnce


@dataclass(frozen=True)
class Param:
    """A function's parameter; `text`: it is always text."""

    name: str
    text: bool


@dataclass(frozen=True)
class Function:
    """A flow: it takes the page and its parameters. `gives_page`: it ends in another tab, which it returns."""

    name: str
    params: tuple[Param, ...]
    body: tuple[Stmt, ...]
    about: str
    gives_page: bool = False


def helper(name: str, *args: Expr, wait: bool = True, **options: Expr | None) -> Call:
    """A call of one of the script's own helpers; options that are None are left out."""
    return Call(None, name, args, {key: value for key, value in options.items() if value is not None}, wait)


def lit(value: Any) -> Lit | None:
    """A literal, or None for what is not given."""
    return None if value is None else Lit(value)
