"""Which browser there is on this machine, and what to do when there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.diagnostics import Problems, problem

HEADLESS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
FULL = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "microsoft-edge-stable")
PLACES = (
    "/usr/lib/chromium/headless_shell",
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


@dataclass(frozen=True)
class Found:
    """A browser to start. `path` is None when Playwright finds it by its own name or by `channel`; `build` is for the record."""

    engine: str
    path: str | None
    channel: str | None
    build: str


def find_browser(engine: str, channel: str | None, headed: bool, own: str, environ: Mapping[str, str]) -> Found:
    """The browser for a customer's `engine` and `channel`. `own` is where Playwright keeps its build of the engine.
    Raises Problems that say what to do."""
    if channel is not None:
        return Found(engine, None, channel, channel)
    if engine != "chromium":
        if Path(own).exists():
            return Found(engine, None, None, f"playwright {engine}")
        raise _none(
            engine, f"`python -m playwright install {engine}` installs it; Playwright's own build is the only one that can be driven"
        )
    if chosen := environ.get("REPRO_BROWSER"):
        path = shutil.which(chosen, path=environ.get("PATH"))
        if path is None:
            raise problem("no-browser", f"REPRO_BROWSER names `{chosen}`, which is not there or can't be run", "name a browser's program")
        return Found(engine, path, None, Path(path).name)
    for path in _candidates(own, headed, environ):
        return Found(engine, path, None, Path(path).name)
    raise _none(
        "Chromium", "`repro install` tries to install one; or `python -m playwright install chromium`, or Debian's chromium-headless-shell"
    )


def _candidates(own: str, headed: bool, environ: Mapping[str, str]) -> Iterable[str]:
    """Playwright's own first, then what the machine has. Without a window the headless shell costs a third of a whole browser's CPU."""
    if not headed:
        yield from _own_headless(own)
    if Path(own).exists():
        yield own
    names = FULL if headed else (*HEADLESS, *FULL)
    found = (shutil.which(name, path=environ.get("PATH", os.defpath)) for name in names)
    yield from (path for path in found if path)
    yield from (place for place in PLACES if os.access(place, os.X_OK) and not (headed and "headless" in place))


def _own_headless(own: str) -> Iterable[str]:
    """Playwright keeps its headless shell in a folder beside that of the whole browser."""
    folder = next((parent for parent in Path(own).parents if parent.name.startswith("chromium-")), None)
    if folder is None or not folder.parent.is_dir():
        return
    for name in HEADLESS:
        yield from (
            str(path) for path in folder.parent.glob(f"chromium_headless_shell-*/*/{name}*") if os.access(path, os.X_OK) and path.is_file()
        )


def _none(what: str, fix: str) -> Problems:
    return problem("no-browser", f"there is no {what} on this machine", fix)


@dataclass(frozen=True)
class Tried:
    """One way to install a browser, and what came of it."""

    command: str
    worked: bool
    said: str


def install_browser() -> list[Tried]:
    """Tries Playwright's download, then Debian's package where that is allowed; stops at the first that works."""
    tried: list[Tried] = []
    for command in _ways():
        tried.append(_try(command))
        if tried[-1].worked:
            break
    return tried


def _ways() -> Iterable[list[str]]:
    yield [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    if shutil.which("apt-get") and hasattr(os, "geteuid"):
        prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
        if not prefix or shutil.which("sudo"):
            yield [
                *prefix,
                "sh",
                "-c",
                "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium-headless-shell",
            ]


def _try(command: list[str]) -> Tried:
    shown = command[-1] if command[-2:-1] == ["-c"] else " ".join(["python", *command[1:]])
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Tried(shown, False, str(error))
    lines = (done.stdout + done.stderr).strip().splitlines()
    return Tried(shown, done.returncode == 0, lines[-1] if lines else "")
