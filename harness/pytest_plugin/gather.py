"""What the processes of a session left on disk -> one record and one report a workspace. Needs nothing that was in their memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import workflow
from harness.core.secret import Secret
from harness.diagnostics import Problems
from harness.evidence.redact import Redactor
from harness.record.asked import read_came, read_plan
from harness.record.assemble import Context, result_of
from harness.record.model import BrowserInfo, Record
from harness.report import words
from harness.report.github import tell_github
from harness.report.text import one_line
from harness.scenario.workspace import open_workspace
from harness.verdict.outcome import Outcome
from harness.workflow import World


@dataclass(frozen=True)
class Gathered:
    """A run's record and report, or why there is none. `told` are lines for the terminal."""

    told: tuple[str, ...]
    record: Record | None = None
    report: Path | None = None


def gather(notes: Path, world: World, interrupted: bool, stopped: bool) -> list[Gathered]:
    """The report of each workspace that something was run of. `interrupted` from outside, or `stopped` at the first failure."""
    return [_gathered(note, world, interrupted, stopped) for note in sorted(notes.glob("*.json"))]


def _gathered(note: Path, world: World, interrupted: bool, stopped: bool) -> Gathered:
    found = json.loads(note.read_text(encoding="utf-8"))
    folder = Path(found["folder"])
    try:
        record = _record(folder, Path(found["root"]), _about(note), world, interrupted, stopped)
        known = Redactor(Secret(name, value) for name, value in workflow.set_secrets(world.environ, Path(found["root"])).items())
        finished = workflow.finish(record, folder, interrupted, known=known)
        told = (*_lines(finished.record), f"report: {finished.report}", *tell_github(finished.record, world.environ))
        return Gathered(told, finished.record, finished.report)
    except Problems as problems:
        return Gathered(tuple(each.render() for each in problems.diagnostics))
    except Exception as error:  # a full disk, or a defect: the session's own summary is shown all the same
        return Gathered(
            (f"the report could not be written: {type(error).__name__}: {error}", f"what was done is kept: repro merge {folder}")
        )


def _record(folder: Path, root: Path, about: dict[str, Any], world: World, interrupted: bool, stopped: bool) -> Record:
    plan = read_plan(folder)
    context = Context(interrupted or stopped, open_workspace(root, world.environ).answers())
    results = tuple(
        result_of(each, read_came(folder, each.key), read_came(folder, each.control_key) if each.control_key else None, context)
        for each in plan.asked
    )
    update = {
        "finished": world.now(),
        "environment": ", ".join(dict.fromkeys(each.environment for each in plan.asked)) or None,
        "environment_version": ", ".join(dict.fromkeys(about["versions"])) or None,
        "browser": BrowserInfo(**about["browser"]) if about["browser"] else None,
        "workers": about["processes"],
        "interrupted": interrupted,
    }
    return Record(run=plan.run.model_copy(update=update), results=results)


def _about(note: Path) -> dict[str, Any]:
    """What the processes learned of the environments and the browser."""
    known = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(note.parent.glob(f"{note.stem}.*.about"))]
    versions = [version for each in known for version in each["versions"].values()]
    browser = next((each["browser"] for each in known if each["browser"]), None)
    return {"versions": versions, "browser": browser, "processes": max(1, len(known))}


def _lines(record: Record) -> Iterable[str]:
    yield words.counts_sentence(record)
    for result in record.results:
        if result.status == "open" and result.verdict is Outcome.NOT_REPRODUCED:
            ticket = f"{result.ticket}: " if result.ticket else ""
            yield one_line(f"{ticket}open, but its symptom was not seen: {words.full_name(result)}")
