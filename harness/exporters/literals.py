"""Texts as literals and comments that nothing in them can break out of."""

from __future__ import annotations

from collections.abc import Callable

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def python_inner(text: str, braces: bool = False) -> str:
    """What stands between the double quotes of a Python literal; with `braces`, of an f-string."""
    inner = "".join(_char(char, _python_code) for char in text)
    return inner.replace("{", "{{").replace("}", "}}") if braces else inner


def typescript_inner(text: str, template: bool = False) -> str:
    """What stands between the quotes of a TypeScript literal, or the backticks of a template."""
    if template:
        return "".join(f"\\{char}" if char in "`$\\" else _char(char, _typescript_code, "`$") for char in text)
    return "".join(_char(char, _typescript_code) for char in text)


def _char(char: str, code: Callable[[int], str], plain: str = "") -> str:
    if char in _SHORT and char not in plain:
        return _SHORT[char]
    return char if char.isprintable() else code(ord(char))


def _python_code(number: int) -> str:
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _typescript_code(number: int) -> str:
    return f"\\u{number:04x}" if number < 0x10000 else f"\\u{{{number:x}}}"


def one_line(text: str, most: int = 160) -> str:
    """A text as one line of a comment: nothing that ends a line, hides or turns round what follows."""
    folded = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return folded if len(folded) <= most else folded[: most - 1] + "…"
