"""Puts files into the team's own storage, over whatever fsspec knows: s3://, gs://, az://, sftp://, file://."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from harness.diagnostics import problem
from harness.report.links import web_url
from harness.report.text import one_line
from harness.trackers.model import File, Uploaded, file_of

SIGNED_FOR = 7 * 24 * 3600  # seconds: the longest that S3 signs for
# Storages with folders that have to be there. Elsewhere the first part is a bucket, and a wrong one is to be told, not made.
FOLDERS = ("file", "local", "sftp", "ssh", "ftp", "smb", "hdfs", "webhdfs", "webdav")


def planned(files: Sequence[Path], to: str, link: str | None) -> tuple[Uploaded, ...]:
    """Where the files would be; nothing is sent."""
    return tuple(Uploaded(file.name, _shown(to, file.name), _linked(link, file.name)) for file in map(file_of, files))


def upload(files: Sequence[Path], to: str, link: str | None = None) -> tuple[Uploaded, ...]:
    """Puts every file below `to`. `link` is the http address under which the folder is read; without it the storage is asked to sign one.
    A file that is there already is left. Raises Problems; a file that broke off is tried once more."""
    storage, folder = _storage(to)
    return tuple(_one(storage, folder, file, to, link) for file in map(file_of, files))


def check_link(link: str | None) -> None:
    """Raises Problems when the address is none of the web."""
    if link is not None and web_url(link) is None:
        raise problem(
            "wrong-value", f"--link is an http address, not `{one_line(link, 100)}`", "write --link https://evidence.example.com/bundles"
        )


def _storage(to: str) -> tuple[Any, str]:
    try:
        core = import_module("fsspec.core")  # an extra
    except ImportError:
        raise problem("upload-extra", "--upload needs fsspec, which is not installed", "pip install 'repro-harness[upload]'") from None
    if "://" not in to:
        raise problem("upload-failed", f"`{one_line(to, 100)}` is not the address of a storage", "write --upload s3://bucket/folder")
    try:
        storage, folder = core.url_to_fs(to)
    except ImportError as error:
        raise problem("upload-extra", f"this storage needs another package: {_said(error)}", "install it beside the harness") from None
    except Exception as error:
        raise problem("upload-failed", f"{_shown(to)} can't be opened: {_said(error)}", "look at the address and its credentials") from None
    return storage, str(folder).rstrip("/")


def _one(storage: Any, folder: str, file: File, to: str, link: str | None) -> Uploaded:
    place = f"{folder}/{file.name}"
    error: Exception | None = None
    for _ in range(2):
        try:
            if _size(storage, place) != file.size:
                if to.partition("://")[0] in FOLDERS:
                    storage.makedirs(folder, exist_ok=True)
                storage.put_file(str(file.path), place)
                storage.invalidate_cache()
            if _size(storage, place) == file.size:
                return Uploaded(file.name, _shown(to, file.name), _linked(link, file.name) or _signed(storage, place))
        except Exception as raised:  # every storage has its own
            error = raised
    said = _said(error) if error else "the file there is not complete"
    raise problem("upload-failed", f"{file.name} could not be put into {_shown(to)}: {said}", "nothing was posted")


def _size(storage: Any, place: str) -> int | None:
    try:
        size = storage.info(place).get("size")
    except FileNotFoundError:
        return None
    return size if isinstance(size, int) else None


def _signed(storage: Any, place: str) -> str | None:
    """A link that the storage signs, where it can."""
    try:
        return web_url(str(storage.sign(place, expiration=SIGNED_FOR)))
    except Exception:  # most storages can't, each in its own way
        return None


def _linked(link: str | None, name: str) -> str | None:
    return f"{link.rstrip('/')}/{quote(name)}" if link else None


def _shown(to: str, name: str = "") -> str:
    """The address without the credentials that may stand in it."""
    try:
        parts = urlsplit(to)
        shown = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        shown = to.partition("://")[0] + "://…"
    scheme = to.partition("://")[0] + "://"
    shown = shown if shown.startswith(scheme) else scheme + shown.partition(":")[2].lstrip("/")
    return f"{shown.rstrip('/')}/{name}" if name else one_line(shown, 300)


def _said(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__, 200)
