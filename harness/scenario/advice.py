"""Warnings about what makes verdicts wrong: oracles that mislead, locators that break, steps that wait for time to pass. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from harness.diagnostics import Diagnostic, Place, Severity
from harness.scenario.action import LOOKING, Step
from harness.scenario.condition import Condition, Leaf, leaves, only_absences
from harness.scenario.conditions.api import Api
from harness.scenario.implied import always_holds, implies, same_condition, share_a_number
from harness.scenario.locators import ROLES, Locator
from harness.scenario.scenario import DEFAULT_WITHIN_MS, Flow, Scenario
from harness.scenario.source import written
from harness.scenario.steps.evaluate import Evaluate
from harness.scenario.steps.together import Together
from harness.scenario.steps.use import Use
from harness.scenario.steps.wait_for import WaitFor
from harness.scenario.template import Deferred

TAGS = {
    "a": "link",
    "button": "button",
    "dialog": "dialog",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "img": "img",
    "li": "listitem",
    "nav": "navigation",
    "option": "option",
    "select": "combobox",
    "table": "table",
    "td": "cell",
    "textarea": "textbox",
    "th": "columnheader",
    "tr": "row",
}
TYPES = {"checkbox": "checkbox", "radio": "radio", "submit": "button", "button": "button", "number": "spinbutton", "search": "searchbox"}
_SLEEPS = re.compile(r"\bset(?:Timeout|Interval)\s*\(|\bsleep\s*\(")


def advice(scenario: Scenario, flows: Mapping[str, Flow]) -> Iterator[Diagnostic]:
    """Every warning about a scenario that can be read; `flows` are those that it uses."""
    yield from _oracles(scenario)
    yield from _together(scenario)
    yield from _before(scenario, flows)
    yield from _waits(scenario)
    yield from _locators_of(scenario)


def _oracles(scenario: Scenario) -> Iterator[Diagnostic]:
    top = Place(scenario.source, 1, 1, 2)
    if scenario.expected is None:
        message = "without `expected`, not_reproduced only means that the symptom did not come in time"
        place = line_of(scenario, "symptom") or top
        yield _warning("no-expected", message, place, "say what the customer should have seen instead")
    for key, condition in _named(scenario):
        if only_absences(condition):
            message = f"`{key}` holds on a page that never loaded: it is made of absences only"
            hint = 'add something that is there in the right place: all: [{visible: heading "…"}, …]'
            yield _warning("no-anchor", message, condition.place, hint)
        if always_holds(condition):
            message = f"`{key}` holds on every page, so it says nothing"
            yield _warning("always-true", message, condition.place, "name something that only the right page has")
        for leaf in leaves(condition):
            if isinstance(leaf.check, Api) and leaf.check.asks_nothing:
                message = "`api` asks nothing of the answer: any status under 400 will do"
                yield _warning("asks-nothing", message, leaf.place, "say what it has to be: status, json or body_contains")
    if scenario.control is not None and scenario.control == scenario.customer:
        message = "`control` is the same customer: it can't tell configuration from defect"
        yield _warning("same-control", message, line_of(scenario, "control") or top, "name a customer whose configuration works")
    within = scenario.within_ms if isinstance(scenario.within_ms, int) else DEFAULT_WITHIN_MS
    held = scenario.symptom.for_ms
    if isinstance(held, int) and held > within:
        message = "`for` is longer than `within`: the symptom is watched beyond it once it has begun"
        yield _warning("for-beyond-within", message, scenario.symptom.place, "raise `within`")


def _together(scenario: Scenario) -> Iterator[Diagnostic]:
    """Symptom and expected have to exclude each other."""
    symptom, expected = scenario.symptom, scenario.expected
    if expected is None:
        return
    if same_condition(symptom, expected):
        message = "`symptom` and `expected` are the same condition"
        yield Diagnostic("same-oracles", message, expected.place, "they must exclude each other")
        return
    if symptom.for_ms is None and implies(expected, symptom):
        message = "whenever `expected` holds, `symptom` holds too, so nothing could end as not reproduced"
    elif implies(symptom, expected):
        message = "whenever `symptom` holds, `expected` holds too, so they can't be told apart"
    elif share_a_number(symptom, expected):
        message = "some numbers suit both `symptom` and `expected`"
    else:
        return
    yield _warning("hold-together", message, expected.place, "they must exclude each other")


def _before(scenario: Scenario, flows: Mapping[str, Flow]) -> Iterator[Diagnostic]:
    """What is there before the steps, or has to be there for them to go on, does not come from them."""
    waited = [condition for step in _inner(scenario.setup, flows) if (condition := _waited(step)) is not None]
    if any(implies(condition, scenario.symptom) for condition in waited):
        message = "the symptom is there before the first step: the setup waits for it"
        yield _warning("symptom-before-steps", message, scenario.symptom.place, "name something that only the steps bring about")
    for step in _after_the_last_act(scenario.steps):
        condition = _waited(step)
        if condition is not None and not step.optional and implies(condition, scenario.symptom):
            message = "this step waits for the symptom: where it does not come the attempt ends inconclusive, never not reproduced"
            yield _warning("waits-for-symptom", message, step.place, "leave the step out: the symptom is watched for after the last step")


def _after_the_last_act(steps: Sequence[Step]) -> Iterator[Step]:
    """Those that only look, behind the last one that does something."""
    return takewhile(lambda step: step.action.verb in LOOKING, reversed(steps))


def _waited(step: Step) -> Condition | None:
    return step.action.condition if isinstance(step.action, WaitFor) else None


def _inner(steps: Sequence[Step], flows: Mapping[str, Flow], seen: frozenset[str] = frozenset()) -> Iterator[Step]:
    """The steps with those of their flows."""
    for step in steps:
        yield step
        if isinstance(step.action, Use) and step.action.flow in flows and step.action.flow not in seen:
            yield from _inner(flows[step.action.flow].steps, flows, seen | {step.action.flow})


def _waits(scenario: Scenario) -> Iterator[Diagnostic]:
    """Steps that only let time pass."""
    hint = "wait for what is seen then: wait_for: {visible: …}"
    for step in all_steps((*scenario.setup, *scenario.steps, *scenario.cleanup)):
        condition = _waited(step)
        if condition is not None and condition.for_ms is not None and (only_absences(condition) or always_holds(condition)):
            yield _warning("wait-by-time", "this step only lets time pass: nothing has to be there while it waits", step.place, hint)
        if isinstance(step.action, Evaluate) and isinstance(step.action.script, str) and _SLEEPS.search(step.action.script):
            yield _warning("wait-by-time", "this script waits by time, which is too short on a slow day", step.place, hint)


def _locators_of(scenario: Scenario) -> Iterator[Diagnostic]:
    for step in all_steps((*scenario.setup, *scenario.steps, *scenario.cleanup)):
        for locator in _locators(step.action):
            yield from _locator_advice(locator, step.place)
    for leaf in (leaf for _, condition in _named(scenario) for leaf in leaves(condition)):
        for locator in _locators(leaf.check):
            yield from _locator_advice(locator, leaf.place)


def _locator_advice(locator: Locator, place: Place) -> Iterator[Diagnostic]:
    for kind, shown in (("css", "a CSS"), ("xpath", "an XPath")):
        if isinstance(selector := getattr(locator, kind), str):
            message = f"{shown} locator breaks when the page is rebuilt"
            yield _warning("fragile-locator", message, place, f"prefer {_instead(selector) if kind == 'css' else _ROLE}")
    if isinstance(locator.text, str) and locator.text.partition(" ")[0].lower() in ROLES and '"' in locator.text:
        yield _warning("almost-role", f"`{locator.text}` is read as visible text", place, 'a role is written in lower case: button "Save"')
    if locator.role in NAMELESS and isinstance(locator.name, str):
        message = f"the text in an element of the role {locator.role} is not its name: only an aria-label is"
        yield _warning("nameless-role", message, place, f"for its text, write {{role: {locator.role}, has_text: {written(locator.name)}}}")


NAMELESS = frozenset(("status", "alert", "log", "timer", "listitem", "paragraph"))
"""Roles that take no name from what stands in the element, as WAI-ARIA 1.2 says in 5.2.8.4."""
_ROLE = 'a role and a name: button "Save"'
_TESTID = re.compile(r"\[data-testid=[\"']?([\w.-]+)[\"']?\]$")
_LABEL = re.compile(r"\[aria-label=[\"']([^\"'\]]+)[\"']\]$")
_EXPLICIT = re.compile(r"\[role=[\"']?(\w+)[\"']?\]$")
_TYPE = re.compile(r"input\[type=[\"']?(\w+)[\"']?\]")


def _instead(css: str) -> str:
    """What would do instead of a CSS selector, as far as its last part tells."""
    last = re.split(r"[\s>+~]+(?![^\[]*\])", css.strip())[-1]
    if found := _TESTID.search(last):
        return f"{{testid: {found[1]}}}"
    if found := _LABEL.search(last):
        return f"{{label: {written(found[1])}}}"
    found = _EXPLICIT.search(last) or _TYPE.match(last)
    tag = re.split(r"[.#:\[]", last)[0].lower()
    role = TYPES.get(found[1], found[1] if found[1] in ROLES else "textbox") if found else TAGS.get(tag)
    return f'the role and its name: {role} "…"' if role else _ROLE


def _named(scenario: Scenario) -> list[tuple[str, Condition]]:
    """The oracles that are there."""
    return [(key, each) for key, each in (("symptom", scenario.symptom), ("expected", scenario.expected)) if each is not None]


def _locators(value: Any) -> Iterator[Locator]:
    """Every locator inside a value of the language, but those of nested steps."""
    if isinstance(value, Locator):
        yield value
    elif isinstance(value, Leaf):
        yield from _locators(value.check)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _locators(item)
    elif isinstance(value, dict):
        yield from _locators(tuple(value.values()))
    elif dataclasses.is_dataclass(value) and not isinstance(value, (type, Deferred, Step, Place)):
        yield from _locators(tuple(getattr(value, f.name) for f in dataclasses.fields(value)))


def all_steps(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps and those inside `together`, in order."""
    for step in steps:
        yield step
        if isinstance(step.action, Together):
            yield from all_steps(step.action.steps)


def line_of(scenario: Scenario, key: str) -> Place | None:
    """The value of a top-level key, for a caret below it."""
    for number, line in enumerate(scenario.source.text.splitlines(), 1):
        if line.startswith(f"{key}:"):
            value = line.partition(":")[2]
            if not value.split("#")[0].strip():
                return Place(scenario.source, number, 1, len(key) + 1)
            column = len(key) + 2 + len(value) - len(value.lstrip())
            return Place(scenario.source, number, column, column + max(1, len(value.split("#")[0].strip())))
    return None


def _warning(slug: str, message: str, place: Place, hint: str) -> Diagnostic:
    return Diagnostic(slug, message, place, hint, severity=Severity.WARNING)
