"""The twenty scenarios, written once: what Playwright's own examples try of React TodoMVC. `write.py` makes each tool's files of them.

A scenario ends with the action that brings its end about, because that is how a ticket is told: after it `expected` is looked for.
Between the steps the page is checked as such examples do. A check counts as a step, and so does the one at the end.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class At:
    """An element: by CSS, by placeholder, or by role and name; `nth` counts from 0."""

    css: str | None = None
    placeholder: str | None = None
    role: str | None = None
    name: str | None = None
    nth: int | None = None


@dataclass(frozen=True)
class Act:
    """goto, reload, back (no element); click, dblclick, hover, check, uncheck; fill, press, type with a text."""

    verb: str
    at: At | None = None
    text: str = ""


@dataclass(frozen=True)
class See:
    """A check that waits: visible, hidden, checked, unchecked; text, value, class with a text; count with a number."""

    kind: str
    at: At
    text: str = ""
    number: int = 0


Step = Act | See


@dataclass(frozen=True)
class Scenario:
    """`steps` are done, then `expected` comes; `symptom` is what the ticket says was seen in its place."""

    name: str
    steps: tuple[Step, ...]
    expected: See
    symptom: See

    @property
    def title(self) -> str:
        """The name as a sentence."""
        return self.name.replace("_", " ").capitalize()


A, B, C = "buy some cheese", "feed the cat", "book a doctors appointment"
SAUSAGES = "buy some sausages"
OPEN = Act("goto", text="/")
NEW = At(placeholder="What needs to be done?")
ITEMS = At(css="#todo-list li")
ALL = At(css="#toggle-all")
COUNTER = At(css="#todo-count")
CLEAR = At(css="#clear-completed")


def item(nth: int) -> At:
    return At(css="#todo-list li", nth=nth)


def label(nth: int) -> At:
    return At(css="#todo-list li label", nth=nth)


def toggle(nth: int) -> At:
    return At(css="#todo-list li .toggle", nth=nth)


def edit(nth: int) -> At:
    return At(css="#todo-list li .edit", nth=nth)


def link(name: str) -> At:
    return At(role="link", name=name)


def add(*texts: str) -> tuple[Step, ...]:
    """Types items and presses Enter after each."""
    return tuple(step for text in texts for step in (Act("fill", NEW, text), Act("press", NEW, "Enter")))


def count(number: int) -> See:
    return See("count", ITEMS, number=number)


def left(text: str) -> See:
    return See("text", COUNTER, text)


def has_class(at: At, word: str) -> See:
    return See("class", at, word)


THREE = (OPEN, *add(A, B, C))
SCENARIOS = (
    Scenario(
        "new_items_are_added",
        (OPEN, *add(A), See("text", label(0), A), *add(B), See("text", label(1), B), *add(C)),
        See("text", label(2), C),
        count(0),
    ),
    Scenario(
        "the_field_is_emptied",
        (OPEN, *add(A), See("value", NEW, ""), count(1), left("1 item left"), *add(B)),
        See("value", NEW, ""),
        See("value", NEW, B),
    ),
    Scenario(
        "items_are_appended",
        (OPEN, *add(A), left("1 item left"), *add(B), left("2 items left"), See("text", label(0), A), *add(C)),
        See("text", label(2), C),
        See("text", label(0), C),
    ),
    Scenario(
        "main_and_footer_appear",
        (
            OPEN,
            See("hidden", At(css="#main")),
            See("hidden", At(css="#footer")),
            *add(A),
            See("visible", At(css="#main")),
            See("visible", At(css="#footer")),
            *add(B),
        ),
        left("2 items left"),
        See("hidden", At(css="#footer")),
    ),
    Scenario(
        "all_are_completed",
        (*THREE, left("3 items left"), See("unchecked", ALL), Act("check", ALL)),
        has_class(item(2), "completed"),
        left("3 items left"),
    ),
    Scenario(
        "all_are_made_active_again",
        (*THREE, Act("check", ALL), has_class(item(0), "completed"), left("0 items left"), Act("uncheck", ALL)),
        left("3 items left"),
        has_class(item(0), "completed"),
    ),
    Scenario(
        "complete_all_follows_its_items",
        (*THREE, Act("check", ALL), See("checked", ALL), Act("uncheck", toggle(0)), See("unchecked", ALL), Act("check", toggle(0))),
        See("checked", ALL),
        left("1 item left"),
    ),
    Scenario(
        "an_item_is_completed",
        (
            OPEN,
            *add(A, B),
            left("2 items left"),
            Act("check", toggle(0)),
            has_class(item(0), "completed"),
            See("unchecked", toggle(1)),
            Act("check", toggle(1)),
        ),
        has_class(item(1), "completed"),
        left("1 item left"),
    ),
    Scenario(
        "an_item_is_made_active_again",
        (OPEN, *add(A, B), Act("check", toggle(0)), has_class(item(0), "completed"), left("1 item left"), Act("uncheck", toggle(0))),
        left("2 items left"),
        has_class(item(0), "completed"),
    ),
    Scenario(
        "an_item_is_edited",
        (*THREE, Act("dblclick", label(1)), See("value", edit(1), B), Act("fill", edit(1), SAUSAGES), Act("press", edit(1), "Enter")),
        See("text", label(1), SAUSAGES),
        See("text", label(1), B),
    ),
    Scenario(
        "other_controls_hide_while_editing",
        (*THREE, See("visible", toggle(1)), See("hidden", edit(1)), Act("dblclick", label(1))),
        See("visible", edit(1)),
        See("visible", toggle(1)),
    ),
    Scenario(
        "an_edit_is_saved_when_the_field_is_left",
        (*THREE, Act("dblclick", label(1)), Act("fill", edit(1), SAUSAGES), Act("click", NEW)),
        See("text", label(1), SAUSAGES),
        See("text", label(1), B),
    ),
    Scenario(
        "an_edit_is_trimmed",
        (*THREE, Act("dblclick", label(1)), Act("fill", edit(1), f"    {SAUSAGES}    "), Act("press", edit(1), "Enter")),
        See("text", label(1), SAUSAGES),
        See("text", label(1), B),
    ),
    Scenario(
        "an_emptied_item_is_removed",
        (*THREE, Act("dblclick", label(1)), Act("fill", edit(1), ""), Act("press", edit(1), "Enter")),
        count(2),
        count(3),
    ),
    Scenario(
        "an_edit_is_cancelled",
        (*THREE, Act("dblclick", label(1)), Act("fill", edit(1), SAUSAGES), Act("press", edit(1), "Escape")),
        See("visible", label(1)),
        See("text", label(1), SAUSAGES),
    ),
    Scenario(
        "the_counter_counts",
        (OPEN, *add(A), left("1 item left"), *add(B), left("2 items left"), Act("check", toggle(0)), left("1 item left"), *add(C)),
        left("2 items left"),
        left("3 items left"),
    ),
    Scenario(
        "completed_items_are_cleared",
        (
            *THREE,
            See("hidden", CLEAR),
            Act("check", toggle(1)),
            See("text", CLEAR, "Clear completed (1)"),
            Act("click", At(role="button", name="Clear completed")),
        ),
        count(2),
        count(3),
    ),
    Scenario(
        "items_outlive_a_reload",
        (
            OPEN,
            *add(A, B),
            Act("check", toggle(0)),
            has_class(item(0), "completed"),
            Act("reload"),
            count(2),
            has_class(item(0), "completed"),
            *add(C),
        ),
        left("2 items left"),
        left("1 item left"),
    ),
    Scenario(
        "items_are_filtered",
        (
            *THREE,
            Act("check", toggle(1)),
            Act("click", link("Active")),
            count(2),
            Act("click", link("Completed")),
            count(1),
            has_class(link("Completed"), "selected"),
            Act("click", link("All")),
        ),
        count(3),
        count(1),
    ),
    Scenario(
        "the_back_button_works",
        (
            *THREE,
            Act("check", toggle(1)),
            Act("click", link("Active")),
            count(2),
            Act("click", link("Completed")),
            count(1),
            Act("back"),
            count(2),
            Act("back"),
        ),
        count(3),
        count(2),
    ),
)


def steps_of(scenarios: tuple[Scenario, ...]) -> int:
    """All their steps, with the check at the end of each."""
    return sum(len(scenario.steps) + 1 for scenario in scenarios)
