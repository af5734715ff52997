"""What the harness asks on its own behalf is no action of the scenario: it stands in no trace, and costs no snapshots of the page.

Playwright's Python library marks its own inner calls as internal, but does not publish how; where that can't be used, the calls are made
as any others. Everything internal that this rests on stands here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from playwright.async_api import BrowserContext, Page

try:
    from playwright._impl.channel_owner import ApiCallOptions
except ImportError:  # another version
    ApiCallOptions = None  # type: ignore[assignment,misc]

T = TypeVar("T")


def send_stacks(context: BrowserContext, sends: bool) -> None:
    """While it traces, Playwright sends with every call who made it, in a message of its own. Nobody reads them: the lines in a trace are
    those of the scenario. To be set back before the trace is stopped, since the library counts its traces."""
    connection = getattr(getattr(context, "_impl_obj", None), "_connection", None)
    if (set_is_tracing := getattr(connection, "set_is_tracing", None)) is not None:
        set_is_tracing(sends)


async def untraced(subject: Page | BrowserContext, work: Callable[[], Awaitable[T]]) -> T:
    """Does the work. Raises what it raises."""
    wrap = getattr(getattr(subject, "_impl_obj", None), "_wrap_api_call", None)
    if wrap is None or ApiCallOptions is None:
        return await work()

    async def ended() -> tuple[T | None, Exception | None]:
        try:
            return await work(), None
        except Exception as error:
            return None, error  # it is carried past the library, which would write the name of its own call before it

    value, error = await wrap(lambda zone: ended(), ApiCallOptions(internal=True))
    if error is not None:
        raise error
    result: T = value
    return result
