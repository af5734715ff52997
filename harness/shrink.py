"""`repro shrink`: leaves out the steps that a symptom does not need, by delta debugging over the steps, and shows what is left.

A scenario with some steps left out is a configuration of `verdict.ddmin`, whose members are the steps that stay. It is the file's own text
without those steps, checked as any file is: one that is wrong (nothing saves `${saved.id}` any more) is undecided, without an attempt.
Steps of `cleanup` are not searched, since no symptom needs them; one goes only when it refers to what nothing saves any more.
"""

from __future__ import annotations

import asyncio
import difflib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import shorten
from typing import TYPE_CHECKING

from harness import workflow
from harness.core.exits import Exit
from harness.diagnostics import Diagnostic, Problems, Severity, Source, problem
from harness.draft.model import shown
from harness.draft.pieces import Piece, Written, pieces_of
from harness.evidence.store import write_aside
from harness.plan.model import Case
from harness.scenario.checks import check_scenario
from harness.scenario.scenario import Scenario, decode_scenario
from harness.scenario.shapes import Decoder, Invalid
from harness.scenario.source import parse, read_source
from harness.scenario.workspace import Workspace, select_files
from harness.triage import one_case
from harness.verdict.ddmin import Batch, Bisection, Probe, Result, smallest
from harness.verdict.outcome import Outcome
from harness.verdict.sequential import PATIENCE, Question, Trial, step, until_measured
from harness.verdict.statistics import clean_attempts_to_rule_out
from harness.workflow import Options, World

if TYPE_CHECKING:
    from harness.record.model import AttemptRecord
    from harness.run.bisect import Limits
    from harness.run.case import Tools

MOST_SAID = 110
RARER = 0.8
"""What is left should reproduce nearly as often as the whole, or it is said."""

Say = Callable[[str], None]
Kept = frozenset[Piece]


@dataclass(frozen=True)
class Shrunk:
    """What came of it. `text` is the file without the steps that are not needed, which is `before` when nothing could be left out, or
    nothing may be. `shown` is the file's name for people."""

    path: Path
    shown: str
    before: str
    text: str
    sentence: str
    exit: Exit

    @property
    def diff(self) -> str:
        """From the file to what is left of it; empty when nothing was left out."""
        old, new = (text.splitlines() for text in (self.before, self.text))
        return "".join(f"{line}\n" for line in difflib.unified_diff(old, new, self.shown, self.shown, lineterm=""))


def shrink(options: Options, world: World, limits: Limits, said: Say) -> Shrunk:
    """Finds the steps that the symptom needs. When it is interrupted, it gives what it had by then. Raises Problems."""
    checked, planned, case = one_case(options, world)
    (path,) = select_files(checked.workspace, options.paths)
    search = _Search(_Candidates(checked.workspace, case, pieces_of(case.scenario.source.text)), limits, said)
    if not search.items:
        raise problem("nothing-to-shrink", f"{options.paths[0]} has no steps, one to a line or between brackets, that could be left out")
    interrupted = False
    try:
        asyncio.run(_carried_out(search, planned.rows[0].control, options, world))
    except KeyboardInterrupt:
        interrupted = True
    sentence, code = _sentence(search, interrupted)
    before = case.scenario.source.text
    text = before if search.control_reproduces else search.candidates.text(search.best) or before
    return Shrunk(path, checked.workspace.show(path), before, text, sentence, code)


def write(shrunk: Shrunk, target: Path) -> None:
    """Writes what is left into a file. Raises Problems when the scenario was changed meanwhile, or it can't be written."""
    if target.exists() and target.samefile(shrunk.path) and read_source(shrunk.path, shrunk.shown).text != shrunk.before:
        raise problem("file-exists", f"{shrunk.shown} was changed meanwhile", "apply the difference by hand, or shrink it again")
    try:
        write_aside(target, shrunk.text)
    except OSError as error:
        raise problem("unwritable-file", f"{target} can't be written: {error.strerror}", "name another file with --output") from None


async def _carried_out(search: _Search, control: Case | None, options: Options, world: World) -> None:
    with TemporaryDirectory(prefix="repro-shrink-", ignore_cleanup_errors=True) as folder:
        asked = replace(options, trace="off", screenshots="off")
        workspace = search.candidates.workspace
        async with workflow.open_tools(workspace, asked, world, lambda event: None, Path(folder), world.token()) as tools:
            await search.run(tools)
            if search.left_out:
                await search.measure(tools)
            if search.left_out and control is not None:
                await search.compare(control, tools)


