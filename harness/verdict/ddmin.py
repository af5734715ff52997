"""Which settings cause a symptom: delta debugging between a customer's configuration and a baseline. Pure: it asks, the caller attempts.

A *configuration* is a set of items: those settings are the customer's, all others the baseline's. The set of all items is known to
reproduce. Wanted is a *cause*: a set that reproduces and from which nothing can be left out.

    A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 28 (2002) 183-200: ddmin, its three
      answers (their FAIL, PASS and UNRESOLVED are our reproduced, not reproduced and inconclusive), and what 1-minimal means
    U. Junker, "QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004, 167-172; and
    F. Hemery, C. Lecoutre, L. Sais, F. Boussemart, "Extracting MUCs from constraint networks", ECAI 2006, 113-117: the
      members of a cause found one after another by bisection, given those found before

ddmin asks a quadratic number of configurations when the members of a cause lie apart. So the search goes by **prefixes** instead: with the
members found so far kept in, bisecting finds the shortest prefix of the other items that reproduces. Its last item is a member, and
what lies behind it is not needed any more. That takes log2(n) + 1 probes a member, and at most 2 k log2(n) + 10 for a cause of k among n
items, verification included. Where inconclusive answers leave a block of items that no prefix divides, ddmin itself minimises that block.

**Noise.** One reproduction is proof. "Not reproduced" takes as many clean attempts as make missing the symptom improbable, given how often
the customer's own configuration reproduced (`miss_probability`). A miss in the search leads astray but proves nothing: every claim of
the result is verified with attempts of its own, as many as the confidence demands, and what verification refutes is searched further:

    the baseline does not reproduce; the baseline with the cause does; with any one member left out it does not (1-minimal);
    the customer without the cause does not. Where it still does, there is another, independent cause: an alternative, found next

The error probabilities of all "not reproduced" that the result rests upon add up (Bonferroni): for one cause, to at most 1 - confidence.
They assume that a configuration that reproduces does so about as often as the customer's own: a much rarer second cause may be missed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import fsum
from typing import Generic, TypeAlias, TypeVar

from harness.verdict.outcome import Outcome
from harness.verdict.sequential import PATIENCE, Question, Trial
from harness.verdict.statistics import clean_attempts_to_rule_out, miss_probability

T = TypeVar("T", bound=Hashable)
R = TypeVar("R")

_SKIPS = 4
"""Inconclusive prefixes of one block before ddmin takes it over. Where settings need each other, four save a sixth of the probes."""
_WIDEST = 3
"""Prefixes asked side by side at most: dividing into w + 1 parts costs w / log2(w + 1) as many probes, within the bound up to 3."""


@dataclass(frozen=True)
class Bisection:
    """How a search is made. Raises ValueError.

    reproduced    of
    decided       attempts with the customer's configuration: how often the symptom shows; `until_measured` makes it sound
    confidence    wanted for the result, 0 to 1
    budget        distinct configurations asked at most; None: no limit
    side_by_side  prefixes asked at once, 1 to 3: fewer rounds for more probes
    search_miss   the probability of a miss that the search itself, which is verified afterwards, may run
    patience      see `Question`
    """

    reproduced: int
    decided: int
    confidence: float = 0.95
    budget: int | None = None
    side_by_side: int = 1
    search_miss: float = 0.1
    patience: int = PATIENCE

    def __post_init__(self) -> None:
        if not 0 < self.reproduced <= self.decided:
            raise ValueError(f"bisecting needs a symptom that was seen: {self.reproduced} of {self.decided} reproduced")
        if not 0 < self.confidence < 1 or not 0 < self.search_miss < 1:
            raise ValueError("confidence and search_miss lie between 0 and 1")
        if self.side_by_side < 1 or self.patience < 0 or (self.budget is not None and self.budget < 0):
            raise ValueError("side_by_side is at least 1; patience and budget are at least 0")


@dataclass(frozen=True)
class Probe(Generic[T]):
    """A configuration that is asked: attempt it, stepping `trial` with each outcome, until the trial has an answer."""

    settings: frozenset[T]
    trial: Trial


Batch: TypeAlias = tuple[Probe[T], ...]
"""Probes that may run side by side."""
Answers: TypeAlias = Mapping[frozenset[T], Trial]
"""The ended trial of each probe of the batch. One that is left out means that time is up: the search ends with the best so far."""
Asking: TypeAlias = Generator[Batch[T], Answers[T], R]


class Ending(Enum):
    """Why a search ended."""

    FOUND = "found"
    BASELINE_REPRODUCES = "baseline_reproduces"
    NOTHING_DIFFERS = "nothing_differs"
    BUDGET = "budget"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Cause(Generic[T]):
    """Settings that, put into the baseline, reproduced together; in the order in which the items were given.

    `unsure` are the members of which it was not seen that they are needed: leaving them out was inconclusive, or was not asked any more.
    """

    settings: tuple[T, ...]
    unsure: tuple[T, ...] = ()

    @property
    def is_minimal(self) -> bool:
        """Whether leaving out any one member was seen not to reproduce."""
        return not self.unsure


@dataclass(frozen=True)
class Asked(Generic[T]):
    """One entry of the history: a configuration, in the items' order, and how its attempts ended. Verification asks some a second time."""

    settings: tuple[T, ...]
    answer: Outcome
    reproduced: int
    clean: int
    inconclusive: int


