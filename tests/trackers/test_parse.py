"""`--to` and the environment variables, before anything is sent."""

from __future__ import annotations

import pytest

from harness.diagnostics import Problems
from harness.trackers.accounts import account_of
from harness.trackers.model import Kind, Target
from harness.trackers.parse import parse_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("github:acme/shop#12", Target(Kind.GITHUB, "acme/shop", "12")),
        ("github:acme_corp/.github#1", Target(Kind.GITHUB, "acme_corp/.github", "1")),
        ("gitlab:group/sub.group/my-project#5", Target(Kind.GITLAB, "group/sub.group/my-project", "5")),
        ("jira:sup-12", Target(Kind.JIRA, "SUP", "SUP-12")),
        ("jira:A_B2-1", Target(Kind.JIRA, "A_B2", "A_B2-1")),
        ("zendesk:123", Target(Kind.ZENDESK, "", "123")),
    ],
)
def test_a_ticket_is_named(text: str, target: Target) -> None:
    assert parse_target(text) == target
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    "text",
    [
        "",
        "github",
        "github:shop#12",
        "github:acme/shop#0",
        "github:acme/shop#-1",
        "github:acme/../x#1",
        "github:acme/..#1",
        "github:acme/shop",
        "github:acme/shop#1/../../user",
        "github:acme/shop/x#1",
        "github:acme/shop?x#1",
        "github:acme/shop#１",
        "gitlab:project#5",
        "gitlab:a/../b#5",
        "gitlab:/a/b#5",
        "jira:SUP",
        "jira:SUP-0",
        "jira:SUP-1/comment",
        "zendesk:abc",
        "zendesk:1.json",
        "bugzilla:1",
        "https://github.com/acme/shop/issues/12",
        "github:acme/shop#" + "9" * 99,
    ],
)
def test_what_names_none_is_told_how(text: str) -> None:
    with pytest.raises(Problems) as problems:
        parse_target(text)
    [diagnostic] = problems.value.diagnostics
    assert diagnostic.slug == "wrong-target" and diagnostic.hint.startswith("write ")


def said(kind: Kind, environ: dict[str, str]) -> str:
    with pytest.raises(Problems) as problems:
        account_of(kind, environ)
    return problems.value.diagnostics[0].render()


def test_everything_that_is_missing_is_named_at_once() -> None:
    told = said(Kind.JIRA, {"JIRA_EMAIL": "  "})
    assert "JIRA_URL and JIRA_EMAIL and JIRA_TOKEN are not set" in told
    assert "GITHUB_TOKEN is not set" in said(Kind.GITHUB, {})
    assert "ZENDESK_TOKEN is not set" in said(Kind.ZENDESK, {"ZENDESK_URL": "https://x.example", "ZENDESK_EMAIL": "a@x.example"})


@pytest.mark.parametrize(
    "url",
    [
        "jira.example.com",
        "ftp://jira.example.com",
        "https://",
        "https://a:b@jira.example.com",
        "https://x.example?y",
        "https://[::1",
        "https://x:99999",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    assert "JIRA_URL is not the address" in said(Kind.JIRA, {"JIRA_URL": url, "JIRA_EMAIL": "a@b.example", "JIRA_TOKEN": "t"})


def test_a_token_is_never_sent_for_all_to_read() -> None:
    assert "for anyone to read" in said(Kind.GITLAB, {"GITLAB_URL": "http://gitlab.example.com", "GITLAB_TOKEN": "t"})
    assert account_of(Kind.GITLAB, {"GITLAB_URL": "http://localhost:80/", "GITLAB_TOKEN": "t"}).base == "http://localhost:80"


@pytest.mark.parametrize("token", ["a\nX-Evil: 1", "tök", "a b"])
def test_a_token_that_would_break_a_header(token: str) -> None:
    told = said(Kind.GITHUB, {"GITHUB_TOKEN": token})
    assert "GITHUB_TOKEN holds characters" in told and token not in told


def test_an_account_does_not_print_its_token() -> None:
    assert "hush" not in repr(account_of(Kind.GITHUB, {"GITHUB_TOKEN": "hush"}))
