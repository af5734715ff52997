"""`--prove`: the symptom's oracle has to say no where the symptom should not be seen, and what it says is told everywhere."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from rich.console import Console

from harness.core.exits import Exit
from harness.diagnostics import Problems
from harness.merge import merge
from harness.record.model import Proof
from harness.record.store import read_record
from harness.report import words
from harness.report.markdown import summary
from harness.report.terminal import print_table
from harness.verdict.outcome import Outcome
from harness.verdict.proof import CHANCE, Answer, Compared, Often, prove
from harness.verdict.statistics import clean_attempts_to_rule_out
from harness.workflow import Finished, exit_of
from tests.report import sample
from tests.run.conftest import Bench
from tests.run.fake import Page, Staging

SYMPTOM, EXPECTED = "visible: alert", "visible: heading"
PLAIN = f"title: T\ncontrol: baseline\nsteps: [click: button]\nsymptom: {{{SYMPTOM}}}\nexpected: {{{EXPECTED}}}\n"
NEEDED = clean_attempts_to_rule_out(1, 2, CHANCE)
YES, NO, UNKNOWN = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE


@pytest.fixture
def proving(bench: Bench) -> Bench:
    bench.write("a.yaml", PLAIN)
    bench.write("customers/baseline.yaml", "browser: {locale: en-US}\n")
    bench.write("environments/mended.yaml", "base_url: https://mended.example.com\n")
    return bench


def shows(shown: Mapping[tuple[str, str], str], at_start: str = "") -> object:
    """What the click brings about, by the host and the customer's locale; an empty one brings nothing."""

    def script(page: Page) -> None:
        key = (page.spec.base_url.removeprefix("https://").partition(".")[0], page.spec.browser.locale or "")
        page.show(*([at_start] if at_start else []))
        page.does["click: button"] = lambda page: page.show(*([shown[key]] if shown[key] else []))

    return script


CUSTOMER, CONTROL, MENDED = ("staging", ""), ("staging", "en-US"), ("mended", "")


def proof_of(finished: Finished) -> Proof:
    """That of the only result in the environment where the symptom should be seen."""
    (proof,) = [result.proof for result in finished.record.results if result.proof]
    return proof


def test_a_symptom_that_the_control_does_not_show_is_proven(proving: Bench) -> None:
    finished = proving.run(shows({CUSTOMER: SYMPTOM, CONTROL: EXPECTED}), prove=True)  # type: ignore[arg-type]
    assert proof_of(finished).sentence == "Proven: the symptom is seen with the customer and not with baseline."
    assert exit_of(finished, None) is Exit.AS_EXPECTED


def test_a_symptom_that_the_control_shows_too_is_refuted_and_not_guessed_about(proving: Bench) -> None:
    finished = proving.run(shows({CUSTOMER: SYMPTOM, CONTROL: SYMPTOM}), prove=True)  # type: ignore[arg-type]
    assert proof_of(finished).answer == "refuted"
    assert "It affects everyone or your symptom is always true: --fixed ENVIRONMENT" in proof_of(finished).sentence
    assert exit_of(finished, None) is Exit.VERDICT


def test_a_fixed_environment_tells_that_it_affects_everyone(proving: Bench) -> None:
    script = shows({CUSTOMER: SYMPTOM, CONTROL: SYMPTOM, MENDED: EXPECTED})
    finished = proving.run(script, prove=True, fixed="mended")  # type: ignore[arg-type]
    assert [(result.environment, str(result.verdict)) for result in finished.record.results] == [
        ("staging", "reproduced"),
        ("mended", "not_reproduced"),
    ]
    assert proof_of(finished) == Proof(
        answer="proven",
        sentence="Proven: the symptom is seen with the customer and not in mended. It is seen with baseline too: it affects everyone.",
        fixed="mended",
    )


def test_a_symptom_that_is_seen_in_the_fixed_environment_is_refuted(proving: Bench) -> None:
    script = shows({CUSTOMER: SYMPTOM, CONTROL: EXPECTED, MENDED: SYMPTOM})
    finished = proving.run(script, prove=True, fixed="mended")  # type: ignore[arg-type]
    sentence = "Refuted: the symptom is seen in mended. It is not seen with baseline, so it can say no: it is not mended there."
    assert proof_of(finished).sentence == sentence
    assert exit_of(finished, None) is Exit.VERDICT


