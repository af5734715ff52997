"""`repro`: the list of commands, and the one place where problems become messages and exit codes."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

import harness
from harness.cli.attach import attach
from harness.cli.bisect import bisect
from harness.cli.bundle import bundle
from harness.cli.check import check
from harness.cli.demo import demo_app
from harness.cli.diff import diff
from harness.cli.explain import explain
from harness.cli.export import export
from harness.cli.guide import guide
from harness.cli.import_ import import_
from harness.cli.init import init
from harness.cli.inspect_ import inspect
from harness.cli.install import install
from harness.cli.list import list_
from harness.cli.mcp import mcp
from harness.cli.merge import merge
from harness.cli.new import new
from harness.cli.prune import prune
from harness.cli.record import record
from harness.cli.restore import restore
from harness.cli.run import run_command
from harness.cli.schema import schema
from harness.cli.show import show
from harness.cli.shrink import shrink
from harness.cli.try_ import try_
from harness.cli.validate import validate
from harness.core.exits import BisectExit, Exit
from harness.diagnostics import Problems, problem

DISK = {
    errno.ENOSPC: "the disk is full: the report could not be written",
    errno.EDQUOT: "the disk quota is used up: the report could not be written",
    errno.EROFS: "the file system is read-only: the report could not be written",
}

app = typer.Typer(
    name="repro",
    help="Turns a customer's ticket, written as a YAML scenario, into a verdict with evidence.",
    no_args_is_help=True,
    suggest_commands=False,  # Click does
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run_command)
app.command()(validate)
app.command()(inspect)
app.command("try")(try_)
app.command()(bisect)
app.command()(check)
app.command()(shrink)
app.command("list")(list_)
app.command()(guide)
app.command()(mcp)
app.command()(show)
app.command()(bundle)
app.command()(attach)
app.command()(merge)
app.command()(diff)
app.command()(prune)
app.command()(init)
app.command()(new)
app.command()(schema)
app.command()(explain)
app.command()(export)
app.command()(install)
app.command()(record)
app.command("import")(import_)
app.command()(restore)
app.add_typer(demo_app, name="demo")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"repro {harness.__version__}")
        raise typer.Exit


@app.callback()
def main(version: bool = typer.Option(False, "--version", help="Show the version.", callback=_version, is_eager=True)) -> None:
    """Turns a customer's ticket, written as a YAML scenario, into a verdict with evidence."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Runs `repro` and ends the process with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(exit_code(words))


def exit_code(words: list[str]) -> int:
    """The exit code of `repro` with these words."""
    bisecting = "--git-bisect" in words
    usage = int(BisectExit.STOP) if bisecting else int(Exit.USAGE)
    try:
        app(words, prog_name="repro", standalone_mode=True)
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(Exit.USAGE)
        return int(BisectExit.STOP) if bisecting and code not in (0, 1, 125) else code
    except Problems as problems:
        for diagnostic in problems.diagnostics:
            print(diagnostic.render(), file=sys.stderr, end="\n\n")
        return usage
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return int(Exit.AS_EXPECTED)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return int(Exit.INTERRUPTED)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in DISK:
            print(problem("unwritable-reports", DISK[error.errno], "use --reports DIR").diagnostics[0].render(), file=sys.stderr)
            return usage
        return int(BisectExit.STOP) if bisecting else report_defect(words, traceback.format_exc())
    return int(Exit.AS_EXPECTED)


def report_defect(words: Sequence[str], text: str) -> int:
    """A defect of the harness itself: a log to attach, and no traceback on the screen."""
    import tempfile

    text = without_secrets(text)
    content = f"repro {harness.__version__}, Python {sys.version}\n{without_secrets(' '.join(words))}\n\n{text}"
    with tempfile.NamedTemporaryFile("w", prefix="repro-defect-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(content)
    last = text.strip().splitlines()[-1] if text.strip() else ""
    print(
        f"error[defect]: the harness itself failed: {last}\n   = please attach {Path(log.name)} to a report of this defect", file=sys.stderr
    )
    return int(Exit.DEFECT)


def without_secrets(text: str) -> str:
    """The text without the secrets that are set here."""
    from harness.core.secret import Secret
    from harness.evidence.redact import Redactor
    from harness.workflow import set_secrets

    return Redactor([Secret(name, value) for name, value in set_secrets(os.environ).items()]).text(text)
