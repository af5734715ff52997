"""Installs the versions of a case into a cache outside the repository, each once and for good.

A version is a virtual environment (Python) or a folder with node_modules (Node). It comes through the ordinary clients, pip and npm,
from wherever this machine has them configured to look.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from benchmarks.realbugs.cases import Case, Version

DONE = ".complete"
TRIES = 2
TIMEOUT_S = 900
PIP = ("-q", "--disable-pip-version-check", "--prefer-binary")
NPM = ("--no-audit", "--no-fund", "--omit=optional", "--omit=dev")


class InstallFailed(Exception):
    """A version could not be installed; the message holds what the client said."""


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """$REALBUGS_CACHE, or realbugs/ in the user's cache folder."""
    if chosen := environ.get("REALBUGS_CACHE"):
        return Path(chosen)
    base = environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "realbugs"


def installed(case: Case, version: Version, cache: Path) -> Path:
    """The folder that start.sh takes; installs into it when that has not been done. Raises InstallFailed."""
    target = cache / "installs" / f"{case.name}-{version}"
    if (target / DONE).exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_name(target.name + ".lock")):
        if not (target / DONE).exists():
            _install(case, version, target)
    return target


def _install(case: Case, version: Version, target: Path) -> None:
    """Registries have bad moments: a second try begins anew."""
    for left in reversed(range(TRIES)):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        try:
            (_install_python if case.runtime == "python" else _install_node)(case, version, target)
            (target / DONE).touch()
            return
        except InstallFailed:
            if not left:
                raise


def _install_python(case: Case, version: Version, target: Path) -> None:
    _run([sys.executable, "-m", "venv", str(target)], target)
    _run([str(target / "bin" / "python"), "-m", "pip", "install", *PIP, *case.packages[version]], target)


def _install_node(case: Case, version: Version, target: Path) -> None:
    manifest = {"name": "case", "private": True, "overrides": dict(case.npm_overrides or {})}
    (target / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    _run(["npm", "install", *NPM, *case.npm_flags, *case.packages[version]], target)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallFailed(f"{' '.join(command)}: {error}") from error
    if done.returncode:
        raise InstallFailed(f"{' '.join(command)} ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