@dataclass(frozen=True)
class Result(Generic[T]):
    """What a search found.

    causes      the smallest set first found, then the independent alternatives; empty when the baseline reproduces, or nothing differs
    necessary   whether the customer without the first cause does not reproduce; False: there are other causes; None: not known
    complete    whether the customer without any of the causes does not reproduce: no further cause is left; None: not known
    confidence  that all "not reproduced" which this rests upon are right; 0.0 when the search ended early
    probes      distinct configurations asked; `unresolved` of them were inconclusive
    attempts    made for all that
    """

    ending: Ending
    causes: tuple[Cause[T], ...]
    necessary: bool | None
    complete: bool | None
    confidence: float
    probes: int
    unresolved: int
    attempts: int
    history: tuple[Asked[T], ...]

    @property
    def culprits(self) -> tuple[T, ...]:
        """The settings of the first cause."""
        return self.causes[0].settings if self.causes else ()

    @property
    def alternatives(self) -> tuple[Cause[T], ...]:
        """The independent causes besides the first."""
        return self.causes[1:]

    @property
    def sufficient(self) -> bool:
        """Whether the baseline with the culprits reproduced: never claimed without having been seen."""
        return bool(self.causes)

    @property
    def is_confirmed(self) -> bool:
        """Whether both directions are: the baseline with the culprits reproduces, the customer without them does not."""
        return self.sufficient and self.necessary is True

    @property
    def is_best_so_far(self) -> bool:
        """Whether the budget or the time ended the search."""
        return self.ending in (Ending.BUDGET, Ending.STOPPED)


def bisect(items: Sequence[T], plan: Bisection) -> Asking[T, Result[T]]:
    """Searches the causes among `items`, the settings in which customer and baseline differ; the likeliest are best given first.

    A generator: it yields batches of probes, is sent their answers, and returns the result.

        search = bisect(paths, Bisection(reproduced=5, decided=5, budget=60))
        batch = next(search)
        while True:
            try:
                batch = search.send({probe.settings: attempted(probe.trial) for probe in batch})
            except StopIteration as end:
                return end.value

    Raises ValueError for items given twice, and for an answer whose trial has not ended.
    """
    search = _Search(tuple(items), plan)
    try:
        ending = yield from search.causes_of_all()
    except _Over as over:
        ending = over.ending
        search.keep_best()
    return search.result(ending)


def smallest(items: Sequence[T], plan: Bisection) -> Asking[T, Result[T]]:
    """Searches one smallest set that reproduces, as `bisect` is driven. It is for items that build on each other, as the steps of a
    scenario do: of those most subsets are undecided, prefixes above all, so that ever shorter runs are left out of the whole instead.

    The result has one cause at most; whether there are others is not asked. It takes about 2 n probes; n^2 / 2 in the worst case, where
    each item that goes makes an earlier one needless. Raises ValueError as `bisect` does.
    """
    search = _Search(tuple(items), plan)
    try:
        ending = yield from search.one_smallest()
    except _Over as over:
        ending = over.ending
        search.keep_best()
    return search.result(ending)


def run(search: Asking[T, Result[T]], answer: Callable[[Probe[T]], Trial]) -> Result[T]:
    """Drives a search to its end, one probe after another."""
    try:
        batch = next(search)
        while True:
            batch = search.send({probe.settings: answer(probe) for probe in batch})
    except StopIteration as end:
        result: Result[T] = end.value
        return result


