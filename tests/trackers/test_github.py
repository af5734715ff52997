"""GitHub: a comment with links, one for each result, however many others there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import RUN, Attach
from .servers import Fault, GitHubServer, Reply

TO = "github:acme/shop#12"
MARKER = "<!-- repro[scenario=dashboard/blank-for-eu customer=acme-eu environment=staging] -->"


def test_what_the_server_sees(github: GitHubServer, attach: Attach) -> None:
    assert attach(TO) == 0, attach.err
    comments = "/repos/acme/shop/issues/12/comments"
    assert github.methods() == ["GET /user", f"GET {comments}", f"POST {comments}"]
    sent = github.seen[-1]
    assert sent.headers["authorization"] == "Bearer ghp_good"
    assert list(sent.json) == ["body"]
    body = sent.json["body"]
    assert body.startswith(MARKER + "\n\n## 🔴 Reproduced: Dashboard stays blank for EU tenants\n")
    for part in (
        "### Steps (attempt 2)",
        "- Step 1: `goto: /dashboard`",
        "| `settings.integrations.crm.region` | `eu` | `us` | **triggers it**",
    ):
        assert part in body, part
    assert f"`repro bundle {RUN} --scenario dashboard/blank-for-eu --customer acme-eu`" in body and RUN in body.rsplit("### Files")[1]
    assert "added on github:acme/shop#12" in attach.out and "https://github.com/acme/shop/issues/12#issuecomment-1" in attach.out


def test_the_second_time_changes_the_first_comment(github: GitHubServer, attach: Attach) -> None:
    for number in range(130):
        github.comment(f"comment {number}", {"login": "jane", "type": "User"})
    assert attach(TO) == 0
    for number in range(120):
        github.comment(f"later {number}", {"login": "jane", "type": "User"})
    github.seen.clear()
    assert attach(TO) == 0
    assert len(github.comments) == 251 and "updated" in attach.out
    pages = [each.query["page"] for each in github.seen if each.query]
    assert pages == ["1", "2"] and github.methods()[-1] == "PATCH /repos/acme/shop/issues/comments/131"


def test_each_customer_has_a_comment(github: GitHubServer, attach: Attach) -> None:
    assert [attach(TO), attach(TO, customer="globex"), attach(TO)] == [0, 0, 0]
    assert len(github.comments) == 2


def test_a_comment_of_others_is_never_changed(github: GitHubServer, attach: Attach) -> None:
    """Whoever copies the marker, or quotes our comment."""
    github.comment(MARKER + "\n\nmine now", {"login": "mallory", "type": "User"})
    github.comment(f"> {MARKER}", {"login": "support-bot", "type": "User"})
    assert attach(TO) == 0
    assert [comment["body"].splitlines()[-1] for comment in github.comments[:2]] == ["mine now", f"> {MARKER}"]
    assert len(github.comments) == 3


def test_an_app_has_no_user_and_finds_its_comment_still(github: GitHubServer, attach: Attach) -> None:
    github.login = ""
    github.comment(MARKER, {"login": "mallory", "type": "User"})
    assert [attach(TO), attach(TO)] == [0, 0]
    assert len(github.comments) == 2


def test_a_bundle_goes_as_a_link(github: GitHubServer, attach: Attach, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert attach(TO, "--upload", f"file://{store}", "--link", "https://evidence.example.com/b/") == 0, attach.err
    names = {path.suffix: path.name for path in store.iterdir()}
    assert set(names) == {".png", ".html", ".zip"}
    files = github.comments[0]["body"].split("### Files")[1]
    assert f"![The deciding picture](https://evidence.example.com/b/{names['.png']})" in files
    assert f"](https://evidence.example.com/b/{names['.zip']})" in files and "not attached" not in files


def test_without_a_link_the_place_is_told_and_no_picture_is_shown(github: GitHubServer, attach: Attach, tmp_path: Path) -> None:
    assert attach(TO, "--upload", f"file://{tmp_path}/store") == 0
    files = github.comments[0]["body"].split("### Files")[1]
    assert files.count(f"`file://{tmp_path}/store/") == 3 and "](" not in files


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_is_waited_out_and_shown(github: GitHubServer, attach: Attach, status: int) -> None:
    limited = Reply(status, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "1"})
    github.faults = [Fault("POST", "/comments", reply=limited)]
    assert attach(TO) == 0, attach.err
    assert "GitHub takes no more requests for now; trying again in 1 s" in attach.err
    assert len(github.comments) == 1


def test_a_limit_that_lasts_too_long_is_told(github: GitHubServer, attach: Attach) -> None:
    used = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}
    github.faults = [Fault("GET", "/user", reply=Reply(403, {"message": "API rate limit exceeded"}, used))]
    assert attach(TO) == 2
    assert "error[tracker-busy]" in attach.err and "asks to wait" in attach.err
    assert len(github.seen) == 1 and github.comments == []


def test_an_expired_token_is_named_and_not_shown(github: GitHubServer, attach: Attach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_expired")
    assert attach(TO) == 2
    assert "GitHub does not accept GITHUB_TOKEN: Bad credentials" in attach.err
    assert "ghp_expired" not in attach.err + attach.out


def test_a_ticket_that_is_not_there(github: GitHubServer, attach: Attach) -> None:
    assert attach("github:acme/shop#13") == 2
    assert "GitHub has no github:acme/shop#13, or GITHUB_TOKEN may not see it" in attach.err


def test_a_token_without_the_right(github: GitHubServer, attach: Attach) -> None:
    github.faults = [Fault("POST", "/comments", reply=Reply(403, {"message": "Resource not accessible by personal access token"}))]
    assert attach(TO) == 2
    assert "does not allow this with GITHUB_TOKEN: Resource not accessible by personal access token" in attach.err


def test_a_repository_that_moved(github: GitHubServer, attach: Attach) -> None:
    moved = Reply(301, {"message": "Moved Permanently"}, {"Location": "https://elsewhere.example/"})
    github.faults = [Fault("GET", "/comments", reply=moved)]
    assert attach(TO) == 2
    assert "is elsewhere (301)" in attach.err
