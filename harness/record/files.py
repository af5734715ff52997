"""Text files that are whole or not there: written aside, then renamed over the old one. Knows nothing of what is in them."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

_SURROGATES = re.compile("[\ud800-\udfff]")


def write_text(path: Path, text: str) -> None:
    """Put `text` at `path` as UTF-8 with `\\n` line ends; a reader sees the old file or the new one, never a part.

    Halves of surrogate pairs, which pages can make and UTF-8 cannot carry, become U+FFFD.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        data = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text).encode("utf-8")
    aside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
