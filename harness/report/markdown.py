"""The run and each result as Markdown: what a CI server shows for a job, what one pastes into a ticket. All text of a record is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.core.durations import format_duration
from harness.record.model import AttemptRecord, Outcome, Record, Result, RunInfo, StepStatus
from harness.record.overview import telling_attempt
from harness.record.where import address_of, version_of
from harness.report import words
from harness.report.links import href, result_folder, web_url
from harness.report.page import value
from harness.report.pictures import labels
from harness.report.text import clip, one_line, printable

MAX_SUMMARY_BYTES = 900_000
_TAIL_BYTES = 100
_MAX_EVIDENCE = 12
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~>$])")
_BLOCK = re.compile(r"^(\d*)([.)=+-])")
_MENTION = re.compile(r"(?<![\w.])@(?=\w)|#(?=\d)")
_MARKS = {
    StepStatus.DONE: "done",
    StepStatus.FAILED: "**could not be done**",
    StepStatus.SKIPPED: "skipped",
    StepStatus.NOT_REACHED: "not reached",
}
_ICONS = {Outcome.REPRODUCED: "🔴", Outcome.NOT_REPRODUCED: "🟢", Outcome.INCONCLUSIVE: "🟡"}


def summary(record: Record, limit: int = MAX_SUMMARY_BYTES) -> str:
    """`summary.md`: counts, notices, proofs, a table with reasons, what needs attention first; at most `limit` bytes, and under 1 MiB."""
    ordered = words.attention_order(record.results)
    head = "\n".join([*_head(record), *(_TABLE_HEAD if ordered else ["Nothing was run."])]) + "\n"
    rows, left = _within(map(_row, ordered), min(limit, MAX_SUMMARY_BYTES) - _TAIL_BYTES - len(head.encode("utf-8")))
    tail = f"\n{left:,} more results are in `report.html` and `results.json`.\n" if left else ""
    return head + rows + tail


_TABLE_HEAD = ["| Verdict | Scenario | Customer | Classification | Rate | Reason |", "|---|---|---|---|---|---|"]


def verdict(run: RunInfo, result: Result) -> str:
    """`verdict.md`: one result, to be pasted into a ticket."""
    telling = telling_attempt(result.attempts, result.verdict)
    parts = [
        _verdict_head(result),
        _comparison(result),
        _steps(telling) if telling else [],
        _reported(telling) if telling else [],
        _numbered("What to ask next", result.questions[:10]),
        _circumstances(run, result, telling),
        _evidence(result),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def plain(text: str, limit: int = 500) -> str:
    """Text on one line, with nothing in it that Markdown or HTML would read as markup, nor a tracker as a mention."""
    safe = one_line(text, limit).replace("&", "&amp;").replace("<", "&lt;")
    safe = _BLOCK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", safe))
    return _MENTION.sub(lambda found: found[0] + "\u200b", safe)


def code(text: str, limit: int = 300) -> str:
    """Text as a code span on one line, whatever backticks it holds; fit for a table's cell."""
    shown = one_line(text, limit).replace("|", "\\|")
    if not shown:
        return ""
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{'`' * (longest + 1)}{pad}{shown}{pad}{'`' * (longest + 1)}"


