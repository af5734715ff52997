"""The plugin uses what pytest documents, so that it outlives pytest's next version."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from harness.pytest_plugin import plugin

FILES = sorted(Path(plugin.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_private_is_used(path: Path) -> None:
    private = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            private += [alias.name for alias in node.names if alias.name.startswith("_pytest")]
        elif isinstance(node, ast.ImportFrom):
            private += [str(node.module)] if str(node.module).startswith("_pytest") else []
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            private += [] if isinstance(node.value, ast.Name) and node.value.id == "self" else [ast.unparse(node)]
    assert private == []