@dataclass(frozen=True)
class _Candidates:
    """A scenario's file with steps left out of it, as texts and as scenarios."""

    workspace: Workspace
    case: Case
    written: Written

    def text(self, kept: Kept) -> str | None:
        """Without the other steps, and without what `cleanup` can't do any more; None when what is left is no scenario."""
        text = self.written.without([piece for piece in self.written.pieces if piece.name != "cleanup" and piece not in kept])
        while errors := self._errors(text):
            stale = _stale_cleanup(text, errors)
            if not stale:
                return None
            text = pieces_of(text).without(stale)
        return text

    def scenario(self, kept: Kept) -> Scenario | None:
        """The same, read; None when it is no scenario."""
        text = self.text(kept)
        return None if text is None else self._decoded(text, Decoder())

    def _errors(self, text: str) -> list[Diagnostic]:
        decoder = Decoder()
        try:
            scenario = self._decoded(text, decoder)
        except Invalid:
            return decoder.problems
        except Problems as problems:
            return list(problems.diagnostics)
        customers = (self.case.customer.id,) if self.case.customer else ()
        found = check_scenario(self.workspace, scenario, customers, self.case.environment.id)
        return [each for each in (*decoder.problems, *found) if each.severity is Severity.ERROR]

    def _decoded(self, text: str, decoder: Decoder) -> Scenario:
        return decode_scenario(self.case.scenario.id, parse(Source(self.case.scenario.source.path, text)), decoder)


def _stale_cleanup(text: str, errors: list[Diagnostic]) -> set[Piece]:
    """The steps of `cleanup` that are all that is wrong, since they name what is not there any more; empty when there is more."""
    lines = [each.place.line for each in errors if each.slug == "unknown-name" and each.place is not None]
    if len(lines) < len(errors):
        return set()
    written = pieces_of(text)
    found = [written.at(line) for line in lines]
    stale = {piece for piece in found if piece is not None and piece.name == "cleanup"}
    return stale if all(piece in stale for piece in found) else set()


@dataclass
class _Search:
    """One search: its questions become attempts, and the best that is known stands ready whenever it ends."""

    candidates: _Candidates
    limits: Limits
    said: Say
    measured: Trial | None = None
    reason: str = ""
    again: Trial | None = None
    result: Result[Piece] | None = None
    control: str = ""
    control_reproduces: bool = False
    attempts: int = 0
    _stops: frozenset[str | None] = frozenset()
    _number: int = 0
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.items = tuple(piece for piece in self.candidates.written.pieces if piece.name != "cleanup")
        self.best: Kept = frozenset(self.items)

    @property
    def left_out(self) -> Kept:
        """The steps that are known not to be needed."""
        return frozenset(self.items) - self.best

    @property
    def is_seen(self) -> bool:
        """Whether the whole scenario reproduced."""
        return self.measured is not None and self.measured.answer is Outcome.REPRODUCED

    async def run(self, tools: Tools) -> None:
        """Measures how often the symptom comes, then leaves steps out."""
        measured, attempts = await self._made(self.candidates.case, tools, until_measured(self.limits.confidence))
        self.measured = measured
        self.reason = shown(attempts[-1].reason) if attempts else ""
        if not self.is_seen:
            return
        self._stops = frozenset(_stopped_at(attempt) for attempt in attempts if attempt.outcome is Outcome.REPRODUCED)
        self.said(f"reproduced in {measured.reproduced} of {measured.decided} attempts, with {len(self.items)} steps")
        patience = PATIENCE if measured.inconclusive else 0  # where nothing else is undecided, it is for want of the steps
        plan = Bisection(
            measured.reproduced,
            measured.decided,
            self.limits.confidence,
            self.limits.probes,
            patience=patience,
        )
        search = smallest(self.items, plan)
        try:
            batch: Batch[Piece] = next(search)
            while True:
                over = time.monotonic() - self._began > self.limits.minutes * 60
                batch = search.send({} if over else await self._answers(batch, tools))
        except StopIteration as end:
            self.result = end.value

    async def measure(self, tools: Tools) -> None:
        """How often what is left reproduces: a step that only waits may be needed for that alone."""
        scenario = self.candidates.scenario(self.best)
        assert scenario is not None
        case = _case_of(self.candidates.case, scenario, "measured")
        self.again, _ = await self._tried(case, tools, until_measured(self.limits.confidence))

    async def compare(self, control: Case, tools: Tools) -> None:
        """What is left has to tell the customer from the control, where the whole scenario does."""
        assert self.measured is not None
        needed = clean_attempts_to_rule_out(self.measured.reproduced, self.measured.decided, 1 - self.limits.confidence)
        scenario = self.candidates.scenario(self.best)
        assert scenario is not None
        self.control = control.customer.id if control.customer else "the control"
        trial, why = await self._tried(_case_of(control, scenario, "shrunk"), tools, Trial(Question(needed)))
        self.said(f"what is left, with {self.control}: {trial.answer}{why}")
        if trial.answer is Outcome.REPRODUCED:
            whole, _ = await self._tried(_case_of(control, control.scenario, "whole"), tools, Trial(Question(needed)))
            self.control_reproduces = whole.answer is not Outcome.REPRODUCED

    async def _answers(self, batch: Batch[Piece], tools: Tools) -> dict[Kept, Trial]:
        trials = await asyncio.gather(*(self._answer(probe, tools) for probe in batch))
        return {probe.settings: trial for probe, trial in zip(batch, trials, strict=True)}

    async def _answer(self, probe: Probe[Piece], tools: Tools) -> Trial:
        scenario = self.candidates.scenario(probe.settings)
        if scenario is None:
            return _undecided(probe.trial)
        self._number += 1
        number = self._number
        trial, why = await self._tried(_case_of(self.candidates.case, scenario, str(number)), tools, probe.trial)
        self.said(f"probe {number}: without {_lines(self.items, probe.settings)}: {trial.answer}{why}")
        if trial.answer is Outcome.REPRODUCED and len(probe.settings) < len(self.best):
            self.best = probe.settings
        return trial

    async def _tried(self, case: Case, tools: Tools, trial: Trial) -> tuple[Trial, str]:
        """The trial, and why it is undecided. A symptom that is seen where a step could not be done counts only if the whole scenario
        stopped at that step too."""
        ended, attempts = await self._made(case, tools, trial)
        strange = [_stopped_at(each) for each in attempts if each.outcome is Outcome.REPRODUCED and _stopped_at(each) not in self._stops]
        if strange:
            return _undecided(trial), f": the symptom is seen, but `{strange[0]}` can't be done"
        undecided = ended.answer is Outcome.INCONCLUSIVE and attempts
        return ended, f": {shorten(shown(attempts[-1].reason), MOST_SAID, placeholder=' …')}" if undecided else ""

    async def _made(self, case: Case, tools: Tools, trial: Trial) -> tuple[Trial, tuple[AttemptRecord, ...]]:
        from harness.run.bisect import tried
        from harness.run.case import CaseResult

        result = CaseResult(case)
        trial = await tried(case, tools, result, trial)
        self.attempts += len(result.attempts)
        return trial, result.came(tools.root).attempts


