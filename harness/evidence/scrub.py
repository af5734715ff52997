"""Takes secrets out of a finished archive, such as a Playwright trace: every member, packed bodies too. The archive stays readable.

What a member is called is left alone: traces name their members by the hash of what was in them, and nothing checks it.
"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

from harness.evidence.redact import Redactor

GZIP = b"\x1f\x8b"
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")


def scrub_archive(path: Path, redactor: Redactor) -> None:
    """Rewrites the archive aside and renames it. Raises zipfile.BadZipFile for what is no archive."""
    aside = path.with_name(f".{path.name}.scrubbed")
    try:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for member in old.infolist():
                new.writestr(member.filename, scrub_bytes(old.read(member), redactor))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def scrub_bytes(data: bytes, redactor: Redactor) -> bytes:
    """The bytes without secrets. Pictures are left as they are: what they show is covered before they are taken."""
    if data.startswith(PICTURES):
        return data
    if data.startswith(GZIP):
        try:
            return gzip.compress(scrub_bytes(gzip.decompress(data), redactor), compresslevel=1, mtime=0)
        except (OSError, EOFError):
            return redactor.data(data)
    return redactor.data(data)
