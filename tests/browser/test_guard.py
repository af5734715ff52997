"""A scenario reaches the environment's hosts and nothing else, whichever way a page tries."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.guard import complaint
from harness.core.globs import host_allowed
from harness.verdict.outcome import Outcome
from tests.browser import site, trying, ways_out

SCENARIO = """
title: Ways out
steps:
  - goto: /
  - wait_for: {text: status, is: finished}
  - click: button "Popup"
  - request: GET /redirect
    optional: true
  - request: GET OUT/api
    optional: true
  - goto: OUT/
    optional: true
symptom: {visible: heading "Somewhere else"}
expected: {text: status, is: finished}
within: 2s
"""


def test_nothing_gets_out_and_what_was_held_is_listed(tmp_path: Path) -> None:
    with ways_out.listening() as listener:
        out = f"http://{ways_out.FORBIDDEN}:{listener.port}"
        with site.serving(ways_out.pages(out), redirect_to=f"{out}/redirected") as base_url:
            result = trying.run(tmp_path, base_url, SCENARIO.replace("OUT", out))
        assert listener.heard == []
    assert result.verdict == Outcome.NOT_REPRODUCED, result.reason
    attempt = result.attempts[0]
    assert {held.host for held in attempt.held} == {ways_out.FORBIDDEN, "evil.example"}
    assert {"fetch", "image", "document", "websocket", "ping", "eventsource", "script"} <= {held.by for held in attempt.held}
    skipped = [step for step in attempt.steps if step.status == "skipped"]
    assert len(skipped) == 3
    assert all("127.0.0.2 is not allowed" in (step.note or "") for step in skipped)


@pytest.mark.parametrize(
    ("host", "port", "pattern", "allowed"),
    [
        ("staging.example.com", 443, "staging.example.com", True),
        ("STAGING.example.com.", 443, "staging.example.com", True),
        ("a.cdn.example.com", 443, "*.cdn.example.com", True),
        ("cdn.example.com", 443, "*.cdn.example.com", False),
        ("cdn.example.com.evil.org", 443, "*.cdn.example.com", False),
        ("localhost", 3000, "localhost:3000", True),
        ("localhost", 3001, "localhost:3000", False),
        ("::1", 80, "[::1]", True),
        ("evil.org", 80, "staging.example.com", False),
    ],
)
def test_host_patterns(host: str, port: int, pattern: str, allowed: bool) -> None:
    assert host_allowed(host, port, [pattern]) is allowed


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "ftp://staging.example.com/", "http://[", "http://user@evil.org/"]
)
def test_other_addresses_are_refused_with_a_reason(url: str) -> None:
    assert complaint(url, ["staging.example.com"])


@pytest.mark.parametrize("url", ["about:blank", "https://staging.example.com/x", "http://staging.example.com:8080/", "data:text/html,x"])
def test_own_addresses_are_not(url: str) -> None:
    assert complaint(url, ["staging.example.com"]) == ""
