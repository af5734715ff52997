"""What a draft says, its file says: whatever the texts in it are made of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.diagnostics import Source
from harness.draft import locators
from harness.draft.model import Draft, DraftStep, literal
from harness.draft.write import scenario_text
from harness.scenario.locators import parse_locator
from harness.scenario.scenario import decode_scenario
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse, plain

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029\r"), min_size=1, max_size=60)
HOSTILE = st.sampled_from(
    ["yes", "0o17", "1e3", "~", "- a", "a: b", "#x", "${secrets.X}", "'", '"', "\n---\n", "&a", "*a", "!!x", "\t", "{", "01"]
)


@given(st.lists(TEXTS | HOSTILE, min_size=1, max_size=5), TEXTS | HOSTILE)
def test_a_file_reads_back_as_the_data_it_was_made_of(texts: list[str], note: str) -> None:
    steps = tuple(DraftStep({"fill": {"css": "input", "value": text}}, note) for text in texts)
    text = scenario_text(Draft(title="A ticket", report=texts[0], steps=steps, symptom={"visible": "alert"}, unsaid=(note,)))
    data = plain(parse(Source("x.yaml", text)))
    assert data == {
        "title": "A ticket",
        "report": texts[0],
        "steps": [step.data for step in steps],
        "symptom": {"visible": "alert"},
    }


@given(TEXTS | HOSTILE)
def test_an_accessible_name_is_found_again_in_the_notation(name: str) -> None:
    locator = parse_locator(str(locators.role("button", name)).replace("$${", "${"))
    assert (locator.role, locator.name) == ("button", literal(name).replace("$${", "${"))


def test_a_draft_without_oracles_says_what_is_missing() -> None:
    text = scenario_text(Draft(title="Broken", steps=(DraftStep("reload"),)))
    assert "# symptom: {visible: alert}" in text
    assert "# expected:" in text


def test_a_whole_draft_is_a_scenario_without_problems() -> None:
    draft = Draft(
        title="Totals: wrong",
        ticket="SUP-1",
        customer="acme",
        setup=(DraftStep({"use": "login"}),),
        steps=(DraftStep({"goto": "/invoices"}), DraftStep({"click": locators.role("link", 'INV "1"', nth=0)}, "the first one")),
        symptom={"text": "status", "contains": "0.00"},
        expected={"visible": locators.role("heading", "Invoice")},
        within="8s",
    )
    decoder = Decoder()
    scenario = decode_scenario("x", parse(Source("x.yaml", scenario_text(draft))), decoder)
    assert decoder.problems == []
    assert [step.text for step in scenario.steps] == ["goto: /invoices", 'click: {role: link, name: INV "1", nth: 0}']
