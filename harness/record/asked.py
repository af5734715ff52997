"""What a run set out to do and what has come of it so far, on disk while it goes on: a run that is killed can be resumed or merged.

`plan.json` holds every row that was planned, `<case>/case.json` the configuration that was in force, and
`<case>/attempt-N/attempt.json` one attempt. Each is written once and whole. A case is known by its key and its configuration's
fingerprint, an attempt by its number besides, so the same attempt may come back twice, from any machine, and counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from harness.diagnostics import problem
from harness.record.files import write_text
from harness.record.model import AttemptRecord, Configuration, RunInfo, ScenarioSource, Value

PLAN = "plan.json"
CASE = "case.json"
ATTEMPT = "attempt.json"
BROKEN_OFF = ("interrupt", "lost", "browser", "environment", "harness")


class Asked(Value):
    """A row of the report before anything came of it. `facts` is what is known of the customer's circumstances."""

    key: str
    scenario: str
    title: str
    ticket: str | None = None
    ticket_url: str | None = None
    area: str | None = None
    tags: tuple[str, ...] = ()
    status: Literal["open", "fixed"] = "open"
    report: str | None = None
    customer: str | None = None
    customer_name: str | None = None
    environment: str
    control: str | None = Field(default=None, description="the control customer")
    control_key: str | None = None
    attempts: int = 1
    customer_settable: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
    rerun: str = ""
    source: ScenarioSource | None = None


class RunPlan(Value):
    """`plan.json`. `mine` are the keys of the rows that this run makes itself; the others belong to other shards."""

    schema_version: Literal[1] = 1
    run: RunInfo
    options: dict[str, Any] = {}
    asked: tuple[Asked, ...] = ()
    mine: tuple[str, ...] = ()


class CaseFile(Value):
    """`case.json`. `complete` once nothing of the case is still to be done."""

    configuration: Configuration | None = None
    complete: bool = False


@dataclass(frozen=True)
class Came:
    """What came back of a case. When it is not `complete`, some of the attempts that were planned were not made."""

    attempts: tuple[AttemptRecord, ...] = ()
    configuration: Configuration | None = None
    complete: bool = True

    @property
    def fingerprint(self) -> str | None:
        """Of the configuration that was in force."""
        return self.configuration.fingerprint if self.configuration else None


def write_plan(plan: RunPlan, folder: Path) -> None:
    """Writes `plan.json`."""
    write_text(folder / PLAN, plan.model_dump_json())


def read_plan(folder: Path) -> RunPlan:
    """What the run in `folder` set out to do. Raises Problems."""
    try:
        return RunPlan.model_validate_json((folder / PLAN).read_bytes())
    except FileNotFoundError:
        raise problem("no-plan", f"{folder} holds no {PLAN}", "it is no run's folder, or one of an older harness") from None
    except (ValidationError, OSError) as error:
        raise problem("not-a-record", f"{folder / PLAN} can't be read: {str(error).splitlines()[0]}") from None


def write_case(folder: Path, key: str, came: CaseFile) -> None:
    """Writes the case's file."""
    (folder / key).mkdir(parents=True, exist_ok=True)
    write_text(folder / key / CASE, came.model_dump_json())


def write_attempt(folder: Path, key: str, attempt: AttemptRecord) -> None:
    """Writes one attempt's file."""
    place = folder / key / f"attempt-{attempt.number}"
    if not place.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    write_text(place / ATTEMPT, attempt.model_dump_json())


def read_came(folder: Path, key: str) -> Came:
    """What has come of a case; files that are missing or broken off are passed over."""
    case = _read(CaseFile, folder / key / CASE) or CaseFile()
    found = (_read(AttemptRecord, path) for path in (folder / key).glob(f"attempt-*/{ATTEMPT}"))
    attempts = sorted((attempt for attempt in found if attempt is not None), key=lambda attempt: attempt.number)
    return Came(tuple(attempts), case.configuration, case.complete)


def worth_keeping(came: Came) -> Came:
    """What need not be made again: attempts that ended by what was seen, not by what kept the run from seeing."""
    kept = tuple(each for each in came.attempts if each.outcome != "inconclusive" or each.decided_by not in BROKEN_OFF)
    return Came(kept, came.configuration, came.complete and len(kept) == len(came.attempts))


def _read(kind: Any, path: Path) -> Any:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (ValidationError, OSError):
        return None


def keys_of(asked: Iterable[Asked]) -> tuple[str, ...]:
    """The keys of all cases of these rows, controls right behind their customers."""
    return tuple(key for each in asked for key in (each.key, each.control_key) if key is not None)


def combined(older: Came, newer: Came) -> Came:
    """One case that came back twice. Attempts made with another configuration than the newer ones do not count any more; of the same
    attempt the one that has an answer counts, and of two answers the newer."""
    if not older.attempts or (newer.attempts and older.fingerprint != newer.fingerprint):
        return newer if newer.attempts or newer.complete else older
    attempts: Mapping[int, AttemptRecord] = {attempt.number: attempt for attempt in older.attempts}
    chosen = dict(attempts)
    for attempt in newer.attempts:
        if attempt.number not in chosen or attempt.outcome != "inconclusive" or chosen[attempt.number].outcome == "inconclusive":
            chosen[attempt.number] = attempt
    ordered = tuple(chosen[number] for number in sorted(chosen))
    return Came(ordered, newer.configuration or older.configuration, older.complete or newer.complete)
