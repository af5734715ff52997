"""Prints the small language as TypeScript, for Playwright Test."""

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
from harness.exporters.literals import one_line, typescript_inner
from harness.exporters.values import Marks, Runtime

WIDTH = 120
NAMES = {
    "to_have_url": "toHaveURL",
    "to_have_css": "toHaveCSS",
    "route_from_har": "routeFromHAR",
    "base_url": "baseURL",
    "extra_http_headers": "extraHTTPHeaders",
}
_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_UNTRANSLATED = re.compile(r"\(\?[aiLmsux-]+[:)]|\(\?\(|\(\?>|(?<!\\)[*+?}]\+|\(\?#")


def camel(name: str) -> str:
    """`get_by_role` as `getByRole`; constants as they are."""
    if name.isupper() or name in NAMES:
        return NAMES.get(name, name)
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


class TypeScript:
    """Prints for one script, whose marks it knows."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks

    # Statements.

    def block(self, statements: Iterable[Stmt], indent: int) -> list[str]:
        """Lines."""
        return [line for statement in statements for line in self.statement(statement, indent)]

    def statement(self, statement: Stmt, indent: int) -> list[str]:
        """The statement's lines."""
        pad = " " * indent
        match statement:
            case Do(expr):
                return [f"{pad}{self.expr(expr, indent)};"]
            case Assign(name, value, new, constant):
                word = "const " if constant else "let " if new else ""
                return [f"{pad}{word}{camel(name)} = {self.expr(value, indent)};"]
            case SetItem(on, key, value):
                return [f"{pad}{on}[{self.text(key)}] = {self.expr(value, indent)};"]
            case Comment(text):
                return [f"{pad}// {one_line(text)}"]
            case Unsupported(what, why):
                return [f"{pad}// This can't be said here: {one_line(what)}", f"{pad}canNotSay({self.text(f'{what}: {why}')});"]
            case Repeat(times, body):
                return [f"{pad}for (let time = 0; time < {times}; time++) {{", *self.block(body, indent + 2), pad + "}"]
            case Tolerant(body):
                tolerated = [f"{pad}}} catch (error) {{", f"{pad}  tolerate(error); // optional", pad + "}"]
                return [f"{pad}try {{", *self.block(body, indent + 2), *tolerated]
            case AtOnce(parts):
                inner = [line for part in parts for line in self._part(part, indent + 2)]
                return [f"{pad}await Promise.all([", *inner, f"{pad}]);"]

    def _part(self, part: Sequence[Stmt], indent: int) -> list[str]:
        pad = " " * indent
        return [f"{pad}(async () => {{", *self.block(part, indent + 2), f"{pad}}})(),"]

    def function(self, function: Function) -> list[str]:
        """A flow as a function."""
        params = "".join(f", {camel(param.name)}: {'string' if param.text else 'any'}" for param in function.params)
        gives = "Page" if function.gives_page else "void"
        lines = [f"async function {camel(function.name)}(page: Page{params}): Promise<{gives}> {{", f"  // {one_line(function.about)}"]
        lines += self.block(function.body, 2)
        return [*lines, *(["  return page;"] if function.gives_page else []), "}"]

    # Expressions.

    def expr(self, expr: Expr, indent: int = 0) -> str:
        """The expression; a call too long for a line has an argument a line."""
        flat = self.flat(expr)
        if indent + len(flat) <= WIDTH:
            return flat
        if isinstance(expr, Lit) and isinstance(expr.value, Mapping):
            return self._entries({key: self.expr(Lit(item), indent + 2) for key, item in expr.value.items()}, indent)
        if not isinstance(expr, Call) or not (expr.args or expr.options):
            return flat
        inner = " " * (indent + 2)
        args = [self.expr(arg, indent + 2) for arg in expr.args]
        if expr.options:
            options = self._options(expr.options)
            broken = {key: self.expr(value, indent + 4) for key, value in expr.options.items()}
            args.append(options if indent + 4 + len(options) <= WIDTH else self._entries(broken, indent + 2, named=True))
        return f"{self._head(expr)}(\n" + "".join(f"{inner}{arg},\n" for arg in args) + " " * indent + ")"

    def _entries(self, entries: Mapping[Any, str], indent: int, named: bool = False) -> str:
        inner = " " * (indent + 2)
        lines = [f"{inner}{camel(key) if named else self._key(str(key))}: {value},\n" for key, value in entries.items()]
        return "{\n" + "".join(lines) + " " * indent + "}"

    def _head(self, call: Call) -> str:
        name = camel(call.name)
        if call.name.startswith("not_to_"):
            name = f"not.{camel(call.name.removeprefix('not_'))}"
        wait = "await " if call.wait else ""
        if call.on is None:
            return wait + name
        return f"{wait}{self._bracketed(call.on)}.{name}"

    def _bracketed(self, expr: Expr) -> str:
        flat = self.flat(expr)
        return f"({flat})" if flat.startswith("await ") else flat

    def _options(self, options: Mapping[str, Expr]) -> str:
        entries = ((camel(key), self.flat(value)) for key, value in options.items())
        return "{ " + ", ".join(name if name == value else f"{name}: {value}" for name, value in entries) + " }"

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
                return camel(name)
            case Attr(on, name, called):
                return f"{self._bracketed(on)}.{camel(name)}{'()' if called else ''}"
            case Item(on, key):
                return f"{self.flat(on)}[{self.text(key)}]"
            case Call(_, _, args, options, _):
                given = [self.flat(arg) for arg in args] + ([self._options(options)] if options else [])
                return f"{self._head(expr)}({', '.join(given)})"
            case Lambda():
                return self._lambda(expr)
            case Tuple(parts):
                return f"[{', '.join(self.flat(part) for part in parts)}]"
            case And(parts):
                return " && ".join(self.flat(part) for part in parts)
            case Plus(left, right):
                return f"{self.flat(left)} - {self.flat(right)}"
            case File(name):
                return f"path.join(__dirname, {self.text(name)})"

    def _lambda(self, function: Lambda) -> str:
        params = ", ".join(f"{param}: any" for param in function.params)
        if function.returns:
            return f"({params}) => {self.flat(function.body[-1])}"
        return f"async ({params}) => {{ {' '.join(f'{self.flat(part)};' for part in function.body)} }}"

    def data(self, value: Any) -> str:
        """Plain data; marks and secrets in its texts become code."""
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (str, Secret)):
            return self.text(reveal(value))
        if isinstance(value, (int, float)):
            return f"{value:_}" if isinstance(value, int) and abs(value) >= 10_000 else repr(value)
        if isinstance(value, Mapping):
            inner = ", ".join(f"{self._key(str(key))}: {self.data(item)}" for key, item in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        if isinstance(value, Sequence):
            return "[" + ", ".join(self.data(item) for item in value) + "]"
        return self.text(str(value))

    def _key(self, key: str) -> str:
        if _PLAIN_KEY.fullmatch(key) and key != "__proto__":
            return key
        text = self.text(key)
        return text if text.startswith('"') and key != "__proto__" else f"[{text}]"

    def text(self, text: str) -> str:
        """A text; one that is a mark and nothing else is the value itself."""
        parts = self.marks.parts(text)
        if not any(isinstance(part, Runtime) for part in parts):
            return f'"{typescript_inner(text)}"'
        if len(parts) == 1 and isinstance(parts[0], Runtime):
            return runtime(parts[0])
        inner = [typescript_inner(part, template=True) if isinstance(part, str) else "${" + runtime(part) + "}" for part in parts]
        return "`" + "".join(inner) + "`"

    def _pattern(self, source: str, flags: int, literal: bool) -> str:
        letters = "".join(letter for flag, letter in ((re.I, "i"), (re.M, "m"), (re.S, "s")) if flags & flag)
        if untranslated(source):
            return f"canNotSay({self.text(f'the regular expression {source}: JavaScript has no such thing')})"
        parts = self.marks.parts(source)
        if any(isinstance(part, Runtime) for part in parts):
            return f'new RegExp({self._source(source, literal)}, "{letters}")'
        return f"/{_slashed(translated(source)) or '(?:)'}/{letters}"

    def _source(self, source: str, literal: bool) -> str:
        pieces = []
        for part in self.marks.parts(source) or ("",):
            if isinstance(part, Runtime):
                pieces.append(f"escaped({runtime(part)})" if literal else f"String({runtime(part)})")
            else:
                pieces.append(f'"{typescript_inner(translated(part))}"')
        return " + ".join(pieces)


def untranslated(source: str) -> bool:
    """Whether a Python regular expression uses what JavaScript's have not."""
    return _UNTRANSLATED.search(source) is not None


def translated(source: str) -> str:
    """A Python regular expression as JavaScript writes it. Escapes that it does not know are the characters themselves."""
    pieces = re.split(r"(\\.|\(\?P<|\(\?P=\w+\))", source, flags=re.DOTALL)
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    if piece == "(?P<":
        return "(?<"
    if piece.startswith("(?P="):
        return f"\\k<{piece[4:-1]}>"
    return {"\\A": "(?<![\\s\\S])", "\\Z": "(?![\\s\\S])", "\\ ": " ", "\\#": "#", "\\&": "&", "\\~": "~"}.get(piece, piece)


def _slashed(source: str) -> str:
    """Between slashes: a slash is escaped, and nothing ends the line."""
    pieces = re.split(r"(\\.)", source, flags=re.DOTALL)
    return "".join(_unescaped(piece) if len(piece) == 2 and piece[0] == "\\" else _visible(piece).replace("/", "\\/") for piece in pieces)


def _unescaped(piece: str) -> str:
    return piece if piece[1].isprintable() else _visible(piece[1])


def _visible(text: str) -> str:
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" if ord(char) < 0x10000 else char for char in text)


def runtime(value: Runtime) -> str:
    """The code that looks a value up. What it is looked up by holds letters, digits, `_`, `-`, `.`, `+`, `@` and blanks only."""
    match value.root:
        case "secrets":
            return f'secret("{value.path[0]}")'
        case "totp":
            return f'totp(secret("{value.path[0]}"))'
        case "params":
            return camel(value.path[0]) + "".join(f'["{word}"]' for word in value.path[1:])
        case "today":
            return f"today({int(value.path[0]) if value.path else ''})"
        case _:
            return value.root + "".join(f'["{word}"]' for word in value.path)
