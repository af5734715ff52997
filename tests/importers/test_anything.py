"""Whatever stands in a file: it is carried over or said, and never a defect of the harness."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.diagnostics import Source
from harness.draft.write import scenario_text
from harness.importers.codegen import read_actions
from harness.importers.devtools import HANDLERS, read_steps
from harness.importers.har import go_to_pages, suggestions, told
from harness.importers.har_facts import Facts
from harness.importers.making import Making
from harness.importers.naming import Naming
from harness.recording.draft import About
from harness.scenario.source import parse, plain

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ['aria/a[role="button"]', "text/x", "xpath///a[", "pierce/", "css/", "https://a.example/b", "http://[x", "ws://a/", "7"]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3)),
    max_leaves=6,
)


def words(text: str) -> list[str]:
    return text.split()


def mappings(names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(words(names)), VALUES, max_size=7)


STEPS = st.tuples(
    st.sampled_from([*HANDLERS]),
    mappings("selectors target frame value key url offsetX offsetY button timeout count operator attributes properties x y width"),
).map(lambda pair: {**pair[1], "type": pair[0]})
ACTIONS = st.tuples(
    st.sampled_from(words("openPage closePage navigate click fill press select check hover assertText assertSnapshot assertValue")),
    mappings("selector locator text value url key options signals pageGuid modifiers clickCount position framePath ariaSnapshot"),
).map(lambda pair: {**pair[1], "name": pair[0]})
MESSAGES = mappings("url method headers status cookies content postData statusText _error")
ENTRIES = st.fixed_dictionaries({"request": MESSAGES, "response": MESSAGES}, optional={"time": VALUES, "_resourceType": VALUES})


def finished(making: Making) -> None:
    """The file reads back as what was meant."""
    draft = making.finish(About("Anything", None, ""), ())
    data = plain(parse(Source("anything", scenario_text(draft))))
    assert data["steps"] == [step.data for step in draft.steps]


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=5))
def test_any_steps(steps: list[Any]) -> None:
    making = Making(Naming())
    read_steps({"steps": steps}, making, allow_evaluate=True)
    finished(making)


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTIONS, max_size=5))
def test_any_actions(lines: list[Any]) -> None:
    making = Making(Naming())
    read_actions(lines, making)
    finished(making)


@settings(max_examples=60, deadline=None)
@given(st.lists(ENTRIES, max_size=4))
def test_any_requests(entries: list[Any]) -> None:
    facts, making = Facts(), Making(Naming())
    for each in entries:
        facts.add(each)
    told(facts)
    suggestions(facts)
    go_to_pages(facts, making)
    finished(making)
