"""A page's texts can't reach the terminal as anything but text, and its snapshot names elements as scenarios do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.browser.notation import head_of, locator_lines, masking, with_frames
from harness.diagnostics import Source
from harness.live.text import changed_lines, clean, cut_lines, sentence
from harness.scenario.locators import parse_locator
from harness.scenario.source import parse, plain


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("a\x07\x08b\x00", "ab"),
        ("abc\u202edef\u2066g", "abcdefg"),
        ("1\u00a0000,00\u202f€\ttab", "1 000,00 € tab"),
        ("one\r\ntwo\rthree", "one\ntwothree"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("Grüße 北京 🎉", "Grüße 北京 🎉"),
    ],
)
def test_terminal_escapes_and_what_is_not_seen_go(text: str, left: str) -> None:
    assert clean(text) == left


@given(st.text())
def test_whatever_the_page_says_nothing_but_text_is_left(text: str) -> None:
    assert all(character == "\n" or character.isprintable() or ord(character) > 0xFF for character in clean(text))
    assert "\x1b" not in clean(text) and "\n" not in sentence(text)


def test_long_text_is_cut_and_what_is_left_out_is_counted() -> None:
    shown = cut_lines(["x" * 5_000] + ["- line"] * 1_000, 1_000).splitlines()
    assert len(shown[0]) == 300 and shown[-1].startswith("… ") and "more lines" in shown[-1]
    assert int(shown[-1].split()[1]) == 1_001 - (len(shown) - 1)
    assert cut_lines(["a", "b"], 100) == "a\nb"


def test_only_what_changed_is_told_with_the_part_that_it_stands_in() -> None:
    before = ["- main:", '  - heading "A"', '  - region "R":', "    - status: Loading", "- contentinfo: x"]
    after = [*before[:3], "    - status: Done", "    - alert: Saved", before[4]]
    assert changed_lines(before, after) == ['    - region "R":', "-     - status: Loading", "+     - status: Done", "+     - alert: Saved"]
    assert changed_lines(before, before) == []
    assert changed_lines([], [str(number) for number in range(100)], most=5)[-1] == "… 95 more lines"


SNAPSHOT = r"""
- 'heading "Invo: \"ices\" it''s" [level=2]'
- 'button "Save: now"'
- button "Back\\slash" [disabled]
- text: "- fake: \"x\""
- paragraph: "esc \x1b[31mred"
- button "\u001b[31mred"
- link "link":
  - /url: /x
- iframe
- checkbox [checked]
- "listitem: [1]"
""".strip("\n")


def test_the_lines_of_a_snapshot_are_locators() -> None:
    lines = locator_lines(SNAPSHOT, clean)
    assert lines == [
        r"""- 'heading "Invo: \"ices\" it''s" [level=2]'""",
        "- 'button \"Save: now\"'",
        r'- button "Back\\slash" [disabled]',
        '- text: - fake: "x"',
        "- paragraph: esc red",
        '- button "red"',
        '- link "link":',
        "  - /url: /x",
        "- iframe",
        "- checkbox [checked]",
        "- listitem: [1]",
    ]
    named = [parse_locator(head_of(line)) for line in lines if '"' in head_of(line) and not head_of(line).startswith("text")]
    assert [locator.name for locator in named] == ['Invo: "ices" it\'s', "Save: now", "Back\\slash", "red", "link"]


def test_what_stands_before_the_colon_is_read_as_one_key() -> None:
    snapshot = '- \'textbox "Search: name"\': Ann\n- link "Invoice #1":\n- button "a, b" [disabled]'
    lines = locator_lines(snapshot, clean)
    assert lines == ["- 'textbox \"Search: name\"': Ann", "- 'link \"Invoice #1\"':", '- button "a, b" [disabled]']
    assert plain(parse(Source("typed", lines[0][2:]))) == {'textbox "Search: name"': "Ann"}


def test_no_text_of_a_page_can_forge_a_line() -> None:
    assert locator_lines('- paragraph: "one\\n- button \\"Pay\\""', clean) == ['- paragraph: one - button "Pay"']
    assert locator_lines('- button "one\\n- button"', clean) == ['- button "one - button"']


def test_frames_stand_below_their_line_with_their_title() -> None:
    lines = ["- main:", "  - iframe", "  - iframe", "- iframe"]
    assert with_frames(lines, [('W "1"', ['- button "Inner"']), ("Card: payment", []), ("", [])]) == [
        "- main:",
        '  - iframe "W \\"1\\"":',
        '    - button "Inner"',
        "  - 'iframe \"Card: payment\"'",
        "- iframe",
    ]
    assert with_frames(lines, [("only one", ["- text: x"])]) == lines


def test_what_is_masked_is_taken_out_and_a_short_text_only_where_it_is_all() -> None:
    change = masking(["sk-live-123", "7", "sk-live-123 and\n more"])
    assert change("Key sk-live-123 and more!") == "Key [masked]!"
    assert change("7") == "[masked]" and change("17 of 70") == "17 of 70"
    assert locator_lines('- code "Key sk-live-123": sk-live-123', change) == ['- code "Key [masked]": [masked]']
