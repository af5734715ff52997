"""What one pytest process knows of scenarios: the workspaces it collects from, each with its browsers and its share of the run's folder.

A workspace has one run a session. The first process that runs something of it makes the run's folder and notes where it is; the others,
pytest-xdist's workers, take the note. What comes of a case is written there by whoever runs it, so the report needs only the disk.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from harness import workflow
from harness.plan.make import joined
from harness.plan.model import Plan, Planned
from harness.plan.variables import FromEnvironment
from harness.pytest_plugin.engine import Engine
from harness.record.files import write_text
from harness.scenario.settings import Settings
from harness.scenario.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from harness.record.asked import Asked
    from harness.record.model import Result
    from harness.run.case import CaseResult


@dataclass(frozen=True)
class Ran:
    """What came of a row: its result, the folder of the run's report, and the verdicts that the workspace wants to fail on."""

    result: Result
    folder: Path
    fail_on: tuple[str, ...]


class Scenarios:
    """Every workspace of the session, by its folder. `notes` is a folder that the session's processes share."""

    def __init__(self, config: pytest.Config, world: workflow.World, notes: Path) -> None:
        self.world = world
        self.asked = asked_for(config, self.world.environ)
        self.markers: set[str] = set()
        self._here = config.invocation_params.dir
        self._notes = notes
        self._fail_on = fail_on(config, self.world.environ)
        self._files: dict[Path, frozenset[Path]] = {}
        self._runs: dict[Path, WorkspaceRun] = {}

    def is_scenario(self, path: Path, root: Path) -> bool:
        """Whether the file is one of the workspace's scenarios, and no customer, flow or report."""
        if root not in self._files:
            self._files[root] = frozenset(Workspace(root, Settings(), {}, str(root)).all_files())
        return path in self._files[root]

    def rows(self, path: Path, options: workflow.Options | None = None) -> tuple[Planned, ...]:
        """What a scenario's file asks for, a row a customer and environment. Raises Problems."""
        asked = dataclasses.replace(options or self.asked, paths=(path,))
        return workflow.plan(workflow.check(asked, self.world.environ), asked).rows

    def settle(self, root: Path, rows: Sequence[Planned]) -> tuple[Planned, ...]:
        """All that is going to be run of a workspace: the rows with keys that are unique in its run. Raises Problems."""
        planned = joined(rows)
        self._run_of(root).planned = planned
        return planned.rows

    def run(self, root: Path, row: Planned) -> Ran:
        """Runs a row that was settled. Raises Problems."""
        return self._ran(self._run_of(root), row)

    def run_besides(self, root: Path, row: Planned) -> Ran:
        """Runs a row that a test asks for while the session goes on. Raises Problems."""
        run = self._run_of(root)
        return self._ran(run, run.add(row))

    def close(self) -> None:
        """Closes the browsers."""
        for run in self._runs.values():
            run.close()

    def _ran(self, run: WorkspaceRun, row: Planned) -> Ran:
        return Ran(run.run(row), run.folder, self._fail_on or run.workspace.settings.fail_on or ())

    def _run_of(self, root: Path) -> WorkspaceRun:
        if root not in self._runs:
            self._runs[root] = WorkspaceRun(root, self.asked, self.world, self._notes, self._here)
        return self._runs[root]


def asked_for(config: pytest.Config, environ: Mapping[str, str]) -> workflow.Options:
    """What the session was asked for: the command line, then `REPRO_*`, then the ini file. Raises Problems."""
    option, ini, variables = config.getoption, config.getini, FromEnvironment(environ)
    reports = option("repro_reports") or variables.text("REPORTS")
    if not reports and ini("repro_reports"):
        reports = (config.inipath.parent if config.inipath else config.rootpath) / ini("repro_reports")
    return workflow.Options(
        environments=tuple(option("repro_environment") or variables.words("ENVIRONMENT") or ini("repro_environment")),
        customers=tuple(option("repro_customer") or ini("repro_customer")),
        control=option("repro_control"),
        attempts=option("repro_attempts") or variables.number("ATTEMPTS") or int(ini("repro_attempts") or 0) or None,
        headed=option("repro_headed"),
        reports=Path(reports) if reports else None,
        trace=option("repro_trace") or variables.text("TRACE") or ini("repro_trace") or None,
        command=("pytest", *(str(each) for each in config.invocation_params.args)),
    )


