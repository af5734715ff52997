"""Where things are in a run's folder, and which addresses may become links. Paths are relative, with forward slashes.

A record may come from anywhere: a path that would leave the run's folder, or an address a browser would run, is no link.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlsplit

ASSETS = "_report"
INDEX = "report.html"
_OURS = {ASSETS, INDEX, "results.json", "junit.xml", "summary.md"}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\\ud800-\udfff]')


def inside(path: str) -> str | None:
    """`path` when it is a plain relative path that stays in the run's folder, else None."""
    parts = path.split("/")
    return None if not path or _UNSAFE.search(path) or any(part in ("", ".", "..") for part in parts) else path


def result_folder(key: str) -> str:
    """The folder of a result's page and verdict: its key, or a name of our own where the key is not fit to be one."""
    safe = inside(key)
    if safe is None or safe.split("/")[0].lower() in _OURS or any(len(part.encode()) > 200 for part in safe.split("/")):
        return "result-" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
    return safe


def href(path: str, start: str = "") -> str | None:
    """`path` as a relative link from a page in the folder `start`; None for a path that leaves the run's folder."""
    safe = inside(path)
    return None if safe is None else up(start) + quote(safe, safe="/")


def up(start: str) -> str:
    """The way from the folder `start` to the run's folder: `../` for each level."""
    return "../" * (start.count("/") + 1) if start else ""


def web_url(url: str | None) -> str | None:
    """`url` when it is an http or https address, else None: nothing else becomes a link."""
    if not url or url != url.strip() or any(ord(c) < 33 or c == "\\" for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
