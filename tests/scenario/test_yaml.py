"""YAML as it is read: 1.2 core, so that a Norwegian stays a Norwegian; and carets that stand where the mistake is."""

from __future__ import annotations

from typing import Any

import pytest

from harness.diagnostics import Diagnostic, Place, Problems, Severity, Source
from harness.scenario.source import parse, plain, written


def read(text: str) -> Any:
    return plain(parse(Source("a.yaml", text)))


@pytest.mark.parametrize(
    "text",
    ["no", "No", "NO", "on", "off", "yes", "y", "n", "True", "TRUE", "False", "22:30", "2026-01-31", "2026-01-31T23:50", "00123", "1_000"],
)
def test_what_yaml_1_1_would_change_stays_text(text: str) -> None:
    assert read(f"locale: {text}") == {"locale": text}
    assert read(f"[{text}]") == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("'true'", "true"),
        ('"7"', "7"),
        ("1.2.3", "1.2.3"),
        ("+49 30 1234", "+49 30 1234"),
        ("1e999", "1e999"),
        ("5xx", "5xx"),
        (".inf", ".inf"),
    ],
)
def test_plain_values(text: str, value: Any) -> None:
    found = read(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "as_written"),
    [
        ("Next month", "Next month"),
        ("Grüße, 北京", "'Grüße, 北京'"),
        ("November 10, 2017", "'November 10, 2017'"),
        ('textbox "Search: name"', "'textbox \"Search: name\"'"),
        ("it's", "it's"),
        ("'tis: no", "'''tis: no'"),
        ("a #b", "'a #b'"),
        ("}", "'}'"),
        ("&a", "'&a'"),
        ("7", "'7'"),
        ("true", "'true'"),
        ("", "''"),
        (" x ", "' x '"),
        ("a\nb", '"a\\nb"'),
    ],
)
def test_a_text_between_braces_is_quoted_where_it_has_to_be(text: str, as_written: str) -> None:
    assert written(text) == as_written
    assert read(f"{{key: {as_written}, other: [{as_written}]}}") == {"key": text, "other": [text]}


def test_aliases_stand_for_their_anchors() -> None:
    assert read("a: &a {b: 1}\nc: *a") == {"a": {"b": 1}, "c": {"b": 1}}


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    assert read("title: T\r\nsteps:\r\n  - reload\r\n") == {"title": "T", "steps": ["reload"]}


def marked(text: str, message: str = "") -> str:
    """The text below the carets of the first problem."""
    with pytest.raises(Problems) as raised:
        read(text)
    place = raised.value.diagnostics[0].place
    assert place is not None
    return place.source.line(place.line)[place.column - 1 : place.end_column - 1]


@pytest.mark.parametrize(
    ("text", "under"),
    [
        ("a: {bb: 1, bb: 2}", "bb"),
        ('a: {"b b": 1, "b b": 2}', '"b b"'),
        ("a: 1\n'a': 2", "'a'"),
        ("ä: {ö: 1, ö: 2}", "ö"),
        ("- {'😀': 1, '😀': 2}", "'😀'"),
        ("<<: {a: 1}", "<<"),
        ("a: !!str x", "!!str x"),
    ],
)
def test_carets_stand_under_the_mistake(text: str, under: str) -> None:
    assert marked(text) == under


def test_a_diagnostic_renders_for_people_programs_and_github() -> None:
    source = Source("a,b:c.yaml", "one\ntwo: \ttab\x1b[31m\n")
    diagnostic = Diagnostic("unknown-key", "`two` is not a key\nof this", Place(source, 2, 1, 4), "100%", "step 1 of 1")
    assert diagnostic.render().splitlines()[:5] == [
        "error[unknown-key]: `two` is not a key",
        "of this",
        " --> a,b:c.yaml:2:1   (step 1 of 1)",
        "  |",
        "1 | one",
    ]
    assert "\x1b" not in diagnostic.render()
    assert diagnostic.as_github() == ("::error file=a%2Cb%3Ac.yaml,line=2,col=1,title=unknown-key::`two` is not a key%0Aof this. 100%25")
    assert diagnostic.as_json() == {
        "slug": "unknown-key",
        "severity": "error",
        "message": "`two` is not a key\nof this",
        "hint": "100%",
        "file": "a,b:c.yaml",
        "line": 2,
        "column": 1,
    }


def test_a_problem_without_a_place_has_its_hint() -> None:
    assert Diagnostic("x-y", "it is so", hint="do this", severity=Severity.WARNING).render() == (
        "warning[x-y]: it is so\n   = do this\n   = help: repro explain x-y"
    )
