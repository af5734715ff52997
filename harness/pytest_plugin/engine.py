"""The browsers of one workspace, kept for the whole session: an event loop in a thread of its own, so that tests may have theirs."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from harness.plan.model import Planned
from harness.workflow import About, about

if TYPE_CHECKING:
    from harness.run.case import CaseResult, Tools

T = TypeVar("T")
GLANCE_S = 0.5  # some systems deliver no signal while a lock is waited for


class Engine:
    """Runs planned rows one after the other. Not for more than one thread at a time."""

    def __init__(self, opening: Callable[[], AbstractAsyncContextManager[Tools]]) -> None:
        self._opening = opening
        self._loop = asyncio.new_event_loop()
        self._tools: Future[Tools] = Future()
        self._stop = asyncio.Event()
        self._rows: list[asyncio.Task[Any]] = []
        self._about = About({}, {})
        self._thread = threading.Thread(target=self._work, name="repro", daemon=True)
        self._thread.start()

    def run(self, row: Planned) -> Mapping[str, CaseResult]:
        """What came of the row's cases, by key. An interrupt ends its attempts, and customers' settings are put back before it goes on."""
        tools = self._tools.result()
        with terminated_as_interrupted():
            return self._wait_for(_row(row, tools))

    def close(self) -> About:
        """Closes the browsers; what was learned of them and of the environments."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        return self._about

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            if not self._tools.done():
                self._tools.set_exception(error)
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        async with self._opening() as tools:
            self._tools.set_result(tools)
            await self._stop.wait()
            if left := [task for task in self._rows if not task.done()]:  # an interrupt at any moment: staging is put back first
                for task in left:
                    task.cancel()
                await asyncio.wait(left)
            self._about = about(tools)

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        tasks: list[asyncio.Task[T]] = []
        ended: Future[asyncio.Task[T]] = Future()

        def begin() -> None:
            task = self._loop.create_task(work)
            task.add_done_callback(ended.set_result)
            tasks.append(task)
            self._rows.append(task)

        def cancel() -> None:
            tasks[0].cancel()

        self._loop.call_soon_threadsafe(begin)
        try:
            _until(ended)
        except BaseException:
            self._loop.call_soon_threadsafe(cancel)
            _until(ended)
            raise
        return ended.result().result()


def _until(future: Future[Any]) -> None:
    while not wait((future,), GLANCE_S).done:
        pass


async def _row(row: Planned, tools: Tools) -> Mapping[str, CaseResult]:
    """The row's case and its control, at once where the run has slots for both."""
    from harness.record.asked import CaseFile, write_case
    from harness.run.case import CaseResult, run_case

    results = [CaseResult(case) for case in (row.case, row.control) if case is not None]
    try:
        ended = await asyncio.gather(*(run_case(result.case, tools, result) for result in results), return_exceptions=True)
    finally:  # also what an interrupt has put back
        for result in results:
            write_case(tools.root, result.case.key, CaseFile(configuration=result.configuration, complete=result.complete))
    defects = [each for each in ended if isinstance(each, BaseException)]
    if defects:
        raise defects[0]
    return {result.case.key: result for result in results}


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """A process that is told to end while customers' settings are in force puts them back first, as it does at Ctrl-C."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt("terminated")

    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
