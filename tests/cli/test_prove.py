"""`repro run --prove` on the command line: its sentence and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Repro
from tests.run.fake import Page


@pytest.fixture
def controlled(workspace: Path) -> Path:
    """A scenario with a customer and a control, told apart by their locale."""
    (workspace / "customers").mkdir()
    (workspace / "customers/acme.yaml").write_text("baseline: standard\nbrowser: {locale: de-DE}\n")
    (workspace / "customers/standard.yaml").write_text("browser: {locale: en-US}\n")
    (workspace / "a.yaml").write_text("customer: acme\n" + (workspace / "a.yaml").read_text())
    return workspace


def only_for_the_customer(page: Page) -> None:
    page.does["click: button"] = lambda page: page.show("visible: alert" if page.spec.browser.locale == "de-DE" else "visible: heading")


def for_everyone(page: Page) -> None:
    page.does["click: button"] = lambda page: page.show("visible: alert")


def test_a_proven_scenario_ends_with_0(repro: Repro, controlled: Path) -> None:
    said = repro("run", "a.yaml", "--prove", script=only_for_the_customer)
    assert said.code == 0, said.err
    assert "Proven: the symptom is seen with the customer and not with standard." in said.out


def test_a_refuted_one_ends_with_1_also_where_it_is_as_the_ticket_says(repro: Repro, controlled: Path) -> None:
    said = repro("run", "a.yaml", "--prove", script=for_everyone)
    assert said.code == 1
    assert "It affects everyone or your symptom is always true" in said.out


def test_one_with_nothing_to_compare_with_ends_with_3(repro: Repro, workspace: Path) -> None:
    said = repro("run", "a.yaml", "--prove", script=for_everyone)
    assert said.code == 3
    assert "Not proven: nothing was there to compare with" in said.out


def test_it_stands_in_the_machine_readable_lines(repro: Repro, controlled: Path) -> None:
    said = repro("run", "a.yaml", "--prove", "--json", script=only_for_the_customer)
    (result,) = [line for line in map(json.loads, said.out.splitlines()) if line["event"] == "result"]
    assert result["proof"]["answer"] == "proven"


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("--fixed", "mended"), "fixed-without-prove"),
        (("--prove", "--fixed", "staging"), "same-environment"),
        (("--prove", "--fixed", "nowhere"), "unknown-environment"),
    ],
)
def test_wrong_words_are_told(words: tuple[str, ...], slug: str, repro: Repro, workspace: Path) -> None:
    said = repro("run", "a.yaml", *words)
    assert said.code == 2 and f"error[{slug}]" in said.err
