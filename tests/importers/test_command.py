"""`repro import`: what it says, and what it refuses."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importers.conftest import EXAMPLES, Desk
from tests.importers.hars import entry, har, write

RECORDING = {"title": "Saves nothing", "steps": [{"type": "navigate", "url": "https://app.acme.example/profile"}]}


def test_what_the_command_says(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.command(str(EXAMPLES / "acme.har"), "--customer", "kim", "-o", "scenarios/dashboard/empty.yaml", "--mocks") == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "imported: scenarios/customers/kim.yaml",
        "imported: scenarios/dashboard/empty.yaml",
        "imported: scenarios/files/kim.har",
        "  to do: symptom: what the customer saw and should not have seen; until then nothing can be reproduced",
        "  to do: expected: what they should have seen instead",
        "  to do: set the secret PASSWORD (REPRO_SECRET_PASSWORD, or .env)",
        "  to do: account: somebody whom staging knows; write it into customers/kim.yaml",
        "  to do: tenant: which tenant on staging stands for kim; write it into customers/kim.yaml",
        "next: repro validate scenarios/dashboard/empty.yaml",
        "      repro run scenarios/dashboard/empty.yaml",
    ]
    assert all(line.startswith("not carried over: ") for line in err.splitlines()) and len(err.splitlines()) == 7


def test_what_is_given_on_the_command_line_stands_in_the_file(desk: Desk) -> None:
    said = ["--title", "It: fails", "--ticket", "SUP-7", "--report", "It\nfails ${x}", "--environment", "staging"]
    oracles = ["--symptom", "visible: alert", "--expected", '{text: status, is: "Saved"}']
    desk.write("flows/login.yaml", "steps: [{goto: /login}]\n")
    assert desk.command(str(desk.sent("a b.json", RECORDING)), "--customer", "jane", "--after", "login", *said, *oracles) == 0
    desk.is_valid()
    assert desk.read("imported/a-b.yaml") == {
        "title": "It: fails",
        "ticket": "SUP-7",
        "report": "It\nfails $${x}",
        "customer": "jane",
        "environment": "staging",
        "setup": [{"use": "login"}],
        "steps": [{"goto": "/profile"}],
        "symptom": {"visible": "alert"},
        "expected": {"text": "status", "is": "Saved"},
    }


def test_several_recordings_become_several_scenarios(desk: Desk) -> None:
    files = [desk.sent("one.json", RECORDING), EXAMPLES / "pays-too-little.jsonl"]
    assert [path.name for path in desk.bring(*files, customer="jane").paths] == ["one.yaml", "pays-too-little.yaml"]
    desk.is_valid()


def test_the_source_map_at_the_end_of_a_recording_is_passed_over(desk: Desk) -> None:
    desk.bring(desk.sent("map.json", json.dumps(RECORDING) + "\n//# recorderSourceMap=BCBOCB\n"), customer="jane")
    assert desk.read("imported/map.yaml")["steps"] == [{"goto": "/profile"}]


REFUSED: dict[str, tuple[Any, str]] = {
    "empty": ("", "is empty"),
    "text": ("hello", "is no JSON"),
    "script": ("import { test } from '@playwright/test';\nawait page.goto('x')", "is a script"),
    "cut": (json.dumps(RECORDING, indent=1)[:40], "is broken JSON: line 3"),
    "list": ([1, 2], "is JSON, but none of a recording"),
    "other": ({"title": "x", "steps": "none"}, "is JSON, but none of a recording"),
    "deep": ("[" * 100_000, "is broken JSON"),
    "jsonl": ('{"browserName": "chromium"}\n{"name":\n{"name": "openPage"}', "is broken: line 2 is no action"),
    "no requests": (har([]), "holds no requests"),
    "no har": ('{"log": nonsense', "is broken"),
    "har of nothing": ('{"log": {"entries": 7}}', "holds no requests"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_something_else_is_refused_with_a_reason(desk: Desk, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    content, reason = REFUSED[name]
    assert desk.command(str(desk.sent("sent.json", content))) == 2
    err = capsys.readouterr().err
    assert err.startswith("error[not-importable]: sent.json ") and reason in err
    assert not (desk.root / "scenarios/imported").exists()


def test_packed_missing_and_unreadable_files_are_refused(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.root / "x.har.gz").write_bytes(gzip.compress(b"{}"))
    (desk.root / "binary").write_bytes(b"\xff\xfe\x00abc")
    os.truncate(desk.sent("long.json", RECORDING), 30_000_000)
    found = []
    for name in ("x.har.gz", "binary", "long.json", "scenarios", "missing.har"):
        assert desk.command(name) == 2
        found.append(capsys.readouterr().err.splitlines()[0])
    assert found == [
        "error[not-importable]: x.har.gz is packed",
        "error[not-importable]: binary is no text",
        "error[not-importable]: long.json has 30 MB: that is no recording",
        "error[not-importable]: scenarios can't be read: Is a directory",
        "error[no-such-file]: there is no file `missing.har`",
    ]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (["--symptom", "alert"], "wrong-type"),
        (["--symptom", "{visible: ["], "not-yaml"),
        (["--mocks"], "not-importable"),
        (["--customer", "../../etc"], "unknown-customer"),
        (["--environment", "moon"], "unknown-environment"),
        (["--after", "logn"], "unknown-flow"),
        (["-o", "outside.yaml"], "other-workspace"),
        (["-o", "scenarios/customers/x.yaml"], "not-a-scenario"),
        (["-o", "scenarios/x.txt"], "not-a-scenario"),
    ],
    ids=str,
)
def test_wrong_wishes_are_refused_before_anything_is_written(
    desk: Desk, words: list[str], slug: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = desk.everything_written()
    assert desk.command(str(desk.sent("r.json", RECORDING)), *words) == 2
    assert f"error[{slug}]" in capsys.readouterr().err
    assert desk.everything_written() == before


def test_nothing_is_written_over(desk: Desk) -> None:
    file = desk.sent("r.json", RECORDING)
    traffic = write(desk.root / "t.har", [entry("/", "document"), entry("/api/a", status=500)])
    assert desk.command(str(file)) == desk.command(str(traffic), "--mocks") == 0
    before = desk.everything_written()
    assert desk.command(str(file)) == desk.command(str(traffic), "--mocks", "-o", "scenarios/new.yaml") == 2
    assert desk.everything_written() == before
    desk.write("customers/r.yaml", "name: mended by hand\n")
    assert desk.command(str(file), "--force") == desk.command(str(traffic), "--mocks", "--force") == 0
    assert desk.read("customers/r.yaml") == {"name": "mended by hand"}


def test_several_har_files_and_one_output_for_several_recordings_are_refused(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    har_file, recording = str(EXAMPLES / "acme.har"), str(desk.sent("r.json", RECORDING))
    assert desk.command(har_file, har_file) == desk.command(recording, recording, "-o", "scenarios/x.yaml") == 2
    assert desk.command(recording, recording) == 2
    assert capsys.readouterr().err.count("import them one after the other") == 3


def test_an_invalid_oracle_is_said_and_the_work_is_kept(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.command(str(desk.sent("r.json", RECORDING)), "--customer", "jane", "--symptom", "vsible: alert") == 0
    assert "to do: `repro validate` says: `vsible`" in capsys.readouterr().out
    assert desk.read("imported/r.yaml")["steps"] == [{"goto": "/profile"}]


def test_har_files_without_their_library_say_how_to_get_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ijson", None)
    assert desk.command(str(EXAMPLES / "acme.har")) == 2
    assert "error[har-extra]" in (err := capsys.readouterr().err) and "pip install 'repro-harness[har]'" in err


def test_a_broken_customer_or_no_workspace_is_said(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    recording = str(desk.sent("r.json", RECORDING))
    desk.write("customers/broken.yaml", "browser: [1]\n")
    assert desk.command(recording, "--customer", "broken") == 2
    assert "customers/broken.yaml:1" in capsys.readouterr().err
    shutil.rmtree(Path("scenarios"))
    assert desk.command(recording) == 2
    assert "error[no-workspace]" in capsys.readouterr().err
