"""GitLab: files are uploaded first, and the note names them."""

from __future__ import annotations

import io
import zipfile

import pytest

from .conftest import Attach
from .servers import Fault, GitLabServer, Reply

TO = "gitlab:acme/web/shop#5"
PROJECT = "/api/v4/projects/acme%2Fweb%2Fshop"
NOTES = f"{PROJECT}/issues/5/notes"
UPLOAD = f"POST {PROJECT}/uploads"
MARKER = "<!-- repro[scenario=dashboard/blank-for-eu customer=acme-eu environment=staging] -->"


def test_what_the_server_sees(gitlab: GitLabServer, attach: Attach) -> None:
    assert attach(TO) == 0, attach.err
    assert gitlab.methods() == ["GET /api/v4/user", f"GET {NOTES}", UPLOAD, UPLOAD, UPLOAD, f"POST {NOTES}"]
    assert {each.headers["private-token"] for each in gitlab.seen} == {"glpat-good"}
    files = [each.file() for each in gitlab.seen if each.path.endswith("/uploads")]
    assert [(field, kind) for field, _, kind, _ in files] == [("file", "image/png"), ("file", "text/html"), ("file", "application/zip")]
    with zipfile.ZipFile(io.BytesIO(files[2][3])) as bundle:
        assert {"report.html", "verdict.md"} <= set(bundle.namelist())
    body = gitlab.seen[-1].json["body"]
    assert body.startswith(MARKER + "\n\n## 🔴 Reproduced")
    told = body.split("### Files")[1]
    picture, page, bundle_of = gitlab.uploads
    assert f"![The deciding picture]({picture})" in told and f"]({page})" in told and f"]({bundle_of})" in told
    assert f"{gitlab.url}/acme/web/shop/-/issues/5#note_900" in attach.out


def test_the_second_time_changes_the_first_note(gitlab: GitLabServer, attach: Attach) -> None:
    for number in range(250):
        gitlab.note(f"note {number}", 8)
    gitlab.note(MARKER, 8)
    assert attach(TO) == 0
    gitlab.seen.clear()
    assert attach(TO) == 0
    assert len(gitlab.comments) == 252 and gitlab.methods()[-1] == f"PUT {NOTES}/1151"
    assert [each.query["page"] for each in gitlab.seen if "page" in each.query] == ["1", "2", "3"]


def test_an_upload_that_breaks_off_is_sent_again(gitlab: GitLabServer, attach: Attach) -> None:
    gitlab.faults = [Fault("POST", "/uploads", half=True)]
    assert attach(TO) == 0, attach.err
    assert gitlab.methods().count(UPLOAD) == 4 and len(gitlab.comments) == 1
    assert "trying again" in attach.err


def test_an_upload_that_breaks_off_twice_leaves_no_note(gitlab: GitLabServer, attach: Attach) -> None:
    gitlab.faults = [Fault("POST", "/uploads", times=2, half=True)]
    assert attach(TO) == 2
    assert "broke off twice" in attach.err and "no comment was posted" in attach.err
    assert gitlab.comments == [] and gitlab.methods().count(UPLOAD) == 2


def test_an_upload_that_the_server_fails_at_is_not_sent_again(gitlab: GitLabServer, attach: Attach) -> None:
    gitlab.faults = [Fault("POST", "/uploads", reply=Reply(502, b"<html>bad gateway"))]
    assert attach(TO) == 2
    assert "GitLab answers 502 to POST" in attach.err and gitlab.comments == []


def test_a_file_that_is_too_large(gitlab: GitLabServer, attach: Attach) -> None:
    gitlab.largest = 20_000
    assert attach(TO) == 2
    assert "error[tracker-too-large]" in attach.err and "--max-size" in attach.err
    assert gitlab.comments == []


def test_a_limit_is_waited_out(gitlab: GitLabServer, attach: Attach) -> None:
    gitlab.faults = [Fault("GET", "/notes", times=2, reply=Reply(429, b"Retry later", {"Retry-After": "0"}))]
    assert attach(TO) == 0, attach.err
    assert gitlab.methods().count(f"GET {NOTES}") == 3 and len(gitlab.comments) == 1


@pytest.mark.parametrize(("token", "status"), [("glpat-expired", "does not accept GITLAB_TOKEN: 401 Unauthorized")])
def test_an_expired_token(gitlab: GitLabServer, attach: Attach, monkeypatch: pytest.MonkeyPatch, token: str, status: str) -> None:
    monkeypatch.setenv("GITLAB_TOKEN", token)
    assert attach(TO) == 2
    assert f"GitLab {status}" in attach.err and token not in attach.err


def test_an_uploaded_bundle_is_linked_and_only_the_picture_is_attached(gitlab: GitLabServer, attach: Attach) -> None:
    assert attach(TO, "--upload", "memory://gitlab/store", "--link", "https://evidence.example.com") == 0, attach.err
    assert [each.endswith(".png") for each in gitlab.uploads] == [True]
    assert gitlab.comments[0]["body"].count("](https://evidence.example.com/") == 2


def test_an_answer_that_is_no_api_is_told(gitlab: GitLabServer, attach: Attach) -> None:
    gitlab.faults = [Fault("GET", "/user", reply=Reply(200, b"<html>Sign in"))]
    assert attach(TO) == 2
    assert "what came is no JSON" in attach.err


def test_an_upload_that_says_no_address_leaves_no_note(gitlab: GitLabServer, attach: Attach) -> None:
    gitlab.faults = [Fault("POST", "/uploads", reply=Reply(201, {"url": "https://evil.example/x"}))]
    assert attach(TO) == 2
    assert "did not say where it put" in attach.err and gitlab.comments == []