def test_in_the_fixed_environment_it_is_expected_that_the_symptom_is_not_seen(proving: Bench) -> None:
    script = shows({CUSTOMER: SYMPTOM, CONTROL: EXPECTED, MENDED: EXPECTED})
    finished = proving.run(script, prove=True, fixed="mended")  # type: ignore[arg-type]
    said = "This environment was named as the fixed one, and the symptom was not seen in it, as expected."
    there = finished.record.results[1]
    assert (there.environment, there.status, there.expected_by_status) == ("mended", "open", True)
    assert not any(map(words.needs_attention, finished.record.results))
    assert "<failure" not in (finished.folder / "junit.xml").read_text()
    assert said in (finished.folder / "junit.xml").read_text()
    assert said in (finished.folder / there.key / "verdict.md").read_text()
    assert said in (finished.folder / there.key / "index.html").read_text()


def test_each_row_knows_the_address_and_the_version_of_its_own_environment(proving: Bench) -> None:
    for name in ("staging", "mended"):
        proving.write(f"environments/{name}.yaml", f"base_url: https://{name}.example.com\nversion: {{request: GET /{name}}}\n")
    staging = Staging()
    staging.answers = {"GET /staging": "1.0", "GET https://mended.example.com/mended": "2.0"}
    finished = proving.run(shows({CUSTOMER: SYMPTOM, CONTROL: EXPECTED, MENDED: EXPECTED}), staging, prove=True, fixed="mended")  # type: ignore[arg-type]
    assert [(each.base_url, each.environment_version) for each in finished.record.results] == [
        ("https://staging.example.com", "1.0"),
        ("https://mended.example.com", "2.0"),
    ]
    merged = merge([finished.folder], proving.root / "merged", proving.world(proving.host), ())  # type: ignore[arg-type]
    assert [(each.base_url, each.environment_version) for each in merged.record.results] == [
        ("https://staging.example.com", "1.0"),
        ("https://mended.example.com", "2.0"),
    ]


def test_in_the_fixed_environment_it_is_not_expected_that_the_symptom_is_seen(proving: Bench) -> None:
    script = shows({CUSTOMER: SYMPTOM, CONTROL: EXPECTED, MENDED: SYMPTOM})
    finished = proving.run(script, prove=True, fixed="mended")  # type: ignore[arg-type]
    assert [words.needs_attention(result) for result in finished.record.results] == [False, True]
    assert "This environment was named as the fixed one, but the symptom was seen in it." in (finished.folder / "junit.xml").read_text()


def test_a_symptom_that_held_before_the_first_step_is_told(proving: Bench) -> None:
    finished = proving.run(shows({CUSTOMER: "", CONTROL: ""}, at_start=SYMPTOM), prove=True)  # type: ignore[arg-type]
    sentence = proof_of(finished).sentence
    assert sentence.startswith("Refuted: the symptom is seen with baseline too.")
    assert sentence.endswith(f"The symptom held before the first step already, so it may not come from the steps: {SYMPTOM} is so.")


def test_without_prove_nothing_is_looked_at_before_the_first_step(proving: Bench) -> None:
    result = proving.result(shows({CUSTOMER: "", CONTROL: ""}, at_start=SYMPTOM))  # type: ignore[arg-type]
    assert (result.proof, result.attempts[0].held_at_start) == (None, None)


def test_with_nothing_to_compare_with_it_stays_open(proving: Bench) -> None:
    proving.write("a.yaml", PLAIN.replace("control: baseline\n", ""))
    finished = proving.run(shows({CUSTOMER: SYMPTOM}), prove=True)  # type: ignore[arg-type]
    assert "name a customer whose configuration works with `control:`" in proof_of(finished).sentence
    assert exit_of(finished, None) is Exit.INCONCLUSIVE


def test_the_customers_baseline_is_the_control_where_the_scenario_names_none(proving: Bench) -> None:
    proving.write("a.yaml", PLAIN.replace("control: baseline\n", ""))
    proving.write("customers/acme.yaml", "baseline: baseline\n")
    finished = proving.run(shows({CUSTOMER: SYMPTOM, CONTROL: EXPECTED}), prove=True)  # type: ignore[arg-type]
    assert proof_of(finished).answer == "proven"


def test_the_answer_stands_in_the_record_and_in_every_report(proving: Bench) -> None:
    finished = proving.run(shows({CUSTOMER: SYMPTOM, CONTROL: EXPECTED}), prove=True)  # type: ignore[arg-type]
    sentence = proof_of(finished).sentence
    console = Console(file=io.StringIO(), width=200)
    print_table(finished.record, console)
    assert read_record(finished.folder).results[0].proof == proof_of(finished)
    assert sentence in console.file.getvalue()  # type: ignore[attr-defined]
    assert sentence in next(finished.folder.glob("*/verdict.md")).read_text()
    assert sentence in (finished.folder / "junit.xml").read_text()
    assert sentence in (finished.folder / "summary.md").read_text()
    assert f">a [acme]: {sentence}</p>" in (finished.folder / "report.html").read_text()
    assert sentence in next(finished.folder.glob("*/index.html")).read_text()


