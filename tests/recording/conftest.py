"""A workspace to record into, and the site that is recorded on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from harness import workflow
from harness.recording.record import Asked, Driver, Finished, record
from tests.recording.site import serving_site

PASSWORD = "tropical-Fish 9!"


@dataclass
class Bench:
    """A workspace with one customer, whose password is a secret."""

    root: Path
    base_url: str
    lines: list[str] = field(default_factory=list)

    @property
    def output(self) -> Path:
        """The scenario's file."""
        return self.root / "ws" / "area" / "recorded.yaml"

    @property
    def environ(self) -> dict[str, str]:
        """Everything that the command sees."""
        return {"REPRO_SECRET_PASSWORD": PASSWORD, "REPRO_STATE": str(self.root / "state"), "PATH": "/usr/bin:/bin"}

    def write(self, path: str, text: str) -> None:
        """A file of the workspace."""
        target = self.root / "ws" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text), encoding="utf-8")

    def record(self, driver: Driver, address: str | None = "/", **asked: Any) -> Finished:
        """Records what the driver does."""
        whole = Asked(**{"output": self.output, "customer": "acme", "address": address, "headless": True, **asked})
        return record(whole, workflow.World(environ=self.environ), self.lines.append, driver)

    def recorded(self, driver: Driver, address: str | None = "/", complete: bool = True, **asked: Any) -> Any:
        """The file's content as data; `complete` when the recorder told of all that was done."""
        finished = self.record(driver, address, **asked)
        assert finished.path == self.output
        assert complete != any("could not be recorded" in line for line in self.lines)
        return yaml.safe_load(self.output.read_text())

    def everything_written(self) -> str:
        """All files below the folder, and all that was said."""
        texts = [path.read_text(errors="replace") for path in self.root.rglob("*") if path.is_file()]
        return "\n".join([*texts, *self.lines])

    def verdict(self) -> Any:
        """What a run of the recorded file says."""
        asked = workflow.Options(paths=(self.output,), reports=self.root / "reports", trace="off")
        finished = workflow.run(asked, workflow.World(environ=self.environ), lambda event: None, lambda plan, folder: None)
        return finished.record.results[0]


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    with serving_site() as url:
        yield url


@pytest.fixture
def bench(tmp_path: Path, base_url: str) -> Bench:
    made = Bench(tmp_path, base_url)
    made.write("repro.yaml", "environment: staging\n")
    made.write("environments/staging.yaml", f"base_url: {base_url}\n")
    made.write(
        "customers/acme.yaml",
        """
        account: {email: jane@acme.example, password: "${secrets.PASSWORD}"}
        secrets: [PASSWORD]
        """,
    )
    return made


Act = Callable[[Any], Any]
