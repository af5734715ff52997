"""What one does in a real browser, by the mouse and the keyboard, becomes the scenario that one would have written."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import yaml
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, async_playwright

from harness.diagnostics import Problems
from tests.recording.acting import mark, point_at, press_in_overlay
from tests.recording.conftest import PASSWORD, Bench


def test_a_form_becomes_fill_check_select_and_click(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_label("Name").click()
        await page.keyboard.type("Jnae")
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.press("Backspace")
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.type("a")
        await page.keyboard.press("End")
        await point_at(page, page.get_by_text("I agree"))
        await page.get_by_label("Country").focus()
        await page.keyboard.press("ArrowDown")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("heading", name="Saved").wait_for()

    data = bench.recorded(act)
    assert data["steps"] == [
        {"goto": "/"},
        {"fill": {'textbox "Name"': "Jane"}},
        {"check": 'checkbox "I agree"'},
        {"select": {"locator": {"label": "Country"}, "value": "no"}},
        {"click": 'button "Save"'},
    ]


def test_the_keys_that_matter_stay(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_label("Name").click()
        await page.keyboard.type("x")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Saved").wait_for()
        await page.keyboard.press("Control+Shift+K")

    steps = bench.recorded(act)["steps"]
    assert steps[1:3] == [{"fill": {'textbox "Name"': "x"}}, {"press": {'textbox "Name"': "Enter"}}]
    assert "Control+Shift+K" in str(steps[3])
    assert len(steps) == 4


def test_clicks_with_the_right_button_twice_and_with_keys_held(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Open").dblclick()
        await page.get_by_role("heading", name="Profile").click(button="right")
        await page.get_by_text("Total").click(modifiers=["Shift"])

    assert bench.recorded(act)["steps"][1:] == [
        {"dblclick": 'button "Open"'},
        {"click": 'heading "Profile"', "button": "right"},
        {"click": "Total: 41 EUR", "modifiers": ["Shift"]},
    ]


def test_what_is_done_in_frames_and_in_frames_of_frames(bench: Bench) -> None:
    async def act(page: Page) -> None:
        frame = page.frame_locator("iframe[title=Payment]")
        await frame.get_by_role("button", name="Pay").click()
        await frame.frame_locator("iframe[title=Card]").get_by_label("Number").click()
        await page.keyboard.type("42")
        await frame.get_by_role("button", name="Paid").wait_for()

    steps = bench.recorded(act)["steps"]
    card = {"role": "iframe", "name": "Card", "frame": 'iframe "Payment"'}
    assert steps[1] == {"click": {"role": "button", "name": "Pay", "frame": 'iframe "Payment"'}}
    assert steps[2:] == [{"fill": {"locator": {"role": "textbox", "name": "Number", "frame": card}, "value": "42"}}]


def test_a_popup_is_a_tab_and_so_is_the_way_back(bench: Bench) -> None:
    async def act(page: Page) -> None:
        async with page.expect_popup() as opening:
            await page.get_by_role("link", name="Help").click()
        popup = await opening.value
        await popup.get_by_role("button", name="Was it useful?").wait_for()
        await popup.get_by_role("button", name="Was it useful?").click()
        await popup.get_by_role("button", name="Thanks").wait_for()
        await page.bring_to_front()
        await page.get_by_role("button", name="Open").dblclick()
        await page.get_by_role("button", name="Opened").wait_for()
        await mark(page, "Symptom", page.get_by_role("button", name="Opened"), "It should not be here")

    data = bench.recorded(act)
    assert data["steps"][1:] == [
        {"click": 'link "Help"'},
        {"tab": 1},
        {"click": 'button "Was it useful?"'},
        {"tab": 0},
        {"dblclick": 'button "Open"'},
    ]
    assert bench.verdict().verdict.value == "reproduced"


def test_an_answered_dialog_is_answered_again(bench: Bench) -> None:
    async def act(page: Page) -> None:
        page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.get_by_role("button", name="Remove").click()
        await page.get_by_text("Removed").wait_for()
        await mark(page, "Symptom", page.get_by_text("Removed"), "It should not be here")

    data = bench.recorded(act)
    assert data["steps"] == [{"goto": "/"}, {"dialog": "accept"}, {"click": 'button "Remove"'}]
    assert data["symptom"] == {"visible": {"role": "status", "has_text": "Removed"}, "for": "3s"}
    assert bench.verdict().verdict.value == "reproduced"


def test_a_wrong_text_is_marked_with_what_it_should_be(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await press_in_overlay(page, "Symptom")
        await point_at(page, page.get_by_text("Total"))
        await press_in_overlay(page, "Its text is wrong")

    data = bench.recorded(act)
    assert data["steps"] == [{"goto": "/"}]
    assert data["symptom"] == {"text": "Total: 41 EUR", "is": "Total: 41 EUR"} or data["symptom"]["is"] == "Total: 41 EUR"
    assert bench.verdict().verdict.value == "reproduced"


def test_an_element_that_can_not_be_clicked_and_one_in_a_frame_can_be_marked(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await mark(page, "Symptom", page.get_by_role("button", name="Can't"), "It should not be here")
        await mark(page, "Expected", page.frame_locator("iframe[title=Payment]").get_by_role("button", name="Pay"), "It should be here")

        await page.get_by_role("button", name="Open").dblclick()
        await page.get_by_role("button", name="Opened").wait_for()

    data = bench.recorded(act)
    assert data["symptom"] == {"visible": 'button "Can\'t"'}
    assert data["expected"] == {"visible": {"role": "button", "name": "Pay", "frame": 'iframe "Payment"'}}
    assert data["steps"] == [{"goto": "/"}, {"dblclick": 'button "Open"'}]


def test_what_is_marked_in_a_popup_is_looked_for_there(bench: Bench) -> None:
    async def act(page: Page) -> None:
        async with page.expect_popup() as opening:
            await page.get_by_role("link", name="Help").click()
        popup = await opening.value
        await popup.get_by_role("heading", name="Help").wait_for()
        await mark(popup, "Symptom", popup.get_by_role("heading", name="Help"), "It should not be here")

    assert bench.recorded(act)["steps"] == [{"goto": "/"}, {"click": 'link "Help"'}, {"tab": 1}]
    assert bench.verdict().verdict.value == "reproduced"


def test_an_element_of_a_form_whose_fields_hide_its_properties_can_be_marked(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await mark(page, "Symptom", page.get_by_role("form"), "It should not be here")

    assert bench.recorded(act, "/clobbered")["symptom"] == {"visible": 'form "Order"'}


def test_what_is_missing_is_typed(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.keyboard.press("Alt+Shift+E")
        await press_in_overlay(page, "It should say this")
        assert await page.title() == "Form"
        await page.keyboard.press("Alt+Shift+S")
        await point_at(page, page.get_by_role("heading", name="Profile"))
        await press_in_overlay(page, "It should not be here")

    data = bench.recorded(act)
    assert data["symptom"] == {"visible": 'heading "Profile"'}
    assert "expected" not in data, "nothing was typed"


@pytest.mark.parametrize("how", ["typed", "shown"])
def test_a_password_that_nobody_knows_is_nowhere(bench: Bench, how: str) -> None:
    unknown = "zebra-Krokodil-77"

    async def act(page: Page) -> None:
        if how == "typed":
            await page.get_by_label("Key word").click()
            await page.keyboard.type(unknown)
            await page.get_by_role("button", name="Save").click()
            await page.get_by_role("heading", name="Saved").wait_for()
            return
        await page.goto("/shown")
        await page.get_by_label("Password").click()
        await page.keyboard.type(unknown[:6])
        await page.get_by_role("button", name="Show").click()
        await page.get_by_label("Password").click()
        await page.keyboard.press("End")
        await page.keyboard.type(unknown[6:])
        await page.get_by_text("You typed").click()

    data = bench.recorded(act)
    assert any("${secrets.PASSWORD}" in str(step) for step in data["steps"])
    assert unknown not in bench.everything_written() and unknown[:6] not in bench.everything_written()
    assert "a value was typed here" in bench.output.read_text()


def test_a_known_password_and_address_are_written_by_name(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_label("Name").click()
        await page.keyboard.type("jane@acme.example")
        await page.get_by_label("Key word").click()
        await page.keyboard.type(PASSWORD)

    data = bench.recorded(act)
    assert data["steps"][1] == {
        "fill": {'textbox "Name"': "${customer.account.email}", 'textbox "Key word"': "${customer.account.password}"}
    }
    assert PASSWORD not in bench.everything_written()


def test_a_hostile_page_writes_nothing_into_the_scenario(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.evaluate("lie()")
        assert await page.title() == "leaked 0"
        await page.get_by_label("Search").click()
        await page.keyboard.press("Control+A")
        await page.keyboard.type("mine")
        await page.locator("#go").click()
        await page.locator("#go").hover()

    data = bench.recorded(act, "/hostile")
    assert [next(iter(step)) for step in data["steps"]] == ["goto", "fill", "click"]
    assert list(data["steps"][1]["fill"].values()) == ["mine"]
    assert data["steps"][2] == {"click": 'button "$${secrets.X}: {a} # b"'}
    assert set(data) == {"title", "customer", "environment", "steps"}
    text = bench.output.read_text()
    assert "Delete account" not in text and "forged" not in text and "evil.example" not in text and "dispatched" not in text
    assert "nobody did it" in text
    assert 1 <= sum("nobody did it" in line for line in bench.lines) < 7, "each kind is said once, however often the page lies"
    assert "Free money" not in bench.everything_written()


def test_a_page_that_breaks_the_recorder_is_told_of(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Buy").click()
        await page.get_by_role("heading", name="Mute").click()
        await mark(page, "Symptom", page.get_by_role("heading", name="Mute"), "It should not be here")

    data = bench.recorded(act, "/mute", complete=False)
    assert set(data) == {"title", "customer", "environment", "steps", "symptom"} and data["steps"] == [{"goto": "/mute"}]
    assert "Free money" not in bench.everything_written()
    assert any(line.startswith("warning: 2 things that were done could not be recorded") for line in bench.lines)
    assert "# Not carried over: 2 things that were done" in bench.output.read_text()


def test_a_closed_window_keeps_what_was_recorded(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_label("Name").click()
        await page.keyboard.type("half")
        await page.close()

    assert bench.recorded(act)["steps"] == [{"goto": "/"}, {"fill": {'textbox "Name"': "half"}}]


def test_a_killed_browser_keeps_what_was_recorded(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Open").dblclick()
        await until(page, bench.output.exists)
        assert page.context.browser is not None
        cdp = await page.context.browser.new_browser_cdp_session()
        processes = (await cdp.send("SystemInfo.getProcessInfo"))["processInfo"]
        os.kill(next(each["id"] for each in processes if each["type"] == "browser"), signal.SIGKILL)

    assert bench.recorded(act)["steps"] == [{"goto": "/"}, {"dblclick": 'button "Open"'}]


def test_a_frame_of_another_site_is_recorded_and_its_password_is_not(bench: Bench) -> None:
    bench.write("environments/staging.yaml", f"base_url: {bench.base_url}\nallow_hosts: [localhost]\n")

    async def act(page: Page) -> None:
        bank = page.frame_locator("iframe[title=Bank]")
        await bank.get_by_label("Password").click()
        await page.keyboard.type("never-to-be-seen")
        await bank.get_by_role("button", name="Show").click()
        await mark(page, "Symptom", bank.get_by_role("button", name="Show"), "It should not be here")

    data = bench.recorded(act, "/two-sites")
    assert data["steps"][1:] == [
        {"fill": {"locator": {"role": "textbox", "name": "Password", "frame": 'iframe "Bank"'}, "value": "${secrets.PASSWORD}"}},
        {"click": {"role": "button", "name": "Show", "frame": 'iframe "Bank"'}},
    ]
    assert data["symptom"] == {"visible": {"role": "button", "name": "Show", "frame": 'iframe "Bank"'}}
    assert "never-to-be-seen" not in bench.everything_written()


def test_a_customer_with_another_browser_is_recorded_in_chromium(bench: Bench) -> None:
    bench.write("customers/acme.yaml", "browser: {engine: firefox, javascript: false}\n")

    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Open").dblclick()
        await page.get_by_role("button", name="Opened").wait_for()

    assert bench.recorded(act)["steps"][1] == {"dblclick": 'button "Open"'}
    assert [line[:30] for line in bench.lines if line.startswith("note:")] == [
        "note: the customer's browser i",
        "note: the customer has JavaScr",
    ]


async def until(page: Page, is_so: Callable[[], bool]) -> None:
    """Waits for what the harness does meanwhile."""
    async with asyncio.timeout(20):
        while not is_so():
            await page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")


def test_the_file_is_whole_after_every_step(bench: Bench) -> None:
    seen: list[Any] = []

    def ends_with(letter: str) -> bool:
        return bench.output.exists() and letter in str(yaml.safe_load(bench.output.read_text())["steps"][-1])

    async def act(page: Page) -> None:
        await page.get_by_label("Name").click()
        for letter in "abc":
            await page.keyboard.type(letter)
            await page.wait_for_function("() => true")
            await until(page, partial(ends_with, letter))
            seen.append(yaml.safe_load(bench.output.read_text())["steps"][-1])

    bench.record(act)
    assert [list(step["fill"].values()) for step in seen] == [["a"], ["ab"], ["abc"]]


def test_nothing_done_writes_nothing(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.mouse.move(10, 10)

    assert bench.record(act).path is None
    assert not bench.output.exists()


def test_a_file_that_is_there_is_not_written_over(bench: Bench) -> None:
    bench.write("area/recorded.yaml", "title: mine\n")

    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Open").dblclick()

    with pytest.raises(Problems, match="is there already"):
        bench.record(act)
    assert bench.output.read_text() == "title: mine\n"
    assert {"dblclick": 'button "Open"'} in bench.recorded(act, force=True)["steps"]


def test_what_somebody_writes_meanwhile_stays_and_so_does_the_recording(bench: Bench) -> None:
    beside = bench.output.with_name("recorded-2.yaml")

    async def act(page: Page) -> None:
        bench.write("area/recorded.yaml", "title: mine\n")
        await page.get_by_role("button", name="Open").dblclick()
        await page.get_by_role("button", name="Opened").wait_for()
        await until(page, lambda: beside.exists() and "dblclick" in beside.read_text())
        beside.write_text("title: also mine\n")
        await page.get_by_label("Name").click()
        await page.keyboard.type("x")

    finished = bench.record(act)
    assert bench.output.read_text() == "title: mine\n" and beside.read_text() == "title: also mine\n"
    assert finished.path is not None and finished.path.name == "recorded-3.yaml"
    assert yaml.safe_load(finished.path.read_text())["steps"][1:] == [{"dblclick": 'button "Open"'}, {"fill": {'textbox "Name"': "x"}}]
    assert sum("written by somebody else meanwhile" in line for line in bench.lines) == 2


def test_what_can_not_be_written_is_said_and_not_lost(bench: Bench) -> None:
    async def act(page: Page) -> None:
        bench.output.parent.write_text("a file stands where the folder should be")
        await page.get_by_role("button", name="Open").dblclick()

    with pytest.raises(Problems, match="can't be written"):
        bench.record(act)
    assert sum("can't be written" in line for line in bench.lines) == 1
    assert 'dblclick: button "Open"' in bench.lines[-1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"customer": "acmee"}, "there is no customer `acmee`"),
        ({"environment": "prod"}, "there is no environment `prod`"),
        ({"after": "logn"}, "there is no flow `logn`"),
        ({"address": "https://elsewhere.example/"}, "is not allowed"),
    ],
)
def test_what_leads_nowhere_is_said_before_anything_is_recorded(bench: Bench, asked: dict[str, str], said: str) -> None:
    async def act(page: Page) -> None:
        raise AssertionError("nobody gets here")

    with pytest.raises(Problems, match=re.escape(said)):
        bench.record(act, **{"address": "/", **asked})
    assert not bench.output.exists()


@pytest.mark.parametrize("name", ["customers/x.yaml", "area/x.txt", "../x.yaml", "repro.yaml"])
def test_a_file_that_could_not_be_a_scenario_is_refused(bench: Bench, name: str) -> None:
    async def act(page: Page) -> None:
        raise AssertionError("nobody gets here")

    with pytest.raises(Problems):
        bench.record(act, output=bench.root / "ws" / name)


def test_a_failing_driver_is_not_hidden_and_keeps_what_was_done(bench: Bench) -> None:
    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Open").dblclick()
        raise RuntimeError("fell off the chair")

    with pytest.raises(RuntimeError, match="fell off the chair"):
        bench.record(act)
    assert "dblclick" in bench.output.read_text()


def command(bench: Bench, *words: str) -> tuple[list[str], dict[str, str]]:
    environ = {**os.environ, **bench.environ, "PATH": os.environ["PATH"]}
    return [sys.executable, "-m", "harness", "record", "-o", str(bench.output), "-c", "acme", *words], environ


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def act_from_outside(bench: Bench, ending: signal.Signals) -> tuple[int, str, str]:
    """`repro record` as a process without a window; somebody acts through the port, and then it is ended."""
    port = free_port()
    words, environ = command(bench, "--headless", "--cdp-port", str(port))
    process = await asyncio.create_subprocess_exec(*words, env=environ, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None and process.stdout is not None
    said = (await process.stderr.readline()).decode()
    assert said.startswith("recording:"), said + (await process.stderr.read()).decode()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        page = next(page for context in browser.contexts for page in context.pages if page.url.startswith(bench.base_url))
        await page.get_by_label("Name").click()
        await page.keyboard.type("from afar")
        await page.get_by_label("Key word").click()
        await page.keyboard.type(PASSWORD)
        await until(page, lambda: bench.output.exists() and "customer.account.password" in bench.output.read_text())
        process.send_signal(ending)
        out, errors = await process.communicate()
        with contextlib.suppress(PlaywrightError):
            await browser.close()
    return process.returncode or 0, out.decode(), said + errors.decode()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_command_and_says_what_is_left_to_do(bench: Bench, ending: signal.Signals) -> None:
    code, out, errors = asyncio.run(act_from_outside(bench, ending))
    assert code == 0, errors
    assert f"recorded: {bench.output}" in out and "to do: symptom" in out and f"repro run {bench.output}" in out
    assert 'textbox "Name": from afar' in errors and PASSWORD not in errors + out


def test_a_killed_recording_keeps_what_was_done(bench: Bench) -> None:
    code, _, _ = asyncio.run(act_from_outside(bench, signal.SIGKILL))
    assert code == -signal.SIGKILL
    filled = {'textbox "Name"': "from afar", 'textbox "Key word"': "${customer.account.password}"}
    assert yaml.safe_load(bench.output.read_text())["steps"] == [{"goto": "/"}, {"fill": filled}]


def test_without_a_screen_the_command_says_what_to_do(bench: Bench) -> None:
    words, environ = command(bench)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environ.pop(name, None)
    ended = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "there is no screen" in ended.stderr and "--cdp-port" in ended.stderr
    assert not bench.output.exists()
