"""`repro inspect`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import options
from harness.core.exits import Exit

if TYPE_CHECKING:
    from harness.live.inspect import Inspected

Customer = Annotated[str | None, typer.Option("--customer", "-c", help="As this customer.", show_default=False)]
After = Annotated[
    list[str] | None, typer.Option("--after", help="Do this flow first, such as login; may be given several times.", show_default=False)
]


def inspect(
    path: Annotated[str | None, typer.Argument(help="The page: /billing. Without it, the one after the flows.", show_default=False)] = None,
    customer: Customer = None,
    environment: options.Environment = None,
    after: After = None,
    locator: Annotated[str | None, typer.Option("--locator", help='Only this part: region "Revenue".', show_default=False)] = None,
    headed: options.Headed = False,
    json: options.AsJson = False,
) -> None:
    """Print a page as a customer sees it, in the notation of locators."""
    import json as writer
    import os
    import sys
    from pathlib import Path

    from harness.live.inspect import Asked, inspect_page
    from harness.live.session import NotOpen, Options
    from harness.scenario.workspace import open_workspace

    asked = Asked(path, environment, customer, tuple(after or ()), locator)
    workspace = open_workspace(Path(), dict(os.environ))
    try:
        found = inspect_page(workspace, asked, Options(headed=headed, stay=True, told=lambda text: print(text, file=sys.stderr)))
    except NotOpen as problems:
        said = problems.diagnostics[0]
        print(writer.dumps({"ok": False, "sentence": said.message}) if json else said.render(), file=None if json else sys.stderr)
        raise typer.Exit(int(Exit.INCONCLUSIVE)) from None
    print(writer.dumps(found.as_json(), ensure_ascii=False) if json else as_text(found))
    raise typer.Exit(int(Exit.AS_EXPECTED if found.said.ok else Exit.INCONCLUSIVE))


def as_text(found: Inspected) -> str:
    """For a reader: where it is, the page, and what went wrong in it."""
    said = found.said
    head = [said.title or "(no title)", said.url or "(no address)"]
    trouble = [] if said.ok else [said.sentence, *(f"  there is {each}" for each in said.found)]
    parts = ("\n".join(head), "\n".join(trouble), found.page, "\n".join(found.events))
    return "\n\n".join(part for part in parts if part)
