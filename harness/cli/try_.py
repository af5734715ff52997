"""`repro try`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli import options
from harness.cli.inspect_ import After, Customer
from harness.core.exits import Exit

Pictures = Annotated[Path | None, typer.Option("--pictures", help="Keep the pictures in this folder.", show_default=False)]
Within = Annotated[str, typer.Option("--within", help="How long a condition is waited for.")]


def try_(
    customer: Customer = None,
    environment: options.Environment = None,
    after: After = None,
    within: Within = "2s",
    pictures: Pictures = None,
    headed: options.Headed = False,
    json: options.AsJson = False,
) -> None:
    """Try steps and conditions one at a time in a live session, and save those that worked as a scenario."""
    import os

    from harness.cli.conversation import Screen, converse
    from harness.core.durations import parse_duration
    from harness.diagnostics import problem
    from harness.live.session import NotOpen, Options, open_live
    from harness.live.talk import Talk
    from harness.scenario.workspace import open_workspace

    try:
        within_ms = parse_duration(within)
    except ValueError as error:
        raise problem("wrong-value", f"--within: {error}", "such as 500ms, 2s") from None
    screen = Screen(json)
    workspace = open_workspace(Path(), dict(os.environ))
    folder = pictures.resolve() if pictures else None
    asked = Options(headed=headed, stay=True, folder=folder, told=screen.told)
    try:
        opening = open_live(workspace, environment, customer, tuple(after or ()), asked)
        code = converse(opening, screen, lambda live: Talk(live, workspace, within_ms, keeps_pictures=folder is not None))
    except NotOpen as problems:
        screen.not_open(problems.diagnostics[0])
        code = Exit.INCONCLUSIVE
    raise typer.Exit(int(code))
