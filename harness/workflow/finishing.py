"""What came of a run -> its record, its reports and its exit code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import harness
from harness.core.exits import BisectExit, Exit
from harness.plan.model import Plan
from harness.scenario.workspace import Workspace
from harness.workflow.options import Options
from harness.workflow.tooling import About

if TYPE_CHECKING:
    from harness.evidence.redact import Redactor
    from harness.record.model import Record, Result, RunInfo


@dataclass(frozen=True)
class Finished:
    """A run that came to its end, or to its interrupt. `short` is its record with each result in short. `fail_on` is what the workspace
    says."""

    short: Record
    folder: Path
    report: Path
    defects: tuple[BaseException, ...] = ()
    fail_on: tuple[str, ...] | None = None

    @property
    def record(self) -> Record:
        """The whole record, read from the run's folder."""
        from harness.record.store import read_record

        return read_record(self.folder)


def run_info(planned: Plan, about: About, options: Options, run_id: str, times: tuple[datetime, datetime], workspace: Workspace) -> RunInfo:
    """What the record says of the run as a whole."""
    from harness.record.model import BrowserInfo, RunInfo

    environments = list(dict.fromkeys(row.case.environment.id for row in planned.rows))
    urls = list(dict.fromkeys(row.case.environment.base_url for row in planned.rows))
    return RunInfo(
        id=run_id,
        started=times[0],
        finished=times[1],
        environment=", ".join(environments) or None,
        environment_version=", ".join(dict.fromkeys(about.versions.values())) or None,
        base_url=", ".join(urls) or None,
        harness_version=harness.__version__,
        browser=BrowserInfo(**about.browser) if about.browser else None,
        command=options.command,
        workers=options.workers or workspace.settings.workers or os.cpu_count() or 1,
        shard=options.shard,
    )


def finish(
    run: RunInfo,
    results: Iterable[Result],
    folder: Path,
    defects: tuple[BaseException, ...] = (),
    known: Redactor | None = None,
    fail_on: tuple[str, ...] | None = None,
) -> Finished:
    """Writes the record without the secrets that are `known`, and everything that tells of it. The results are taken one at a time."""
    from harness.evidence.redact import Redactor
    from harness.record.clean import result_without_secrets, without_secrets
    from harness.record.store import write_results
    from harness.report.write import write_reports

    redactor = known or Redactor()
    clean = (result_without_secrets(each, redactor) for each in results)
    written = write_results(without_secrets(run, redactor), clean, folder)
    report = write_reports(written.short, written.results(), folder)
    return Finished(written.short, folder, report, defects, fail_on)


def exit_of(finished: Finished, fail_on: tuple[str, ...] | None) -> Exit:
    """The contract's exit code: a defect of the harness, an interrupt, a verdict that was named, something undecided, or nothing."""
    from harness.verdict.outcome import Outcome

    results = finished.short.results
    fail_on = fail_on if fail_on is not None else finished.fail_on
    if finished.defects:
        return Exit.DEFECT
    if finished.short.run.interrupted:
        return Exit.INTERRUPTED
    if (proven := _proven(results)) is not None:
        return proven
    if fail_on is not None and any(str(result.verdict) in fail_on for result in results):
        return Exit.VERDICT
    if fail_on is None and any(result.status == "fixed" and result.verdict is Outcome.REPRODUCED for result in results):
        return Exit.VERDICT
    if any(result.verdict is Outcome.INCONCLUSIVE for result in results):
        return Exit.INCONCLUSIVE
    return Exit.AS_EXPECTED


def _proven(results: Sequence[Result]) -> Exit | None:
    """With --prove: 1 when a symptom is seen everywhere, 3 when a scenario could not be proven, else 0. None without it."""
    answers = [result.proof.answer for result in results if result.proof is not None]
    if not answers:
        return None
    return Exit.VERDICT if "refuted" in answers else Exit.INCONCLUSIVE if "open" in answers else Exit.AS_EXPECTED


def bisect_exit(finished: Finished) -> BisectExit:
    """What `git bisect run` is told: bad when anything reproduced, skip when anything is undecided or nothing ran, else good."""
    from harness.verdict.outcome import Outcome

    verdicts = [result.verdict for result in finished.short.results]
    if finished.defects or finished.short.run.interrupted:
        return BisectExit.STOP
    if Outcome.REPRODUCED in verdicts:
        return BisectExit.BAD
    return BisectExit.SKIP if Outcome.INCONCLUSIVE in verdicts or not verdicts else BisectExit.GOOD
