"""The run as JUnit XML, as GitLab, Jenkins and GitHub's actions read it: a suite an area, a case a result.

A case fails when its verdict is not what the ticket's status lets one expect, and has an error when it is inconclusive. An open ticket
that reproduced is as expected, so it passes and says so; so is one that did not in the environment that --fixed names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from harness.record.model import Outcome, Record, Result
from harness.record.overview import telling_attempt
from harness.report import words
from harness.report.links import inside, result_folder
from harness.report.text import clip, printable

_MAX_OUT = 8000


def junit(record: Record, folder: Path, base: Path) -> str:
    """The XML of a run whose files are in `folder`; attachments are named from `base` where the folder is below it."""
    suites: dict[str, list[Result]] = defaultdict(list)
    for result in record.results:
        suites[result.area or "scenarios"].append(result)
    names = _names(record)
    prefix = _prefix(folder, base)
    body = [_suite(area, results, record, names, folder, prefix) for area, results in suites.items()]
    head = {"name": f"repro {record.run.id}", **_totals(record.results)}
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', _open("testsuites", head), *body, "</testsuites>", ""])


def _suite(area: str, results: list[Result], record: Record, names: dict[str, str], folder: Path, prefix: str) -> str:
    attributes = {
        "name": area,
        **_totals(tuple(results)),
        "skipped": "0",
        "timestamp": f"{record.run.started:%Y-%m-%dT%H:%M:%S}",
        "hostname": record.run.environment or "",
    }
    cases = [_case(result, names[result.key], folder, prefix) for result in results]
    return "\n".join([_open("testsuite", attributes), *cases, "</testsuite>"])


def _case(result: Result, name: str, folder: Path, prefix: str) -> str:
    attributes = {"name": name, "classname": result.area or "scenarios", "time": _seconds(result.duration_ms)}
    if result.source is not None:
        attributes |= {"file": result.source.path, "line": str(words.telling_line(result))}
    parts = [_open("testcase", attributes), _properties(result), _judgement(result), _out(result, folder, prefix), "</testcase>"]
    return "\n".join(part for part in parts if part)


def _judgement(result: Result) -> str:
    """The child that makes a case fail; empty when it passes."""
    if result.verdict is Outcome.INCONCLUSIVE:
        return _child("error", "inconclusive", result.reason, _account(result))
    if result.expected_by_status:
        return ""
    kind = "regression" if words.is_regression(result) else str(result.verdict)
    return _child("failure", kind, f"{words.by_status(result)} {result.reason}", _account(result))


def _child(tag: str, kind: str, message: str, text: str) -> str:
    return f"{_open(tag, {'type': kind, 'message': clip(message, 1000)})}{_text(text)}</{tag}>"


def _account(result: Result) -> str:
    """The verdict with what stands behind it, in plain sentences."""
    rows = [f"{words.VERDICT[result.verdict]}: {result.reason}", words.by_status(result), words.rate_sentence(result.rate)]
    if result.classification:
        meaning = result.classification_reason or words.CLASSIFICATION_MEANS[result.classification]
        rows.append(f"{words.CLASSIFICATION[result.classification]}: {meaning}")
    if result.proof:
        rows.append(result.proof.sentence)
    if result.rerun:
        rows.append(f"Run it again: {result.rerun}")
    return clip("\n".join(rows), _MAX_OUT)


def _properties(result: Result) -> str:
    values = {
        "ticket": result.ticket,
        "customer": result.customer,
        "environment": result.environment,
        "status": result.status,
        "verdict": str(result.verdict),
        "classification": str(result.classification) if result.classification else None,
        "rate": words.rate_short(result.rate),
        "fingerprint": result.configuration.fingerprint if result.configuration else None,
    }
    rows = [f"<property name={quoteattr(name)} value={_attribute(value)}/>" for name, value in values.items() if value]
    return "\n".join(["<properties>", *rows, "</properties>"])


def _out(result: Result, folder: Path, prefix: str) -> str:
    """The account, then each attachment on a line of its own, the most telling first: some readers show only one."""
    attachments = [f"[[ATTACHMENT|{prefix}{path}]]" for path in _attachments(result, folder)]
    return f"<system-out>{_text(_account(result))}\n{escape(chr(10).join(attachments))}\n</system-out>"


def _attachments(result: Result, folder: Path) -> list[str]:
    telling = telling_attempt(result.attempts, result.verdict)
    wanted = [telling.deciding_screenshot, telling.trace, telling.console_log, telling.network_log] if telling else []
    page = f"{result_folder(result.key)}/index.html"
    there = [path for path in dict.fromkeys(wanted) if path and inside(path) and (folder / path).is_file()]
    return [*there, page, f"{result_folder(result.key)}/verdict.md"]


def _names(record: Record) -> dict[str, str]:
    """Result key -> a name that no other case of the run has."""
    plain = {result.key: words.full_name(result) for result in record.results}
    often = Counter(plain.values())
    return {key: name if often[name] == 1 else f"{name} ({key})" for key, name in plain.items()}


def _totals(results: tuple[Result, ...]) -> dict[str, str]:
    errors = sum(result.verdict is Outcome.INCONCLUSIVE for result in results)
    failures = sum(result.verdict is not Outcome.INCONCLUSIVE and not result.expected_by_status for result in results)
    return {
        "tests": str(len(results)),
        "failures": str(failures),
        "errors": str(errors),
        "time": _seconds(sum(result.duration_ms for result in results)),
    }


def _prefix(folder: Path, base: Path) -> str:
    """What stands before a path in the run's folder so that a CI server finds it: relative below `base`, else absolute."""
    where = folder.resolve()
    within = where.is_relative_to(base.resolve())
    text = (where.relative_to(base.resolve()) if within else where).as_posix()
    return "" if text == "." else f"{text}/"


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}"


def _open(tag: str, attributes: dict[str, str]) -> str:
    return f"<{tag} {' '.join(f'{name}={_attribute(value)}' for name, value in attributes.items())}>"


def _attribute(value: str) -> str:
    return quoteattr(printable(value))


def _text(value: str) -> str:
    """Text that cannot pass itself off as an attachment."""
    return escape(printable(value).replace("[[", "[ ["))
