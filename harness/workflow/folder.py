"""A run's folder: made, noted in what the run sets out to do, and worked on by one process at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.core.state import state_folder
from harness.diagnostics import problem
from harness.plan.model import Plan
from harness.scenario.workspace import Workspace
from harness.workflow.finishing import run_info
from harness.workflow.options import Options, World, with_dotenv
from harness.workflow.tooling import About


def make_run_folder(reports: Path, world: World) -> tuple[Path, str]:
    """A new folder named after the time, and never one that is there already. Raises Problems when it can't be made."""
    stamp = world.now().strftime("%Y%m%d-%H%M%S")
    try:
        reports.mkdir(parents=True, exist_ok=True)
        for attempt in range(1000):
            run_id = f"{stamp}-{world.token()[:4]}" if attempt < 999 else f"{stamp}-{attempt}"
            try:
                (reports / run_id).mkdir()
            except FileExistsError:
                continue
            return reports / run_id, run_id
    except OSError as error:
        raise problem(
            "unwritable-reports", f"the reports folder {reports} can't be written: {error.strerror}", "use --reports DIR"
        ) from None
    raise problem("unwritable-reports", f"no new folder could be made in {reports}", "use --reports DIR")


@contextmanager
def alone(folder: Path, world: World) -> Iterator[None]:
    """One process at a time works on a run. Raises Problems."""
    from filelock import FileLock, Timeout

    place = state_folder(world.environ) / "locks"
    place.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]
    try:
        with FileLock(place / f"run-{name}.lock", timeout=0):
            yield
    except Timeout:
        raise problem("run-in-use", f"another process is working on {folder.name}", "wait for its end, or end it") from None


def write_run_plan(everything: Plan, mine: Plan, workspace: Workspace, options: Options, world: World, folder: Path, run_id: str) -> None:
    """Notes in `folder` what the run sets out to do."""
    from harness.record.asked import RunPlan, write_plan
    from harness.record.assemble import asked_of
    from harness.record.clean import without_secrets
    from harness.run.scope import known_of

    info = run_info(mine, About({}, {}), options, run_id, (world.now(), world.now()), workspace).model_copy(update={"finished": None})
    asked = tuple(asked_of(row, workspace.settings.ticket_url) for row in everything.rows)
    plan = RunPlan(run=info, options=_plain(options), asked=asked, mine=tuple(row.case.key for row in mine.rows))
    write_plan(without_secrets(plan, known_of(everything.rows, with_dotenv(world.environ, workspace.root))), folder)


KEPT = (
    *("environments", "customers", "control", "attempts", "measure", "tag", "trace", "screenshots", "fail_fast", "until_confident"),
    *("prove", "fixed"),
)


def _plain(options: Options) -> dict[str, Any]:
    """What was asked for as plain values, so that a run can be resumed."""
    paths = [str(path.resolve() if path.exists() else path) for path in options.paths] or [str(Path().resolve())]
    return {"paths": paths, **{name: getattr(options, name) for name in KEPT}}


def options_of(plain: Mapping[str, Any]) -> Options:
    """What a run was asked for that wrote this into its plan."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items() if name in KEPT}
    return Options(paths=tuple(Path(path) for path in plain.get("paths", ())), **values)
