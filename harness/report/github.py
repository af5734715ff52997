"""What GitHub Actions shows of a run: annotations at the scenarios' lines, and the step's summary.

The commands are those of https://docs.github.com/actions/reference/workflow-commands-for-github-actions; a step shows at most ten
annotations of a kind, so the worst ten are given, and its summary is lost when it is larger than 1 MiB.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.record.model import Record, Result
from harness.report import words
from harness.report.markdown import summary
from harness.report.text import one_line

MOST = 10
SUMMARY_BYTES = 1_000_000
SHORTEST = 10_000  # bytes: less room than that is not worth a table


def tell_github(record: Record, environ: Mapping[str, str]) -> list[str]:
    """In a job of GitHub Actions: the annotations to print, a line each, and the summary is appended to the step's. Elsewhere nothing."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return []
    if place := environ.get("GITHUB_STEP_SUMMARY"):
        _append(record, Path(place))
    return commands(record, Path(environ.get("GITHUB_WORKSPACE") or "."))


def _append(record: Record, place: Path) -> None:
    """What other commands of the step have written there leaves the less room."""
    room = SUMMARY_BYTES - (place.stat().st_size if place.exists() else 0)
    text = summary(record, room) if room > SHORTEST else ""
    with place.open("a", encoding="utf-8", errors="replace") as file:
        file.write(text)


def commands(record: Record, checkout: Path) -> list[str]:
    """At most ten commands, the worst first, for what is not as the ticket's status lets one expect, or undecided. Files are named
    from `checkout`."""
    wrong = [result for result in words.attention_order(record.results) if words.needs_attention(result)]
    return [_annotation(result, checkout.resolve()) for result in wrong[:MOST]]


def _annotation(result: Result, checkout: Path) -> str:
    kind = "error" if words.is_regression(result) else "warning"
    where = {"file": _file(result, checkout), "line": str(words.telling_line(result))}
    title = f"{words.VERDICT[result.verdict]}: {one_line(result.title, 120)}" + (f" [{result.customer}]" if result.customer else "")
    properties = ",".join(f"{name}={_property(value)}" for name, value in {**where, "title": title}.items())
    return f"::{kind} {properties}::{_data(one_line(result.reason, 600))}"


def _file(result: Result, checkout: Path) -> str:
    path = Path(result.source.path if result.source else result.scenario)
    whole = path.resolve()
    return (whole.relative_to(checkout) if whole.is_relative_to(checkout) else path).as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
