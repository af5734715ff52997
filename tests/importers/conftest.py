"""A workspace to import into."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from harness import workflow
from harness.cli.main import exit_code
from harness.diagnostics import Severity
from harness.importers.bring import Asked, Brought, bring

EXAMPLES = Path(__file__).parent / "examples"


@dataclass
class Desk:
    """A workspace with an environment and a customer, and a place for what the customer sent."""

    root: Path

    @property
    def environ(self) -> dict[str, str]:
        return {"REPRO_STATE": str(self.root / "state"), "PATH": "/usr/bin:/bin"}

    def write(self, path: str, text: str) -> Path:
        """A file below the workspace."""
        target = self.root / "scenarios" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")
        return target

    def read(self, path: str) -> Any:
        """A file of the workspace as data."""
        return yaml.safe_load(self.text(path))

    def text(self, path: str) -> str:
        return (self.root / "scenarios" / path).read_text(encoding="utf-8")

    def sent(self, name: str, content: Any) -> Path:
        """A file that the customer sent: text, or data as JSON."""
        path = self.root / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    def bring(self, *files: Path, **asked: Any) -> Brought:
        return bring(Asked(files, **asked), self.environ)

    def steps(self, steps: list[dict[str, Any]], **asked: Any) -> list[Any]:
        """What the steps of a DevTools recording become, after the page that it begins with."""
        begin = {"type": "navigate", "url": "https://app.acme.example/"}
        file = self.sent("steps.json", {"title": "Steps", "steps": [begin, *steps]})
        brought = self.bring(file, force=True, **{"customer": "jane", **asked})
        self.is_valid()
        data = self.read("imported/steps.yaml")
        assert brought.unsaid[0] == "the site https://app.acme.example: its addresses are opened on the environment's own"
        return list(data["steps"][1:])

    def is_valid(self) -> None:
        """`repro validate` has nothing to object to."""
        checked = workflow.check(workflow.Options(), self.environ)
        assert [each.message for each in checked.problems if each.severity is Severity.ERROR] == []

    def everything_written(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in (self.root / "scenarios").rglob("*") if path.is_file())

    def command(self, *words: str) -> int:
        return exit_code(["import", *words])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    made.write("repro.yaml", "environment: staging\n")
    made.write("environments/staging.yaml", "base_url: https://staging.acme.example\n")
    made.write(
        "customers/jane.yaml",
        """
        account: {email: jane@acme.example, password: "${secrets.JANE_PASSWORD}", totp: "${secrets.JANE_TOTP}"}
        secrets: [JANE_PASSWORD, JANE_TOTP]
        """,
    )
    return made
