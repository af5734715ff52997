"""Where a machine keeps what outlives a run: locks, what is still to be put back on staging, which one-time codes were used, and what is
kept only to be faster."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def state_folder(environ: Mapping[str, str]) -> Path:
    """`$REPRO_STATE`, else `repro/` in the user's state folder, else in the temporary folder where there is no writable home."""
    if chosen := environ.get("REPRO_STATE"):
        return Path(chosen)
    home = environ.get("HOME") or environ.get("USERPROFILE")
    base = Path(environ["XDG_STATE_HOME"]) if environ.get("XDG_STATE_HOME") else Path(home) / ".local" / "state" if home else None
    if base is not None:
        folder = base / "repro"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            pass
        else:
            return folder
    return Path(tempfile.gettempdir()) / "repro-state"


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """What can be thrown away at any time: below `$REPRO_STATE`, else `repro/` in the user's cache folder. None where there is no home, or
    where it is another's (as with sudo): what is kept here is executed, so nobody else may have put it there."""
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if chosen := environ.get("REPRO_STATE"):
        folder = Path(chosen) / "cache"
    elif environ.get("XDG_CACHE_HOME") or home:
        folder = Path(environ.get("XDG_CACHE_HOME") or f"{home}/.cache") / "repro"
    else:
        return None
    return folder if _is_ours(folder) else None


def _is_ours(folder: Path) -> bool:
    """Whether the folder, or what there is of the way to it, belongs to who runs this."""
    there = next((place for place in (folder, *folder.absolute().parents) if place.exists()), None)
    return there is not None and (not hasattr(os, "geteuid") or there.stat().st_uid == os.geteuid())
