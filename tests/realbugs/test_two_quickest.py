"""The two quickest of the real bugs, through the command that runs them all: installed, started, run, and judged in all three states."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUICKEST = ("radicale-web-percent-password", "datasette-2214")
LONGEST_S = 1200


@pytest.mark.parametrize("state", ["buggy", "fixed", "stopped"])
@pytest.mark.parametrize("case", QUICKEST)
def test_verdict_is_right(case: str, state: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.realbugs", case, "--only", state, "--reports", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "1/1" in done.stdout
