"""The run record, `results.json`: what every report, history and tracker reads. Versioned; times are UTC, durations milliseconds.

Paths in it are relative to the folder that holds the record, with forward slashes.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.verdict.outcome import Classification as Classification
from harness.verdict.outcome import Outcome as Outcome

SCHEMA_VERSION = 1


class StepStatus(StrEnum):
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"  # optional, and could not be done
    NOT_REACHED = "not_reached"


class Value(BaseModel):
    """Frozen, and closed: a field that is not declared here is an error of the writer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Box(Value):
    """The element acted on, in CSS pixels of the picture's viewport."""

    x: float
    y: float
    width: float
    height: float


class StepRecord(Value):
    """One step as it went. `phase` says which list of the scenario it stands in; `depth` > 0 is inside a flow or `together`."""

    phase: Literal["setup", "steps", "cleanup"]
    text: str = Field(description="the step as written, one line, secrets by name only")
    name: str | None = None
    status: StepStatus
    file: str
    line: int
    depth: int = 0
    duration_ms: int = 0
    screenshot: str | None = None
    box: Box | None = None
    viewport: tuple[int, int] | None = None
    error: str | None = None
    note: str | None = None


class ConsoleLine(Value):
    level: str
    text: str
    url: str = ""
    at_ms: int = Field(default=0, description="since the attempt began")


class PageError(Value):
    message: str
    stack: str = ""
    at_ms: int = 0


class NetworkLine(Value):
    """A request of the page; `status` is None while there is no answer, `failure` the browser's word for why there is none."""

    method: str
    url: str
    status: int | None = None
    failure: str | None = None
    resource_type: str = ""
    duration_ms: int | None = None
    at_ms: int = 0

    @property
    def answer(self) -> str:
        """The status, or why there is none."""
        return str(self.status or self.failure or "no answer")


class Held(Value):
    """A host that was asked for and not allowed."""

    host: str
    by: str = Field(description="what asked: page, worker, step …")
    url: str = ""
    count: int = 1


class AttemptRecord(Value):
    """One attempt. `decided_by`: which oracle or event ended it. The excerpts hold the first lines; the files hold all."""

    number: int
    outcome: Outcome
    reason: str
    decided_by: Literal[
        "symptom", "expected", "window", "setup", "step", "environment", "browser", "budget", "harness", "interrupt", "lost"
    ]
    stopped_at: int | None = Field(default=None, description="the line of the step that could not be done")
    started: datetime
    duration_ms: int
    steps: tuple[StepRecord, ...] = ()
    deciding_screenshot: str | None = None
    trace: str | None = None
    console_log: str | None = None
    network_log: str | None = None
    console_errors: tuple[ConsoleLine, ...] = ()
    page_errors: tuple[PageError, ...] = ()
    failed_requests: tuple[NetworkLine, ...] = ()
    held: tuple[Held, ...] = ()
    downloads: tuple[str, ...] = ()
    final_url: str | None = None
    symptom_seen: str | None = Field(default=None, description="what the symptom's oracle last saw, in words")
    expected_seen: str | None = None
    browser: str = ""
    repeated_after: str | None = Field(default=None, description="why the attempt was begun anew, when its browser was lost")
    held_at_start: str | None = Field(
        default=None, description="with --prove: what the symptom's oracle saw before the first step, where it held there already"
    )
    notes: tuple[str, ...] = ()
    leaks: tuple[str, ...] = Field(default=(), description="where a secret was found in the evidence after all: it is not to be sent on")


class Rate(Value):
    """k reproduced of n decided attempts, with the 95 % Wilson interval; `upper_bound` is what n clean attempts leave possible."""

    reproduced: int
    decided: int
    attempts: int
    low: float | None = None
    high: float | None = None
    upper_bound: float | None = None


class Difference(Value):
    """A setting in which customer and baseline differ; absent values are None with the `…_given` flag false."""

    path: str
    customer: Any = None
    baseline: Any = None
    customer_given: bool = True
    baseline_given: bool = True
    customer_settable: bool = False
    culprit: bool = False


class Configuration(Value):
    """What was in force. `settings` is what read_back answered, or what was asked for where it was not read back."""

    fingerprint: str
    applied: bool = False
    read_back: bool = False
    settings: dict[str, Any] = Field(default_factory=dict)
    browser: dict[str, Any] = Field(default_factory=dict)
    restored: bool | None = None
    note: str | None = None


class Bisected(Value):
    """The smallest set of settings that triggers the symptom, and how it was found."""

    culprits: tuple[str, ...]
    confirmed_with_baseline: bool
    confirmed_without: bool
    probes: int
    attempts: int
    confidence: float
    complete: bool
    sentence: str


class ControlRecord(Value):
    """The same scenario with the control customer."""

    customer: str
    verdict: Outcome
    reason: str
    rate: Rate
    attempts: tuple[AttemptRecord, ...] = ()
    configuration: Configuration | None = None


class Proof(Value):
    """With --prove: whether the symptom's oracle can say both yes and no. `fixed` is the environment in which it should say no."""

    answer: Literal["proven", "refuted", "open"]
    sentence: str
    fixed: str | None = None


class KnownAnswer(Value):
    """An entry of the team's `answers.yaml` that fits: what it is, and what to reply."""

    name: str
    classification: str | None = None
    reply: str | None = None


class ScenarioSource(Value):
    """The scenario's text as it was run."""

    path: str
    text: str


class Result(Value):
    """One scenario with one customer in one environment."""

    key: str = Field(description="unique within the run; also the folder of its evidence")
    scenario: str
    title: str
    ticket: str | None = None
    ticket_url: str | None = None
    area: str | None = None
    tags: tuple[str, ...] = ()
    status: Literal["open", "fixed"] = "open"
    report: str | None = Field(default=None, description="the customer's own words")
    customer: str | None = None
    customer_name: str | None = None
    environment: str
    environment_version: str | None = Field(default=None, description="as the environment answered; None where it was not asked")
    base_url: str | None = None
    verdict: Outcome
    reason: str
    classification: Classification | None = None
    classification_reason: str | None = None
    expected_by_status: bool
    attempts: tuple[AttemptRecord, ...] = ()
    rate: Rate
    control: ControlRecord | None = None
    configuration: Configuration | None = None
    differences: tuple[Difference, ...] = ()
    bisected: Bisected | None = None
    proof: Proof | None = None
    mended: bool = Field(default=False, description="with --prove: this environment was named as the fixed one")
    questions: tuple[str, ...] = Field(default=(), description="what to ask the customer next, most telling first")
    answers: tuple[KnownAnswer, ...] = Field(default=(), description="entries of the team's answers.yaml that fit")
    evidence: tuple[str, ...] = ()
    rerun: str = ""
    source: ScenarioSource | None = None
    duration_ms: int = 0


class BrowserInfo(Value):
    """`name` as Playwright calls the engine, `version` as the browser says."""

    name: str
    version: str
    build: str = Field(default="", description="which build: chromium-headless-shell, chrome, …")


class RunInfo(Value):
    id: str
    started: datetime
    finished: datetime | None = None
    environment: str | None = None
    environment_version: str | None = None
    base_url: str | None = None
    harness_version: str
    browser: BrowserInfo | None = None
    command: tuple[str, ...] = ()
    workers: int = 1
    shard: str | None = None
    interrupted: bool = False
    notes: tuple[str, ...] = ()


class Record(Value):
    """A finished, interrupted or merged run."""

    schema_version: Literal[1] = 1
    run: RunInfo
    results: tuple[Result, ...] = ()
