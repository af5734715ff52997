"""Steps are left out of a file's text, and all the rest stays as it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.diagnostics import Source
from harness.draft.pieces import Piece, pieces_of
from harness.draft.write import to_yaml
from harness.scenario.source import parse, plain

FILE = """\
title: Blank            # seen on Monday

setup:                  # before anything is watched
  # as the owner
  - use: login
steps:
  # --- how one gets there

  - goto: /dashboard    # the old one
  # open the menu
  # with the mouse
  - hover: 'button "Menu"'
    timeout: 5s
  - fill:
      textbox "Note": |
        - two

        lines
  -
    # a comment - in an odd place
    press: Enter
  # --- that is all
symptom: {visible: alert}
cleanup: [reload, {click: "a, b"}, back]
"""


def left(text: str, *numbers: int) -> str:
    written = pieces_of(text)
    return written.without([written.pieces[number] for number in numbers])


def test_every_step_of_the_three_lists_is_a_piece() -> None:
    assert pieces_of(FILE).pieces == (
        Piece("setup", 0, 5),
        *(Piece("steps", number, line) for number, line in enumerate((9, 12, 14, 21))),
        *(Piece("cleanup", number, 24) for number in range(3)),
    )


def test_a_step_goes_with_the_comment_right_above_it_and_nothing_else_does() -> None:
    text = left(FILE, 2)
    assert text == FILE.replace(
        """  # open the menu
  # with the mouse
  - hover: 'button "Menu"'
    timeout: 5s
""",
        "",
    )


def test_steps_of_several_lines_go_whole() -> None:
    text = left(FILE, 3, 4)
    begin, end = FILE.index("  - fill:"), FILE.index("  # --- that is all")
    assert text == FILE[:begin] + FILE[end:]


def test_comments_that_are_no_steps_own_stay() -> None:
    text = left(FILE, 1)
    assert "# --- how one gets there" in text and "# --- that is all" in text and "goto" not in text


@pytest.mark.parametrize(
    ("numbers", "cleanup"),
    [
        ((5,), '[{click: "a, b"}, back]'),
        ((6,), "[reload, back]"),
        ((7,), '[reload, {click: "a, b"}]'),
        ((5, 6), "[back]"),
        ((6, 7), "[reload]"),
        ((5, 7), '[{click: "a, b"}]'),
    ],
)
def test_a_list_in_brackets_keeps_its_commas_right(numbers: tuple[int, ...], cleanup: str) -> None:
    assert f"\ncleanup: {cleanup}\n" in left(FILE, *numbers)


def test_a_list_of_which_nothing_is_left_goes_altogether() -> None:
    text = left(FILE, 0, 5, 6, 7)
    assert text.startswith("title: Blank            # seen on Monday\n\nsteps:\n") and text.endswith("symptom: {visible: alert}\n")


@pytest.mark.parametrize(
    "text",
    ["{title: x, steps: [reload], symptom: {visible: alert}}", "setup: &s [reload]\nsteps: *s\n", "title: x\n", "steps: reload\n"],
)
def test_what_can_not_be_taken_apart_has_no_pieces(text: str) -> None:
    assert [piece for piece in pieces_of(text).pieces if piece.name == "steps"] == []


def test_windows_line_ends_and_a_missing_last_one_are_kept() -> None:
    assert left("steps:\r\n  - reload\r\n  - back\r\n  - forward", 1) == "steps:\r\n  - reload\r\n  - forward"
    assert left("steps:\r\n  - reload\r\n  - back", 1) == "steps:\r\n  - reload\r\n"


STEPS = st.sampled_from(["reload", {"goto": "/a"}, {"click": {"text": "- x # y"}, "timeout": "5s"}, {"fill": {"a": "two\n\nlines\n"}}])


@given(st.lists(STEPS, min_size=1, max_size=6), st.lists(STEPS, min_size=1, max_size=4), st.data(), st.booleans())
def test_what_is_left_reads_as_the_steps_that_stay(steps: list[Any], setup: list[Any], data: st.DataObject, brackets: bool) -> None:
    lists = {"setup": setup, "steps": steps}
    shown = {name: f"{json.dumps(given)}\n" if brackets else f"\n{to_yaml(given)}" for name, given in lists.items()}
    written = pieces_of("# head\n" + "".join(f"{name}: {shown[name]}" for name in lists) + "symptom: {visible: alert}\n")
    gone = data.draw(st.sets(st.sampled_from(written.pieces)))
    text = written.without(gone)
    found = plain(parse(Source("x", text)))
    assert text.startswith("# head\n") and found["symptom"] == {"visible": "alert"}
    numbers = {(piece.name, piece.number) for piece in gone}
    for name, listed in lists.items():
        assert found.get(name, []) == [step for number, step in enumerate(listed) if (name, number) not in numbers]
