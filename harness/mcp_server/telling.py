"""A record told to an agent: the verdict in our words, what was seen as data, and the pictures that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.mcp_server.answer import Answer, lines
from harness.record.model import AttemptRecord, Classification, Outcome, Record, Result, StepStatus
from harness.record.overview import telling_attempt
from harness.report import words
from harness.report.links import inside

FEW = 5
MOST_PICTURES = 3
MOST_RESULTS = 40


def tell_run(record: Record, folder: Path) -> Answer:
    """A whole run: its only result in full, or a line for each."""
    if len(record.results) == 1:
        return tell_result(record, record.results[0], folder)
    ordered = words.attention_order(record.results)
    rows = [f"{result.verdict}{_kind(result)}  {words.full_name(result)}: {result.reason}" for result in ordered[:MOST_RESULTS]]
    more = [f"… {len(ordered) - MOST_RESULTS} more"] if len(ordered) > MOST_RESULTS else []
    said = f"Run {record.run.id}{' was interrupted' if record.run.interrupted else ''}: {words.counts_sentence(record)}."
    return Answer(said, f"`verdict` with run={record.run.id} and a scenario shows one in full, with its pictures.", lines([*rows, *more]))


def tell_result(record: Record, result: Result, folder: Path) -> Answer:
    """One result with its evidence."""
    attempts = f"{result.rate.reproduced} of {result.rate.decided} decided attempts reproduced it"
    said = f"{result.verdict}{_kind(result)} (run {record.run.id}; {attempts}{'; interrupted' if record.run.interrupted else ''})"
    telling = telling_attempt(result.attempts, result.verdict)
    data = lines([*_facts(result), *(_attempt(telling) if telling else ()), *_questions(result)])
    pictures = _pictures(result, telling, folder)
    shown = f"Pictures: {', '.join(f'{number}. {what}' for number, what in enumerate(pictures.values(), 1))}." if pictures else ""
    return Answer(lines([said, shown]), _next(result), data, tuple(folder / each for each in pictures), most=6_000)


def _kind(result: Result) -> str:
    return f", {result.classification}" if result.classification and str(result.classification) != str(result.verdict) else ""


def _next(result: Result) -> str:
    if result.verdict is Outcome.INCONCLUSIVE:
        return "the reason says what was missing; open a session, go to that step, `look`, mend the scenario, and run it again."
    if result.verdict is Outcome.NOT_REPRODUCED:
        return "ask the customer what the questions say, or try more attempts; `bundle` makes the file for the ticket."
    if result.control is None:
        return "run it with a control customer to learn whether it is the configuration; `bundle` makes the file for the ticket."
    if result.classification is Classification.CONFIGURATION:
        return "`bundle` makes the file for the ticket; `repro bisect` on the command line finds the setting that triggers it."
    return "`bundle` makes the file for the ticket."


def _facts(result: Result) -> Iterator[str]:
    yield f"{words.full_name(result)}: {result.title}"
    yield f"reason: {result.reason}"
    yield f"classification: {result.classification_reason}" if result.classification_reason else ""
    if result.control is not None:
        yield f"control {result.control.customer}: {result.control.verdict}: {result.control.reason}"
    if result.bisected is not None:
        yield f"settings: {result.bisected.sentence}"
    elif result.differences:
        differing = [each.path for each in result.differences]
        more = f" and {len(differing) - 12} more" if len(differing) > 12 else ""
        yield f"settings that differ from the control's: {', '.join(differing[:12])}{more}"


def _attempt(attempt: AttemptRecord) -> Iterator[str]:
    yield f"symptom: {attempt.symptom_seen}" if attempt.symptom_seen else ""
    yield f"expected: {attempt.expected_seen}" if attempt.expected_seen else ""
    for step in attempt.steps:
        if step.status is StepStatus.FAILED:
            yield f"line {step.line}, {step.text}: {step.error or 'could not be done'}"
    yield f"ended at {attempt.final_url}" if attempt.final_url else ""
    yield from _first([f"console error: {each.text}" for each in attempt.console_errors])
    yield from _first([f"exception: {each.message}" for each in attempt.page_errors])
    yield from _first([f"request failed: {each.method} {each.url} {each.answer}" for each in attempt.failed_requests])
    yield from _first([f"held back: {each.host} is not allowed here" for each in attempt.held])
    yield from _first(attempt.notes)


def _questions(result: Result) -> Iterator[str]:
    yield from (f"question for the customer: {each}" for each in result.questions[:FEW])
    yield from (f"known: {each.name}: {each.classification or ''} {each.reply or ''}" for each in result.answers)


def _first(found: Sequence[str]) -> Iterator[str]:
    yield from found[:FEW]
    if len(found) > FEW:
        yield f"… {len(found) - FEW} more of these"


def _pictures(result: Result, telling: AttemptRecord | None, folder: Path) -> dict[str, str]:
    """What decided, where a step failed, and what the control saw: the path below the run's folder, and what it shows."""
    controls = result.control.attempts if result.control else ()
    control = telling_attempt(controls, result.control.verdict) if result.control else None
    shown: dict[str | None, str] = {}
    if telling:
        shown = {step.screenshot: "where a step could not be done" for step in telling.steps if step.status is StepStatus.FAILED}
        shown[telling.deciding_screenshot] = "when it was decided"
    if control:
        shown[control.deciding_screenshot] = "the control customer"
    found = {path: what for each, what in shown.items() if each and (path := inside(each)) and (folder / path).is_file()}
    return dict(list(found.items())[:MOST_PICTURES])
