"""docs/escalation.md is true: its commands are run in their order, against servers that speak the trackers' APIs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from harness.cli.main import exit_code
from harness.trackers import accounts
from harness.trackers.parse import parse_target

from .conftest import Attach
from .servers import GitHubServer, GitLabServer, JiraServer, ZendeskServer

PAGE = (Path(__file__).parents[2] / "docs/escalation.md").read_text()
COMMANDS = [line for text in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for line in text.splitlines()]


def test_the_commands_do_what_the_page_says(
    github: GitHubServer,
    gitlab: GitLabServer,
    jira: JiraServer,
    zendesk: ZendeskServer,
    attach: Attach,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    assert len(COMMANDS) == 5
    for line in COMMANDS:
        words = shlex.split(line.replace("/tmp/evidence", str(tmp_path / "evidence")))[1:]
        assert exit_code([*words, "--reports", str(attach.reports)]) == 0, capsys.readouterr().err
        if "--dry-run" in words:
            assert github.seen == []
    assert [len(server.comments) for server in (github, gitlab, jira, zendesk)] == [1, 1, 1, 1]
    assert len(gitlab.uploads) == len(jira.attachments) == len(zendesk.uploads) == 3
    assert len(list((tmp_path / "evidence").iterdir())) == 3 and "https://evidence.example.com/" in github.comments[0]["body"]


def test_the_table_names_every_tracker_with_its_variables() -> None:
    rows = [re.findall(r"`([^`]+)`", line) for line in PAGE.splitlines() if re.match(r"\| `\w+:", line)]
    assert {parse_target(row[0]).kind for row in rows} == set(accounts.SETTINGS)
    for target, *named in rows:
        settings = accounts.SETTINGS[parse_target(target).kind]
        assert {name for name in (settings.url, settings.token, settings.email) if name} <= set(named)
