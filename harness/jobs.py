"""One attempt as a plain function of plain values, for whatever carries work to processes or machines: a pool, a queue, a cluster.

A run is planned into its folder; each of its attempts is a `Job`, which JSON and pickle carry. `run_job` makes it wherever the workspace's
files, the secrets and a browser are, and writes its bundle below the run's folder there. Bundles that were made on many machines are
merged like shards (`repro merge`): the same attempt made twice counts once, and one that never came is a row that says so.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from harness import workflow
from harness.core.state import state_folder
from harness.diagnostics import problem
from harness.plan.model import Case
from harness.record.asked import ATTEMPT, AttemptFile, place_of, read_plan
from harness.run.case import CaseResult, run_case
from harness.workflow import Options, World


@dataclass(frozen=True)
class Job:
    """One attempt. `workspace` and `folder`, the run's, are paths where the job is run; `key` names its case within the run."""

    workspace: str
    folder: str
    run: str
    key: str
    scenario: str
    customer: str | None
    environment: str
    attempt: int
    trace: str | None = None
    screenshots: str | None = None


def plan_jobs(options: Options, world: World) -> tuple[Path, tuple[dict[str, Any], ...]]:
    """A new run's folder, and every attempt that is planned in it as a plain mapping; nothing is run. Raises Problems."""
    workspace, begun = workflow.begin(options, world)
    return begun.folder, jobs_of(begun.folder, workspace.root)


def jobs_of(folder: Path, workspace: Path) -> tuple[dict[str, Any], ...]:
    """The attempts that were planned in a run's folder, in the report's order, controls behind their customers. Raises Problems."""
    plan = read_plan(folder)
    found = []
    for asked in plan.asked:
        cases = ((asked.key, asked.customer), (asked.control_key, asked.control))
        for key, customer in cases if asked.key in plan.mine else ():
            first = Job(str(workspace), str(folder), plan.run.id, key or "", asked.scenario, customer, asked.environment, 1)
            first = replace(first, trace=plan.options.get("trace"), screenshots=plan.options.get("screenshots"))
            found += [asdict(replace(first, attempt=number + 1)) for number in range(asked.attempts if key else 0)]
    return tuple(found)


def run_job(job: Mapping[str, Any], world: World | None = None) -> dict[str, Any]:
    """Makes one attempt and writes its bundle, in place of one that was there; gives what `attempt.json` holds. Two calls with the same
    job, at once or one after the other, leave one bundle. Raises Problems."""
    made, world = Job(**job), world or World()
    options = Options(
        paths=(Path(made.workspace) / f"{made.scenario}.yaml",),
        environments=(made.environment,),
        customers=(made.customer,) if made.customer else (),
        workers=1,
        trace=made.trace,
        screenshots=made.screenshots,
    )
    checked = workflow.check(options, world.environ)
    rows = workflow.plan(checked, options).rows
    if len(rows) != 1:
        raise problem("no-such-case", f"{made.scenario} gives {len(rows)} cases and not one", "plan the run again")
    case = replace(rows[0].case, key=made.key)
    with _alone(made, world):
        asyncio.run(_make(case, made, checked.workspace, options, world))
    bundle = Path(made.folder) / place_of(made.key, made.attempt) / ATTEMPT
    return AttemptFile.model_validate_json(bundle.read_bytes()).model_dump(mode="json")


async def _make(case: Case, job: Job, workspace: Any, options: Options, world: World) -> None:
    async with workflow.open_tools(workspace, options, world, lambda event: None, Path(job.folder), job.run) as tools:
        await run_case(case, tools, CaseResult(case, only=job.attempt))


@contextmanager
def _alone(job: Job, world: World) -> Iterator[None]:
    """The same attempt is made by one process at a time on this machine; another one waits."""
    place = state_folder(world.environ) / "locks"
    place.mkdir(parents=True, exist_ok=True)
    named = f"{Path(job.folder).resolve()}|{job.key}|{job.attempt}"
    with FileLock(place / f"attempt-{hashlib.sha256(named.encode()).hexdigest()[:32]}.lock"):
        yield
