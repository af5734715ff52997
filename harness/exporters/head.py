"""What stands at the head of every script: what it is, how it is run, what it needs, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.exporters.code import Do, Lit
from harness.exporters.literals import one_line
from harness.exporters.python import Python
from harness.exporters.script import Script


def head(script: Script, command: str, install: str) -> list[str]:
    """Its lines, without the language's sign for a comment."""
    lines = [*script.about, "", "It runs without the harness:", "", f"    {install}", f"    {command}", ""]
    lines.append("It fails while the symptom is there, and passes once what should be there instead is seen.")
    lines.append("BASE_URL names another server; PLAYWRIGHT_CHROMIUM_EXECUTABLE a browser that is installed already.")
    secrets = secrets_of(script)
    lines += [f"Secrets are environment variables: {', '.join(f'REPRO_SECRET_{name}' for name in secrets)}"] if secrets else []
    lines += [f"It needs these files beside it: {', '.join(script.files)}"] if script.files else []
    lines += [f"NOT EXPORTED, and the script fails there: {one_line(text, 200)}" for text in script.unsupported]
    return [f"    {one_line(line, 300)}" if line.startswith("    ") else one_line(line, 300) for line in lines]


def secrets_of(script: Script) -> list[str]:
    """The names of the secrets that the script reads."""
    return sorted(set(re.findall(r"secret\(.([\w.-]+).\)", "\n".join(_all_texts(script)))))


def _all_texts(script: Script) -> Iterable[str]:
    parts = [*script.prepare, *script.setup, *script.steps, *script.cleanup]
    for watched in (script.symptom, script.expected):
        parts += [Do(check) for check in watched.checks] if watched else []
    for function in script.functions:
        parts += function.body
    if script.settings is not None:
        parts += [*script.settings.before, *script.settings.apply, *script.settings.restore, Do(Lit(script.settings.headers))]
    parts += [Do(option) for option in script.browser.options.values()]
    return Python(script.marks).block(parts, 0)