class _Over(Exception):
    """The budget or the time is."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


@dataclass(frozen=True)
class _Known:
    """A configuration's answer. A strict one comes from attempts made to verify it."""

    outcome: Outcome
    clean: int
    strict: bool


class _Search(Generic[T]):
    """One search: what is known, what was asked, what was found."""

    def __init__(self, items: tuple[T, ...], plan: Bisection) -> None:
        if len(set(items)) != len(items):
            raise ValueError("the items to bisect are given twice")
        self._items = items
        self._plan = plan
        self._width = min(plan.side_by_side, _WIDEST)
        self._known: dict[frozenset[T], _Known] = {frozenset(items): _Known(Outcome.REPRODUCED, 0, True)} if items else {}
        self._asked: set[frozenset[T]] = set()
        self._history: list[Asked[T]] = []
        self._causes: list[Cause[T]] = []
        self._rest = frozenset(items)

    # What is searched.

    def causes_of_all(self) -> Asking[T, Ending]:
        """All independent causes, one after another; each verified."""
        if not self._items:
            return Ending.NOTHING_DIFFERS
        risk = (1 - self._plan.confidence) / 4
        if (yield from self._answer(frozenset(), risk)) is Outcome.REPRODUCED:
            return Ending.BASELINE_REPRODUCES
        while self._outcome(self._rest) is Outcome.REPRODUCED:
            found = yield from self._reduced(self._ordered(self._rest))
            cause = yield from self._verified(found)
            self._causes.append(cause)
            self._rest -= frozenset(cause.settings)
            yield from self._answer(self._rest, risk)
        return Ending.FOUND

    def _reduced(self, items: tuple[T, ...]) -> Asking[T, frozenset[T]]:
        """A subset of `items`, which reproduce, that reproduces and, if no answer was a miss, has nothing superfluous."""
        found: frozenset[T] = frozenset()
        while items:
            if found and (yield from self._reproduces(found)):
                break
            start, stop = yield from self._edge(found, items)
            if stop - start == 1:
                found |= {items[start]}
            else:
                found |= yield from self._ddmin(found.union(items[:start]), items[start:stop])
            items = items[:start]
        return found

    def _edge(self, found: frozenset[T], items: tuple[T, ...]) -> Asking[T, tuple[int, int]]:
        """(start, stop): with the prefix up to `stop` it reproduces, up to `start` it does not, between them nothing could be decided."""
        low, high = 0, len(items)
        skipped: set[int] = set()
        while cuts := _cuts(low, high, skipped, self._width):
            sets = {cut: found.union(items[:cut]) for cut in cuts}
            outcomes = yield from self._ask(dict.fromkeys(sets.values(), self._plan.search_miss))
            high = min((cut for cut in cuts if outcomes[sets[cut]] is Outcome.REPRODUCED), default=high)
            low = max((cut for cut in cuts if cut < high and outcomes[sets[cut]] is Outcome.NOT_REPRODUCED), default=low)
            skipped.update(cut for cut in cuts if outcomes[sets[cut]] is Outcome.INCONCLUSIVE)
        return low, high

    def _ddmin(self, context: frozenset[T], block: tuple[T, ...]) -> Asking[T, frozenset[T]]:
        """Zeller and Hildebrandt's ddmin of `block`, with `context` always in. 1-minimal as far as the answers go."""
        parts = 2
        while len(block) > 1:
            chunks = _split(block, parts)
            complements = [tuple(item for item in block if item not in chunk) for chunk in map(set, chunks)] if parts > 2 else []
            smaller = yield from self._first_reproducing(context, [*chunks, *complements])
            if smaller is not None:
                parts = 2 if smaller in chunks else max(parts - 1, 2)
                block = smaller
            elif parts < len(block):
                parts = min(2 * parts, len(block))
            else:
                break
        return frozenset(block)

    def _first_reproducing(self, context: frozenset[T], candidates: Sequence[tuple[T, ...]]) -> Asking[T, tuple[T, ...] | None]:
        for at in range(0, len(candidates), self._width):
            group = candidates[at : at + self._width]
            outcomes = yield from self._ask({context.union(candidate): self._plan.search_miss for candidate in group})
            for candidate in group:
                if outcomes[context.union(candidate)] is Outcome.REPRODUCED:
                    return candidate
        return None

    def _verified(self, cause: frozenset[T]) -> Asking[T, Cause[T]]:
        """The cause, less what turns out not to be needed. Asks with it, at the same time, what remains of the customer without it."""
        while True:
            left_out = {item: cause - {item} for item in self._ordered(cause)}
            risk = (1 - self._plan.confidence) / (2 * len(cause))
            wanted = {self._rest - cause: (1 - self._plan.confidence) / 4} | dict.fromkeys(left_out.values(), risk)
            outcomes = yield from self._ask(wanted, strict=True)
            needless = next((item for item, without in left_out.items() if outcomes[without] is Outcome.REPRODUCED), None)
            if needless is None:
                return self._cause(cause)
            cause = yield from self._reduced(self._ordered(cause - {needless}))

    # The smallest set where items build on each other.

    def one_smallest(self) -> Asking[T, Ending]:
        """Leaves out ever shorter runs of items, then one at a time until none can be left out, verified."""
        if not self._items:
            return Ending.NOTHING_DIFFERS
        kept, size = self._items, len(self._items) // 2
        while size > 1:
            kept = yield from self._without_runs(kept, size)
            size //= 2
        while True:
            shorter = yield from self._without_runs(kept, 1)
            if shorter == kept:
                shorter = yield from self._without_one(kept)
            if shorter == kept:
                break
            kept = shorter
        self._causes.append(self._cause(frozenset(kept)))
        self._rest -= frozenset(kept)
        return Ending.FOUND

    def _without_runs(self, kept: tuple[T, ...], size: int) -> Asking[T, tuple[T, ...]]:
        """Without those runs of `size` items that are not needed; the last are tried first, since nothing builds on them."""
        for stop in range(len(kept), 0, -size):
            without = (*kept[: max(stop - size, 0)], *kept[stop:])
            if (yield from self._reproduces(frozenset(without))):
                kept = without
        return kept

    def _without_one(self, kept: tuple[T, ...]) -> Asking[T, tuple[T, ...]]:
        """Without an item that verification finds not to be needed; `kept` itself when there is none."""
        left_out = {item: frozenset(kept) - {item} for item in kept}
        outcomes = yield from self._ask(dict.fromkeys(left_out.values(), (1 - self._plan.confidence) / max(1, len(kept))), strict=True)
        needless = next((item for item, without in left_out.items() if outcomes[without] is Outcome.REPRODUCED), None)
        return kept if needless is None else tuple(item for item in kept if item != needless)

    # What is asked.

    def _reproduces(self, settings: frozenset[T]) -> Asking[T, bool]:
        outcomes = yield from self._ask({settings: self._plan.search_miss})
        return outcomes[settings] is Outcome.REPRODUCED

    def _answer(self, settings: frozenset[T], risk: float) -> Asking[T, Outcome]:
        outcomes = yield from self._ask({settings: risk}, strict=True)
        return outcomes[settings]

    def _ask(self, wanted: Mapping[frozenset[T], float], strict: bool = False) -> Asking[T, dict[frozenset[T], Outcome]]:
        """The outcomes of configurations, given the probability of a miss that each may run. What is known is not asked again,
        but a strict answer is not taken from attempts that led the search there: those are a selection."""
        batch = self._affordable([self._probe(settings, miss) for settings, miss in wanted.items() if not self._is_known(settings, strict)])
        if batch:
            answers = yield batch
            self._note(batch, answers, strict)
        if not all(self._is_known(settings, strict) for settings in wanted):
            raise _Over(Ending.BUDGET)
        return {settings: self._known[settings].outcome for settings in wanted}

    def _probe(self, settings: frozenset[T], miss: float) -> Probe[T]:
        needed = clean_attempts_to_rule_out(self._plan.reproduced, self._plan.decided, miss)
        return Probe(settings, Trial(Question(needed, self._plan.patience)))

    def _is_known(self, settings: frozenset[T], strict: bool) -> bool:
        known = self._known.get(settings)
        return known is not None and (known.strict or not strict or known.outcome is not Outcome.NOT_REPRODUCED)

    def _affordable(self, batch: list[Probe[T]]) -> Batch[T]:
        """The probes that the budget still allows. Asking a configuration again costs none of it."""
        if self._plan.budget is None:
            return tuple(batch)
        room = self._plan.budget - len(self._asked)
        new = [probe for probe in batch if probe.settings not in self._asked]
        return tuple(probe for probe in batch if probe.settings in self._asked or probe in new[:room])

    def _note(self, batch: Batch[T], answers: Answers[T], strict: bool) -> None:
        for probe in batch:
            if probe.settings in answers:
                self._note_one(probe.settings, answers[probe.settings], strict)
        if any(probe.settings not in answers for probe in batch):
            raise _Over(Ending.STOPPED)

    def _note_one(self, settings: frozenset[T], trial: Trial, strict: bool) -> None:
        if trial.answer is None:
            raise ValueError("a probe was answered by a trial that has not ended")
        self._asked.add(settings)
        self._known[settings] = _Known(trial.answer, trial.clean, strict)
        self._history.append(Asked(self._ordered(settings), trial.answer, trial.reproduced, trial.clean, trial.inconclusive))

    # What came of it.

    def keep_best(self) -> None:
        """When the search ends early: the smallest set of the part searched last that reproduced, as a cause."""
        baseline = self._outcome(frozenset())
        if self._outcome(self._rest) is not Outcome.REPRODUCED or baseline is Outcome.REPRODUCED:
            return
        reproduced = [settings for settings, known in self._known.items() if known.outcome is Outcome.REPRODUCED and settings <= self._rest]
        best = self._cause(min(reproduced, key=len))
        self._causes.append(best)
        self._rest -= frozenset(best.settings)

    def result(self, ending: Ending) -> Result[T]:
        return Result(
            ending=ending,
            causes=tuple(self._causes),
            necessary=self._is_gone(frozenset(self._items).difference(self._causes[0].settings)) if self._causes else None,
            complete=self._is_gone(self._rest) if self._causes else None,
            confidence=self._confidence() if ending is Ending.FOUND else 0.0,
            probes=len(self._asked),
            unresolved=sum(self._outcome(settings) is Outcome.INCONCLUSIVE for settings in self._asked),
            attempts=sum(asked.reproduced + asked.clean + asked.inconclusive for asked in self._history),
            history=tuple(self._history),
        )

    def _cause(self, settings: frozenset[T]) -> Cause[T]:
        ordered = self._ordered(settings)
        return Cause(ordered, tuple(item for item in ordered if not self._is_gone(settings - {item})))

    def _is_gone(self, settings: frozenset[T]) -> bool | None:
        """Whether it was verified not to reproduce; None: not known."""
        known = self._known.get(settings)
        if known is None or known.outcome is Outcome.INCONCLUSIVE:
            return None
        if known.outcome is Outcome.REPRODUCED:
            return False
        return True if known.strict else None

    def _confidence(self) -> float:
        """One minus the sum of the error probabilities of the answers that the result rests upon."""
        rests_upon = {frozenset[T](), self._rest}
        if self._causes:
            rests_upon.add(frozenset(self._items).difference(self._causes[0].settings))
        for cause in self._causes:
            rests_upon.update(frozenset(cause.settings) - {item} for item in cause.settings)
        clean = [self._known[settings].clean for settings in rests_upon if self._is_gone(settings)]
        return max(0.0, 1 - fsum(miss_probability(self._plan.reproduced, self._plan.decided, attempts) for attempts in clean))

    def _outcome(self, settings: frozenset[T]) -> Outcome | None:
        known = self._known.get(settings)
        return None if known is None else known.outcome

    def _ordered(self, settings: Iterable[T]) -> tuple[T, ...]:
        chosen = frozenset(settings)
        return tuple(item for item in self._items if item in chosen)


def _cuts(low: int, high: int, skipped: set[int], width: int) -> list[int]:
    """Where to divide the open interval: evenly; beside inconclusive cuts, in the middle of the widest gap; after too many, nowhere."""
    inside = [cut for cut in skipped if low < cut < high]
    if not inside:
        return sorted({low + (high - low) * part // (width + 1) for part in range(1, width + 1)} - {low})
    edges = sorted([low, *inside, high])
    gap, start = max((after - before, before) for before, after in pairwise(edges))
    return [] if gap < 2 or len(inside) >= _SKIPS else [start + gap // 2]


def _split(block: tuple[T, ...], parts: int) -> list[tuple[T, ...]]:
    """The block in `parts` chunks of nearly the same size."""
    edges = [len(block) * part // parts for part in range(parts + 1)]
    return [block[start:stop] for start, stop in pairwise(edges)]
