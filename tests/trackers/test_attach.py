"""`repro attach` from beginning to end: what it refuses before anything is sent, and what it shows without sending."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.cli.attach import Asked, bundled, carry_out
from harness.cli.main import exit_code
from harness.diagnostics import Problems
from harness.record.model import Record
from harness.record.store import write_record
from tests.report import sample

from .conftest import RUN, Attach
from .servers import GitHubServer, GitLabServer, JiraServer, Server, ZendeskServer

TARGETS = {"github": "github:acme/shop#12", "gitlab": "gitlab:acme/web/shop#5", "jira": "jira:SUP-7", "zendesk": "zendesk:123"}


@pytest.fixture
def servers(github: GitHubServer, gitlab: GitLabServer, jira: JiraServer, zendesk: ZendeskServer) -> dict[str, Server]:
    return {"github": github, "gitlab": gitlab, "jira": jira, "zendesk": zendesk}


@pytest.mark.parametrize("kind", TARGETS)
def test_a_dry_run_sends_nothing_and_shows_what_is_sent_then(servers: dict[str, Server], attach: Attach, kind: str) -> None:
    server = servers[kind]
    assert attach(TARGETS[kind], "--dry-run") == 0, attach.err
    assert server.seen == [] and "dry run: nothing was sent" in attach.out
    shown = attach.out
    assert not [token for token in ("ghp_good", "glpat-good", "jira-good", "zd-good") if token in shown] and "***" in shown
    assert attach(TARGETS[kind]) == 0, attach.err
    announced = re.findall(r"^\d+\. (\w+) (\S+)", shown, re.MULTILINE)
    assert [(method, url.partition("?")[0]) for method, url in announced] == [(each.method, server.url + each.path) for each in server.seen]
    for each in server.seen:
        if each.headers.get("content-type") == "application/json":
            assert comparable(json.dumps(each.json, indent=2, ensure_ascii=False)) in comparable(shown)


def comparable(text: str) -> str:
    """Without indentation, and without what only an answer tells: an upload's place, address and token."""
    known = re.sub(r"/uploads/\w+/", "/uploads/", text)
    known = re.sub(r'"(tok\d+|<token of [^>]*>)"', '"token"', known)
    known = re.sub(r"/attachment/content/\w+", "/attachment/content/", known)
    return re.sub(r"\s+", " ", known)


def test_a_dry_run_names_files_and_sizes(gitlab: GitLabServer, attach: Attach) -> None:
    assert attach(TARGETS["gitlab"], "--dry-run") == 0
    told = re.findall(r"file: (\S+), ([\d,]+) bytes, (\S+),", attach.out)
    assert attach(TARGETS["gitlab"]) == 0
    sent = [each.file() for each in gitlab.seen if each.path.endswith("/uploads")]
    assert told == [(name, f"{len(content):,}", kind) for _, name, kind, content in sent]


def test_a_dry_run_uploads_nothing_and_needs_no_token(
    github: GitHubServer, attach: Attach, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    assert attach(TARGETS["github"], "--dry-run", "--upload", f"file://{tmp_path}/store") == 0, attach.err
    assert not (tmp_path / "store").exists() and github.seen == []
    assert len(re.findall(r"upload \S+, [\d,]+ bytes, to file://", attach.out)) == 3


@pytest.mark.parametrize("kind", TARGETS)
def test_without_a_token_nothing_is_sent(servers: dict[str, Server], attach: Attach, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.delenv(f"{kind.upper()}_TOKEN")
    assert attach(TARGETS[kind]) == 2
    assert f"{kind.upper()}_TOKEN is not set" in attach.err and servers[kind].seen == []


def test_a_run_of_several_results_needs_to_know_which(github: GitHubServer, attach: Attach) -> None:
    assert attach(TARGETS["github"], customer=None) == 2
    assert "dashboard/blank-for-eu [globex, staging]" in attach.err
    assert attach(TARGETS["github"], "--scenario", "no/such") == 2
    assert "the run has no such result" in attach.err and github.seen == []


@pytest.mark.parametrize(
    "wrong",
    [
        ["--to", "github:x"],
        ["--link", "https://x.example"],
        ["--upload", "memory://x", "--link", "javascript:x"],
        ["--max-size", "big"],
        ["nope"],
    ],
    ids=lambda words: words[0] + words[-1][:5],
)
def test_wrong_words_send_nothing(github: GitHubServer, attach: Attach, wrong: list[str]) -> None:
    assert attach(TARGETS["github"], *wrong) == 2
    assert github.seen == [] and "error[" in attach.err


def run_with(tmp_path: Path, secret: str) -> Path:
    """A reports folder whose only result has a secret in its evidence."""
    made = sample.record(sample.full_result(reason=f"the page showed {secret} in the clear"))
    sample.write_files(made, tmp_path / "reports" / RUN)
    write_record(made, tmp_path / "reports" / RUN)
    return tmp_path / "reports"


@pytest.mark.parametrize("variable", ["REPRO_SECRET_API", "GITHUB_TOKEN", "JIRA_TOKEN"])
def test_a_secret_in_the_evidence_sends_nothing(
    github: GitHubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str
) -> None:
    monkeypatch.setenv(variable, "correct-horse-battery")
    monkeypatch.setenv("GITHUB_TOKEN", "correct-horse-battery" if variable == "GITHUB_TOKEN" else github.token)
    reports = run_with(tmp_path, "correct-horse-battery")
    assert exit_code(["attach", "--to", TARGETS["github"], "--reports", str(reports)]) == 2
    shown = capsys.readouterr()
    assert "error[secret-in-bundle]" in shown.err and "correct-horse-battery" not in shown.err + shown.out
    assert github.seen == []


@pytest.mark.parametrize("kind", ["gitlab", "zendesk"])
def test_the_real_bundle_arrives(
    servers: dict[str, Server], reports: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str
) -> None:
    words = ["attach", RUN[:10], "--to", TARGETS[kind], "--reports", str(reports), "--customer", "globex"]
    assert exit_code(words) == 0, capsys.readouterr().err
    assert exit_code(["bundle", RUN, "--reports", str(reports), "--customer", "globex", "--output", str(tmp_path)]) == 0
    arrived = servers[kind].uploads.values()  # type: ignore[attr-defined]
    contents = [each if isinstance(each, bytes) else each[1] for each in arrived]
    assert {path.read_bytes() for path in tmp_path.iterdir()} < set(contents) and len(contents) == 3


def test_an_enormous_bundle_is_refused_before_anything_is_asked(zendesk: ZendeskServer, reports: Path) -> None:
    def enormous(
        folder: Path, record: Record, place: int, out: Path, most: int | None, secrets: Mapping[str, str]
    ) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        with (out / "b.zip").open("wb") as file:
            file.truncate(50_000_001)
        return (out / "b.zip",), ()

    environ = {"ZENDESK_URL": zendesk.url, "ZENDESK_EMAIL": zendesk.email, "ZENDESK_TOKEN": zendesk.token}
    asked = Asked(RUN, "zendesk:123", customer="acme-eu", reports=reports)
    with pytest.raises(Problems) as problems:
        carry_out(asked, environ, enormous)
    assert problems.value.diagnostics[0].slug == "tracker-too-large" and zendesk.seen == []


def test_what_does_not_fit_at_all_is_refused(github: GitHubServer, reports: Path) -> None:
    asked = Asked(RUN, TARGETS["github"], customer="acme-eu", reports=reports, max_size="1KB")
    with pytest.raises(Problems) as problems:
        carry_out(asked, {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.token}, bundled)
    assert problems.value.diagnostics[0].slug == "bundle-too-large" and github.seen == []
