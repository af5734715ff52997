"""A ticket of the demo with detours in it: what is left is what the ticket needs, and it says the same."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import exit_code
from harness.demo import SECRETS
from harness.demo.server import Staging, serving

WORKSPACE = Path(__file__).resolve().parents[2] / "scenarios"
DETOURS = """\
title: The amount to pay is a thousand times too small
customer: rhine
setup:
  - use: login                      # as the owner
steps:
  - goto: /billing
  - click: button "Pay INV-1001"    # the first one
  - press: End
symptom:
  value: textbox "Amount"
  is: "1.19"
within: 2s
"""
LEFT = """\
title: The amount to pay is a thousand times too small
customer: rhine
setup:
  - use: login                      # as the owner
steps:
  - goto: /billing
  - click: button "Pay INV-1001"    # the first one
symptom:
  value: textbox "Amount"
  is: "1.19"
within: 2s
"""


def settings(staging: Staging) -> Any:
    request = urllib.request.Request(f"{staging.base_url}/admin/tenants/rhine/settings")
    request.add_header("Authorization", f"Bearer {SECRETS['DEMO_ADMIN_TOKEN']}")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def test_a_ticket_is_shortened_to_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(WORKSPACE, tmp_path / "scenarios")
    file = tmp_path / "scenarios" / "billing" / "detours.yaml"
    file.write_text(DETOURS)
    defaults = tmp_path / "scenarios" / "repro.yaml"
    defaults.write_text(f"{defaults.read_text()}step_timeout: 8s\n")
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"REPRO_SECRET_{name}", value)
    monkeypatch.setenv("REPRO_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    with serving() as staging:
        monkeypatch.setenv("REPRO_VAR_DEMO_BASE_URL", staging.base_url)
        before = settings(staging)
        assert exit_code(["shrink", str(file), "--write"]) == 0
        assert settings(staging) == before
        said = capsys.readouterr()
        assert file.read_text() == LEFT
        assert said.out.startswith("3 of 4 steps are needed: without any one of them it does not reproduce, or can't be done")
        assert "\n-  - press: End\n" in said.out and said.out.endswith("written: scenarios/billing/detours.yaml\n")
        assert "reproduced in 5 of 5 attempts, with 4 steps\nprobe 1: without line" in said.err
