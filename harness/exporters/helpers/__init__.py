"""The helpers that scripts carry with them: of `python.txt` or `typescript.txt`, those that a script uses."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import resources

_WORD = re.compile(r"(?:(?<=\.\.\.)|(?<![.\w$]))[A-Za-z_$][\w$]*")


@cache
def sections(language: str) -> dict[str, str]:
    """Every helper by its name, in order."""
    text = (resources.files(__package__) / f"{language}.txt").read_text(encoding="utf-8")
    found = re.split(r"^## (\w+)\n", text, flags=re.MULTILINE)
    return {name: body.rstrip("\n") for name, body in zip(found[1::2], found[2::2], strict=True)}


def needed(language: str, code: str) -> tuple[str, ...]:
    """The helpers that some code uses, and those that they use, in the file's order."""
    known = sections(language)
    names = python_names if language == "python" else typescript_names
    wanted: set[str] = set()
    open_ = known.keys() & names(code)
    while open_:
        wanted |= open_
        open_ = {word for name in open_ for word in names(known[name])} & known.keys() - wanted
    return tuple(name for name in known if name in wanted)


@cache
def python_names(code: str) -> frozenset[str]:
    """What Python code reads by name."""
    return frozenset(node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name))


@cache
def typescript_names(code: str) -> frozenset[str]:
    """The words of TypeScript code without its plain texts and comments and what follows a dot; those in templates are among them."""
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', code)
    return frozenset(_WORD.findall(re.sub(r"/\*\*(?s:.*?)\*/|(?:^|\s)//.*$", "", bare, flags=re.MULTILINE)))