def fenced(text: str, language: str = "") -> str:
    """Text as a block of code that nothing in it can close."""
    shown = printable(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _head(record: Record) -> list[str]:
    run = record.run
    where = f"environment {code(run.environment, 80)}" if run.environment else ""
    version = f"version {code(run.environment_version, 80)}" if run.environment_version else ""
    took = words.run_duration(record)
    facts = [f"Run {code(run.id, 100)}", where, version, words.moment(run.started), f"took {took}" if took else ""]
    notices = [f"> **Note:** {plain(notice)}\n" for notice in words.notices(record)]
    proofs = [f"- {plain(line)}" for line in words.proofs(record)]
    return [f"# {words.counts_sentence(record)}", "", " · ".join(filter(None, facts)), "", *notices, *proofs, *([""] if proofs else [])]


def _row(result: Result) -> str:
    cells = [
        f"{_ICONS[result.verdict]} {words.VERDICT[result.verdict]}" + (" **(is back)**" if words.is_regression(result) else ""),
        f"{_ticket(result)}{plain(result.title, 200)}<br>{code(result.scenario, 200)}",
        plain(result.customer or "", 80),
        words.CLASSIFICATION[result.classification] if result.classification else "",
        words.rate_short(result.rate),
        plain(result.reason, 400),
    ]
    return f"| {' | '.join(cells)} |\n"


def _ticket(result: Result) -> str:
    if not result.ticket:
        return ""
    link = web_url(result.ticket_url) or web_url(result.ticket)
    name = plain(result.ticket, 60)
    return f"[{name}]({_target(link)}) " if link else f"{name} "


def _target(link: str) -> str:
    """An address that cannot end the link or the table's cell it stands in."""
    return "".join(f"%{ord(c):02X}" if c in "()<>|`\\\"'" else c for c in link)


def _within(rows: Iterable[str], budget: int) -> tuple[str, int]:
    """As many rows as fit into `budget` bytes of UTF-8, and how many were left out."""
    kept: list[str] = []
    left = 0
    for row in rows:
        budget -= len(row.encode("utf-8", "replace"))
        if budget < 0:
            left += 1
        else:
            kept.append(row)
    return "".join(kept), left


def _verdict_head(result: Result) -> list[str]:
    kind = f" · {words.CLASSIFICATION[result.classification]}" if result.classification else ""
    rows = [f"## {_ICONS[result.verdict]} {words.VERDICT[result.verdict]}: {plain(result.title, 300)}", ""]
    rows += [f"{_ticket(result)}customer {plain(words.customer_of(result), 120)}{kind}", "", f"**{plain(result.reason, 1000)}**"]
    if result.classification:
        rows += ["", plain(result.classification_reason or words.CLASSIFICATION_MEANS[result.classification], 1000)]
    if result.proof:
        rows += ["", plain(result.proof.sentence, 1000)]
    return [*rows, "", f"{words.rate_sentence(result.rate)} {words.by_status(result)}"]


def _comparison(result: Result) -> list[str]:
    if result.control is None and not result.differences:
        return []
    rows = ["### Customer against baseline", ""]
    if result.control:
        control = result.control
        rows += [f"- {plain(result.customer or 'customer', 80)}: {words.VERDICT[result.verdict].lower()} {words.rate_short(result.rate)}"]
        rows += [f"- {plain(control.customer, 80)}: {words.VERDICT[control.verdict].lower()} {words.rate_short(control.rate)}", ""]
    if result.bisected:
        rows += [plain(result.bisected.sentence, 1000), ""]
    return [*rows, *_settings(result)]


def _settings(result: Result) -> list[str]:
    if not result.differences:
        return []
    ordered = sorted(result.differences, key=lambda d: (not d.culprit, d.path))
    rows = ["| Setting | Customer | Baseline | |", "|---|---|---|---|"]
    for d in ordered[:40]:
        theirs = code(value(d.customer), 120) if d.customer_given else "not set"
        ours = code(value(d.baseline), 120) if d.baseline_given else "not set"
        note = ("**triggers it** " if d.culprit else "") + ("customer can change it" if d.customer_settable else "")
        rows.append(f"| {code(d.path, 120)} | {theirs} | {ours} | {note.strip()} |")
    more = len(ordered) - 40
    return [*rows, *(["", f"{more} more settings differ."] if more > 0 else [])]


def _steps(attempt: AttemptRecord) -> list[str]:
    labelled = zip(attempt.steps, labels(attempt.steps), strict=True)
    told = [(step, label) for step, label in labelled if step.phase != "cleanup"][:60]
    if not told:
        return []
    rows = [f"### Steps (attempt {attempt.number})", ""]
    for step, label in told:
        error = f": {plain(step.error, 300)}" if step.error else ""
        rows.append(f"- {label}: {code(step.text, 160)} {_MARKS[step.status]}{error}")
    return [*rows, "", f"Ended because {words.DECIDED_BY[attempt.decided_by]}, after {format_duration(attempt.duration_ms)}."]


def _reported(attempt: AttemptRecord) -> list[str]:
    rows = [f"- exception: {code(e.message)}" for e in attempt.page_errors[:5]]
    rows += [f"- console {plain(c.level, 20)}: {code(c.text)}" for c in attempt.console_errors[:5]]
    rows += [f"- {plain(n.method, 12)} {code(n.url, 200)}: {plain(n.answer, 80)}" for n in attempt.failed_requests[:8]]
    rows += [f"- held host: {code(h.host, 120)} ({h.count}×)" for h in attempt.held[:5]]
    return ["### What the browser reported", "", *rows] if rows else []


def _numbered(title: str, items: Iterable[str]) -> list[str]:
    rows = [f"{number}. {plain(item)}" for number, item in enumerate(items, 1)]
    return [f"### {title}", "", *rows] if rows else []


def _circumstances(run: RunInfo, result: Result, attempt: AttemptRecord | None) -> list[str]:
    version, address = version_of(run, result), address_of(run, result)
    where = [code(result.environment, 100), f"version {code(version, 100)}" if version else "", code(address, 200) if address else ""]
    rows = ["### Where, and how to run it again", "", f"- Environment: {', '.join(filter(None, where))}"]
    if result.configuration:
        known = ", read back" if result.configuration.read_back else ""
        rows.append(f"- Configuration: {code(result.configuration.fingerprint, 100)}{known}")
    if attempt:
        browser = attempt.browser or (f"{run.browser.name} {run.browser.version}" if run.browser else "")
        rows.append(f"- Browser: {code(browser, 100) if browser else 'not known'}, {words.moment(attempt.started)}")
    rows.append(f"- Run: {code(run.id, 100)}, scenario {code(result.scenario, 200)}, harness {code(run.harness_version, 40)}")
    rows += [f"- **Note:** {plain(sentence)}" for sentence in words.not_put_back([result])]
    return [*rows, *(["", fenced(clip(result.rerun, 2000), "sh")] if result.rerun else [])]


def _evidence(result: Result) -> list[str]:
    start = result_folder(result.key) + "/"
    own = [path for path in dict.fromkeys([*_telling_files(result), *result.evidence]) if href(path)]
    rows = [f"- {code(path.removeprefix(start), 200)}" for path in own[:_MAX_EVIDENCE]]
    if not rows:
        return []
    more = [f"- and {len(own) - _MAX_EVIDENCE} more"] if len(own) > _MAX_EVIDENCE else []
    return ["### Evidence", "", f"In the folder {code(start, 200)} of the run:", "", *rows, *more]


def _telling_files(result: Result) -> list[str]:
    """The deciding picture, the trace and the logs of the telling attempt, as far as they are evidence."""
    telling = telling_attempt(result.attempts, result.verdict)
    named = [telling.deciding_screenshot, telling.trace, telling.console_log, telling.network_log] if telling else []
    return [path for path in named if path in result.evidence and path]
