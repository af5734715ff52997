"""The pure parts: which actions a person did, which steps stay, which flow it is, and what is never shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.browser.recorder.events import Acted, Answered, Marked, Unvouched
from harness.browser.recorder.vouching import Witnesses, told_action
from harness.diagnostics import Source
from harness.draft.write import scenario_text
from harness.evidence.redact import Redactor
from harness.recording.draft import About, draft_of, left_to_do, title_of
from harness.recording.flows import leading_flow
from harness.recording.known import Known, without_pieces
from harness.recording.steps import Item, Recorded, heard, relative, steps_of
from harness.scenario.scenario import Flow, decode_flow
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse, plain

BASE = "https://staging.example.com"
EMAIL, PASSWORD, SIGN_IN = (
    'internal:role=textbox[name="Email"i]',
    'internal:label="Password"i',
    'internal:role=button[name="Sign in"i]',
)
ABOUT = About("Title", "acme", "staging")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["x", "y", "z"]), inner),
    max_leaves=5,
)


def vouch(seen: Witnesses, **told: Any) -> object:
    return seen.vouch(told_action(told))


def acted(name: str, selector: str = "", **more: Any) -> Acted:
    return Acted(**{"tab": 0, "number": 1, "url": f"{BASE}/login", "name": name, "selector": selector, **more})


def begun(*events: Any, at: str = "/") -> Recorded:
    recorded = Recorded(BASE, (Item(Acted(name="navigate", tab=0, number=0, url=BASE + at)),))
    for event in events:
        recorded = heard(recorded, event)
    return recorded


def flow(text: str) -> Flow:
    return decode_flow("login", parse(Source("flows/login.yaml", text)), Decoder())


LOGIN = flow("""
params:
  email: {default: "${customer.account.email}"}
  password: {default: "${customer.account.password}"}
steps:
  - goto: /login
  - fill: {textbox "Email": "${params.email}", textbox "Password": "${params.password}"}
  - click: button "Sign in"
  - wait_for: {visible: heading "Dashboard"}
