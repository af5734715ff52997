"""What a run set out to do and what has come of it so far, on disk while it goes on: a run that is killed can be resumed or merged.

`plan.json` holds every row that was planned, and `<case>/case.json` whether something of a case is still to be done. The folder
`<case>/attempt-N` is one attempt's bundle: its evidence, and `attempt.json`, which is written last, whole, and says itself what it
belongs to: scenario, customer, environment, configuration and number. So the same attempt may come back twice, from any machine, and
counts once; and attempts that were made with different configurations are never counted together.
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
    base_url: str | None = None
    control: str | None = Field(default=None, description="the control customer")
    control_key: str | None = None
    attempts: int = 1
    measure: bool = Field(default=False, description="whether attempts go on after one that reproduced")
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


class AttemptFile(Value):
    """`attempt.json`. `configuration` is what was in force, None when it could not be put in force."""

    scenario: str
    customer: str | None = None
    environment: str
    configuration: Configuration | None = None
    attempt: AttemptRecord


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


def place_of(key: str, number: int) -> str:
    """The folder of an attempt's bundle below the run's."""
    return f"{key}/attempt-{number}"


def write_attempt(folder: Path, key: str, made: AttemptFile) -> None:
    """Writes one attempt's file, which makes its bundle whole."""
    place = folder / place_of(key, made.attempt.number)
    if not place.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    write_text(place / ATTEMPT, made.model_dump_json())


def read_came(folder: Path, key: str, planned: int | None = None) -> Came:
    """What has come of a case; files that are missing or broken off are passed over, and so are attempts that were made with another
    configuration than the newest. With `planned`, so many attempts make it complete too, whoever made them."""
    case = _read(CaseFile, folder / key / CASE) or CaseFile()
    found: list[AttemptFile] = [made for path in (folder / key).glob(f"attempt-*/{ATTEMPT}") if (made := _read(AttemptFile, path))]
    newest = max((each for each in found if each.configuration), key=lambda each: each.attempt.started, default=None)
    configuration = newest.configuration if newest else case.configuration
    fingerprint = configuration.fingerprint if configuration else None
    kept = [each.attempt for each in found if each.configuration is None or each.configuration.fingerprint == fingerprint]
    told = case.configuration if case.configuration and case.configuration.fingerprint == fingerprint else configuration
    complete = case.complete or (planned is not None and len(kept) >= planned)
    return Came(tuple(sorted(kept, key=lambda attempt: attempt.number)), told, complete)


def read_attempts(folder: Path, key: str, numbers: Iterable[int]) -> tuple[AttemptRecord, ...]:
    """These attempts of a case, without those whose file is missing or broken off."""
    places = (folder / place_of(key, number) / ATTEMPT for number in numbers)
    return tuple(made.attempt for place in places if (made := _read(AttemptFile, place)))


def worth_keeping(came: Came) -> Came:
    """What need not be made again: attempts that ended by what was seen, not by what kept the run from seeing."""
    kept = tuple(each for each in came.attempts if each.outcome != "inconclusive" or each.decided_by not in BROKEN_OFF)
    return Came(kept, came.configuration, came.complete and len(kept) == len(came.attempts))


def _read(kind: Any, path: Path) -> Any:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (ValidationError, OSError):
        return None


def combined(older: Came, newer: Came) -> Came:
    """One case that came back twice. Attempts made with another configuration than the newer ones do not count any more; of the same
    attempt the one that has an answer counts, and of two answers the newer. Where no configuration could be put in force the second
    time, what came the first time stands."""
    if not newer.attempts or (newer.fingerprint is None and any(each.outcome != "inconclusive" for each in older.attempts)):
        return older if older.attempts or not newer.complete else newer
    if not older.attempts or older.fingerprint != newer.fingerprint:
        return newer
    attempts: Mapping[int, AttemptRecord] = {attempt.number: attempt for attempt in older.attempts}
    chosen = dict(attempts)
    for attempt in newer.attempts:
        if attempt.number not in chosen or attempt.outcome != "inconclusive" or chosen[attempt.number].outcome == "inconclusive":
            chosen[attempt.number] = attempt
    ordered = tuple(chosen[number] for number in sorted(chosen))
    return Came(ordered, newer.configuration or older.configuration, older.complete or newer.complete)
