"""What the processes of a session left on disk -> one record and one report a workspace. Needs nothing that was in their memory."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import workflow
from harness.core.secret import Secret
from harness.diagnostics import Problems
from harness.evidence.redact import Redactor
from harness.record.asked import RunPlan, read_came, read_plan
from harness.record.assemble import Context, results_of
from harness.record.model import BrowserInfo, Record, RunInfo
from harness.report import words
from harness.report.github import tell_github
from harness.report.text import one_line
from harness.scenario.workspace import open_workspace
from harness.verdict.outcome import Outcome
from harness.workflow import World


@dataclass(frozen=True)
class Gathered:
    """A run's report, or why there is none. `told` are lines for the terminal."""

    told: tuple[str, ...]
    report: Path | None = None


def gather(notes: Path, world: World, interrupted: bool, stopped: bool) -> list[Gathered]:
    """The report of each workspace that something was run of. `interrupted` from outside, or `stopped` at the first failure."""
    return [_gathered(note, world, interrupted, stopped) for note in sorted(notes.glob("*.json"))]


def _gathered(note: Path, world: World, interrupted: bool, stopped: bool) -> Gathered:
    found = json.loads(note.read_text(encoding="utf-8"))
    folder = Path(found["folder"])
    try:
        plan = read_plan(folder)
        about = _about(note)
        run = _run_info(plan, about, world, interrupted)
        context = Context(interrupted or stopped, open_workspace(Path(found["root"]), world.environ).answers(), about["versions"])
        known = Redactor(Secret(name, value) for name, value in workflow.set_secrets(world.environ, Path(found["root"])).items())
        finished = workflow.finish(run, results_of(plan.asked, functools.partial(read_came, folder), context), folder, known=known)
        told = (*_lines(finished.short), f"report: {finished.report}", *tell_github(finished.short, world.environ))
        return Gathered(told, finished.report)
    except Problems as problems:
        return Gathered(tuple(each.render() for each in problems.diagnostics))
    except Exception as error:  # a full disk, or a defect: the session's own summary is shown all the same
        return Gathered(
            (f"the report could not be written: {type(error).__name__}: {error}", f"what was done is kept: repro merge {folder}")
        )


def _run_info(plan: RunPlan, about: dict[str, Any], world: World, interrupted: bool) -> RunInfo:
    update = {
        "finished": world.now(),
        "environment": ", ".join(dict.fromkeys(each.environment for each in plan.asked)) or None,
        "environment_version": ", ".join(dict.fromkeys(about["versions"].values())) or None,
        "browser": BrowserInfo(**about["browser"]) if about["browser"] else None,
        "workers": about["processes"],
        "interrupted": interrupted,
    }
    return plan.run.model_copy(update=update)


def _about(note: Path) -> dict[str, Any]:
    """What the processes learned of the environments and the browser."""
    known = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(note.parent.glob(f"{note.stem}.*.about"))]
    versions = {environment: version for each in known for environment, version in each["versions"].items()}
    browser = next((each["browser"] for each in known if each["browser"]), None)
    return {"versions": versions, "browser": browser, "processes": max(1, len(known))}


def _lines(record: Record) -> Iterable[str]:
    yield words.counts_sentence(record)
    yield from map(one_line, words.not_put_back(record.results))
    for result in record.results:
        if result.status == "open" and result.verdict is Outcome.NOT_REPRODUCED:
            ticket = f"{result.ticket}: " if result.ticket else ""
            yield one_line(f"{ticket}open, but its symptom was not seen: {words.full_name(result)}")
