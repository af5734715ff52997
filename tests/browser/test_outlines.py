"""The picture of a step outlines the element that was acted on: where it stood in the picture, whatever the action, with and without a
trace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.record.model import StepRecord
from tests.browser import site
from tests.browser.trying import run

PAGE = """<style>body { margin: 0 }
button, input, select, iframe { position: absolute; box-sizing: border-box; border: 0; padding: 0; margin: 0 }
</style><title>Places</title><h1 style="opacity: 0">Places</h1>
<button style="left: 40px; top: 50px; width: 90px; height: 30px">Press</button>
<input aria-label=Name style="left: 40px; top: 100px; width: 200px; height: 20px">
<input aria-label=City style="left: 40px; top: 130px; width: 210px; height: 20px">
<input type=checkbox aria-label=Agreed style="left: 40px; top: 160px; width: 20px; height: 22px">
<select aria-label=Size style="left: 40px; top: 190px; width: 80px; height: 24px"><option>S<option>M</select>
<input type=file aria-label=File style="left: 40px; top: 220px; width: 220px; height: 25px">
<button style="left: 300px; top: 50px; width: 91px; height: 30px">Focused</button>
<a href="/" style="position: absolute; left: 300px; top: 100px; width: 50px; height: 20px">Away</a>
<button style="left: 40px; top: 2000px; width: 92px; height: 30px">Far</button>
<iframe title=Inner style="left: 500px; top: 200px; width: 300px; height: 200px" srcdoc="<style>body { margin: 0 }
button, input { position: absolute; box-sizing: border-box; border: 0; padding: 0; margin: 0 }</style>
<button style='left: 10px; top: 20px; width: 70px; height: 30px'>Inside</button>
<input aria-label=Field style='left: 10px; top: 60px; width: 120px; height: 20px'>"></iframe>
"""
STEPS: Mapping[str, tuple[float, float, float, float] | None] = {
    'click: button "Press"': (40, 50, 90, 30),
    'hover: button "Press"': (40, 50, 90, 30),
    'dblclick: button "Press"': (40, 50, 90, 30),
    'fill: {textbox "Name": Ada}': (40, 100, 200, 20),
    'fill: {textbox "Name": Bob, textbox "City": Bonn}': (40, 130, 210, 20),
    'press: {textbox "Name": End}': (40, 100, 200, 20),
    'type: {textbox "City": s}': (40, 130, 210, 20),
    'clear: textbox "City"': (40, 130, 210, 20),
    'check: checkbox "Agreed"': (40, 160, 20, 22),
    'uncheck: checkbox "Agreed"': (40, 160, 20, 22),
    'select: {combobox "Size": M}': (40, 190, 80, 24),
    'focus: button "Focused"': (300, 50, 91, 30),
    'drag: {from: button "Press", to: textbox "Name"}': (40, 50, 90, 30),
    "click: {role: button, name: Inside, frame: {css: iframe}}": (510, 220, 70, 30),
    "clear: {role: textbox, name: Field, frame: {css: iframe}}": (510, 260, 120, 20),
    "press: Escape": None,
    'click: link "Away"': None,
}
SCENARIO = f"""
title: Places
steps:
  - goto: /places
{"".join(f"  - {step}{chr(10)}" for step in STEPS)}symptom: {{visible: alert}}
expected: {{visible: heading "Home"}}
within: 1s
"""


def boxes(steps: tuple[StepRecord, ...]) -> dict[str, tuple[float, float, float, float] | None]:
    """By the step's text."""
    return {step.text: (step.box.x, step.box.y, step.box.width, step.box.height) if step.box else None for step in steps}


@pytest.mark.parametrize("trace", ["on", "off", "decided"])
def test_what_a_step_acted_on_is_outlined(tmp_path: Path, trace: str) -> None:
    with site.serving({"/places": ("text/html", PAGE)}) as base_url:
        (attempt,) = run(tmp_path, base_url, SCENARIO, trace=trace).attempts
    assert attempt.decided_by == "expected", attempt.reason
    found = boxes(attempt.steps[1:])
    assert list(found.values()) == list(STEPS.values()), found
    assert (attempt.trace is not None) == (trace == "on")


def test_what_was_scrolled_to_is_outlined_where_the_picture_shows_it(tmp_path: Path) -> None:
    scenario = 'title: Far\nsteps: [goto: /places, click: button "Far"]\nsymptom: {visible: alert}\nexpected: {visible: button "Far"}\n'
    with site.serving({"/places": ("text/html", PAGE)}) as base_url:
        (attempt,) = run(tmp_path, base_url, scenario).attempts
    box, viewport = attempt.steps[1].box, attempt.steps[1].viewport
    assert box is not None and viewport is not None
    assert box.y > 0 and box.y + box.height <= viewport[1] and (box.x, box.width) == (40, 92)


def test_steps_done_together_are_outlined_each_in_its_own_tab(tmp_path: Path) -> None:
    scenario = """
title: Together
steps:
  - goto: /places
  - together: [{click: button "Press"}, {fill: {textbox "Name": Ada}}, {check: checkbox "Agreed"}]
symptom: {visible: alert}
expected: {visible: button "Press"}
"""
    with site.serving({"/places": ("text/html", PAGE)}) as base_url:
        (attempt,) = run(tmp_path, base_url, scenario).attempts
    inner = sorted(boxes(tuple(step for step in attempt.steps if step.depth == 1)).values(), key=str)
    assert inner == [(40, 100, 200, 20), (40, 160, 20, 22), (40, 50, 90, 30)], inner


def test_a_page_that_came_anew_under_its_address_has_no_outline_of_what_stood_on_the_old_one(tmp_path: Path) -> None:
    page = "<h1>Again</h1><a href=/again>Send</a>"
    scenario = """
title: Again
steps: [goto: /again, click: link "Send"]
symptom: {visible: alert}
expected: {visible: link "Send"}
within: 1s
"""
    with site.serving({"/again": ("text/html", page)}) as base_url:
        (attempt,) = run(tmp_path, base_url, scenario).attempts
    assert attempt.final_url is not None and attempt.final_url.endswith("/again")
    assert attempt.steps[1].screenshot is not None and attempt.steps[1].box is None
