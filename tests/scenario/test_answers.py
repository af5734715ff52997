"""The team's known symptoms."""

from __future__ import annotations

from harness.diagnostics import Source
from harness.scenario.answers import answers_that_fit, decode_answers
from harness.scenario.shapes import Decoder
from harness.scenario.source import parse

TEXT = """
Old browser:
  match: {console: /structuredClone is not defined/}
  classification: known defect ENG-77
  reply: Please update the browser to version 98 or later.
Rate limit:
  match: {request: "429$", verdict: [reproduced, inconclusive]}
  reply: One sync a minute is allowed.
Everything: {match: {}}
"""


def fitting(**facts: object) -> tuple[str, ...]:
    decoder = Decoder()
    answers = decode_answers(parse(Source("answers.yaml", TEXT)), decoder)
    assert decoder.problems == []
    plain = {"verdict": "reproduced", "reason": "", "report": "", "console": [], "request": []}
    return answers_that_fit(answers, {**plain, **facts})


def test_what_fits_is_named_and_an_empty_match_fits_nothing() -> None:
    assert fitting(console=["ReferenceError: structuredClone is not defined"]) == ("Old browser",)
    assert fitting(console=["something else"]) == ()


def test_the_verdict_has_to_fit_too() -> None:
    line = ["POST https://x/api/sync 429"]
    assert fitting(request=line, verdict="inconclusive") == ("Rate limit",)
    assert fitting(request=line, verdict="not_reproduced") == ()
