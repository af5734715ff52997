"""docs/export.md shows what is really written, and a plain scenario reads as if a person had written it."""

from __future__ import annotations

import re
from pathlib import Path

from harness.exporters import export, file_name
from tests.exporters.conftest import cases_of

PAGE = Path(__file__).resolve().parents[2] / "docs/export.md"
FILES = {"customer": "customers/acme.yaml", "flow": "flows/login.yaml", "scenario": "blank-dashboard.yaml"}


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_page_shows_what_is_written(tmp_path: Path) -> None:
    given = {path: block(f"yaml {kind}") for kind, path in FILES.items()}
    given |= {"repro.yaml": "environment: staging\n", "environments/staging.yaml": "base_url: https://staging.example.com\n"}
    for path, text in given.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    case = cases_of(tmp_path)["blank-dashboard"]
    assert export(case, "pytest", file_name(case, "pytest")).text == block("python")


def test_a_plain_script_has_no_framework() -> None:
    """Each function of the shown script is the customer's browser, a flow, or the test."""
    assert re.findall(r"^(?:def|class) (\w+)", block("python"), re.MULTILINE) == [
        "browser_context_args",
        "login",
        "test_dashboard_stays_blank",
    ]
