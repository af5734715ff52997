"""What stands at the head of every script: what it is, how it is run, what it needs, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.exporters.code import Do, Lit
from harness.exporters.literals import one_line
from harness.exporters.python import Python
from harness.exporters.script import Script

EXECUTABLE = "PLAYWRIGHT_CHROMIUM_EXECUTABLE names a browser that is installed already."


def head(script: Script, command: str, install: str) -> list[str]:
    """Its lines, without the language's sign for a comment."""
    lines = [*script.about, "", "It runs without the harness:", "", f"    {install}", f"    {command}", ""]
    lines.append("It fails while the symptom is there, and passes once what should be there instead is seen.")
    lines.append(f"BASE_URL names another server.{'' if command.startswith('pytest') else f' {EXECUTABLE}'}")
    secrets = secrets_of(script)
    lines += [f"Secrets are environment variables: {', '.join(f'REPRO_SECRET_{name}' for name in secrets)}"] if secrets else []
    lines += [f"It needs these files beside it: {', '.join(script.files)}"] if script.files else []
    lines += _left_out(script)
    lines += [f"NOT EXPORTED, and the script fails there: {one_line(text, 200)}" for text in script.unsupported]
    return [f"    {one_line(line, 300)}" if line.startswith("    ") else one_line(line, 300) for line in lines]


def _left_out(script: Script) -> list[str]:
    """What the harness does besides, and the script does not."""
    lines = ["Left out: the harness lets the page reach the environment's hosts only; here it may reach any."]
    if script.settings is not None:
        lines.append("It changes the tenant's settings on that server and puts them back; nothing keeps other runs away meanwhile.")
    return lines


def secrets_of(script: Script) -> list[str]:
    """The names of the secrets that the script reads."""
    return sorted(set(re.findall(r"REPRO_SECRET_([\w.-]+)", "\n".join(_all_texts(script)))))


def _all_texts(script: Script) -> Iterable[str]:
    parts = [*script.prepare, *script.setup, *script.steps, *script.watch, *script.cleanup]
    parts += [Do(check) for watched in script.watched for check in watched.checks]
    for function in script.functions:
        parts += function.body
    if script.settings is not None:
        parts += [*script.settings.before, *script.settings.apply, *script.settings.restore, Do(Lit(script.settings.headers))]
    parts += [Do(option) for option in script.browser.options.values()]
    return Python(script.marks).block(parts, 0)
