"""`repro export`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import options
from harness.diagnostics import problem

if TYPE_CHECKING:
    from harness.plan.model import Case
    from harness.workflow import Options

To = Annotated[str, typer.Option("--to", help="pytest, playwright-test or playwright-python.", show_default=False)]
Customer = Annotated[str | None, typer.Option("--customer", "-c", help="With the configuration of this customer.", show_default=False)]
Environment = Annotated[str | None, typer.Option("--environment", "-e", help="Against this environment.", show_default=False)]
File = Annotated[Path | None, typer.Option("--output", "-o", help="The file that is written; the screen by default.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


def export(
    scenario: options.Scenario,
    to: To,
    customer: Customer = None,
    environment: Environment = None,
    output: File = None,
    force: Force = False,
) -> None:
    """Write a scenario as a test that runs without the harness: it fails while the symptom is there and passes once it is gone."""
    from harness import exporters, workflow
    from harness.cli.choices import one_of
    from harness.scenario.template import TemplateError

    target = one_of("--to", to, exporters.TARGETS) or ""
    customers, environments = (customer,) if customer else (), (environment,) if environment else ()
    case = one_case(workflow.Options(paths=(scenario,), customers=customers, environments=environments))
    try:
        made = exporters.export(case, target, output.name if output else exporters.file_name(case, target))
    except TemplateError as error:
        raise problem(error.slug, str(error), error.hint) from None
    if output is None:
        print(made.text, end="")
    else:
        write(output, made.text, force)
        print(f"wrote {output}", file=sys.stderr)
    for text in made.unsupported:
        print(f"not exported, the script fails there: {text}", file=sys.stderr)
    if made.files:
        print(f"the script needs these files of the workspace beside it: {', '.join(made.files)}", file=sys.stderr)


def one_case(asked: Options) -> Case:
    """The one scenario with its customer and its environment. Raises Problems."""
    from harness import workflow

    rows = workflow.plan(workflow.check(asked, os.environ), asked).rows
    if len(rows) != 1:
        raise problem("one-scenario", f"this takes one scenario; {len(rows)} fit", "name one file")
    return rows[0].case


def write(path: Path, text: str, force: bool) -> None:
    """Writes the file; over one that is there, and may have been edited by hand, only with `force`. Raises Problems."""
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise problem("file-exists", f"{path} is there already", "name another file, or use --force") from None
    except OSError as error:
        raise problem("unwritable-file", f"{path} can't be written: {error.strerror}", "name another file with --output") from None
