"""Carries out a plan: so many cases at once, results in the plan's order, and an interrupt that keeps what was done."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from harness.plan.model import Case, Plan
from harness.run.case import CaseResult, Tools, run_case
from harness.verdict.sequential import Trial

NOTHING: Mapping[str, CaseResult] = {}


@dataclass(frozen=True)
class Carried:
    """What came of a plan; a case that was not run, or not to its end, has what there is. `defects` are the harness's own.
    `interrupted` from outside, or `stopped` because a result said so."""

    results: tuple[CaseResult, ...]
    interrupted: bool
    defects: tuple[BaseException, ...] = ()
    stopped: bool = False


async def carry_out(
    plan: Plan,
    tools: Tools,
    stop_early: Callable[[CaseResult], bool] = lambda result: False,
    trial: Trial | None = None,
    done: Mapping[str, CaseResult] = NOTHING,
) -> Carried:
    """Runs every case, each until `trial` has its answer when one is given. An interrupt ends the attempts in flight, puts their
    tenants back, and keeps the rest. `done` is what came of the cases, by key, in a run that is resumed."""
    partial = {case.key: done.get(case.key) or CaseResult(case) for case in plan.cases}
    tasks = {case.key: asyncio.ensure_future(_one(case, tools, partial, trial)) for case in plan.cases if not partial[case.key].complete}
    interrupted = asyncio.Event()
    stopped = False

    def stop() -> None:
        for task in tasks.values():
            task.cancel()

    def interrupt() -> None:
        interrupted.set()
        stop()

    defects: list[BaseException] = []
    with _interrupts(interrupt):
        for task in asyncio.as_completed(tasks.values()):
            try:
                if stop_early(await task):
                    stopped = True
                    stop()
            except asyncio.CancelledError:
                continue
            except Exception as error:
                defects.append(error)
    return Carried(tuple(partial[case.key] for case in plan.cases), interrupted.is_set(), tuple(defects), stopped)


async def _one(case: Case, tools: Tools, partial: dict[str, CaseResult], trial: Trial | None) -> CaseResult:
    result = partial[case.key]
    await run_case(case, tools, result, trial)
    return result


@contextlib.contextmanager
def _interrupts(stop: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C stops in good order; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    handled: list[signal.Signals] = []

    def first() -> None:
        for each in handled:
            loop.remove_signal_handler(each)
        stop()

    for each in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(each, first)
            handled.append(each)
    try:
        yield
    finally:
        for each in handled:
            loop.remove_signal_handler(each)
