"""A run with two results and its files, and a server for each tracker, which the environment variables name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness.cli.attach import Maker, bundled
from harness.cli.main import exit_code
from harness.record.model import Record
from harness.record.store import write_record
from harness.trackers import accounts
from tests.report import sample

from .servers import GitHubServer, GitLabServer, JiraServer, ZendeskServer, running

RUN = "20260131-235000-4f2a"


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reports folder with one run, of `acme-eu` and `globex`."""
    folder = tmp_path_factory.mktemp("reports")
    other = sample.full_result("dashboard--blank-for-eu@globex", customer="globex", customer_name="Globex")
    made = sample.record(sample.full_result(), other)
    sample.write_files(made, folder / RUN)
    write_record(made, folder / RUN)
    return folder


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No token and no address of this machine is used."""
    for each in accounts.SETTINGS.values():
        for name in (each.url, each.token, each.email):
            if name:
                monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    with running(GitHubServer()) as server:
        monkeypatch.setenv("GITHUB_API_URL", server.url)
        monkeypatch.setenv("GITHUB_TOKEN", server.token)
        yield server


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitLabServer]:
    with running(GitLabServer()) as server:
        monkeypatch.setenv("GITLAB_URL", server.url)
        monkeypatch.setenv("GITLAB_TOKEN", server.token)
        yield server


@pytest.fixture
def jira(monkeypatch: pytest.MonkeyPatch) -> Iterator[JiraServer]:
    with running(JiraServer()) as server:
        monkeypatch.setenv("JIRA_URL", server.url)
        monkeypatch.setenv("JIRA_EMAIL", server.email)
        monkeypatch.setenv("JIRA_TOKEN", server.token)
        yield server


@pytest.fixture
def zendesk(monkeypatch: pytest.MonkeyPatch) -> Iterator[ZendeskServer]:
    with running(ZendeskServer()) as server:
        monkeypatch.setenv("ZENDESK_URL", server.url)
        monkeypatch.setenv("ZENDESK_EMAIL", server.email)
        monkeypatch.setenv("ZENDESK_TOKEN", server.token)
        yield server


class Attach:
    """`repro attach` of the sample run, as it is typed; `out` and `err` are what it printed last."""

    def __init__(self, reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.reports, self.capsys = reports, capsys
        self.out = self.err = ""

    def __call__(self, to: str, *more: str, customer: str | None = "acme-eu") -> int:
        words = ["attach", "--to", to, "--reports", str(self.reports), *(["--customer", customer] if customer else []), *more]
        code = exit_code(words)
        self.out, self.err = self.capsys.readouterr()
        return code


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """Makes real bundles, and each of them once: that takes seconds."""
    made: dict[tuple[Path, int, int | None], tuple[tuple[Path, ...], tuple[str, ...]]] = {}

    def make(
        folder: Path, record: Record, place: int, out: Path, most: int | None, secrets: Mapping[str, str]
    ) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        key = folder, place, most
        if key not in made:
            made[key] = bundled(folder, record, place, tmp_path_factory.mktemp("bundle"), most, secrets)
        files, dropped = made[key]
        return tuple(Path(shutil.copy(path, out)) for path in files), dropped

    return make


@pytest.fixture
def attach(reports: Path, shelf: Maker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Attach:
    monkeypatch.setattr("harness.cli.attach.bundled", shelf)
    return Attach(reports, capsys)
