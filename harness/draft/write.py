"""A draft as the text of a scenario file. What is written reads back as exactly the data that it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any

import yaml

from harness.draft.model import Draft, DraftStep
from harness.scenario.source import read_plain

TODO_STEPS = '# What the customer did, a step a line:\n#  - goto: /dashboard\n#  - click: button "Save"\n'
TODO_SYMPTOM = "# What the customer saw and should not have seen:\n# symptom: {visible: alert}\n"
TODO_EXPECTED = (
    '# What they should have seen instead, without which nothing can be said to be not reproduced:\n# expected: {visible: heading "…"}\n'
)


class _Writer(yaml.SafeDumper):
    """YAML 1.2: a text that a 1.2 reader would take for something else is quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    if "\n" in text.strip("\n") and _block_fits(text):
        return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    unlike = not isinstance(read_plain(text), str) or text != text.strip()
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style='"' if unlike else None)


def _block_fits(text: str) -> bool:
    return text.isprintable() or all(character.isprintable() or character == "\n" for character in text)


_Writer.add_representer(str, _text)


def to_yaml(data: Any) -> str:
    """Plain data as YAML, keys in the given order, without aliases or line breaks in scalars."""
    text: str = yaml.dump(data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=1_000_000, default_flow_style=False)
    return text[:-4] if text.endswith("\n...\n") else text  # the end of a document, not an indented line of somebody's text


def scenario_text(draft: Draft) -> str:
    """The whole file."""
    return "".join(_parts(draft))


def step_text(step: DraftStep) -> str:
    """One step as an item of a list, its remark above it."""
    return "".join(f"  # {line}\n" for line in _lines(step.note)) + indent(to_yaml([step.data]), "  ")


def _parts(draft: Draft) -> Iterator[str]:
    for sentence in draft.unsaid:
        yield "".join(f"# {line}\n" for line in _lines(f"Not carried over: {sentence}"))
    head = {key: value for key in ("title", "ticket", "area", "report") if (value := getattr(draft, key)) is not None}
    yield to_yaml(head)
    where = {key: value for key in ("customer", "environment", "control") if (value := getattr(draft, key)) is not None}
    if where:
        yield "\n" + to_yaml(where)
    yield "\n"
    if draft.setup:
        yield _list("setup", draft.setup)
    yield _list("steps", draft.steps) if draft.steps else TODO_STEPS + "steps: []\n"
    yield "\n"
    yield "".join(f"# {line}\n" for remark in draft.remarks for line in _lines(remark))
    yield _oracle("symptom", draft.symptom, TODO_SYMPTOM)
    yield _oracle("expected", draft.expected, TODO_EXPECTED)
    if draft.within:
        yield to_yaml({"within": draft.within})


def _list(name: str, steps: Sequence[DraftStep]) -> str:
    return f"{name}:\n" + "".join(step_text(step) for step in steps)


def _oracle(name: str, condition: Mapping[str, Any] | None, todo: str) -> str:
    return to_yaml({name: dict(condition)}) if condition else todo


def _lines(text: str) -> list[str]:
    """A comment's lines: nothing that a page wrote can end the comment."""
    return ["".join(character if character.isprintable() else " " for character in line) for line in text.splitlines() if line.strip()]