""")
BY_HAND = (
    acted("fill", EMAIL, value="${customer.account.email}", reference=True),
    acted("fill", PASSWORD, value="${customer.account.password}", reference=True, hidden=True),
)


def test_an_event_vouches_once_and_only_for_its_kind() -> None:
    seen = Witnesses()
    seen.add(1, {"t": "click", "button": 0, "detail": 1, "label": False, "at": 0})
    assert vouch(seen, name="fill", text="x") is None
    assert vouch(seen, name="assertVisible") is None
    assert vouch(seen, name="click", button="right", clickCount=1) is None
    assert vouch(seen, name="click", button="left", clickCount=1) is not None
    assert vouch(seen, name="click", button="left", clickCount=1) is None


def test_other_text_than_was_typed_is_not_vouched_for() -> None:
    seen = Witnesses()
    seen.add(1, {"t": "input", "secret": "", "text": "mine", "length": 4})
    seen.add(2, {"t": "input", "secret": "password", "text": None, "length": 3})
    assert vouch(seen, name="fill", text="theirs") is None
    assert vouch(seen, name="fill", text="mine") is not None
    assert vouch(seen, name="fill", text="a🐟") is not None, "three units of UTF-16"


def test_a_double_click_uses_up_the_click_that_it_began_with() -> None:
    seen = Witnesses()
    for detail in (1, 2):
        seen.add(detail, {"t": "click", "button": 0, "detail": detail, "label": False, "at": 0})
    assert vouch(seen, name="click", button="left", clickCount=2) is not None
    assert vouch(seen, name="click", button="left", clickCount=1) is None
    assert not seen.pending


@pytest.mark.parametrize("last", [acted("click", SIGN_IN), acted("press", PASSWORD, key="Enter")], ids=["click", "Enter"])
def test_a_sign_in_by_hand_is_the_flow(last: Acted) -> None:
    found = leading_flow(begun(*BY_HAND, last), [LOGIN])
    assert found is not None and (found.step.data, found.count, found.again) == ({"use": "login"}, 4, None)


def test_another_address_is_given_to_the_flow() -> None:
    other = acted("fill", EMAIL, value="vic@acme.example")
    found = leading_flow(begun(other, BY_HAND[1], acted("click", SIGN_IN)), [LOGIN])
    assert found is not None and found.step.data == {"use": "login", "with": {"email": "vic@acme.example"}}


@pytest.mark.parametrize(
    "events",
    [
        (BY_HAND[0], acted("click", SIGN_IN)),
        (BY_HAND[0], acted("fill", PASSWORD, hidden=True), acted("click", SIGN_IN)),
        (*BY_HAND, acted("click", 'internal:role=button[name="Register"i]')),
        BY_HAND,
    ],
    ids=["a field is left out", "an unknown password", "another button", "not sent"],
)
def test_what_is_not_the_flow_stays_as_it_was_done(events: tuple[Acted, ...]) -> None:
    assert leading_flow(begun(*events), [LOGIN]) is None


def test_after_the_flow_comes_the_page_that_it_led_to() -> None:
    later = acted("click", 'internal:role=link[name="Billing"i]', url=f"{BASE}/dashboard")
    draft = draft_of(begun(*BY_HAND, acted("click", SIGN_IN), later), ABOUT, [LOGIN])
    assert [step.data for step in draft.setup] == [{"use": "login"}]
    assert [step.data for step in draft.steps] == [{"goto": "/dashboard"}, {"click": 'link "Billing"'}]


def test_a_recording_of_the_sign_in_alone_is_the_flow_itself() -> None:
    draft = draft_of(begun(*BY_HAND, acted("click", SIGN_IN)), ABOUT, [LOGIN])
    assert draft.setup == () and [step.data for step in draft.steps] == [{"use": "login"}]


def test_dialogs_are_answered_before_the_step_that_opens_them() -> None:
    remove, keep = acted("click", SIGN_IN, number=4), acted("click", EMAIL, number=6)
    recorded = begun(remove, Answered(4, True, "because"), keep, Answered(6, False, None))
    assert [step.data for step in steps_of(recorded)][1:] == [
        {"dialog": {"accept": "because"}},
        {"click": 'button "Sign in"'},
        {"dialog": "dismiss"},
        {"click": 'textbox "Email"'},
    ]


def test_typed_text_is_never_a_reference() -> None:
    recorded = begun(acted("fill", EMAIL, value="${secrets.STAGING_TOKEN}"))
    assert steps_of(recorded)[-1].data == {"fill": {'textbox "Email"': "$${secrets.STAGING_TOKEN}"}}


def test_a_password_without_a_name_is_left_to_do() -> None:
    draft = draft_of(begun(acted("fill", PASSWORD, hidden=True)), ABOUT, [])
    assert [sentence for sentence in left_to_do(draft) if "declare the secret" in sentence] != []


def test_a_page_can_not_steer_the_terminal_by_what_can_not_be_said() -> None:
    recorded = begun(acted("click", "internal:control=\x1b[2Jany-frame >> #x"), acted("upload", EMAIL, options=("a\x1b]0;x\x07.png",)))
    sentences = left_to_do(draft_of(recorded, ABOUT, []))
    assert any("upload of a" in each for each in sentences) and all(each.isprintable() for each in sentences)


def test_an_upload_and_an_unvouched_action_are_told_at_the_head() -> None:
    recorded = begun(acted("upload", EMAIL, options=("a.png\n- click: button",)), Unvouched("click", BASE))
    draft = draft_of(recorded, ABOUT, [])
    text = scenario_text(draft)
    assert "a.png" in text and "nobody did it" in text
    assert [line for line in text.splitlines() if "click: button" in line and not line.startswith("#")] == []
    assert len(left_to_do(draft)) == 5


def test_a_wrong_text_and_the_right_one_are_symptom_and_expected() -> None:
    mark = Marked(kind="symptom", what="text", tab=0, url=BASE, selector="#total", text="41 EUR", should="42 EUR")
    draft = draft_of(begun(mark), ABOUT, [])
    assert draft.symptom == {"text": {"css": "#total"}, "is": "41 EUR"}
    assert draft.expected == {"text": {"css": "#total"}, "is": "42 EUR"}


@pytest.mark.parametrize(
    ("url", "base", "path"),
    [
        (f"{BASE}/a?b=1#c", BASE, "/a?b=1#c"),
        (BASE, BASE, "/"),
        (f"{BASE}/app/x", f"{BASE}/app", "/x"),
        (f"{BASE}/apple", f"{BASE}/app", "/apple"),
        ("https://other.example/a", BASE, "https://other.example/a"),
        ("http://staging.example.com/a", BASE, "http://staging.example.com/a"),
    ],
)
def test_addresses_are_paths_on_the_environments_own_site(url: str, base: str, path: str) -> None:
    assert relative(url, base) == path


@pytest.mark.parametrize(("stem", "title"), [("blank-for-eu", "Blank for eu"), ("x", "X"), ("--", "Recorded"), ("a.b_c", "A b c")])
def test_a_title_comes_from_the_files_name(stem: str, title: str) -> None:
    assert title_of(stem) == title


def test_values_that_have_a_name_are_called_by_it() -> None:
    known = Known((("${customer.account.email}", "jane@acme.example"), ("${secrets.PW}", "pw")), "${customer.account.totp}", Redactor())
    assert known.typed("", "jane@acme.example") == "${customer.account.email}"
    assert known.typed("password", "pw") == "${secrets.PW}"
    assert known.typed("", "pw") is None, "two letters may be anything"
    assert known.typed("code", "123456") == "${customer.account.totp}"


def test_what_is_being_typed_is_hidden_at_once_and_stays_hidden() -> None:
    known = Known((), None, Redactor())
    for end in range(1, 13):
        known.typed("password", "correct-fish"[:end])
    assert known.shown("You typed correct-fi") == "You typed [PASSWORD]"
    known.typed("password", "another-secret")
    known.typed("", "x")
    assert known.shown("correct-fish another-secret") == "[PASSWORD] [PASSWORD]"


LETTERS = st.sampled_from("abcx 0-")


@given(st.text(LETTERS, min_size=6, max_size=30), st.text(LETTERS, max_size=20), st.text(LETTERS, max_size=20))
def test_no_piece_of_a_secret_is_left(secret: str, before: str, after: str) -> None:
    shown = without_pieces(before + secret + after, secret)
    assert not any(secret[at : at + 6] in shown for at in range(len(secret) - 5))
    assert without_pieces("QED", secret) == "QED"


@given(st.dictionaries(st.sampled_from(["name", "selector", "position", "options", "modifiers", "clickCount", "button", "text"]), ANYTHING))
def test_an_action_that_a_page_made_up_has_the_shape_of_one(made_up: dict[str, Any]) -> None:
    action = told_action(made_up)
    seen = Witnesses()
    seen.add(1, {"t": "click", "button": 0, "detail": 1, "label": False, "at": 0})
    seen.vouch(action)
    recorded = begun(
        acted("click", action["selector"], position=action["position"], modifiers=action["modifiers"], button=action["button"])
    )
    written = plain(parse(Source("recorded", scenario_text(draft_of(recorded, ABOUT, [])))))
    assert written["title"] and isinstance(written["steps"], list)
