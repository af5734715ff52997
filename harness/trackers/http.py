"""One small HTTP client for all trackers: what is tried again, how long is waited, and the sentences for what went wrong.

Waiting has an end. A request is repeated only when that can't do the same thing twice, or when the server says that it did not do it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urlsplit

import httpx

import harness
from harness.diagnostics import Problems, problem
from harness.report.text import one_line
from harness.trackers.model import Account, File, Repeat, Request, Sent, Target

LONGEST_WAIT = 120.0
LIMITED_TRIES = 5
SERVER_TRIES = 4
NO_TIME_GIVEN = 60.0
CLOSED = "the connection broke"


@dataclass(frozen=True)
class Timeouts:
    """In seconds; `answer` is also the longest pause within an upload."""

    connect: float = 15.0
    answer: float = 90.0


@dataclass
class _Tries:
    """How often a request failed in which way, and how long was waited."""

    limited: int = 0
    server: int = 0
    broken: int = 0
    waited: float = 0.0


@dataclass
class Client:
    """Sends requests with the account's credential. `say` is told of every wait; `sleep` takes seconds."""

    account: Account
    target: Target
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    timeouts: Timeouts = field(default_factory=Timeouts)

    def send(self, request: Request) -> Sent:
        """The answer. Raises Problems with a sentence that says what to do."""
        tries = _Tries()
        with httpx.Client(timeout=httpx.Timeout(self.timeouts.answer, connect=self.timeouts.connect), follow_redirects=False) as client:
            while True:
                try:
                    answer = self._once(client, request)
                except (httpx.TransportError, httpx.DecodingError) as error:
                    self._broken(request, error, tries)
                    continue
                if is_limited(answer):
                    self._limited(answer, tries)
                elif answer.status_code >= 500 and request.repeat is Repeat.ALWAYS and tries.server < SERVER_TRIES - 1:
                    tries.server += 1
                    self._wait(asked_wait(answer.headers) or 2.0 ** (tries.server - 1), f"answers {answer.status_code}", tries)
                else:
                    return self._understood(request, answer)

    def _once(self, client: httpx.Client, request: Request) -> httpx.Response:
        account = self.account
        headers = {"User-Agent": f"repro-harness/{harness.__version__}", "Accept": "application/json", **request.headers}
        headers[account.header] = account.scheme + account.credential.reveal()
        with _body(request) as body:
            return client.request(request.method, request.url, headers=headers, **body)

    def _broken(self, request: Request, error: Exception, tries: _Tries) -> None:
        """Returns when the request is to be sent again."""
        tries.broken += 1
        nothing_sent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.ProxyError))
        allowed = {Repeat.ALWAYS: 3, Repeat.ONCE: 1, Repeat.NEVER: 1 if nothing_sent else 0}[request.repeat]
        if tries.broken <= allowed:
            self._wait(min(2.0 ** (tries.broken - 1), 4.0), f"did not answer ({_short(error)})", tries)
            return
        where = f"{self.account.name} at {_host(request.url)}"
        if nothing_sent:
            raise problem("tracker-unreachable", f"{where} can't be reached: {_short(error)}", "nothing was posted")
        file = request.form or request.content
        if file is not None:
            again = f"the upload of {file.name} to {where} broke off twice: {_short(error)}"
            raise problem("tracker-unreachable", again, "no comment was posted; try again, or make the bundle smaller with --max-size")
        raise problem(
            "tracker-unreachable",
            f"{CLOSED} while {where} was to answer: {_short(error)}",
            "run the command again: it finds the comment if it did arrive" if request.repeat is Repeat.NEVER else "nothing was posted",
        )

    def _limited(self, answer: httpx.Response, tries: _Tries) -> None:
        """Waits as long as asked, if that is bearable."""
        tries.limited += 1
        wait = asked_wait(answer.headers)
        wait = NO_TIME_GIVEN if wait is None else wait
        if tries.limited >= LIMITED_TRIES or tries.waited + wait > LONGEST_WAIT:
            limit = f"{self.account.name} takes no more requests for now and asks to wait {_seconds(wait)}"
            raise problem("tracker-busy", limit, "nothing was posted; run the command again after that")
        self._wait(wait, "takes no more requests for now", tries)

    def _wait(self, seconds: float, why: str, tries: _Tries) -> None:
        seconds = min(seconds, max(0.0, LONGEST_WAIT - tries.waited))
        tries.waited += seconds
        self.say(f"{self.account.name} {why}; trying again in {_seconds(seconds)}")
        self.sleep(seconds)

    def _understood(self, request: Request, answer: httpx.Response) -> Sent:
        status = answer.status_code
        if status in request.bears:
            return Sent(status, None, dict(answer.headers))
        if not 200 <= status < 300:
            raise self._refusal(request, answer)
        try:
            content = answer.json() if answer.content else None
        except (ValueError, RecursionError):
            place = f"{_host(request.url)} does not answer as {self.account.name} does"
            raise problem("tracker-refused", f"{place}: what came is no JSON", f"is {request.url} the address of its API?") from None
        return Sent(status, content, dict(answer.headers))

    def _refusal(self, request: Request, answer: httpx.Response) -> Problems:
        status, name, variables = answer.status_code, self.account.name, self.account.variables
        said = self._clean(message_of(answer))
        because = f": {said}" if said else ""
        if status == 401:
            return problem("tracker-refused", f"{name} does not accept {variables}{because}", "it is wrong or has expired: make a new one")
        if status == 403:
            return problem(
                "tracker-refused", f"{name} does not allow this with {variables}{because}", "the token needs the right to comment"
            )
        if status in (404, 410):
            missing = f"{name} has no {self.target}, or {variables} may not see it{because}"
            return problem("tracker-refused", missing, "look at --to and at what the token may read")
        if status == 413:
            file = request.form or request.content
            what = f"{file.name} ({file.size:,} bytes)" if file else "the comment"
            return problem("tracker-too-large", f"{name} takes nothing as large as {what}{because}", "use --max-size, or --upload")
        if 300 <= status < 400:
            moved = f"{name} says that {self.target} is elsewhere ({status})"
            return problem("tracker-refused", moved, "write its new place in --to, or mend the address of the server")
        place = f"{request.method} {urlsplit(request.url).path}"
        return problem("tracker-refused", f"{name} answers {status} to {place}{because}", "no comment was posted")

    def _clean(self, text: str) -> str:
        return one_line(text.replace(self.account.credential.reveal() or "\0", "***"), 300)


