"""An event loop in a thread of its own, so that a terminal can be read while a browser's requests are served."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
LOOK_S = 0.2
END_S = 60


class Interrupted(Exception):
    """What was called did not come to its end: it was interrupted, and has put away what it had begun."""


class Aside:
    """Use it as `with`. A KeyboardInterrupt while `call` waits cancels what was called, and only that."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="live session", daemon=True)

    def __enter__(self) -> Aside:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(END_S)
        if not self._thread.is_alive():
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives. Raises what it raises, or KeyboardInterrupt once the work has ended."""
        done: concurrent.futures.Future[T] = concurrent.futures.Future()
        tasks: list[asyncio.Task[T]] = []

        def ended(task: asyncio.Task[T]) -> None:
            if task.cancelled():
                done.set_exception(Interrupted())
            elif (error := task.exception()) is not None:
                done.set_exception(error)
            else:
                done.set_result(task.result())

        def start() -> None:
            tasks.append(self._loop.create_task(work))
            tasks[0].add_done_callback(ended)

        self._loop.call_soon_threadsafe(start)
        try:
            return _result(done)
        except KeyboardInterrupt:
            self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])
            concurrent.futures.wait([done], END_S)
            raise


def _result(done: concurrent.futures.Future[T]) -> T:
    """Waits in short pieces: on Windows nothing interrupts a wait without an end."""
    while not concurrent.futures.wait([done], LOOK_S).done:
        continue
    return done.result()
