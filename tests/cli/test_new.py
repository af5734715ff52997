"""`repro new`: a skeleton with the customer's words and every choice as a comment, and what `validate` says until it is filled."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from harness.diagnostics import Source
from harness.scenario.scenario import TO_FILL
from harness.scenario.source import parse, plain
from tests.cli.conftest import Repro

TICKET = """Hi,

since Monday Acme can't log in. Sometimes the page /billing just says "Loading" and spins.
Jane
"""


@pytest.fixture
def ticket(workspace: Path) -> Path:
    """A workspace with customers and a flow, and a ticket beside it."""
    for path, text in {
        "customers/acme.yaml": "name: Acme GmbH\nbaseline: standard\n",
        "customers/other.yaml": "name: Other Ltd\n",
        "customers/standard.yaml": "name: Standard\n",
        "flows/login.yaml": "title: Sign in with a password\nsteps: [reload]\n",
        "flows/pay.yaml": "steps: [reload]\n",
        "billing/b.yaml": (workspace / "a.yaml").read_text(),
    }.items():
        (workspace / path).parent.mkdir(exist_ok=True)
        (workspace / path).write_text(text)
    (workspace / "ticket.txt").write_text(TICKET)
    return workspace


def data(text: str) -> dict[str, object]:
    return plain(parse(Source("new.yaml", text)))  # type: ignore[no-any-return]


def skeleton(repro: Repro, *words: str) -> str:
    said = repro("new", "--ticket", "SUP-1", *words)
    assert said.code == 0, said.err
    return Path(said.out.strip()).read_text(encoding="utf-8")


def test_the_customers_words_and_every_choice_are_there(repro: Repro, ticket: Path) -> None:
    text = skeleton(repro, "--from", "ticket.txt")
    assert data(text)["report"] == TICKET
    assert data(text)["ticket"] == "SUP-1"
    lines = text.splitlines()
    customers = [line for line in lines if line.startswith("# customer: ")]
    assert customers == [
        "# customer: acme   # Acme GmbH; the ticket names it",
        "# customer: other   # Other Ltd",
        "# customer: standard   # Standard",
    ]
    assert "# control: standard" in lines
    assert "# environment: staging   # https://staging.example.com" in lines
    assert [line.strip() for line in lines if "- use:" in line] == ["# - use: login   # Sign in with a password", "# - use: pay"]
    assert "  # - goto: /billing   # the ticket names it" in lines
    assert "  # visible: Loading   # the ticket quotes it" in lines
    assert any(re.fullmatch(r"# attempts: 5 +# the ticket says: Sometimes", line) for line in lines)
    assert any(re.fullmatch(r"# area: billing   # groups reports; there are: billing", line) for line in lines)


def test_nothing_is_chosen_by_itself(repro: Repro, ticket: Path) -> None:
    found = data(skeleton(repro, "--from", "ticket.txt"))
    assert {key: value for key, value in found.items() if value is not None} == {"ticket": "SUP-1", "report": TICKET}
    assert set(found) == {"ticket", "report", *TO_FILL}


def test_validate_says_what_is_still_to_be_filled(repro: Repro, ticket: Path) -> None:
    repro("new", "--ticket", "SUP-1", "--from", "ticket.txt")
    said = repro("validate", "sup-1.yaml")
    assert said.code == 2
    assert re.findall(r"error\[(.+)\]: `(\w+)` is still to be filled", said.out) == [
        ("to-be-filled", key) for key in ("title", "steps", "symptom", "expected")
    ]
    assert "what the customer did, a step a line: `- goto: /dashboard`" in said.out
    assert "missing-key" not in said.out


def test_other_mistakes_are_said_with_it(repro: Repro, ticket: Path) -> None:
    path = ticket / "sup-1.yaml"
    path.write_text(skeleton(repro, "--from", "ticket.txt") + "within: 3\n")
    said = repro("validate", "sup-1.yaml")
    assert "add a unit: 3s or 3ms" in said.out and "`title` is still to be filled" in said.out


def test_once_filled_it_is_valid(repro: Repro, ticket: Path) -> None:
    text = skeleton(repro, "--from", "ticket.txt")
    for line in (
        "# customer: acme",
        "# control: standard",
        "# environment: staging",
        "  # - use: login",
        "  # - goto: /billing",
        "# attempts: 5",
    ):
        assert text.count(line) == 1
        text = text.replace(line, line.replace("# ", "", 1))
    text = text.replace("  # visible: Loading", "  visible: Loading").replace('  # visible: heading "…"', '  visible: heading "Invoices"')
    (ticket / "sup-1.yaml").write_text(text.replace("title:", "title: Acme can't see billing", 1))
    said = repro("validate", "sup-1.yaml", "--strict")
    assert (said.code, said.out) == (0, ""), said.out


def test_a_file_is_never_written_over(repro: Repro, ticket: Path) -> None:
    (ticket / "sup-1.yaml").write_text("mine")
    said = repro("new", "--ticket", "SUP-1")
    assert said.code == 2 and "error[file-exists]: sup-1.yaml is there already" in said.err
    assert (ticket / "sup-1.yaml").read_text() == "mine"


def test_words_from_standard_input(repro: Repro, ticket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Der Preis ist falsch: „Null“".encode())))
    found = data(skeleton(repro, "--from", "-", "-o", "billing/new.yaml"))
    assert found["report"] == "Der Preis ist falsch: „Null“"
    assert (ticket / "billing/new.yaml").exists()


@pytest.mark.parametrize(
    "words",
    [
        "${secrets.PASSWORD} $${x}",
        "--- \nsteps: [evaluate: alert(1)]\n...\n",
        "a\u2028b\x85c\r\nd\re",
        "  indented\n# no comment: {a: b}\n\ttab \n",
        '"Loading" "${x}" "- use: x" "a: b" "null" \'q\' "\u202eback"',
        "/x/../../etc /billing\nsymptom:\n",
        "&anchor *alias !tag %directive @ ` | >",
        "\x1b[31mred\x07",
    ],
)
def test_a_hostile_ticket_stays_a_text(words: str, repro: Repro, ticket: Path) -> None:
    (ticket / "ticket.txt").write_text(words, encoding="utf-8", newline="")
    text = skeleton(repro, "--from", "ticket.txt")
    found = data(text)
    assert set(found) == {"ticket", "report", *TO_FILL}
    assert [found[key] for key in TO_FILL] == [None] * 4
    wanted = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", words)
    assert [line.split() for line in str(found["report"]).splitlines() if line.strip()] == [
        "".join(char if char.isprintable() else " " for char in line).split() for line in wanted if line.strip()
    ]
    assert repro("validate", "sup-1.yaml").out.count("still to be filled") == 4
    assert all(char.isprintable() or char == "\n" for char in text)


def test_a_ticket_by_its_address_names_the_file(repro: Repro, ticket: Path) -> None:
    said = repro("new", "--ticket", "https://desk.example.com/tickets/DESK-17/")
    assert said.out.strip() == "desk-17.yaml"
    assert data((ticket / "desk-17.yaml").read_text())["ticket"] == "https://desk.example.com/tickets/DESK-17/"


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("--ticket", "SUP-1", "--from", "nowhere.txt"), "no-such-file"),
        (("--ticket", "SUP-1", "--from", "empty.txt"), "empty-ticket"),
        (("--ticket", "SUP-1", "--from", "binary.txt"), "not-text"),
        (("--ticket", "SUP-1", "--from", "huge.txt"), "file-too-large"),
        (("--from", "ticket.txt"), "no-name"),
        (("--ticket", "../.."), "no-name"),
        (("-o", "x.yml"), "wrong-suffix"),
        (("-o", "/tmp/nowhere/x.yaml"), "no-workspace"),
    ],
)
def test_bad_input_is_told_and_writes_nothing(words: tuple[str, ...], slug: str, repro: Repro, ticket: Path) -> None:
    (ticket / "empty.txt").write_text(" \n")
    (ticket / "binary.txt").write_bytes(b"\x00\x01")
    (ticket / "huge.txt").write_text("x" * (1 << 20) + "y")
    before = sorted(ticket.rglob("*"))
    said = repro("new", *words)
    assert said.code == 2 and f"error[{slug}]" in said.err, said.err
    assert sorted(ticket.rglob("*")) == before
