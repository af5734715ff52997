"""Installs the versions that the cases name, starts them, runs the scenarios against them, and prints whether every verdict is right.

python -m benchmarks.realbugs [CASE…] [--repeat 10] [--only STATE] [--reports DIR] [--serve VERSION] [--list]
"""

from __future__ import annotations

import argparse
import contextlib
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.realbugs.cases import VERSIONS, WANTED, Case, State, Version, load, names
from benchmarks.realbugs.install import cache_folder, installed
from benchmarks.realbugs.serve import serving
from benchmarks.realbugs.table import table
from benchmarks.realbugs.trials import Trial, make_trial, variables


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 when every verdict is right, else 1."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended too
    cases = [load(name) for name in options.cases or names()]
    if options.list:
        return _list(cases)
    return _serve(cases[0], options.serve) if options.serve else _run(cases, options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.realbugs", description="Run the harness against real bugs of real applications."
    )
    parser.add_argument("cases", nargs="*", metavar="CASE", help="all of them when left out")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run each so many times in a row")
    parser.add_argument("--only", choices=list(WANTED), action="append", help="only this state; may be given several times")
    parser.add_argument(
        "--reports", type=Path, metavar="DIR", help="keep every report there; otherwise only those of wrong verdicts are kept"
    )
    parser.add_argument("--serve", choices=VERSIONS, help="only start this version of the one case that is named, for trying things out")
    parser.add_argument("--list", action="store_true", help="only list the cases")
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.cases) - set(names())):
        parser.error(f"there is no case {', '.join(unknown)}; there are {', '.join(names())}")
    if options.serve and len(options.cases) != 1:
        parser.error("--serve needs exactly one case")
    return options


def _list(cases: Sequence[Case]) -> int:
    for case in cases:
        print(f"{case.name:30} {case.app}: {case.ticket}")
    return 0


def _serve(case: Case, version: Version) -> int:
    with serving(case, installed(case, version, cache_folder())) as base_url:
        shown = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables(case, base_url).items())
        print(f"{base_url}\n{shown} repro run {case.scenario}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


def _run(cases: Sequence[Case], options: argparse.Namespace) -> int:
    reports = options.reports or Path(tempfile.mkdtemp(prefix="realbugs-"))
    trials = []
    for trial in _trials(cases, options.only or list(WANTED), options.repeat, reports):
        trials.append(trial)
        if trial.right and not options.reports:
            shutil.rmtree(trial.report, ignore_errors=True)
    print(table(trials))
    right = all(trial.right for trial in trials)
    if right and not options.reports:
        shutil.rmtree(reports, ignore_errors=True)
    return 0 if right else 1


def _trials(cases: Sequence[Case], states: Sequence[State], repeat: int, reports: Path) -> Iterator[Trial]:
    """Each case as often as asked before the next one; a fresh application each time."""
    for case in cases:
        for number in range(1, repeat + 1):
            for state in states:
                trial = make_trial(case, state, cache_folder(), reports / case.name / state)
                _tell(trial, f"{number}/{repeat}")
                yield trial


def _tell(trial: Trial, number: str) -> None:
    mark = "right" if trial.right else "WRONG"
    _say(f"{trial.case} {trial.state} {number}: {trial.verdict} in {trial.seconds:.1f} s, {mark}")
    if not trial.right:
        _say(f"  {trial.reason}\n  {trial.report}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
