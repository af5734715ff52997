"""Reads HAR 1.2 files (http://www.softwareishard.com/blog/har-12-spec/) of any size, an entry at a time; memory is that of the largest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from harness.diagnostics import Problems, problem

BOM = b"\xef\xbb\xbf"
ENTRIES = "log.entries.item"


class CutOff(Exception):
    """The file is no JSON from some place on; `count` entries came before it."""

    def __init__(self, count: int, why: str) -> None:
        super().__init__(why)
        self.count = count


def entries_of(path: Path) -> Iterator[dict[str, Any]]:
    """Its requests with their answers. Raises CutOff where the file breaks off, Problems when it can't be read at all."""
    ijson = _library()
    count = 0
    try:
        with path.open("rb") as file:
            for entry in ijson.items(_after_bom(file), ENTRIES, use_float=True):
                if isinstance(entry, dict) and isinstance(entry.get("request"), dict) and isinstance(entry.get("response"), dict):
                    count += 1
                    yield entry
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise CutOff(count, " ".join(str(error).split())[:120]) from None
    except OSError as error:
        raise problem("not-importable", f"{path.name} can't be read: {error.strerror}") from None


def _library() -> Any:
    try:
        import ijson
    except ImportError:
        raise _missing() from None
    return ijson


def _missing() -> Problems:
    return problem("har-extra", "reading a HAR file needs one more library", "pip install 'repro-harness[har]'")


def _after_bom(file: IO[bytes]) -> IO[bytes]:
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    return file


def headers_of(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and value of the headers of a request or an answer; names in lower case."""
    found = message.get("headers")
    rows = found if isinstance(found, list) else []
    return [(str(row.get("name", "")).lower(), str(row.get("value", ""))) for row in rows if isinstance(row, dict)]


def text_of(value: Any) -> str:
    """A text of the file, whatever stands there."""
    return value if isinstance(value, str) else ""


def content_of(response: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer's content; empty where the file has none."""
    found = response.get("content")
    return found if isinstance(found, dict) else {}
