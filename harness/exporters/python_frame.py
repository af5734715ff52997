"""What both Python targets have in common: the head, the imports, flows, oracles, settings and helpers."""

from __future__ import annotations

from collections.abc import Sequence

from harness.exporters.code import Attr, Call, Do, Expr, Lit, Name
from harness.exporters.head import head
from harness.exporters.helpers import needed, python_names, sections
from harness.exporters.oracles import Watched
from harness.exporters.python import Python
from harness.exporters.script import Script
from harness.exporters.surroundings import Settings

PLAYWRIGHT = (
    *("APIRequestContext", "APIResponse", "Browser", "BrowserContext", "BrowserType", "CDPSession", "ConsoleMessage", "Dialog", "Download"),
    *("Error", "Locator", "Page", "Playwright", "Request", "Response", "Route", "TimeoutError", "WebError", "expect", "sync_playwright"),
)
IMPORTS = {
    "base64": "import base64",
    "hmac": "import hmac",
    "mimetypes": "import mimetypes",
    "os": "import os",
    "re": "import re",
    "struct": "import struct",
    "sys": "import sys",
    "time": "import time",
    "unicodedata": "import unicodedata",
    "b64encode": "from base64 import b64encode",
    "Callable": "from collections.abc import Callable",
    "Iterator": "from collections.abc import Iterator",
    "Sequence": "from collections.abc import Sequence",
    "contextmanager": "from contextlib import contextmanager",
    "suppress": "from contextlib import suppress",
    "dataclass": "from dataclasses import dataclass",
    "date": "from datetime import date",
    "timedelta": "from datetime import timedelta",
    "fnmatchcase": "from fnmatch import fnmatchcase",
    "dumps": "from json import dumps",
    "loads": "from json import loads",
    "inf": "from math import inf",
    "Path": "from pathlib import Path",
    "token_hex": "from secrets import token_hex",
    "Any": "from typing import Any",
    "NoReturn": "from typing import NoReturn",
    "urljoin": "from urllib.parse import urljoin",
    "urlsplit": "from urllib.parse import urlsplit",
    "pytest": "import pytest",
}


def module(script: Script, command: str, install: str, body: Sequence[str], ending: Sequence[str] = ()) -> str:
    """The whole file: head, imports, what the target makes of it, and the helpers that it uses."""
    code = "\n".join([*body, *ending])
    helpers = [sections("python")[name] for name in needed("python", code)]
    everything = "\n".join([code, *constants(script), *helpers, "os.environ"])
    about = [f"# {line}".rstrip() for line in head(script, command, install)]
    lines = [*about, "", *_imports(everything), "", f'BASE_URL = os.environ.get({base_url(script)}).rstrip("/")']
    lines += [*constants(script), "", "", *body]
    if helpers:
        lines += ["", "", "# Helpers", "", "", "\n\n\n".join(helpers)]
    if ending:
        lines += ["", "", *ending]
    return "\n".join(lines) + "\n"


def constants(script: Script) -> list[str]:
    """The customer's settings, which are put in force and then compared with."""
    if script.settings is None:
        return []
    printer = Python(script.marks)
    return [f"SETTINGS: Any = {printer.expr(Lit(script.settings.wanted))}"]


def base_url(script: Script) -> str:
    """The arguments of the look-up of BASE_URL."""
    return f'"BASE_URL", {Python(script.marks).text(script.base_url)}'


def _imports(code: str) -> list[str]:
    """Only what is used."""
    used = python_names(code)
    plain = sorted(line for name, line in IMPORTS.items() if name in used and line.startswith("import") and name != "pytest")
    named: dict[str, list[str]] = {}
    for name, line in IMPORTS.items():
        if name in used and line.startswith("from"):
            named.setdefault(line.split(" ")[1], []).append(name)
    froms = [f"from {where} import {', '.join(sorted(names))}" for where, names in sorted(named.items())]
    playwright = ", ".join(name for name in PLAYWRIGHT if name in used)
    third = (["import pytest"] if "pytest" in used else []) + [f"from playwright.sync_api import {playwright}"]
    return ["from __future__ import annotations", "", *plain, *froms, "", *third]


def oracle(printer: Python, watched: Watched, indent: int) -> list[str]:
    """The function that checks an oracle now."""
    pad = " " * indent
    body = printer.block([Do(check) for check in watched.checks], indent + 4)
    return [f"{pad}def {watched.name}() -> None:", f"{pad}    # {watched.about}", *body, ""]


def options(printer: Python, script: Script, indent: int) -> list[str]:
    """The context's options, one a line."""
    pad = " " * indent
    device = [f"{pad}**device(playwright, {printer.text(script.browser.device)}),"] if script.browser.device else []
    given = [f'{pad}"{name}": {printer.expr(value, indent)},' for name, value in script.browser.options.items()]
    return device + given


def applied(printer: Python, settings: Settings, inner: Sequence[str]) -> list[str]:
    """The settings round what is done with them in force."""
    headers: dict[str, Expr] = {"extra_http_headers": Lit(settings.headers)} if settings.headers else {}
    opened = Call(Attr(Name("playwright"), "request"), "new_context", (), {"base_url": Name("BASE_URL"), **headers})
    lines = [f"    api = {printer.expr(opened, 4)}"]
    lines += printer.block(settings.before, 4) if settings.before else []
    lines += ["    try:", *printer.block(settings.apply, 8), *inner, "    finally:"]
    return [*lines, *(printer.block(settings.restore, 8) if settings.restore else []), "        api.dispose()"]


def body(printer: Python, script: Script, indent: int) -> list[str]:
    """What the test does, from a fresh page to the verdict."""
    pad = " " * indent
    lines = [*printer.block(script.prepare, indent), ""]
    lines += [line for watched in script.watched for line in oracle(printer, watched, indent)]
    inside = indent + 4 if script.cleanup else indent
    done = [*(printer.block(script.setup, inside) if script.setup else []), *printer.block(script.steps, inside)]
    done += printer.block(script.watch, inside)
    if not script.cleanup:
        return lines + done
    cleanup = [line for each in script.cleanup for line in _tolerated(printer, each, inside)]
    return [*lines, f"{pad}try:", *done, f"{pad}finally:", *cleanup]


def _tolerated(printer: Python, statement: object, indent: int) -> list[str]:
    pad = " " * indent
    return [f"{pad}with suppress(Error, AssertionError):", *printer.statement(statement, indent + 4)]  # type: ignore[arg-type]


def flows(printer: Python, script: Script) -> list[str]:
    """The flows as functions."""
    lines: list[str] = []
    for function in script.functions:
        lines += [*printer.function(function), "", ""]
    return lines


def uses_run(script: Script) -> bool:
    """Whether the script has a token of its own for each attempt."""
    printer = Python(script.marks)
    return "run" in python_names("\n".join([*flows(printer, script), *body(printer, script, 0)]))
