"""Prints the small language as Python, for Playwright's synchronous API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.core.secret import Secret, reveal
from harness.exporters.code import (
    And,
    Assign,
    AtOnce,
    Attr,
    Call,
    Comment,
    Do,
    Expr,
    File,
    Function,
    Item,
    Lambda,
    Lit,
    Name,
    Pattern,
    Plus,
    Repeat,
    SetItem,
    Source,
    Stmt,
    Tolerant,
    Tuple,
    Unsupported,
)
from harness.exporters.literals import one_line, python_inner
from harness.exporters.values import Marks, Runtime

WIDTH = 120
CLASSES = {"oracle": "Oracle"}
_FLAGS = ((re.I, "re.I"), (re.M, "re.M"), (re.S, "re.S"))


class Python:
    """Prints for one script, whose marks it knows. `used` gathers the names of helpers."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks

    # Statements.

    def block(self, statements: Iterable[Stmt], indent: int) -> list[str]:
        """Lines; `pass` where there is nothing to do."""
        lines = [line for statement in statements for line in self.statement(statement, indent)]
        return lines or [" " * indent + "pass"]

    def statement(self, statement: Stmt, indent: int) -> list[str]:
        """The statement's lines."""
        pad = " " * indent
        match statement:
            case Do(expr):
                return [pad + self.expr(expr, indent)]
            case Assign(name, value):
                return [f"{pad}{name} = {self.expr(value, indent)}"]
            case SetItem(on, key, value):
                return [f"{pad}{on}[{self.text(key)}] = {self.expr(value, indent)}"]
            case Comment(text):
                return [f"{pad}# {one_line(text)}"]
            case Unsupported(what, why):
                return [f"{pad}# This can't be said here: {one_line(what)}", f"{pad}can_not_say({self.text(f'{what}: {why}')})"]
            case Repeat(times, body):
                return [f"{pad}for _ in range({times}):", *self.block(body, indent + 4)]
            case Tolerant(body):
                return [f"{pad}with suppress(Error, AssertionError):  # optional", *self.block(body, indent + 4)]
            case AtOnce(parts):
                return self.block([each for part in parts for each in part], indent)

    def function(self, function: Function) -> list[str]:
        """A flow as a function."""
        params = "".join(f", {param.name}: {'str' if param.text else 'Any'}" for param in function.params)
        gives = "Page" if function.gives_page else "None"
        lines = [f"def {function.name}(page: Page{params}) -> {gives}:", f"    # {one_line(function.about)}", *self.block(function.body, 4)]
        return [*lines, "    return page"] if function.gives_page else lines

    # Expressions.

    def expr(self, expr: Expr, indent: int = 0) -> str:
        """The expression; a call too long for a line has an argument a line."""
        flat = self.flat(expr)
        if indent + len(flat) <= WIDTH:
            return flat
        if isinstance(expr, Lit) and isinstance(expr.value, Mapping):
            return self._entries(expr.value, indent)
        if not isinstance(expr, Call):
            return flat
        inner = " " * (indent + 4)
        args = [self.expr(arg, indent + 4) for arg in expr.args]
        args += [f"{name}={self.expr(value, indent + 4)}" for name, value in expr.options.items()]
        if not args:
            return flat
        head = f"{self.flat(expr.on)}." if expr.on is not None else ""
        return f"{head}{CLASSES.get(expr.name, expr.name)}(\n" + "".join(f"{inner}{arg},\n" for arg in args) + " " * indent + ")"

    def _entries(self, value: Mapping[Any, Any], indent: int) -> str:
        inner = " " * (indent + 4)
        lines = [f"{inner}{self.text(str(key))}: {self.expr(Lit(item), indent + 4)},\n" for key, item in value.items()]
        return "{\n" + "".join(lines) + " " * indent + "}"

    def flat(self, expr: Expr) -> str:
        """The expression in one line."""
        match expr:
            case Lit(value):
                return self.data(value)
            case Pattern(source, flags, literal):
                return self._pattern(source, flags, literal)
            case Source(text):
                return self._source(text, literal=True)
            case Name(name):
                return name
            case Attr(on, name, _):
                return f"{self.flat(on)}.{name}"
            case Item(on, key):
                return f"{self.flat(on)}[{self.text(key)}]"
            case Call(on, name, args, options, _):
                given = [*(self.flat(arg) for arg in args), *(f"{key}={self.flat(value)}" for key, value in options.items())]
                return f"{self.flat(on)}.{name}({', '.join(given)})" if on is not None else f"{CLASSES.get(name, name)}({', '.join(given)})"
            case Lambda(body, params, _):
                parts = [self.flat(part) for part in body]
                shown = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
                return f"lambda {', '.join(params)}: {shown}" if params else f"lambda: {shown}"
            case Tuple(parts):
                return f"({', '.join(self.flat(part) for part in parts)})"
            case And(parts):
                return " and ".join(self.flat(part) for part in parts)
            case Plus(left, right):
                return f"{self.flat(left)} - {self.flat(right)}"
            case File(name):
                return f"Path(__file__).parent / {self.text(name)}"

    def data(self, value: Any) -> str:
        """Plain data; marks and secrets in its texts become code."""
        if isinstance(value, (str, Secret)):
            return self.text(reveal(value))
        if isinstance(value, Mapping):
            return "{" + ", ".join(f"{self.text(str(key))}: {self.data(item)}" for key, item in value.items()) + "}"
        if isinstance(value, Sequence):
            return "[" + ", ".join(self.data(item) for item in value) + "]"
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000:
            return f"{value:_}"
        return repr(value) if value is None or isinstance(value, (bool, int, float)) else self.text(str(value))

    def text(self, text: str) -> str:
        """A text; one that is a mark and nothing else is the value itself."""
        parts = self.marks.parts(text)
        if not any(isinstance(part, Runtime) for part in parts):
            return f'"{python_inner(text)}"'
        if len(parts) == 1 and isinstance(parts[0], Runtime):
            return runtime(parts[0], '"')
        inner = [python_inner(part, braces=True) if isinstance(part, str) else "{" + runtime(part, "'") + "}" for part in parts]
        return 'f"' + "".join(inner) + '"'

    def _pattern(self, source: str, flags: int, literal: bool) -> str:
        chosen = " | ".join(name for flag, name in _FLAGS if flags & flag)
        return f"re.compile({self._source(source, literal)}{f', {chosen}' if chosen else ''})"

    def _source(self, source: str, literal: bool) -> str:
        pieces = []
        for part in self.marks.parts(source) or ("",):
            if isinstance(part, Runtime):
                value = runtime(part, '"')
                pieces.append(f"re.escape(str({value}))" if literal else f"str({value})")
            else:
                pieces.append(_raw(part))
        return " + ".join(pieces)


def _raw(text: str) -> str:
    """A regular expression's text; raw where that can be."""
    if "\\" not in text:
        return f'"{python_inner(text)}"'
    if '"' in text or not text.isprintable() or (len(text) - len(text.rstrip("\\"))) % 2:
        return f'"{python_inner(text)}"'
    return f'r"{text}"'


def runtime(value: Runtime, quote: str) -> str:
    """The code that looks a value up. What it is looked up by holds letters, digits, `_`, `-`, `.`, `+`, `@` and blanks only."""

    def key(word: str) -> str:
        return f"{quote}{word}{quote}"

    match value.root:
        case "secrets":
            return _secret(value, quote)
        case "totp":
            return f"totp({_secret(value, quote)})"
        case "params":
            return value.path[0] + "".join(f"[{key(word)}]" for word in value.path[1:])
        case "today":
            return f"today({int(value.path[0]) if value.path else ''})"
        case _:
            return value.root + "".join(f"[{key(word)}]" for word in value.path)


def _secret(value: Runtime, quote: str) -> str:
    return f"os.environ[{quote}REPRO_SECRET_{value.path[0]}{quote}]"