def _case_of(case: Case, scenario: Scenario, name: str) -> Case:
    return replace(case, key=f"{case.key[:80]}--{name}", scenario=scenario)


def _stopped_at(attempt: AttemptRecord) -> str | None:
    """The step, as it is written, that could not be done; None when all could."""
    if attempt.stopped_at is None:
        return None
    return next((each.text for each in attempt.steps if each.line == attempt.stopped_at and each.error), "")


def _undecided(trial: Trial) -> Trial:
    while trial.answer is None:
        trial = step(trial, Outcome.INCONCLUSIVE)
    return trial


def _lines(items: tuple[Piece, ...], kept: Kept) -> str:
    lines = [str(piece.line) for piece in items if piece not in kept]
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(lines)}" if lines else "nothing"


def _sentence(search: _Search, interrupted: bool) -> tuple[str, Exit]:
    code = Exit.INTERRUPTED if interrupted else Exit.AS_EXPECTED
    if not search.is_seen:
        if interrupted or search.measured is None:
            return "It was interrupted before it was known whether it reproduces: no step was left out.", Exit.INTERRUPTED
        undecided = search.measured.answer is Outcome.INCONCLUSIVE
        began = "Whether it reproduces could not be decided" if undecided else "It did not reproduce"
        return f"{began}, so no step was left out. {search.reason}", Exit.INCONCLUSIVE
    if search.control_reproduces:
        return (
            f"Without {_lines(search.items, search.best)} it reproduces with {search.control} too, which the whole scenario does not: "
            "it would not show the same any more. Nothing was left out.",
            Exit.INCONCLUSIVE,
        )
    few, all_ = len(search.best), len(search.items)
    head = f"{few} of {all_} steps are needed" if few < all_ else f"All {all_} steps are needed"
    often = _how_often(search)
    if interrupted or search.result is None or search.result.is_best_so_far:
        why = "it was interrupted" if interrupted else "the budget ended the search"
        left = f"{all_ - few} of {all_} steps could be left out" if few < all_ else "No step could be left out yet"
        return f"{left} when {why}: this is the best so far ({search.attempts} attempts).{often}", code
    return f"{head}: without any one of them it does not reproduce, or can't be done ({search.attempts} attempts).{often}", code


def _how_often(search: _Search) -> str:
    """The rate of what is left beside that of the whole; empty where it was not measured."""
    whole, left = search.measured, search.again
    if whole is None or left is None or not left.decided:
        return ""
    said = f" What is left reproduced in {left.reproduced} of {left.decided} attempts, the whole in {whole.reproduced} of {whole.decided}."
    rarer = left.reproduced * whole.decided < RARER * whole.reproduced * left.decided
    return f"{said} A step that was left out may have made it surer: look at those that wait." if rarer else said