def fail_on(config: pytest.Config, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The verdicts that the session wants to fail on; empty where only the workspace says, or nobody."""
    return tuple(config.getoption("repro_fail_on") or FromEnvironment(environ).words("FAIL_ON") or config.getini("repro_fail_on"))


class WorkspaceRun:
    """One process's share of a workspace's run. Raises Problems when the workspace's own file is wrong."""

    def __init__(self, root: Path, asked: workflow.Options, world: workflow.World, notes: Path, here: Path) -> None:
        self.planned = Plan(())
        self.folder = Path()
        self.workspace = open_workspace(root, world.environ)
        self._asked, self._world = asked, world
        self._reports = here / workflow.reports_folder(self.workspace, asked)
        self._note = notes / hashlib.sha256(str(root).encode()).hexdigest()[:16]
        self._engine: Engine | None = None

    def run(self, row: Planned) -> Result:
        """Runs the row, in browsers that stay open for the next."""
        return self._result(row, self._begun().run(row))

    def add(self, row: Planned) -> Planned:
        """Adds the row to what the run sets out to do, under a key that nothing else of it has."""
        from harness.record.asked import read_plan, write_plan

        self._begun()
        with self._locked():
            plan = read_plan(self.folder)
            taken = [key for each in plan.asked for key in (each.key, each.control_key) if key is not None]
            (added,) = joined([row], taken).rows
            asked = self._asked_of(added)
            write_plan(plan.model_copy(update={"asked": (*plan.asked, asked), "mine": (*plan.mine, asked.key)}), self.folder)
        return added

    def close(self) -> None:
        """Closes the browsers and notes what was learned of them."""
        from harness.record.clean import clean_plan

        if self._engine is not None:
            about = self._engine.close()
            with self._locked():
                clean_plan(self.folder, about.known)
            known = {"versions": dict(about.versions), "browser": dict(about.browser)}
            write_text(self._note.with_suffix(f".{os.getpid()}.about"), json.dumps(known))
            self._engine = None

    def _begun(self) -> Engine:
        if self._engine is None:
            self.folder, run_id = self._take_up()
            workspace, options, world, folder = self.workspace, self._asked, self._world, self.folder
            self._engine = Engine(lambda: workflow.open_tools(workspace, options, world, lambda event: None, folder, run_id))
        return self._engine

    def _take_up(self) -> tuple[Path, str]:
        """The run's folder and id; the first process that comes here makes them."""
        self._note.parent.mkdir(parents=True, exist_ok=True)
        note = self._note.with_suffix(".json")
        with self._locked():
            if not note.exists():
                folder, run_id = workflow.make_run_folder(self._reports, self._world)
                files = tuple(dict.fromkeys(Path(row.case.scenario.source.path) for row in self.planned.rows))
                asked = dataclasses.replace(self._asked, paths=files)
                workflow.write_run_plan(self.planned, self.planned, self.workspace, asked, self._world, folder, run_id)
                write_text(note, json.dumps({"root": str(self.workspace.root), "folder": str(folder.resolve()), "run": run_id}))
            found = json.loads(note.read_text(encoding="utf-8"))
        return Path(found["folder"]), found["run"]

    def _locked(self) -> FileLock:
        return FileLock(self._note.with_suffix(".lock"))

    def _result(self, row: Planned, came: Mapping[str, CaseResult]) -> Result:
        from harness.record.assemble import Context, result_of

        back = {key: each.came(self.folder) for key, each in came.items()}
        control = back[row.control.key] if row.control else None
        return result_of(self._asked_of(row), back[row.case.key], control, Context(answers=self.workspace.answers()))

    def _asked_of(self, row: Planned) -> Asked:
        """The row as plain values, without what its customers and environment keep secret."""
        from harness.record.assemble import asked_of
        from harness.record.clean import without_secrets
        from harness.run.scope import known_of

        known = known_of([row], workflow.with_dotenv(self._world.environ, self.workspace.root))
        return without_secrets(asked_of(row, self.workspace.settings.ticket_url), known)
