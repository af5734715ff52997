"""`${…}`: a look-up and nothing more, also where the text comes from a hostile application."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harness.core.secret import Secret
from harness.scenario.shapes import Text
from harness.scenario.template import Deferred, Scope, Template, TemplateError, parse_template, resolve

SCOPE = Scope(
    customer={
        "tenant": "acme",
        "url": "https://${customer.tenant}.example",
        "loop": "${customer.loop}",
        "settings": {"seats": 3, "trial": True},
    },
    environment={"base_url": "https://staging.example.com"},
    secret=lambda name: Secret(name, "hunter2"),
    params={"page": "/a"},
    saved={"hostile": "${secrets.PASSWORD} and ${customer.tenant}", "nested": {"id": 7}},
    run={"token": "t1"},
    today=date(2026, 1, 31),
)


def value_of(text: str, scope: Scope = SCOPE) -> Any:
    parsed = parse_template(text)
    return scope.render(parsed) if isinstance(parsed, Template) else parsed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("a $ and a { and $x", "a $ and a { and $x"),
        ("$${customer.tenant}", "${customer.tenant}"),
        ("$${", "${"),
        ("$$${customer.tenant}", "$${customer.tenant}"),
        ("${customer.tenant}", "acme"),
        ("${ customer.tenant }", "acme"),
        ("/t/${customer.tenant}/${run.token}", "/t/acme/t1"),
        ("${customer.settings.seats}", 3),
        ("${customer.settings.seats} seats", "3 seats"),
        ("${customer.settings.trial}!", "true!"),
        ("${customer.settings}", {"seats": 3, "trial": True}),
        ("${customer.url}", "https://acme.example"),
        ("${saved.nested.id}", 7),
        ("${params.page}", "/a"),
        ("${today}", "2026-01-31"),
        ("${today+30d}", "2026-03-02"),
        ("${today - 31d}", "2025-12-31"),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert value_of(text) == value


def test_what_the_application_said_is_never_read_as_a_template() -> None:
    hostile = "${secrets.PASSWORD} and ${customer.tenant}"
    assert value_of("${saved.hostile}") == hostile
    assert value_of("x ${saved.hostile}") == f"x {hostile}"
    assert resolve(Deferred(parse_template("${saved.hostile}"), Text()), SCOPE) == hostile  # type: ignore[arg-type]


def test_a_secret_stays_one_inside_a_text_and_never_prints() -> None:
    found = value_of("Bearer ${secrets.TOKEN}")
    assert isinstance(found, Secret)
    assert found.reveal() == "Bearer hunter2"
    for shown in (str(found), repr(found), f"{found}", f"{found:>40}", " ".join(["a", str(found)])):
        assert "hunter2" not in shown
    with pytest.raises(TypeError):
        __import__("pickle").dumps(found)


@pytest.mark.parametrize(
    "text",
    [
        "${1 + 1}",
        "${customer.tenant()}",
        "${customer['tenant']}",
        "${customer.__class__.x!r}",
        "${}",
        "${customer.}",
        "${.a}",
        "${today+x}",
    ],
)
def test_expressions_are_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        value_of(text)


@pytest.mark.parametrize(
    "text", ["${customer.none}", "${customer.tenant.__class__}", "${customer.settings.seats.real}", "${nothing.x}", "${saved.nested.id.x}"]
)
def test_names_without_a_value_are_told(text: str) -> None:
    with pytest.raises(TemplateError, match="has no value here"):
        value_of(text)


def test_a_value_that_refers_to_itself_is_told() -> None:
    with pytest.raises(TemplateError, match="refers to itself"):
        value_of("${customer.loop}")


def test_a_mapping_does_not_fit_into_a_text() -> None:
    with pytest.raises(TemplateError, match="can't stand inside a text"):
        value_of("all: ${customer.settings}")
