"""The command line in a workspace of its own, with a scripted browser behind `repro run`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cli.main import exit_code
from harness.workflow import tooling
from tests.run.fake import Does, FakeHost

SCENARIO = (
    "title: {title}\narea: billing\ntags: [slow]\nsteps: [click: button]\nsymptom: {{visible: alert}}\nexpected: {{visible: heading}}\n"
)


@dataclass
class Said:
    """What a command gave."""

    code: int
    out: str
    err: str


Repro = Callable[..., Said]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one scenario; it is the current folder, and no variable of this machine is seen."""
    for name in (
        "REPRO_REPORTS",
        "REPRO_ENVIRONMENT",
        "REPRO_WORKERS",
        "REPRO_ATTEMPTS",
        "REPRO_TAG",
        "REPRO_FAIL_ON",
        "CI",
        "FORCE_COLOR",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REPRO_STATE", str(tmp_path / "state"))
    root = tmp_path / "ws"
    (root / "environments").mkdir(parents=True)
    (root / "repro.yaml").write_text("environment: staging\nwithin: 40ms\nstep_timeout: 40ms\n")
    (root / "environments/staging.yaml").write_text("base_url: https://staging.example.com\n")
    (root / "a.yaml").write_text(SCENARIO.format(title="The total is wrong"))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def repro(workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Repro:
    """Runs `repro` with words; `script` is what the browser shows."""

    def run(*words: str, script: Does = lambda page: None) -> Said:
        monkeypatch.setattr(tooling, "host_of", lambda options, world: FakeHost(script))
        capsys.readouterr()
        code = exit_code(list(words))
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(code, said.out, said.err)

    return run