def test_above_all_results_what_is_not_proven_is_told_first_and_many_proofs_are_cut() -> None:
    proven, refuted = Proof(answer="proven", sentence="Proven: so."), Proof(answer="refuted", sentence="Refuted: so.")
    many = [sample.result(f"k{number}", proof=proven) for number in range(11)]
    record = sample.record(*many, sample.result("last", proof=refuted))
    lines = words.proofs(record)
    assert lines[:2] == ["dashboard/blank-for-eu [acme-eu]: Refuted: so.", "dashboard/blank-for-eu [acme-eu]: Proven: so."]
    assert (len(lines), lines[-1]) == (11, "2 more proofs are on their results' pages.")
    assert "- 2 more proofs are on their results' pages.\n\n| Verdict |" in summary(record)


def test_a_merged_run_has_the_same_proof(proving: Bench) -> None:
    script = shows({CUSTOMER: SYMPTOM, CONTROL: SYMPTOM, MENDED: EXPECTED})
    first = proving.run(script, prove=True, fixed="mended", shard="1/2")  # type: ignore[arg-type]
    second = proving.run(script, prove=True, fixed="mended", shard="2/2")  # type: ignore[arg-type]
    assert [result.proof.answer for result in first.record.results + second.record.results if result.proof] == ["refuted"]
    merged = merge([first.folder, second.folder], proving.root / "merged", proving.world(proving.host), ())  # type: ignore[arg-type]
    assert proof_of(merged).answer == "proven"


def test_the_same_environment_can_not_be_the_fixed_one(proving: Bench) -> None:
    with pytest.raises(Problems, match="in which the symptom should be seen"):
        proving.run(prove=True, fixed="staging")


def test_an_unknown_fixed_environment_is_named(proving: Bench) -> None:
    with pytest.raises(Problems, match="there is no environment `nowhere`"):
        proving.run(prove=True, fixed="nowhere")


@pytest.mark.parametrize(
    ("customer", "control", "fixed", "answer"),
    [
        (YES, NO, None, Answer.PROVEN),
        (YES, YES, None, Answer.REFUTED),
        (YES, UNKNOWN, None, Answer.OPEN),
        (YES, None, None, Answer.OPEN),
        (YES, None, NO, Answer.PROVEN),
        (YES, None, YES, Answer.REFUTED),
        (YES, NO, UNKNOWN, Answer.OPEN),
        (YES, UNKNOWN, NO, Answer.PROVEN),
        (YES, YES, UNKNOWN, Answer.OPEN),
        (NO, NO, NO, Answer.OPEN),
        (UNKNOWN, NO, NO, Answer.OPEN),
    ],
)
def test_the_table(customer: Outcome, control: Outcome | None, fixed: Outcome | None, answer: Answer) -> None:
    compared = [None if each is None else Compared(where, each, "Why.") for each, where in ((control, "with b"), (fixed, "in f"))]
    proof = prove(customer, *compared, None)
    assert proof.answer is answer
    assert proof.sentence.split(":")[0] == {Answer.PROVEN: "Proven", Answer.REFUTED: "Refuted", Answer.OPEN: "Not proven"}[answer]


def test_a_symptom_that_comes_now_and_then_has_to_stay_away_often_enough() -> None:
    def said(clean: int) -> str:
        return prove(YES, Compared("with b", NO, "", clean), None, None, Often(1, 2)).sentence

    assert said(1) == (
        "Not proven: the symptom came in 1 of 2 attempts only, so 1 clean attempt with b may be chance; "
        f"{NEEDED} would tell: --attempts {NEEDED}."
    )
    assert said(NEEDED - 1).startswith("Not proven")
    assert said(NEEDED).startswith("Proven")


def test_attempts_are_counted(proving: Bench) -> None:
    proving.write("a.yaml", PLAIN + "attempts: 2\n")
    shown = iter(("", SYMPTOM))

    def script(page: Page) -> None:
        of_customer = not page.spec.browser.locale
        page.does["click: button"] = lambda page: page.show(*([next(shown) or EXPECTED] if of_customer else [EXPECTED]))

    finished = proving.run(script, prove=True)
    assert proof_of(finished).sentence.startswith("Not proven: the symptom came in 1 of 2 attempts only, so 2 clean attempts with baseline")
