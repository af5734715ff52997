"""Recordings of Chrome's DevTools Recorder: each type of step, each kind of selector."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.importers.conftest import EXAMPLES, Desk

BUTTON = [['aria/Save[role="button"]'], ["#save"]]
PASSWORD = "hunter2-Tropical"


def click(selectors: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": "click", "target": "main", "selectors": selectors, "offsetX": 4, "offsetY": 6, **more}


def change(selectors: list[Any], value: str) -> dict[str, Any]:
    return {"type": "change", "target": "main", "selectors": selectors, "value": value}


def keys(*events: str) -> list[dict[str, Any]]:
    """`+Shift` goes down, `-Shift` up, `a` both."""
    found = []
    for event in events:
        key = event[1:] if len(event) > 1 and event[0] in "+-" else event
        ways = {"+": ("keyDown",), "-": ("keyUp",)}.get(event[0] if len(event) > 1 else "", ("keyDown", "keyUp"))
        found += [{"type": way, "target": "main", "key": key} for way in ways]
    return found


def test_a_recording_with_every_type_of_step(desk: Desk) -> None:
    brought = desk.bring(EXAMPLES / "every-step.json", customer="jane")
    desk.is_valid()
    assert desk.text("imported/every-step.yaml") == (EXAMPLES / "every-step.yaml").read_text()
    assert [sentence.split(":")[0] for sentence in brought.unsaid] == [
        "step 1 (setViewport)",
        "the site https",
        "step 26 (scroll)",
        "step 27 (scroll)",
        "step 28 (click)",
        "step 28 (click)",
        "step 30 (customStep)",
        "step 34 (waitForExpression)",
        "step 35 (change)",
        "step 36 (swipe)",
        "step 37 (click)",
        "the browser that was recorded (viewport 1280x720)",
    ]
    assert all(sentence in desk.text("imported/every-step.yaml") for sentence in brought.unsaid)


@pytest.mark.parametrize(
    ("selectors", "locator"),
    [
        ([['aria/Save[role="button"]'], ["#save"]], 'button "Save"'),
        ([["aria/Save"], ["form > button.primary"]], 'button "Save"'),
        ([["aria/Save"], ["#save"], ["xpath//html/body/form/button[2]"]], 'button "Save"'),
        ([["aria/Save", 'aria/[role="generic"]'], ["#a > button > span"]], 'button "Save"'),
        (['aria/Save[role="button"]', "#save"], 'button "Save"'),
        ([["aria/OK"], ["dialog > button"]], {"role": "button", "name": "OK", "exact": True}),
        ([["aria/Help"], ["nav > a:nth-of-type(3)"]], 'link "Help"'),
        ([["aria/Terms"], ['input[type="checkbox"]']], 'checkbox "Terms"'),
        ([["aria/Prices"], ["main > h2"]], 'heading "Prices"'),
        ([['[data-testid="row-7"]'], ["text/Row 7"]], {"testid": "row-7"}),
        ([["aria/Row 7"], ["#row"], ["text/Row 7"]], "Row 7"),
        ([["aria/Save"], ["form > .primary"], ["xpath//html/body/form/button"]], 'button "Save"'),
        ([["aria/ADD TO CART"], ["form > button"], ["text/Add to Cart"]], 'button "Add to Cart"'),
        ([["text/button"]], {"text": "button"}),
        ([["#cart > button:nth-of-type(2)"], ["text/Checkout"]], 'button "Checkout"'),
        ([["h3.title"], ["text/" + "Products " * 20]], {"css": "h3.title"}),
        ([["#menu > li:nth-of-type(2)"]], {"css": "#menu > li:nth-of-type(2)"}),
        ([['xpath///*[@id="hold"]/div']], {"xpath": '//*[@id="hold"]/div'}),
        ([["pierce/.inner"]], {"css": ".inner"}),
        ([["acme-card", "acme-row", "button.save"]], {"css": "button.save", "within": {"css": "acme-row", "within": {"css": "acme-card"}}}),
        (
            [["aria/Card", 'aria/Save[role="button"]'], ["acme-card", "button"]],
            {"role": "button", "name": "Save", "within": {"css": "acme-card"}},
        ),
        ([['aria/[role="main"]'], ["main"]], "main"),
        ([['aria/Say \\"hi\\"[role="button"]']], 'button "Say \\"hi\\""'),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_alternative_that_says_most_is_taken(desk: Desk, selectors: list[Any], locator: Any) -> None:
    assert desk.steps([click(selectors)]) == [{"click": locator}]


def test_names_that_are_part_of_other_names_are_taken_whole(desk: Desk) -> None:
    both = [click([["aria/Save"], ["button.a"]]), click([["aria/Save as draft"], ["button.b"]])]
    assert desk.steps(both) == [{"click": {"role": "button", "name": "Save", "exact": True}}, {"click": 'button "Save as draft"'}]


def test_frames_are_numbered_from_the_outermost(desk: Desk) -> None:
    outer = {"css": "iframe, frame", "nth": 2}
    assert desk.steps([click(BUTTON, frame=[2, 0])]) == [
        {"click": {"role": "button", "name": "Save", "frame": {"css": "iframe, frame", "nth": 0, "frame": outer}}}
    ]


@pytest.mark.parametrize(
    ("step", "made"),
    [
        (click(BUTTON, button="secondary"), {"click": 'button "Save"', "button": "right"}),
        (click(BUTTON, button="auxiliary"), {"click": 'button "Save"', "button": "middle"}),
        (click(BUTTON, button="forward"), "forward"),
        (click(BUTTON, timeout=12500), {"click": 'button "Save"', "timeout": "12500ms"}),
        (click(BUTTON, timeout=3000), {"click": 'button "Save"'}),
        (click([["canvas"]]), {"click": {"css": "canvas"}, "position": {"x": 4, "y": 6}}),
        ({**click(BUTTON), "type": "doubleClick"}, {"dblclick": 'button "Save"'}),
        ({**click(BUTTON), "type": "hover"}, {"hover": 'button "Save"'}),
        (change([["aria/City"], ["input[type=\"text\"]"]], "Köln"), {"fill": {'textbox "City"': "Köln"}}),
        (change([["aria/Seats"], ["input[type=\"number\"]"]], "12"), {"fill": {'spinbutton "Seats"': "12"}}),
        (change([["aria/Plan"], ["select"]], "pro"), {"select": {'combobox "Plan"': "pro"}}),
        (change([["aria/Plan[role=\"combobox\"]"], ["#plan"]], "pro"), {"select": {'combobox "Plan"': "pro"}}),
        (change([["aria/Terms[role=\"checkbox\"]"]], "on"), {"check": 'checkbox "Terms"'}),
        (change([["textarea.note"]], "a\nb"), {"fill": {"locator": {"css": "textarea.note"}, "value": "a\nb"}}),
        ({"type": "emulateNetworkConditions", "download": 0, "upload": 0, "latency": 0}, {"network": "offline"}),
        ({"type": "emulateNetworkConditions", "download": -1, "upload": -1, "latency": 0}, {"network": "online"}),
        ({"type": "emulateNetworkConditions", "download": 50000, "upload": 50000, "latency": 2000}, {"network": "slow-3g"}),
        (
            {"type": "emulateNetworkConditions", "download": 125000, "upload": 12500, "latency": 40},
            {"network": {"latency": "40ms", "download_kbps": 1000, "upload_kbps": 100}},
        ),
        ({"type": "scroll", "selectors": BUTTON, "y": 100}, {"scroll_to": 'button "Save"'}),
    ],
    ids=lambda value: str(value)[:70],
)  # fmt: skip
def test_steps(desk: Desk, step: dict[str, Any], made: Any) -> None:
    assert desk.steps([step, click([["aria/End"], ["button"]])])[:-1] == [made]


@pytest.mark.parametrize(
    ("waits", "condition"),
    [
        ({}, {"visible": 'button "Save"'}),
        ({"visible": False}, {"hidden": 'button "Save"'}),
        ({"count": 3}, {"count": 'button "Save"', "at_least": 3}),
        ({"count": 0, "operator": "=="}, {"count": 'button "Save"', "is": 0}),
        ({"count": 2, "operator": "<="}, {"count": 'button "Save"', "at_most": 2}),
        ({"count": 3, "visible": False}, {"not": {"count": 'button "Save"', "at_least": 3}}),
        ({"attributes": {"aria-busy": "false"}}, {"attribute": 'button "Save"', "name": "aria-busy", "is": "false"}),
        ({"properties": {"innerText": "12 €"}}, {"text": 'button "Save"', "is": "12 €"}),
        ({"properties": {"disabled": True}}, {"disabled": 'button "Save"'}),
        (
            {"properties": {"checked": False, "value": "x"}},
            {"all": [{"unchecked": 'button "Save"'}, {"value": 'button "Save"', "is": "x"}]},
        ),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_recording_waits_for(desk: Desk, waits: dict[str, Any], condition: dict[str, Any]) -> None:
    wait = {"type": "waitForElement", "selectors": BUTTON, **waits}
    assert desk.steps([wait, click(BUTTON)])[0] == {"wait_for": condition}
    desk.steps([click(BUTTON), wait])
    assert desk.read("imported/steps.yaml")["expected"] == condition


def test_an_expression_needs_an_environment_that_allows_it(desk: Desk) -> None:
    wait = {"type": "waitForExpression", "expression": "window.ready === '${x}'"}
    assert desk.steps([wait, click(BUTTON)]) == [{"click": 'button "Save"'}]
    desk.write("environments/staging.yaml", "base_url: https://staging.acme.example\nallow_evaluate: true\n")
    assert desk.steps([wait, click(BUTTON)])[0] == {"wait_for": {"evaluate": "window.ready === '$${x}'"}}


@pytest.mark.parametrize(
    ("events", "made"),
    [
        (keys("Enter"), ["Enter"]),
        (keys("+Control", "+Shift", "K", "-Shift", "-Control"), ["Control+Shift+K"]),
        (keys("+Control", "a", "c", "-Control", "x"), ["Control+a", "Control+c", "x"]),
        (keys("Shift"), ["Shift"]),
        (keys(" ", "+", "\r"), ["Space", "NumpadAdd", "Enter"]),
        (keys("+MetaLeft", "s", "-MetaLeft"), ["Meta+s"]),
        (keys("+Alt"), ["Alt"]),
    ],
    ids=str,
)
def test_keys_that_go_down_and_up_are_pressed(desk: Desk, events: list[dict[str, Any]], made: list[str]) -> None:
    assert desk.steps(events) == [{"press": key} for key in made]


def test_keys_that_are_held_go_with_the_click(desk: Desk) -> None:
    held = [*keys("+Control"), click(BUTTON), *keys("-Control")]
    assert desk.steps(held) == [{"click": 'button "Save"', "modifiers": ["Control"]}]


def test_keys_into_a_field_are_one_step(desk: Desk) -> None:
    field = [['aria/Search[role="searchbox"]'], ["#q"]]
    typed = [click(field), *keys("a", "+Shift", "B", "-Shift", "c", "Enter")]
    assert desk.steps(typed)[1:] == [{"type": {'searchbox "Search"': "aBc"}}, {"press": "Enter"}]


@pytest.mark.parametrize("key", ["Power", "NoSuchKey", "\u0000x"])
def test_a_key_that_can_not_be_pressed_is_said(desk: Desk, key: str) -> None:
    file = desk.sent("keys.json", {"title": "x", "steps": keys(key)[:1]})
    brought = desk.bring(file, customer="jane")
    assert "is a key that can't be pressed here" in brought.unsaid[0]


@pytest.mark.parametrize(
    "field",
    [
        [["aria/Password"], ["#a"]],
        [["aria/Kennwort"], ["#a"]],
        [["aria/Mot de passe"], ["#a"]],
        [["aria/パスワード"], ["#a"]],
        [["aria/Your word"], ["input[type='password']"]],
        [["#user_password"]],
    ],
    ids=str,
)
def test_passwords_never_land_as_text(desk: Desk, field: list[Any]) -> None:
    echo = click(
        [["aria/You typed " + PASSWORD], ["button"]], assertedEvents=[{"type": "navigation", "url": f"https://x.example/?q={PASSWORD}"}]
    )
    (filled, *_) = desk.steps([click(field), change(field, PASSWORD), echo])
    (value,) = [value for key, value in (filled["fill"].items()) if key != "locator"]
    assert value == "${customer.account.password}"
    assert PASSWORD not in desk.everything_written()
    key_by_key = [click(field), *keys(*PASSWORD)]
    (value,) = [value for key, value in desk.steps(key_by_key)[-1]["type"].items() if key != "locator"]
    assert value == "${customer.account.password}"
    assert PASSWORD not in desk.everything_written()


def test_a_nameless_field_of_a_sign_in_page_may_be_the_password(desk: Desk) -> None:
    first, second = [["form > div:nth-of-type(1) > input"], ["xpath//html/body/form/div[1]/input"]], [["form > div:nth-of-type(2) > input"]]
    page = {"type": "navigate", "url": "https://app.acme.example/en/login"}
    assert desk.steps([page, change(first, "kim"), change(second, PASSWORD)])[1:] == [
        {"fill": {"locator": {"css": "form > div:nth-of-type(1) > input"}, "value": "kim"}},
        {"fill": {"locator": {"css": "form > div:nth-of-type(2) > input"}, "value": "${customer.account.password}"}},
    ]
    assert PASSWORD not in desk.everything_written()


@pytest.mark.parametrize(
    ("name", "value", "reference"),
    [
        ("One-time code", "123456", "${customer.account.totp}"),
        ("API key", "sk-9f8e7d6c5b4a3928", "${secrets.API_KEY}"),
        ("Card", "4111 1111 1111 1111", "${secrets.CARD_NUMBER}"),
        ("E-mail", "jane@acme.example", "${customer.account.email}"),
        ("Postcode", "12345", "12345"),
        ("Discount code", "12345", "12345"),
        ("Order", "4111 1111 1111 1112", "4111 1111 1111 1112"),
    ],
)
def test_other_secrets_and_known_values(desk: Desk, name: str, value: str, reference: str) -> None:
    file = desk.sent("typed.json", {"title": "x", "steps": [change([[f'aria/{name}[role="textbox"]']], value)]})
    brought = desk.bring(file, customer="jane")
    assert desk.read("imported/typed.yaml")["steps"] == [{"fill": {f'textbox "{name}"': reference}}]
    assert (value in desk.everything_written()) == (reference == value or "email" in reference)
    needed = reference.startswith("${secrets.")
    assert any("set the secret" in sentence for sentence in brought.to_do) == needed


@pytest.mark.parametrize(
    "field",
    [
        [["aria/E-mail"], ["#reset-password-form > input.mail"], ['xpath///*[@id="password"]/label[1]/input']],
        [["aria/Password hint by"], ["input[type='email']"]],
        [["aria/Rows"], ["div.hasLoaded"]],
    ],
    ids=str,
)
def test_a_field_beside_a_password_is_none(desk: Desk, field: list[Any]) -> None:
    (filled,) = desk.steps([change(field, "kim@birch.example")])
    assert list(filled["fill"].values())[-1] == "kim@birch.example"


def test_a_secret_that_is_set_here_is_known_by_its_value(desk: Desk) -> None:
    desk.write(".env", "REPRO_SECRET_JANE_PASSWORD=plain words\n")
    assert desk.steps([change([["aria/Remark"], ["textarea"]], "plain words")]) == [
        {"fill": {'textbox "Remark"': "${secrets.JANE_PASSWORD}"}}
    ]


def test_a_customer_that_is_not_there_is_made(desk: Desk) -> None:
    window = {"type": "setViewport", "width": 1280, "height": 720, "deviceScaleFactor": 1, "isMobile": False, "hasTouch": False}
    email, password = [["aria/E-mail"], ["input[type=email]"]], [["aria/Password"], ["input[type=password]"]]
    desk.steps([window, change(email, "kim@birch.example"), change(password, PASSWORD), click(BUTTON)], customer="birch", tenant="birch-eu")
    assert desk.read("customers/birch.yaml") == {
        "name": "birch",
        "tenant": "birch-eu",
        "account": {"email": "kim@birch.example", "password": "${secrets.PASSWORD}"},
        "browser": {"viewport": "1280x720"},
        "secrets": ["PASSWORD"],
    }
    filled = {'textbox "E-mail"': "${customer.account.email}", 'textbox "Password"': "${customer.account.password}"}
    assert desk.read("imported/steps.yaml")["steps"][1] == {"fill": filled}


def test_a_known_flow_at_the_beginning_is_used(desk: Desk) -> None:
    desk.write(
        "flows/login.yaml",
        """
        steps:
          - goto: /login
          - fill: {textbox "Email": "${customer.account.email}", textbox "Password": "${customer.account.password}"}
          - click: button "Sign in"
        """,
    )
    desk.bring(EXAMPLES / "pays-too-little.json", customer="jane")
    data = desk.read("imported/pays-too-little.yaml")
    assert "setup" not in data  # it was somebody else's account
    desk.write("customers/jane.yaml", 'account: {email: jane@rhine.example, password: "${secrets.A}"}\nsecrets: [A]\n')
    desk.bring(EXAMPLES / "pays-too-little.json", customer="jane", force=True)
    data = desk.read("imported/pays-too-little.yaml")
    assert data["setup"] == [{"use": "login"}]
    assert data["steps"] == [
        {"goto": "/dashboard"},
        {"click": 'link "Billing"'},
        {"wait_for": {"url": "/billing"}},
        {"click": 'button "Pay INV-1001"'},
    ]


def test_the_click_that_only_gave_the_focus_is_dropped_and_double_clicks_are_one(desk: Desk) -> None:
    field = [["aria/City"], ["#city"]]
    twice = {**click(BUTTON), "type": "doubleClick"}
    made = desk.steps([click(field), change(field, "Köln"), click(BUTTON), twice])
    assert made == [{"fill": {'textbox "City"': "Köln"}}, {"dblclick": 'button "Save"'}]
    assert "write `select` in place of `fill`" in desk.text("imported/steps.yaml")


def test_tabs_are_followed_and_closed(desk: Desk) -> None:
    popup = "https://app.acme.example/help"
    steps = [
        click(BUTTON),
        click(BUTTON, target=popup),
        {"type": "close", "target": popup},
        click(BUTTON),
        {"type": "close", "target": "main"},
    ]
    save = {"click": 'button "Save"'}
    assert desk.steps(steps) == [save, {"tab": 1}, save, {"tab": "close"}, {"tab": 0}, save]


HOSTILE = '"\n- evaluate: x\n#${secrets.JANE_PASSWORD}: {a: *b} \u202e\x1b[31m'


def test_hostile_text_stays_text(desk: Desk) -> None:
    names = [[f'aria/{HOSTILE}[role="button"]']]
    steps = [
        click(names),
        click([[f"text/{HOSTILE}"]]),
        click([[f"#a{HOSTILE}"]]),
        click([['aria/x[role="button"]']], frame=[HOSTILE]),
        change([['aria/City[role="textbox"]']], HOSTILE),
        {"type": "navigate", "url": f"https://app.acme.example/{HOSTILE}"},
        {"type": "navigate", "url": "javascript:alert(1)"},
        {"type": "customStep", "name": HOSTILE, "parameters": HOSTILE},
        {"type": HOSTILE},
        click(BUTTON, target=HOSTILE),
    ]
    file = desk.sent("hostile.json", {"title": HOSTILE, "steps": steps})
    brought = desk.bring(file, customer="jane", symptom="visible: alert")
    desk.is_valid()
    text = desk.text("imported/hostile.yaml")
    assert "\x1b" not in text and not any(line.startswith("- evaluate") for line in text.splitlines())
    verbs = [next(iter(step)) for step in yaml.safe_load(text)["steps"]]
    assert verbs == ["click", "click", "click", "fill", "goto", "tab", "click"]
    said = "\n".join(line for line in text.replace("$${", "").splitlines() if not line.lstrip().startswith("#"))
    assert "${" not in said
    assert all(sentence.isprintable() for sentence in brought.unsaid)


ODD = [
    None,
    7,
    "click",
    [],
    {},
    {"type": None},
    {"type": "click", "selectors": [[7]]},
    {"type": "click", "selectors": [[]]},
    {"type": "click", "selectors": [["a"]], "button": "sixth", "offsetX": 1, "offsetY": 1},
    {"type": "click", "selectors": [["a"]], "frame": [-1], "offsetX": 1, "offsetY": 1},
    {"type": "navigate"},
    {"type": "navigate", "url": "file:///etc/passwd"},
    {"type": "navigate", "url": "http://[bad"},
    {"type": "change", "selectors": [["a"]], "value": 7},
    {"type": "scroll", "x": "far", "selectors": "x"},
    {"type": "keyDown"},
    {"type": "setViewport", "width": 1e400, "height": 10},
    {"type": "setViewport", "width": 3, "height": 10},
    {"type": "emulateNetworkConditions"},
    {"type": "waitForElement", "selectors": [["a"]], "operator": "!="},
    {"type": "waitForElement", "selectors": [["a"]], "properties": {"onclick": None}},
    {"type": "waitForElement", "selectors": [["a"]], "attributes": {"a b": "c"}},
    {"type": "waitForElement", "selectors": [["a"]], "count": 4, "attributes": {"a": "c"}},
    {"type": "waitForExpression"},
]


@pytest.mark.parametrize("step", ODD, ids=str)
def test_a_step_that_is_not_as_it_should_be_is_said_and_the_others_are_kept(desk: Desk, step: Any) -> None:
    file = desk.sent("odd.json", {"title": "Odd", "steps": [step, click(BUTTON)]})
    brought = desk.bring(file, customer="jane")
    assert desk.read("imported/odd.yaml")["steps"] == [{"click": 'button "Save"'}]
    assert brought.unsaid[0].startswith(("step 1 (", "the address file:", "the address http://[bad:"))