def is_limited(answer: httpx.Response) -> bool:
    """Whether the server did nothing because it was asked too often."""
    if answer.status_code == 429:
        return True
    if answer.status_code != 403:
        return False
    used_up = answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
    return used_up or "secondary rate limit" in answer.text[:2000]


def asked_wait(headers: Mapping[str, str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """Seconds that the server asks to wait: `Retry-After` as seconds or as a date, else the moment at which GitHub's limit is reset."""
    after, reset = headers.get("retry-after", "").strip(), headers.get("x-ratelimit-reset", "").strip()
    if after.isascii() and after.isdigit():
        return float(min(int(after), 10**6))
    if after:
        try:
            moment = parsedate_to_datetime(after)
        except (ValueError, TypeError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now()).total_seconds())
    if headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        return max(0.0, min(float(reset) - now().timestamp(), 1e6))
    return None


def message_of(answer: httpx.Response) -> str:
    """What the server says in words, from the shapes in which trackers say it."""
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        return ""
    return "; ".join(_words(content))[:2000]


def _words(content: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(content, str):
        yield content[:500]
    elif isinstance(content, list) and depth < 4:
        for each in content[:5]:
            yield from _words(each, depth + 1)
    elif isinstance(content, dict) and depth < 4:
        named = [content[key] for key in ("message", "errorMessages", "error", "description", "errors", "details") if content.get(key)]
        for each in named or list(content.values())[:5]:
            yield from _words(each, depth + 1)


@contextmanager
def _body(request: Request) -> Iterator[dict[str, Any]]:
    """The body as httpx takes it. Files are read while they are sent."""
    with ExitStack() as opened:
        if request.form is not None:
            yield {"files": {"file": (request.form.name, _open(request.form, opened), request.form.content_type)}}
        elif request.content is not None:
            yield {"content": _open(request.content, opened)}
        else:
            yield {} if request.json is None else {"json": request.json}


def _open(file: File, opened: ExitStack) -> IO[bytes]:
    return opened.enter_context(file.path.open("rb"))


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _short(error: Exception) -> str:
    return one_line(str(error) or type(error).__name__, 200)


def _seconds(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 120 else f"{round(whole / 60)} min"
