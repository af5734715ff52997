"""`repro try` and `repro inspect` as somebody uses them: in a process, typed into by a pipe or at a terminal, against the demo staging."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from harness.demo import SECRETS
from tests.live.conftest import Repro

PROMPT = r"(?:try> |\.\.\. ?)"
PAYS_TOO_LITTLE = """\
# what the ticket says
goto: /billing
click: button "Pay INV-1001"
symptom:
  value: textbox "Amount"
  is: "1.19"

expected: {value: textbox "Amount", is: "1190.00"}
save billing/found The amount to pay is too small
quit
"""


def settings(demo: Mapping[str, str], tenant: str) -> dict[str, object]:
    """What is in force for a tenant."""
    request = Request(f"{demo['REPRO_VAR_DEMO_BASE_URL']}/admin/tenants/{tenant}/settings")
    request.add_header("Authorization", f"Bearer {SECRETS['DEMO_ADMIN_TOKEN']}")
    with urlopen(request) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def test_a_session_that_finds_a_bug_becomes_a_scenario_that_reproduces_it(repro: Repro, tmp_path: Path) -> None:
    tried = repro("try", "--customer", "rhine", "--after", "login", typed=PAYS_TOO_LITTLE)
    assert tried.returncode == 0, tried.stderr
    assert "Kept as the symptom. It holds" in tried.stdout and "Run it: repro run billing/found.yaml" in tried.stdout
    assert '+     - textbox "Amount": 1.19' in tried.stdout
    run = repro("run", "billing/found.yaml", "--reports", str(tmp_path / "reports"), "--json")
    assert run.returncode == 0, run.stderr
    (record,) = (tmp_path / "reports").glob("*/results.json")
    (result,) = json.loads(record.read_text())["results"]
    assert result["verdict"] == "reproduced" and result["title"] == "The amount to pay is too small"


def test_each_line_is_a_json_object(repro: Repro) -> None:
    typed = 'goto: /billing\nclik: x\nclick: buton "x"\nvisible: heading "Billing"\nvisible: heading "Nope"\nlook region "Payment"\nquit\n'
    tried = repro("try", "--customer", "rhine", "--after", "login", "--within", "200ms", "--json", typed=typed)
    lines = [json.loads(line) for line in tried.stdout.splitlines()]
    assert [(line["kind"], line["ok"]) for line in lines] == [
        ("open", True), ("step", True), ("unknown", False), ("step", False),
        ("condition", True), ("condition", False), ("look", True), ("end", True),
    ]  # fmt: skip
    assert lines[1]["url"].endswith("/billing") and lines[1]["title"].startswith("Billing")
    assert lines[3]["problems"][0]["slug"] == "unknown-role" and lines[3]["problems"][0]["column"] == 8
    assert 'heading "Billing"' in lines[5]["found"]
    assert lines[6]["page"].startswith('- region "Payment":')
    assert "orbit-owner-pass" not in tried.stdout + tried.stderr


def test_what_is_typed_wrongly_is_shown_with_a_caret(repro: Repro) -> None:
    tried = repro("try", "-c", "rhine", typed='click: buton "x"\n\n\xff\nfill:\n  textbox "Email": a@b.example\n')
    assert '1 | click: buton "x"\n' in tried.stdout and "^^^^^^^^^ did you mean `button`?" in tried.stdout
    assert 'could not be done: there is no textbox "Email"' in tried.stdout  # the block ended with what was typed
    assert tried.returncode == 0


def test_staging_that_is_down_is_inconclusive(repro: Repro) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        down = replace(repro, environ={**repro.environ, "REPRO_VAR_DEMO_BASE_URL": address})
        tried = down("try", "--customer", "rhine")
        assert tried.returncode == 3 and "The environment staging is down" in tried.stderr
        looked = down("inspect", "/billing", "--customer", "rhine", "--json")
        assert looked.returncode == 3
        assert json.loads(looked.stdout) == {"ok": False, "sentence": tried.stderr.splitlines()[0].partition(": ")[2]}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("try", "--customer", "rhin"), "did you mean `rhine`?"),
        (("try", "--customer", "rhine", "--after", "logn"), "did you mean `login`?"),
        (("try", "--within", "soon"), "--within"),
        (("inspect", "--environment", "prod"), "there is no environment `prod`"),
        (("inspect", "--customer", "rhine", "--locator", 'regoin "Revenue"'), "did you mean `region`?"),
    ],
)
def test_wrong_usage_ends_with_2(repro: Repro, words: tuple[str, ...], said: str) -> None:
    ended = repro(*words)
    assert ended.returncode == 2 and said in ended.stderr


def test_inspect_prints_the_page_as_the_customer_sees_it(repro: Repro, demo: Mapping[str, str]) -> None:
    before = settings(demo, "acme-eu")
    page = repro("inspect", "/integrations", "--customer", "acme-eu", "--after", "login")
    assert page.returncode == 0, page.stderr
    assert page.stdout.startswith("Integrations – Orbit\nhttp://127.0.0.1:")
    assert '- button "Sync now"' in page.stdout and "Signing key:\n      - code: [masked]" in page.stdout
    assert settings(demo, "acme-eu") == before
    part = repro("inspect", "/integrations", "-c", "acme-eu", "--after", "login", "--locator", 'region "Webhook"', "--json")
    found = json.loads(part.stdout)
    assert found["ok"] and found["page"].startswith('- region "Webhook":') and "CRM" not in found["page"]


def test_inspect_says_what_is_there_instead(repro: Repro) -> None:
    ended = repro("inspect", "/billing", "-c", "rhine", "--after", "login", "--locator", 'region "Invoces"')
    assert ended.returncode == 3 and 'there is no region "Invoces"; the page has region "Invoices"' in ended.stdout


def test_inspect_shows_the_page_at_which_a_sign_in_failed(repro: Repro) -> None:
    wrong = replace(repro, environ={**repro.environ, "REPRO_SECRET_DEMO_OWNER_PASSWORD": "not-the-password"})
    ended = wrong("inspect", "/billing", "-c", "rhine", "--after", "login")
    assert ended.returncode == 3
    assert "(use: login) could not be done" in ended.stdout and '- button "Sign in"' in ended.stdout
    assert "not-the-password" not in ended.stdout + ended.stderr


class Terminal:
    """`repro try` at a terminal of its own."""

    def __init__(self, repro: Repro, *words: str) -> None:
        self.shown = ""
        self._master, slave = pty.openpty()
        variables = {**repro.variables(), "TERM": "dumb"}
        self.process = subprocess.Popen(
            repro.command(*words), cwd=repro.folder, env=variables, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)

    def wait_for(self, text: str) -> None:
        """Until the text is on the screen, beyond what was waited for before."""
        assert self._comes(text, 90), self.shown

    def _comes(self, text: str, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while text not in self.shown:
            if time.monotonic() > end:
                return False
            if select.select([self._master], [], [], 1)[0]:
                self.shown += self._read()
        self.shown = self.shown.partition(text)[2]
        return True

    def _read(self) -> str:
        try:
            return re.sub(r"\x1b\[\??[0-9;]*[a-zA-Z]", "", os.read(self._master, 65536).decode("utf-8", "replace"))
        except OSError:
            return ""

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def interrupt(self, until: str) -> None:
        """What Ctrl-C does at a terminal, pressed again where no answer comes: readline forgets a signal that comes after it has shown its
        prompt and before it waits for a key."""
        os.killpg(self.process.pid, signal.SIGINT)
        while not self._comes(until, 10):
            assert self.process.poll() is None, self.shown
            os.killpg(self.process.pid, signal.SIGINT)

    def interrupted(self) -> int:
        """Its exit code after the last Ctrl-C, pressed again like the others."""
        while self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            self._ends(30)
        return self.ended()

    def ended(self) -> int:
        """Its exit code, with all that it still says read."""
        self._ends(90)
        return self.process.wait(0)

    def _ends(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self._master], [], [], 0.2)[0]:
                self.shown += self._read()


def test_ctrl_c_interrupts_the_step_and_a_second_one_ends(repro: Repro, demo: Mapping[str, str]) -> None:
    before = settings(demo, "acme-eu")
    terminal = Terminal(repro, "try", "--customer", "acme-eu", "--after", "login")
    terminal.wait_for("try> ")
    assert settings(demo, "acme-eu") != before
    terminal.type('{wait_for: {visible: heading "Never"}, timeout: 80s}\n')
    terminal.wait_for("80s}")
    terminal.interrupt(until="interrupted; Ctrl-C again or Ctrl-D ends")
    terminal.type("goto: /billing\n")
    terminal.wait_for("Billing – Orbit")
    terminal.wait_for("try> ")
    terminal.interrupt(until="interrupted; Ctrl-C again")
    terminal.wait_for("try> ")
    assert terminal.interrupted() == 130
    assert settings(demo, "acme-eu") == before


def test_ctrl_d_ends(repro: Repro) -> None:
    terminal = Terminal(repro, "try", "--customer", "rhine")
    terminal.wait_for("try> ")
    terminal.type("\x04")
    assert terminal.ended() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_being_told_to_end_puts_the_settings_back(repro: Repro, demo: Mapping[str, str], how: signal.Signals) -> None:
    before = settings(demo, "acme-eu")
    process = subprocess.Popen(
        repro.command("try", "-c", "acme-eu", "--json"), cwd=repro.folder, env=repro.variables(), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    assert json.loads(process.stdout.readline())["kind"] == "open"
    assert settings(demo, "acme-eu") != before
    process.send_signal(how)
    if how == signal.SIGINT:
        process.send_signal(how)
        process.stdin.close()
    assert process.wait(60) in ((130,) if how == signal.SIGTERM else (0, 130))
    assert settings(demo, "acme-eu") == before


def test_the_page_about_it_is_true(repro: Repro) -> None:
    """What docs/try.md types, word for word, and what it says comes of it."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "try.md").read_text()
    (block,) = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    typed = "".join(f"{re.sub(PROMPT, '', line)}\n" for line in block.splitlines() if re.match(PROMPT, line))
    said = [line for line in block.splitlines() if line and not re.match(PROMPT, line)]
    tried = repro("try", "--customer", "rhine", "--after", "login", typed=typed)
    assert tried.returncode == 0
    assert [line for line in said if line not in tried.stdout.splitlines()] == []
