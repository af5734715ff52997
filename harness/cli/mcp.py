"""`repro mcp`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli import options

HERE = Path()
Workspace = Annotated[Path, typer.Argument(help="The workspace; the one around here when left out.", show_default=False)]
Http = Annotated[bool, typer.Option("--http", help="Over streamable HTTP on this machine, in place of stdin and stdout.")]
Host = Annotated[str, typer.Option("--host", help="With --http: the address to listen on. Whoever reaches it can use it.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="With --http: the port; 0 is any free one.")]
Idle = Annotated[str, typer.Option("--idle", help="A live session that is unused for so long is closed.")]


def mcp(
    workspace: Workspace = HERE,
    http: Http = False,
    host: Host = "127.0.0.1",
    port: Port = 8770,
    idle: Idle = "15m",
    reports: options.Reports = None,
) -> None:
    """Serve a workspace to AI agents (Model Context Protocol): look, try, save, run, read verdicts."""
    import asyncio
    import os
    import sys

    from harness.core.durations import parse_duration
    from harness.diagnostics import problem
    from harness.scenario.workspace import open_workspace

    try:
        idle_s = parse_duration(idle) / 1000
    except ValueError as error:
        raise problem("wrong-value", f"--idle: {error}", "such as 90s, 15m") from None
    opened = open_workspace(workspace, dict(os.environ))
    try:
        from harness.mcp_server import serve
        from harness.mcp_server.desk import Desk
        from harness.mcp_server.held import Sessions
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0].startswith("harness"):
            raise
        raise problem("mcp-extra", f"`repro mcp` needs the package {missing.name}", "pip install 'repro-harness[mcp]'") from None
    desk = Desk(opened.root, dict(os.environ), Sessions(idle_s), reports=reports.resolve() if reports else None, defect=defect)
    if not http and sys.stdin.isatty():
        print("An agent's client starts this and speaks to it over stdin and stdout; Ctrl-C ends it.", file=sys.stderr)
    if http:
        code = asyncio.run(serve.over_http(desk, host, port, lambda text: print(text, file=sys.stderr, flush=True)))
    else:
        code = asyncio.run(serve.over_stdio(desk))
    raise typer.Exit(int(code))


def defect(trace: str) -> None:
    """A log to attach, named on stderr."""
    import sys

    from harness.cli.main import report_defect

    report_defect(sys.argv[1:], trace)
