"""`repro run --git-bisect` under a real `git bisect run`, with the script of the documentation: a small web application of twenty commits,
one of which brings the defect, and two of which do not even start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs/ci/bisect.sh"
COMMITS, BAD, DEAD = 20, 13, (10, 11)
APP = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

VERSION = {version}
PRICES = [19, 23]


class Cart(BaseHTTPRequestHandler):
    def do_GET(self):
        page = f"<title>Cart</title><h1>Cart</h1><p role=status>Total: {{sum({sum})}}</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *arguments):
        pass


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Cart).serve_forever()
"""
SCENARIO = """
title: The cart adds up wrongly
status: fixed
steps:
  - goto: /
symptom: {text: status, is: "Total: 19"}
expected: {text: status, is: "Total: 42"}
"""


def source(version: int) -> str:
    """The application as it was then."""
    text = APP.format(version=version, sum="PRICES[:1]" if version >= BAD else "PRICES")
    return text.replace("import os\n", "import os, does_not_exist\n") if version in DEAD else text


class Shop:
    """The repository, and the scenario beside it."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "shop"
        self.scenario = folder / "scenarios/cart.yaml"
        self.repository.mkdir()
        (folder / "scenarios/environments").mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.scenario.write_text(SCENARIO)
        (folder / "scenarios/repro.yaml").write_text("environment: local\nreports: ../reports\n")
        (folder / "scenarios/environments/local.yaml").write_text(f"base_url: http://127.0.0.1:{self.port}\n")
        self.git("init", "--quiet", "--initial-branch=main")
        for version in range(1, COMMITS + 1):
            (self.repository / "app.py").write_text(source(version))
            self.git("add", "app.py")
            self.git("commit", "--quiet", "--message", f"Version {version}")

    def git(self, *words: str) -> subprocess.CompletedProcess[str]:
        """git, with nothing of this machine's settings."""
        names = {f"GIT_{who}_{what}": f"{what.lower()}@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PORT": str(self.port)}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environ = {**os.environ, **names, **own, "PATH": path}
        return subprocess.run(("git", *words), cwd=self.repository, env=environ, text=True, capture_output=True, timeout=600)

    def bisect(self, scenario: Path) -> subprocess.CompletedProcess[str]:
        """From the first commit, which is good, to the last, which is bad."""
        self.git("bisect", "start", "HEAD", f"HEAD~{COMMITS - 1}")
        return self.git("bisect", "run", "sh", str(SCRIPT), str(scenario))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_git_finds_the_commit_and_skips_those_that_do_not_start(shop: Shop) -> None:
    ran = shop.bisect(shop.scenario)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "is the first bad commit" in ran.stdout
    assert shop.git("show", "--no-patch", "--format=%s", "refs/bisect/bad").stdout == f"Version {BAD}\n"
    log = shop.git("bisect", "log").stdout
    skipped = [line.rpartition(" ")[2] for line in log.splitlines() if line.startswith("# skip:")]
    assert skipped and set(skipped) <= {str(version) for version in DEAD}


def test_a_scenario_that_is_not_there_stops_git_instead_of_misleading_it(shop: Shop) -> None:
    ran = shop.bisect(shop.scenario.with_name("carts.yaml"))
    assert ran.returncode != 0
    assert "there is no file, folder or scenario" in ran.stderr
    assert "is the first bad commit" not in ran.stdout
    assert "skip" not in shop.git("bisect", "log").stdout
