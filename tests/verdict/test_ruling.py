"""What happened in an attempt -> how it ends: every combination, and the sentences a support agent pastes into a ticket."""

from __future__ import annotations

import dataclasses
from itertools import product

import pytest

from harness.verdict.outcome import Outcome
from harness.verdict.ruling import Oracle, Ruling, Seen, Stop, Watched, rule, setup_failed, stop_sentence

STOP = Stop(2, 3, 14, 'click: button "Save"', "there is no such element", ('button "Sign in"', "alert"))
SYMPTOM = Oracle(Seen.YES, 'status "Loading" is there')
ABSENT = Oracle(Seen.NO, 'status "Loading" is not there')
EXPECTED = Oracle(Seen.YES, 'heading "Revenue" is there')
MISSING = Oracle(Seen.NO, 'heading "Revenue" is not there')
NOTHING = Watched(ABSENT, MISSING, "none", 10_000, 3)


def ruled(**changes: object) -> Ruling:
    return rule(dataclasses.replace(NOTHING, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "outcome", "decided_by", "reason"),
    [
        (
            {"symptom": SYMPTOM, "first": "symptom"},
            Outcome.REPRODUCED,
            "symptom",
            'The symptom was seen: status "Loading" is there.',
        ),
        (
            {"expected": EXPECTED, "first": "expected"},
            Outcome.NOT_REPRODUCED,
            "expected",
            'What was expected was seen: heading "Revenue" is there.',
        ),
        (
            {"symptom": SYMPTOM, "expected": EXPECTED, "first": "both"},
            Outcome.INCONCLUSIVE,
            "window",
            'Symptom and expected held at the same time, so they can\'t tell: status "Loading" is there; heading "Revenue" is there.',
        ),
        (
            {},
            Outcome.INCONCLUSIVE,
            "window",
            'Neither the symptom nor what was expected was seen within 10 s. Symptom: status "Loading" is not there. '
            'Expected: heading "Revenue" is not there.',
        ),
        (
            {"expected": None},
            Outcome.NOT_REPRODUCED,
            "window",
            'All 3 steps were done and the symptom did not come within 10 s: status "Loading" is not there.',
        ),
        (
            {"expected": None, "steps": 1},
            Outcome.NOT_REPRODUCED,
            "window",
            'The step was done and the symptom did not come within 10 s: status "Loading" is not there.',
        ),
        (
            {"expected": None, "page": "the server answered 502 for the page itself"},
            Outcome.INCONCLUSIVE,
            "environment",
            "The page says nothing about the symptom: the server answered 502 for the page itself.",
        ),
        (
            {"expected": None, "symptom": Oracle(Seen.UNKNOWN, "the page can't be pictured")},
            Outcome.INCONCLUSIVE,
            "window",
            "The symptom could not be checked: the page can't be pictured.",
        ),
        (
            {"expected": EXPECTED, "first": "expected", "symptom": Oracle(Seen.UNKNOWN, "the page can't be pictured")},
            Outcome.INCONCLUSIVE,
            "expected",
            'What was expected was seen (heading "Revenue" is there), but the symptom could not be checked: the page can\'t be pictured.',
        ),
        (
            {"symptom": SYMPTOM, "first": "symptom", "stop": STOP, "expected": None},
            Outcome.REPRODUCED,
            "symptom",
            'The symptom was seen: status "Loading" is there (stopped at step 2 of 3: there is no such element).',
        ),
        (
            {"stop": STOP, "expected": None},
            Outcome.INCONCLUSIVE,
            "step",
            'Step 2 of 3 (click: button "Save") could not be done: there is no such element. The page has instead: '
            'button "Sign in", alert. The symptom was not seen there: status "Loading" is not there.',
        ),
        (
            {"stop": dataclasses.replace(STOP, found=()), "symptom": Oracle(Seen.WEAK, 'heading "Revenue" is not there')},
            Outcome.INCONCLUSIVE,
            "step",
            'Step 2 of 3 (click: button "Save") could not be done: there is no such element. '
            'That heading "Revenue" is not there proves nothing there, since it is an absence.',
        ),
        (
            {"stop": dataclasses.replace(STOP, found=()), "symptom": Oracle(Seen.UNKNOWN, "the page crashed")},
            Outcome.INCONCLUSIVE,
            "step",
            'Step 2 of 3 (click: button "Save") could not be done: there is no such element. '
            "The symptom could not be checked there: the page crashed.",
        ),
    ],
)
def test_rulings(changes: dict[str, object], outcome: Outcome, decided_by: str, reason: str) -> None:
    assert ruled(**changes) == Ruling(outcome, reason, decided_by)  # type: ignore[arg-type]


def every_case() -> list[Watched]:
    """All combinations that watching could give."""
    oracles = [Oracle(seen, "it is so") for seen in Seen]
    return [
        Watched(symptom, expected, first, 1000, 2, stop, page)
        for symptom, expected, first, stop, page in product(
            oracles, [None, *oracles], ("symptom", "expected", "both", "none"), (None, STOP), ("", "no page was opened")
        )
    ]


def test_not_reproduced_is_never_said_without_a_full_observation() -> None:
    for watched in every_case():
        if rule(watched).outcome is Outcome.NOT_REPRODUCED:
            assert watched.stop is None
            assert watched.symptom.seen is not Seen.UNKNOWN
            assert watched.first == "expected" or (watched.first == "none" and watched.expected is None and not watched.page)


def test_reproduced_is_never_said_without_the_symptom() -> None:
    for watched in every_case():
        if rule(watched).outcome is Outcome.REPRODUCED:
            assert watched.first in ("symptom", "both")


def test_every_reason_is_a_sentence() -> None:
    for watched in every_case():
        reason = rule(watched).reason
        assert reason[0].isupper()
        assert reason.endswith(".")
        assert ".." not in reason


def test_setup_says_so_and_an_unreachable_server_is_the_environment() -> None:
    stop = dataclasses.replace(STOP, setup=True, found=())
    assert setup_failed(stop).reason == 'Setup step 2 of 3 (click: button "Save") could not be done: there is no such element.'
    assert setup_failed(stop).decided_by == "setup"
    assert setup_failed(dataclasses.replace(stop, unreachable=True)).decided_by == "environment"
    assert setup_failed(stop).outcome is Outcome.INCONCLUSIVE


def test_a_sentence_keeps_its_own_full_stop() -> None:
    assert stop_sentence(dataclasses.replace(STOP, problem="It said: no!", found=())).endswith("It said: no!")
