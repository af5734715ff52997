"""A file's text and its lines are read as a spreadsheet or an editor would read them."""

from __future__ import annotations

import pytest

from harness.browser.observers.download import decode, line_count

TEXTS = {
    "UTF-8": ("5 €".encode(), "5 €"),
    "UTF-8 with its mark": ("5 €".encode("utf-8-sig"), "5 €"),
    "UTF-16 with its mark": ("5 €".encode("utf-16"), "5 €"),
    "Windows-1252": (b"5 \x80 f\xfcr \x93Tee\x94", "5 € für “Tee”"),
    "a byte that Windows-1252 does not have": (b"\x80\x81", "€\x81"),
}
LINES = {
    "": 0,
    "a": 1,
    "a\n": 1,
    "a\nb": 2,
    "a\r\nb\r\n": 2,
    "a\rb": 2,
    "a\n\n": 2,
    "\n": 1,
    "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\n": 1,
}


@pytest.mark.parametrize("case", TEXTS)
def test_the_text_of_a_file_is_read(case: str) -> None:
    data, text = TEXTS[case]
    assert decode(data) == text


@pytest.mark.parametrize("text", LINES, ids=map(repr, LINES))
def test_lines_end_where_a_line_feed_or_a_carriage_return_stands(text: str) -> None:
    assert line_count(text) == LINES[text]
