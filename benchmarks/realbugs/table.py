"""Trials -> the table, as text that reads well in a terminal and is Markdown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from benchmarks.realbugs.cases import WANTED, State
from benchmarks.realbugs.trials import Trial

STATES: tuple[State, ...] = tuple(WANTED)
HEAD = ("case", *STATES, "right", "seconds")


def table(trials: Sequence[Trial]) -> str:
    """One row a case, in the order of the trials, and a last one for all. `seconds` is the mean of one run of the harness."""
    cases = list(dict.fromkeys(trial.case for trial in trials))
    rows = [row(case, [trial for trial in trials if trial.case == case]) for case in cases]
    return _aligned([HEAD, *rows, ("all", *("" for _ in STATES), right_of(trials), seconds_of(trials))])


def row(case: str, trials: Sequence[Trial]) -> tuple[str, ...]:
    """A case's cells."""
    states = (verdicts_of(trial for trial in trials if trial.state == state) for state in STATES)
    return (case, *states, right_of(trials), seconds_of(trials))


def verdicts_of(trials: Iterable[Trial]) -> str:
    """`reproduced`, or, when the runs did not agree, `9 reproduced, 1 inconclusive`."""
    counts = Counter(trial.verdict for trial in trials)
    if len(counts) < 2:
        return next(iter(counts), "-")
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())


def right_of(trials: Sequence[Trial]) -> str:
    """`29/30`."""
    return f"{sum(trial.right for trial in trials)}/{len(trials)}"


def seconds_of(trials: Sequence[Trial]) -> str:
    """The mean of one run."""
    return f"{sum(trial.seconds for trial in trials) / len(trials):.1f}" if trials else "-"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |" for cells in rows]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
