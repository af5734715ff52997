"""What is sent again and what never is, how long is waited, and what is said when there is no answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.core.secret import Secret
from harness.diagnostics import Problems
from harness.trackers.http import LONGEST_WAIT, Client, Timeouts, asked_wait
from harness.trackers.model import Account, Kind, Repeat, Request, Target, file_of

from .servers import Fault, GitHubServer, Reply, running

TARGET = Target(Kind.GITHUB, "acme/shop", "12")
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


@pytest.fixture
def server() -> Iterator[GitHubServer]:
    with running(GitHubServer()) as server:
        yield server


class Waits:
    """A client whose waits are noted and not waited."""

    def __init__(self, base: str, token: str = "ghp_good", timeouts: Timeouts | None = None) -> None:
        self.seconds: list[float] = []
        self.said: list[str] = []
        account = Account("GitHub", base, "Authorization", "Bearer ", Secret("GITHUB_TOKEN", token), "GITHUB_TOKEN")
        self.client = Client(account, TARGET, self.said.append, self.seconds.append, timeouts or Timeouts())

    def send(self, method: str, path: str, **more: object) -> object:
        return self.client.send(Request(method, self.client.account.base + path, HEADERS, **more))  # type: ignore[arg-type]


def refused(waits: Waits, *words: object, **more: object) -> str:
    with pytest.raises(Problems) as problems:
        waits.send(*words, **more)  # type: ignore[arg-type]
    [diagnostic] = problems.value.diagnostics
    return diagnostic.render()


def test_a_server_that_fails_is_asked_again_with_growing_waits(server: GitHubServer) -> None:
    server.faults = [Fault("GET", "/user", times=3, reply=Reply(502, b"<html>"))]
    waits = Waits(server.url)
    waits.send("GET", "/user", repeat=Repeat.ALWAYS)
    assert waits.seconds == [1, 2, 4] and len(server.seen) == 4
    assert waits.said[0] == "GitHub answers 502; trying again in 1 s"


def test_it_gives_up_on_a_server_that_keeps_failing(server: GitHubServer) -> None:
    server.faults = [Fault("GET", "/user", times=99, reply=Reply(503, {"message": "down for repair"}))]
    waits = Waits(server.url)
    assert "GitHub answers 503 to GET /user: down for repair" in refused(waits, "GET", "/user", repeat=Repeat.ALWAYS)
    assert len(server.seen) == 4


def test_what_adds_something_is_sent_once(server: GitHubServer) -> None:
    server.faults = [Fault("POST", "/comments", times=9, reply=Reply(500, {}))]
    refused(Waits(server.url), "POST", "/repos/acme/shop/issues/12/comments", json={"body": "x"})
    server.faults = [Fault("POST", "/comments", times=9, deaf=True)]
    told = refused(Waits(server.url), "POST", "/repos/acme/shop/issues/12/comments", json={"body": "x"})
    assert "run the command again" in told
    assert len(server.seen) == 2


def test_the_waits_for_limits_have_an_end(server: GitHubServer) -> None:
    server.faults = [Fault("GET", "/user", times=99, reply=Reply(429, {}, {"Retry-After": "50"}))]
    waits = Waits(server.url)
    assert "asks to wait 50 s" in refused(waits, "GET", "/user", repeat=Repeat.ALWAYS)
    assert sum(waits.seconds) <= LONGEST_WAIT and waits.seconds == [50, 50]


def test_a_limit_of_no_time_is_not_asked_for_ever(server: GitHubServer) -> None:
    server.faults = [Fault("GET", "/user", times=99, reply=Reply(429, {}, {"Retry-After": "0"}))]
    assert "tracker-busy" in refused(Waits(server.url), "GET", "/user", repeat=Repeat.ALWAYS)
    assert len(server.seen) == 5


def test_a_limit_without_a_time_is_waited_a_minute(server: GitHubServer) -> None:
    server.faults = [Fault("GET", "/user", reply=Reply(403, {"message": "You have exceeded a secondary rate limit."}))]
    waits = Waits(server.url)
    waits.send("GET", "/user", repeat=Repeat.ALWAYS)
    assert waits.seconds == [60]


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Sat, 31 Jan 2026 12:00:30 GMT"}, 30),
        ({"retry-after": "Sat, 31 Jan 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "9" * 400}, 10**6),
        ({"retry-after": "²"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOON.timestamp()) + 20)}, 20),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": str(int(NOON.timestamp()) + 20)}, None),
        ({}, None),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_wait(headers, lambda: NOON) == seconds


def test_a_connection_that_breaks_is_tried_again_for_what_may_be_repeated(server: GitHubServer) -> None:
    server.faults = [Fault("GET", "/user", times=2, deaf=True)]
    waits = Waits(server.url)
    waits.send("GET", "/user", repeat=Repeat.ALWAYS)
    assert len(server.seen) == 3 and "did not answer" in waits.said[0]


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        told = refused(Waits(f"http://127.0.0.1:{taken.getsockname()[1]}"), "GET", "/user", repeat=Repeat.ALWAYS)
    assert "tracker-unreachable" in told and "can't be reached" in told


def test_a_server_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        waits = Waits(f"http://127.0.0.1:{mute.getsockname()[1]}", timeouts=Timeouts(1, 0.05))
        assert "timed out" in refused(waits, "GET", "/user", repeat=Repeat.ALWAYS)


def test_a_token_that_the_server_repeats_is_not_shown(server: GitHubServer) -> None:
    server.faults = [Fault("GET", "/user", reply=Reply(400, {"message": "no such key ghp_good\x1b[31m " + "x" * 9999}))]
    told = refused(Waits(server.url), "GET", "/user")
    assert "no such key ***" in told and "ghp_good" not in told and "\x1b" not in told and len(told) < 700


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"[" * 100_000, b'{"message": ' + b"[" * 50 + b"]" * 50 + b"}", b"null", b'{"errors": {"a": [{"b": {"c": {"d": {}}}}]}}'],
    ids=["no text", "deep", "nested", "null", "odd"],
)
def test_an_answer_of_any_shape_is_a_message(server: GitHubServer, content: bytes) -> None:
    server.faults = [Fault("GET", "/user", reply=Reply(418, content))]
    assert "GitHub answers 418 to GET /user" in refused(Waits(server.url), "GET", "/user")


def test_a_large_file_is_sent_whole(server: GitHubServer, tmp_path: Path) -> None:
    path = tmp_path / "a b;\"'\nc.zip"
    path.write_bytes(bytes(range(256)) * 20_000)
    server.faults = [Fault("POST", "/upload", reply=Reply(201, {}))]
    Waits(server.url).send("POST", "/upload", form=file_of(path), repeat=Repeat.ONCE)
    field, name, kind, content = server.seen[0].file()
    assert (field, kind, len(content)) == ("file", "application/zip", 5_120_000)
    assert name.startswith("a-b-c-") and name.endswith(".zip") and content == path.read_bytes()
