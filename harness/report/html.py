"""The HTML report: an index of the run and a page a result. Only this module knows the templates.

Every value is made printable, then escaped by Jinja; links come from `links`, so that none runs a script. Our scripts are inlined and named
by their hash in the Content-Security-Policy, so nothing else can run; the style sheet stands beside, so that pages stay small.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shlex
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from markupsafe import Markup

from harness.core.durations import format_duration
from harness.core.state import cache_folder
from harness.record.files import write_text
from harness.record.model import Record, Result, RunInfo
from harness.report import words
from harness.report.index import index
from harness.report.links import ASSETS, INDEX, href, result_folder, up
from harness.report.matrix import matrix
from harness.report.page import MAX_ROWS, Neighbours, page
from harness.report.pictures import FindFile
from harness.report.text import clip, one_line, printable

_STATIC = Path(__file__).parent / "static"
_LONG = 4000


def write_index(record: Record, folder: Path) -> Path:
    """Write the index and the style sheet into the run's folder; the path of the index. A record in short is enough."""
    (folder / ASSETS).mkdir(parents=True, exist_ok=True)
    write_text(folder / ASSETS / "report.css", _static("report.css"))
    write_text(folder / INDEX, render_index(record))
    return folder / INDEX


def write_page(run: RunInfo, result: Result, between: Neighbours, folder: Path) -> None:
    """Write the page of a result `between` those before and behind it into the run's folder."""
    target = folder / result_folder(result.key)
    target.mkdir(parents=True, exist_ok=True)
    write_text(target / "index.html", render_page(run, result, between, folder))


def render_index(record: Record) -> str:
    """The run's index as HTML."""
    return _template("index.html.j2").render(
        **_common(record.run, "", "index.js"), record=record, index=index(record), matrix=matrix(record)
    )


def render_page(run: RunInfo, result: Result, between: Neighbours, folder: Path) -> str:
    """The page of a result `between` those before and behind it, for the run's folder `folder`."""
    view = page(run, result, folder, between)
    return _template("result.html.j2").render(**_common(run, view.folder, "result.js"), page=view, r=view.result, max_rows=MAX_ROWS)


def render_alone(run: RunInfo, result: Result, folder: Path, embed: FindFile) -> str:
    """The same page as one file that needs no other: `embed` gives a file of the run as a `data:` address, or None to leave it out."""
    view = page(run, result, folder, embed=embed)
    style = Markup(_static("report.css"))
    common = {**_common(run, view.folder, "result.js"), "style": style, "policy": _policy("result.js", "report.css")}
    return _template("result.html.j2").render(**common, page=view, r=view.result, max_rows=MAX_ROWS)


def _common(run: RunInfo, start: str, script: str) -> dict[str, Any]:
    return {
        "run": run,
        "up": up(start),
        "stylesheet": href(f"{ASSETS}/report.css", start),
        "script": _script(script),
        "policy": _policy(script),
        "style": None,
    }


class _Compiled(FileSystemBytecodeCache):
    """The templates as compiled by an earlier run. What is broken, or can't be written, makes a report slower, not fail."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # whatever unpacking a broken file raises
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> _Compiled | None:
    cache = cache_folder(os.environ)
    if cache is None:
        return None
    with contextlib.suppress(OSError):
        (cache / "templates").mkdir(parents=True, exist_ok=True)
    return _Compiled(str(cache / "templates"))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(),
    )
    environment.filters.update(
        duration=format_duration, moment=words.moment, long=_long, line=one_line, breakable=_breakable, shell=shlex.quote
    )
    environment.globals.update(words=words)
    return environment


def _template(name: str) -> Template:
    return _environment().get_template(name)


def _shown(value: object) -> object:
    """What every `{{ … }}` passes before it is escaped."""
    return printable(value) if type(value) is str else value


def _breakable(text: str) -> Markup:
    """A dotted name that breaks behind its dots."""
    return Markup(".<wbr>").join(text.split("."))


def _long(text: str) -> str:
    return clip(text, _LONG)


@lru_cache(maxsize=4)
def _static(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def _script(name: str) -> Markup:
    """Our own script, ready to stand in a page."""
    return Markup(_static(name))


@lru_cache(maxsize=4)
def _policy(script: str, style: str | None = None) -> str:
    """`file:` is there because 'self' matches nothing for a page opened from disk in some browsers; one that stands alone loads nothing."""
    styles, pictures = (f"'{_digest(style)}'", "data:") if style else ("'self' file:", "'self' file: data:")
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src {styles}; img-src {pictures}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _digest(name: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_static(name).encode("utf-8")).digest()).decode("ascii")
