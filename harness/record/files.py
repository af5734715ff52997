"""Text files that are whole or not there: written aside, then renamed over the old one. Knows nothing of what is in them."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_SURROGATES = re.compile("[\ud800-\udfff]")


def write_text(path: Path, text: str) -> None:
    """Put `text` at `path` as UTF-8 with `\\n` line ends; a reader sees the old file or the new one, never a part.

    Halves of surrogate pairs, which pages can make and UTF-8 cannot carry, become U+FFFD.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        data = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text).encode("utf-8")
    with written_aside(path) as file:
        file.write(data)


@contextmanager
def written_aside(path: Path) -> Iterator[BinaryIO]:
    """A file to write piece by piece, which is at `path` once all of it is written; after an error the old one is there as it was."""
    aside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
