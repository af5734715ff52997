"""`repro new`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from harness.diagnostics import problem

if TYPE_CHECKING:
    from harness.scenario.workspace import Workspace

Ticket = Annotated[str | None, typer.Option("--ticket", help="The ticket's id or URL.", show_default=False)]
From = Annotated[
    Path | None, typer.Option("--from", help="A text file with the customer's words; - reads standard input.", show_default=False)
]
File = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file that is made; named after the ticket by default.", show_default=False)
]


def new(ticket: Ticket = None, words: From = None, output: File = None) -> None:
    """Begin a scenario from a ticket: the customer's words, and every choice there is as a comment."""
    from harness.draft.choices import choices_of
    from harness.draft.skeleton import skeleton

    text = ticket_text(words, sys.stdin.buffer) if words is not None else ""
    workspace, path = target_of(output, ticket)
    shown = workspace.show(path)
    write_new(path, shown, skeleton(ticket, text, choices_of(workspace), f"repro validate {shown}"))
    print(shown)
    print(f"next: fill in title, steps, symptom and expected, then: repro validate {shown}", file=sys.stderr)


def ticket_text(path: Path, stdin: BinaryIO) -> str:
    """The customer's words: a file's, or those of `stdin` for `-`. Raises Problems when there is nothing readable."""
    from harness.scenario.source import MAX_BYTES, read_source, text_of

    shown = "standard input" if str(path) == "-" else str(path)
    text = text_of(stdin.read(MAX_BYTES + 1), shown) if str(path) == "-" else read_source(path, shown).text
    if not text.strip():
        raise problem("empty-ticket", f"{shown} is empty", "give a file with the customer's words, or leave --from out")
    return text


def target_of(output: Path | None, ticket: str | None) -> tuple[Workspace, Path]:
    """The workspace, and the file in it that is made: `output`, or one named after the ticket. Raises Problems."""
    from harness.draft.choices import slug
    from harness.scenario.workspace import open_workspace

    name = slug(ticket or "")
    if output is None and not name:
        raise problem("no-name", "a new scenario needs a name", "name the ticket with --ticket, or the file with --output")
    if output is not None and output.suffix != ".yaml":
        raise problem("wrong-suffix", f"{output} is not read as a scenario: it does not end in .yaml", f"name it {output.stem}.yaml")
    start = next((folder for folder in output.resolve().parents if folder.is_dir()), Path()) if output is not None else Path()
    workspace = open_workspace(start, os.environ)
    if output is not None and workspace.root not in output.resolve().parents:
        raise problem("outside-workspace", f"{output} is in no workspace", "make it below the folder that holds repro.yaml")
    return workspace, output.resolve() if output else workspace.root / f"{name}.yaml"


def write_new(path: Path, shown: str, text: str) -> None:
    """Writes a file that was not there before. Raises Problems when it is, or can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise problem("file-exists", f"{shown} is there already", "name another file with --output") from None
    except OSError as error:
        raise problem("unwritable-file", f"{shown} can't be written: {error.strerror}", "name another file with --output") from None
