"""Shards, reruns and runs that were killed -> one run with one report. Whatever was planned and did not come back is a row that says so."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness import workflow
from harness.diagnostics import problem
from harness.workflow import Finished, World

if TYPE_CHECKING:
    from harness.record.asked import Asked, Came, RunPlan
    from harness.record.model import KnownAnswer, Result, RunInfo


@dataclass(frozen=True)
class Part:
    """One run's folder with what it set out to do and what came of it, by case. `run` says what the run had learned if it `ended`, and
    `versions` which versions its environments had."""

    folder: Path
    plan: RunPlan
    run: RunInfo
    came: Mapping[str, Came]
    answers: Mapping[str, tuple[KnownAnswer, ...]]
    versions: Mapping[str, str]
    ended: bool


def merge(folders: Sequence[Path], reports: Path, world: World, command: tuple[str, ...]) -> Finished:
    """Writes a new run of all that these folders hold. A folder may also be one that holds runs' folders. Raises Problems."""
    from harness.record.proofs import with_proofs

    parts = sorted((_part(folder) for folder in _runs_in(folders)), key=lambda part: part.plan.run.started)
    asked = tuple({each.key: each for part in parts for each in part.plan.asked}.values())
    came = {key: _together(parts, key) for each in asked for key in (each.key, each.control_key) if key}
    folder, run_id = workflow.make_run_folder(reports, world)
    info = _info(parts, asked, came, run_id, command)
    _copy(parts, asked, came, info, folder)
    options = parts[0].plan.options
    results = functools.partial(_results, parts, asked, came)
    return workflow.finish(info, with_proofs(results, options.get("fixed")) if options.get("prove") else results(), folder)


def _runs_in(folders: Sequence[Path]) -> list[Path]:
    from harness.record.asked import PLAN

    found: dict[Path, None] = {}
    for folder in folders:
        inner = [folder] if (folder / PLAN).is_file() else sorted(path.parent for path in folder.rglob(PLAN))
        if not inner:
            raise problem("no-plan", f"{folder} holds no {PLAN}", "name folders of runs, or one that holds them")
        found |= dict.fromkeys(path.resolve() for path in inner)
    return list(found)


def _part(folder: Path) -> Part:
    from harness.record.asked import read_came, read_plan
    from harness.record.store import RESULTS, read_record
    from harness.record.where import version_of

    plan = read_plan(folder)
    mine = [each for each in plan.asked if each.key in plan.mine]
    record = read_record(folder) if (folder / RESULTS).is_file() else None
    open_ended = plan.options.get("until_confident") is not None
    cases = [(key, None if open_ended else each.attempts) for each in mine for key in (each.key, each.control_key) if key]
    answers = {each.key: each.answers for each in record.results} if record else {}
    versions = {each.environment: version for each in record.results if (version := version_of(record.run, each))} if record else {}
    came = {key: read_came(folder, key, of) for key, of in cases}
    return Part(folder, plan, record.run if record else plan.run, came, answers, versions, ended=record is not None)


def _together(parts: Sequence[Part], key: str) -> Came | None:
    from harness.record.asked import combined

    found = [part.came[key] for part in parts if key in part.came]
    return functools.reduce(combined, found) if found else None


def _results(parts: Sequence[Part], asked: Sequence[Asked], came: Mapping[str, Came | None]) -> Iterator[Result]:
    from harness.record.assemble import Context, results_of

    for result in results_of(asked, came.get, Context()):
        of = [part for part in parts if result.key in part.came and part.came[result.key].attempts]
        known = [answer for part in parts for answer in part.answers.get(result.key, ())]
        version = _all(part.versions.get(result.environment) for part in of)
        yield result.model_copy(update={"answers": tuple(dict.fromkeys(known)), "environment_version": version})


def _info(parts: Sequence[Part], asked: Sequence[Asked], came: Mapping[str, Came | None], run_id: str, command: tuple[str, ...]) -> RunInfo:
    runs = [part.run for part in parts]
    ends = [run.finished or run.started for run in runs]
    ends += [attempt.started for each in came.values() if each for attempt in each.attempts]
    lost = [each for each in asked if (back := came[each.key]) is None or not back.attempts]
    return runs[0].model_copy(
        update={
            "id": run_id,
            "finished": max(ends),
            "shard": None,
            "workers": sum(run.workers for run in runs),
            "environment": _all(run.environment for run in runs),
            "environment_version": _all(run.environment_version for run in runs),
            "base_url": _all(run.base_url for run in runs),
            "browser": next((run.browser for run in runs if run.browser), None),
            "command": command,
            "interrupted": False,
            "notes": (*_shards(runs), *_unfinished(parts), *_lost(lost, len(asked)), *_changed(parts)),
        }
    )


def _all(told: Iterable[str | None]) -> str | None:
    """What the runs say, each part once."""
    return ", ".join(dict.fromkeys(part for each in told if each for part in each.split(", "))) or None


def _shards(runs: Sequence[RunInfo]) -> list[str]:
    """Which shards are not among them."""
    came: dict[int, set[int]] = {}
    for run in runs:
        if run.shard:
            part, _, of = run.shard.partition("/")
            came.setdefault(int(of), set()).add(int(part))
    return [
        f"Shard {part}/{of} is not among the merged runs: what it was to run has no result."
        for of, parts in sorted(came.items())
        for part in range(1, of + 1)
        if part not in parts
    ]


def _unfinished(parts: Sequence[Part]) -> list[str]:
    """Runs that were killed, or of which not every attempt came."""
    return [
        f"The run {part.run.id}{f', shard {part.run.shard},' if part.run.shard else ''} did not come to its end; --resume goes on with it."
        for part in parts
        if not part.ended and not all(came.complete for came in part.came.values())
    ]


def _lost(lost: Sequence[Asked], of: int) -> list[str]:
    if not lost:
        return []
    names = ", ".join(each.key for each in lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
    return [f"{len(lost)} of {of} planned results did not come back: {names}."]


def _changed(parts: Sequence[Part]) -> list[str]:
    """Scenarios whose text is not the same in all runs: their attempts should not be counted together."""
    texts: dict[str, set[str]] = {}
    for part in parts:
        for each in part.plan.asked:
            texts.setdefault(each.scenario, set()).add(each.source.text if each.source else "")
    changed = sorted(name for name, found in texts.items() if len(found) > 1)
    return [f"The scenario {name} changed between the merged runs: its attempts were made with different texts." for name in changed]


def _copy(parts: Sequence[Part], asked: Sequence[Asked], came: Mapping[str, Came | None], info: RunInfo, folder: Path) -> None:
    """The evidence of every attempt that counts, and what is needed to merge or resume the new run."""
    from harness.record.asked import CaseFile, RunPlan, place_of, write_case, write_plan

    write_plan(RunPlan(run=info, options=parts[0].plan.options, asked=tuple(asked), mine=tuple(each.key for each in asked)), folder)
    for key, each in came.items():
        if each is None:
            continue
        write_case(folder, key, CaseFile(configuration=each.configuration, complete=each.complete))
        for attempt in each.attempts:
            place = place_of(key, attempt.number)
            source = next(part.folder for part in reversed(parts) if key in part.came and attempt in part.came[key].attempts)
            shutil.copytree(source / place, folder / place, dirs_exist_ok=True)
