"""Jira: attachments and a document that names them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from harness.trackers.render import adf, text_of

from .conftest import Attach
from .servers import Fault, JiraServer, Reply, wrong_nodes

TO = "jira:SUP-7"
ISSUE = "/rest/api/3/issue/SUP-7"
MARKER = "repro[scenario=dashboard/blank-for-eu customer=acme-eu environment=staging]"
ATTACH = f"POST {ISSUE}/attachments"


def links(node: Any) -> list[str]:
    own = [mark["attrs"]["href"] for mark in node.get("marks", []) if mark["type"] == "link"]
    return own + [link for child in node.get("content", []) for link in links(child)]


def test_what_the_server_sees(jira: JiraServer, attach: Attach) -> None:
    assert attach("jira:sup-7") == 0, attach.err
    assert jira.methods() == [
        "GET /rest/api/3/myself",
        f"GET {ISSUE}/comment",
        "GET /rest/api/3/attachment/meta",
        f"GET {ISSUE}",
        ATTACH,
        ATTACH,
        ATTACH,
        f"POST {ISSUE}/comment",
    ]
    account = base64.b64encode(b"agent@acme.example:jira-good").decode()
    assert {each.headers["authorization"] for each in jira.seen} == {f"Basic {account}"}
    assert [each["mimeType"] for each in jira.attachments] == ["image/png", "text/html", "application/zip"]
    comment = jira.comments[0]
    assert comment["properties"] == [{"key": "sd.public.comment", "value": {"internal": True}}]
    content = comment["body"]["content"]
    assert content[0]["type"] == "heading" and "Reproduced: Dashboard stays blank" in text_of(content[0])
    assert text_of(content[-1]) == MARKER
    assert [link for link in links(comment["body"]) if "/attachment/content/" in link] == [each["content"] for each in jira.attachments]
    assert "settings.integrations.crm.region" in text_of(comment["body"]) and "Steps (attempt 2)" in text_of(comment["body"])
    assert f"{jira.url}/browse/SUP-7?focusedCommentId=500" in attach.out


def test_the_second_time_changes_the_first_comment_and_attaches_nothing_again(jira: JiraServer, attach: Attach) -> None:
    jira.comment(adf("copied", MARKER), "someone-else")
    for number in range(230):
        jira.comment(adf(f"comment {number}"), "someone-else")
    assert attach(TO) == 0
    jira.seen.clear()
    assert attach(TO) == 0, attach.err
    assert len(jira.comments) == 232 and len(jira.attachments) == 3
    assert jira.methods()[-1] == f"PUT {ISSUE}/comment/731" and ATTACH not in jira.methods()
    assert [each.query["startAt"] for each in jira.seen if "startAt" in each.query] == ["0", "100", "200"]


def test_an_upload_that_breaks_off_is_sent_again(jira: JiraServer, attach: Attach) -> None:
    jira.faults = [Fault("POST", "/attachments", half=True)]
    assert attach(TO) == 0, attach.err
    assert jira.methods().count(ATTACH) == 4 and len(jira.attachments) == 3


def test_an_upload_that_breaks_off_twice_leaves_no_comment(jira: JiraServer, attach: Attach) -> None:
    jira.faults = [Fault("POST", "/attachments", times=2, half=True)]
    assert attach(TO) == 2
    assert "broke off twice" in attach.err and jira.comments == []


def test_a_bundle_that_is_too_large_is_refused_before_anything_is_attached(jira: JiraServer, attach: Attach) -> None:
    jira.limit = 50_000
    assert attach(TO) == 2
    assert "Jira takes files of at most 50,000 bytes" in attach.err
    assert jira.attachments == [] and jira.comments == []


def test_a_smaller_bundle_fits(jira: JiraServer, attach: Attach) -> None:
    assert attach(TO) == 0
    largest = max(len(content) for content in jira.contents.values())
    jira.attachments.clear()
    jira.contents.clear()
    jira.limit = largest - 1000
    assert attach(TO, "--max-size", str(jira.limit)) == 0, attach.err
    assert "left out of the bundle for its size" in attach.err
    assert all(len(content) <= jira.limit for content in jira.contents.values())


def test_an_expired_token(jira: JiraServer, attach: Attach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_TOKEN", "jira-expired")
    assert attach(TO) == 2
    assert "Jira does not accept JIRA_EMAIL and JIRA_TOKEN" in attach.err
    assert "jira-expired" not in attach.err


def test_a_limit_is_waited_out(jira: JiraServer, attach: Attach) -> None:
    jira.faults = [Fault("POST", "/comment", reply=Reply(429, {"errorMessages": ["Rate limit exceeded."]}, {"Retry-After": "1"}))]
    assert attach(TO) == 0, attach.err
    assert "trying again in 1 s" in attach.err and len(jira.comments) == 1


def test_a_missing_issue(jira: JiraServer, attach: Attach) -> None:
    assert attach("jira:SUP-8") == 2
    assert "Jira has no jira:SUP-8, or JIRA_EMAIL and JIRA_TOKEN may not see it" in attach.err


def test_every_kind_of_markdown_becomes_a_valid_document() -> None:
    document = adf(
        "# One\n\na **b _c_** `d` [e](https://x.example) **`f`**  \nnext\n\n- g\n  - h\n\n3. i\n\n> j\n\n---\n\n```sh\nk\n```\n\n"
        "```\n```\n\n"
        "| l | m |\n|---|---|\n| n | |\n\n![o](https://x.example/p.png) <b>q</b> @r [s](javascript:t)\n",
        "small",
    )
    assert list(wrong_nodes(document)) == []
    assert links(document) == ["https://x.example", "https://x.example/p.png"]
    assert "<b>q</b>" in text_of(document).replace("  ", "") or "<b>" in text_of(document)
