"""Zendesk: internal comments that can't be edited, so nothing is told twice."""

from __future__ import annotations

import base64
import io
import re
import zipfile

import pytest

from .conftest import Attach
from .servers import CLOSED, Fault, Reply, ZendeskServer

TO = "zendesk:123"
UPLOAD = "POST /api/v2/uploads.json"
UPDATE = "PUT /api/v2/tickets/123.json"
MARKER = "repro[scenario=dashboard/blank-for-eu customer=acme-eu environment=staging]"


def test_what_the_server_sees(zendesk: ZendeskServer, attach: Attach) -> None:
    assert attach(TO) == 0, attach.err
    look = ["GET /api/v2/users/me.json", "GET /api/v2/tickets/123/comments.json"]
    assert zendesk.methods() == [*look, UPLOAD, UPLOAD, UPLOAD, UPDATE]
    account = base64.b64encode(b"agent@acme.example/token:zd-good").decode()
    assert {each.headers["authorization"] for each in zendesk.seen} == {f"Basic {account}"}
    kinds = [each.headers["content-type"] for each in zendesk.seen if each.path.endswith("uploads.json")]
    assert kinds == ["image/png", "text/html", "application/zip"]
    with zipfile.ZipFile(io.BytesIO(zendesk.uploads["tok2"][1])) as bundle:
        assert "verdict.md" in bundle.namelist()
    sent = zendesk.seen[-1].json
    assert list(sent) == ["ticket"] and list(sent["ticket"]) == ["comment"]
    comment = sent["ticket"]["comment"]
    assert comment["public"] is False and comment["uploads"] == ["tok0", "tok1", "tok2"]
    assert comment["html_body"].startswith("<h2>🔴 Reproduced: Dashboard stays blank for EU tenants</h2>")
    assert "<td><code>settings.integrations.crm.region</code></td>" in comment["html_body"] and MARKER in comment["html_body"]
    assert f"{zendesk.url}/agent/tickets/123" in attach.out


def test_the_same_is_not_told_twice(zendesk: ZendeskServer, attach: Attach) -> None:
    assert attach(TO) == 0
    for number in range(210):
        zendesk.comments.append({"id": number, "plain_body": "more", "author_id": 1})
    zendesk.seen.clear()
    assert attach(TO) == 0
    assert "zendesk:123 has this already: nothing was added" in attach.out
    assert UPDATE not in zendesk.methods() and UPLOAD not in zendesk.methods()
    assert [each.query.get("page[after]") for each in zendesk.seen[1:]] == [None, "100", "200"]


def test_what_changed_is_a_new_comment(zendesk: ZendeskServer, attach: Attach) -> None:
    assert attach(TO) == 0
    assert attach(TO, "--upload", "memory://zendesk/store") == 0, attach.err
    assert len(zendesk.comments) == 2
    assert [len(comment["uploads"]) for comment in zendesk.comments] == [3, 1]
    assert "memory://zendesk/store/" in zendesk.comments[1]["html_body"]
    assert attach(TO, "--upload", "memory://zendesk/store") == 0
    assert len(zendesk.comments) == 2
    assert attach(TO, customer="globex") == 0
    assert len(zendesk.comments) == 3


def test_a_comment_of_others_is_not_taken_for_ours(zendesk: ZendeskServer, attach: Attach) -> None:
    assert attach(TO) == 0
    zendesk.comments[0]["author_id"] = 99
    assert attach(TO) == 0
    assert len(zendesk.comments) == 2


def test_an_upload_that_breaks_off(zendesk: ZendeskServer, attach: Attach) -> None:
    zendesk.faults = [Fault("POST", "/uploads", half=True)]
    assert attach(TO) == 0, attach.err
    assert zendesk.methods().count(UPLOAD) == 4
    zendesk.comments.clear()
    zendesk.faults = [Fault("POST", "/uploads", times=2, half=True)]
    assert attach(TO) == 2
    assert zendesk.comments == []


def test_a_comment_whose_answer_is_lost_is_not_sent_again(zendesk: ZendeskServer, attach: Attach) -> None:
    zendesk.faults = [Fault("PUT", "/tickets", deaf=True)]
    assert attach(TO) == 2
    assert "run the command again" in attach.err
    assert zendesk.methods().count(UPDATE) == 1 and len(zendesk.comments) == 1
    assert attach(TO) == 0
    assert len(zendesk.comments) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_comment_that_the_server_fails_at_is_not_sent_again(zendesk: ZendeskServer, attach: Attach, status: int) -> None:
    zendesk.faults = [Fault("PUT", "/tickets", reply=Reply(status, {"error": "Internal"}))]
    assert attach(TO) == 2
    assert f"Zendesk answers {status} to PUT /api/v2/tickets/123.json: Internal" in attach.err
    assert zendesk.methods().count(UPDATE) == 1


def test_a_closed_ticket_says_so(zendesk: ZendeskServer, attach: Attach) -> None:
    zendesk.closed = True
    assert attach(TO) == 2
    assert CLOSED["description"] in attach.err


def test_an_expired_token(zendesk: ZendeskServer, attach: Attach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENDESK_TOKEN", "zd-expired")
    assert attach(TO) == 2
    assert "Zendesk does not accept ZENDESK_EMAIL and ZENDESK_TOKEN: Couldn't authenticate you" in attach.err
    assert re.search("zd-expired", attach.err) is None


def test_a_limit_is_waited_out(zendesk: ZendeskServer, attach: Attach) -> None:
    zendesk.faults = [Fault("POST", "/uploads", reply=Reply(429, {"error": "APIRateLimitExceeded"}, {"Retry-After": "0"}))]
    assert attach(TO) == 0, attach.err
    assert len(zendesk.uploads) == 3


def test_a_file_that_is_too_large(zendesk: ZendeskServer, attach: Attach) -> None:
    zendesk.largest = 20_000
    assert attach(TO) == 2
    assert "error[tracker-too-large]" in attach.err and zendesk.comments == []
