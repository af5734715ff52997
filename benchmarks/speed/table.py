"""Figures as Markdown: medians, ratios of the harness to each tool, and whether the targets are met. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.speed.runs import Measured

Key = tuple[str, str, int]
Runs = Mapping[Key, Sequence[Measured]]
"""(evidence, tool, workers) to the runs made."""
HARNESS = "harness"
LEAST_BYTES = 100_000


@dataclass(frozen=True)
class Target:
    """The harness's figure is to be at most `most` times the tool's."""

    evidence: str
    peer: str
    figure: str
    most: float


EQUAL = ("playwright-test-usual", 0.35), ("pytest-playwright-usual", 0.40)
"""Who takes the same evidence: a trace with snapshots and a filmstrip, and a picture a step. Without the filmstrip it is less."""
TARGETS = (
    *(Target("full", peer, figure, most) for peer, most in EQUAL for figure in ("cpu", "wall")),
    Target("full", "bare-alike", "cpu", 1.10),
    *(Target("full", peer, "size", 0.25) for peer, _ in EQUAL),
    Target("none", "bare", "cpu", 1.05),
    Target("none", "bare", "wall", 1.05),
    *(Target("none", peer, figure, 1.0) for peer in ("playwright-test", "pytest-playwright", "robot") for figure in ("cpu", "wall")),
)
FIGURES = {"wall": "time", "cpu": "CPU", "peak": "memory", "size": "files"}


def median(runs: Sequence[Measured], figure: str) -> float | None:
    """The median of the runs that count; None when one of them doesn't."""
    if not runs or any(run.problem for run in runs):
        return None
    values = [getattr(run, figure) for run in runs if getattr(run, figure)]
    return statistics.median(values) if values else None


def tables(timed: Runs, watched: Runs, names: Mapping[str, str]) -> str:
    """One table for each kind of evidence. `watched` are the runs that were looked at for their memory."""
    kinds = list(dict.fromkeys(evidence for evidence, _, _ in timed))
    return "\n\n".join(_table(evidence, timed, watched, names) for evidence in kinds)


HEADS = {"none": "Nothing captured", "trace": "A trace with snapshots", "full": "A trace with snapshots, and a picture after each step"}
COLUMNS = ("tool", "workers", "time s", "CPU s", "memory MiB", "files MB", "harness: time ×", "CPU ×", "files ×")


def _table(evidence: str, timed: Runs, watched: Runs, names: Mapping[str, str]) -> str:
    lines = [f"### {HEADS[evidence]}", "", _row(COLUMNS), "|---|" + "---:|" * (len(COLUMNS) - 1)]
    keys = sorted((key for key in timed if key[0] == evidence), key=lambda key: key[2])
    for key in keys:
        ours = timed.get((evidence, HARNESS, key[2]), ())
        lines.append(_line(names[key[1]], key, timed[key], watched.get(key, ()), ours))
    return "\n".join(lines)


def _line(name: str, key: Key, runs: Sequence[Measured], watched: Sequence[Measured], ours: Sequence[Measured]) -> str:
    if why := next((run.problem for run in (*runs, *watched) if run.problem), None):
        return _row((name, str(key[2]), f"failed: {_cell(why)}", *[""] * (len(COLUMNS) - 3)))
    wall, cpu, size, peak = median(runs, "wall"), median(runs, "cpu"), median(runs, "size"), median(watched, "peak")
    figures = (_number(wall, 1), _number(cpu, 1), _number(peak, 0), _number(size and size / 1e6, 1))
    ratios = ("", "", "") if key[1] == HARNESS else tuple(_number(ratio(ours, runs, figure), 2) for figure in ("wall", "cpu", "size"))
    return _row((name, str(key[2]), *figures, *ratios))


def ratio(ours: Sequence[Measured], theirs: Sequence[Measured], figure: str) -> float | None:
    """Ours to theirs; None when either is not known."""
    top, bottom = median(ours, figure), median(theirs, figure)
    if figure == "size" and (bottom or 0) < LEAST_BYTES:
        return None  # hardly anything was written
    return top / bottom if top is not None and bottom else None


def targets(timed: Runs, names: Mapping[str, str]) -> str:
    """A line for each target, with the worst of the ratios over the numbers of workers."""
    head = [_row(("evidence", "beside", "figure", "target", "measured (workers)", "")), "|---|---|---|---:|---|---|"]
    return "\n".join([*head, *_target_lines(timed, names)])


def _target_lines(timed: Runs, names: Mapping[str, str]) -> Iterator[str]:
    for target in TARGETS:
        keys = [key for key in timed if key[:2] == (target.evidence, target.peer)]
        ratios = {key[2]: ratio(timed.get((target.evidence, HARNESS, key[2]), ()), timed[key], target.figure) for key in keys}
        if not keys:
            continue
        known = {workers: value for workers, value in ratios.items() if value is not None}
        met = "not measured" if len(known) < len(ratios) else ("met" if max(known.values()) <= target.most else "**missed**")
        said = ", ".join(f"{value:.2f} ({workers})" for workers, value in sorted(known.items()))
        yield _row((target.evidence, names[target.peer], FIGURES[target.figure], f"≤ {target.most:.2f}", said, met))


def parts(watched: Runs, names: Mapping[str, str]) -> str:
    """Whose CPU it was, by kind of process."""
    kinds = sorted({kind for runs in watched.values() for run in runs for kind, _ in run.parts})
    lines = [_row(("evidence", "tool", "workers", *kinds)), "|---|---|" + "---:|" * (len(kinds) + 1)]
    for (evidence, peer, workers), runs in watched.items():
        seconds = dict(runs[-1].parts) if runs else {}
        lines.append(_row((evidence, names[peer], str(workers), *(_number(seconds.get(kind), 1) for kind in kinds))))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
