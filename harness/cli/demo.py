"""`repro demo` and `repro demo serve`."""

from __future__ import annotations

import typer

from harness.cli import options

demo_app = typer.Typer(help="Try it all: the embedded demo staging and its scenarios.", invoke_without_command=True, rich_markup_mode=None)


@demo_app.callback(invoke_without_command=True)
def demo(context: typer.Context, workers: options.Workers = None, reports: options.Reports = None, tag: options.Tag = None) -> None:
    """Start the embedded demo staging, run its scenarios in a real browser, and show the report."""
    if context.invoked_subcommand is not None:
        return
    from harness.cli.demo_run import run_demo

    raise typer.Exit(run_demo(workers, reports, tag))


@demo_app.command()
def serve(
    port: int = typer.Option(8765, help="The port of the application; the sign-in provider takes another one."),
    fixed: bool = typer.Option(False, "--fixed", help="Without its defects."),
) -> None:
    """Start the demo staging and leave it running until interrupted."""
    from harness.demo.server import main

    main(port=port, fixed=fixed)
