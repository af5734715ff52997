"""Puts a customer's settings onto staging, checks that they took, and takes them back, whatever happens in between.

What has to be undone is on disk before it is done: `repro restore` finds it after a power cut.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

from harness.core.secret import Secret, display
from harness.evidence.store import write_aside
from harness.plan.model import Case
from harness.record.model import Configuration
from harness.run.ports import Api, ApiAnswer, ApiUnreachable
from harness.scenario.action import split_endpoint
from harness.scenario.customer import Customer
from harness.scenario.environment import Call, Environment, Question
from harness.scenario.http import MISSING, at_path, same, status_fits
from harness.scenario.template import Scope, TemplateError, resolve
from harness.verdict.settings import flatten

C = TypeVar("C", Call, Question)


class NotConfigured(Exception):
    """The customer's configuration is not in force, so nothing that is seen would say anything about it."""


@dataclass(frozen=True)
class Journal:
    """What is still to be put back, one file a tenant, readable by its owner only."""

    folder: Path

    def write(self, case: Case, workspace: Path, before: Any) -> Path:
        """Notes it before anything is changed. An older note of the same tenant is kept: it knows the state before both."""
        path = self.folder / f"{_digest(case.environment.base_url, case.customer.id if case.customer else '')}.json"
        if not path.exists():
            note = {
                "workspace": str(workspace),
                "environment": case.environment.id,
                "customer": case.customer.id if case.customer else None,
            }
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_aside(path, json.dumps({**note, "before": before}, ensure_ascii=False))
            path.chmod(0o600)
        return path

    def entries(self) -> tuple[Path, ...]:
        """Everything that is still to be put back."""
        return tuple(sorted(self.folder.glob("*.json"))) if self.folder.is_dir() else ()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


async def apply(case: Case, api: Api, scope: Scope, journal: Journal, workspace: Path) -> tuple[Configuration, Path | None]:
    """The customer's settings on staging, and the note of what to undo. Raises NotConfigured with a sentence; then, too, what
    was begun is to be restored by the caller when a note is there."""
    wanted = _wanted(case, scope)
    environment = case.environment
    asked_for = configuration(case, scope, None, applied=False)  # made first: what can't be resolved is found before anything is changed
    if wanted is None or not environment.apply:
        return asked_for, None
    before = await _read(case, api, scope, "before the customer's settings were applied") if environment.read_back else None
    note = journal.write(case, workspace, before) if environment.restore else None
    try:
        for call in environment.apply:
            await _call(environment, api, call, dataclasses.replace(scope, saved={"before": before}), "apply")
        in_force = await _read(case, api, scope, "after they were applied") if environment.read_back else None
        if environment.read_back and (missing := not_applied(wanted, in_force)):
            raise NotConfigured(f"The customer's configuration is not in force: not applied: {'; '.join(missing)}.")
    except BaseException:  # an interrupt too
        await asyncio.shield(put_back(environment, api, scope, before, note))
        raise
    return configuration(case, scope, in_force, applied=True), note


@asynccontextmanager
async def in_force(
    case: Case, api: Api, scope: Scope, journal: Journal, workspace: Path, restored: Callable[[str | None], None]
) -> AsyncIterator[Configuration]:
    """The customer's settings are on staging while the block runs. `restored` is told None once they were put back, else why they were
    not; it is not called where nothing has to be. Raises NotConfigured."""
    found, note = await apply(case, api, scope, journal, workspace)

    async def undo() -> None:
        restored(await put_back(case.environment, api, scope, read_before(note), note))

    try:
        yield found
    finally:
        if found.applied and case.environment.restore:
            await _to_its_end(undo())


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """However often it is cancelled meanwhile: staging is put back first, then the cancelling goes on."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as again:
            cancelled = again
    task.result()
    if cancelled is not None:
        raise cancelled


async def put_back(environment: Environment, api: Api, scope: Scope, before: Any, note: Path | None) -> str | None:
    """Undoes it; None when it worked, else why not. The note stays when it did not, for `repro restore`."""
    try:
        for call in environment.restore:
            await _call(environment, api, call, dataclasses.replace(scope, saved={"before": before}), "restore")
    except NotConfigured as error:
        return str(error)
    if note is not None:
        note.unlink(missing_ok=True)  # noqa: ASYNC240  (a small file on the local disk)
    return None


def read_before(note: Path | None) -> Any:
    """What read_back answered before, from the note."""
    return json.loads(note.read_text(encoding="utf-8"))["before"] if note is not None and note.exists() else None


def _wanted(case: Case, scope: Scope) -> dict[str, Any] | None:
    if case.customer is None or not case.customer.settings:
        return None
    try:
        wanted: dict[str, Any] = resolve(case.customer.settings, scope)
    except TemplateError as error:
        raise NotConfigured(f"The customer's settings can't be resolved: {error}.") from None
    return wanted


def not_applied(wanted: Mapping[str, Any], in_force: Any) -> list[str]:
    """`features.new_dashboard is false, wanted true`, for each setting that is not as wanted."""
    found = flatten(in_force) if isinstance(in_force, Mapping) else {}
    complaints = []
    for path, value in flatten(wanted).items():
        if path not in found:
            complaints.append(f"{path} is not there, wanted {_shown(value)}")
        elif not same(_bare(value), found[path]):
            complaints.append(f"{path} is {_shown(found[path])}, wanted {_shown(value)}")
    return complaints


def _bare(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _shown(value: Any) -> str:
    return display(value) if isinstance(value, Secret) else json.dumps(value, ensure_ascii=False, default=str)


async def _read(case: Case, api: Api, scope: Scope, when: str) -> Any:
    assert case.environment.read_back is not None
    try:
        return await ask(case.environment.base_url, api, case.environment.read_back, scope)
    except NotConfigured as error:
        raise NotConfigured(f"The settings could not be read back {when}: {error}") from None


async def ask(base_url: str, api: Api, question: Question, scope: Scope) -> Any:
    """The value that a question's answer holds. Raises NotConfigured."""
    question = _resolved(question, scope)
    answer = await _send(base_url, api, question)
    if question.json is None:
        return _json(answer.text)
    found = at_path(_json(answer.text), question.json)
    if found is MISSING:
        raise NotConfigured(f"{display(question.request)} answered without {question.json}.")
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.strip()[:200]


async def _call(environment: Environment, api: Api, call: Call, scope: Scope, what: str) -> None:
    try:
        await _send(environment.base_url, api, _resolved(call, scope))
    except NotConfigured as error:
        raise NotConfigured(f"`{what}` of the environment {environment.id} failed: {error}") from None


def _resolved(call: C, scope: Scope) -> C:
    try:
        return resolve(call, scope)
    except TemplateError as error:
        raise NotConfigured(f"{error}.") from None


async def _send(base_url: str, api: Api, call: Call | Question) -> ApiAnswer:
    method, url = split_endpoint(call.request)
    body = {"json": call.json, "form": call.form} if isinstance(call, Call) else {}
    try:
        answer = await api.call(
            method, urljoin(f"{base_url}/", url.lstrip("/") if url.startswith("/") else url), headers=call.headers or {}, **body
        )
    except ApiUnreachable as error:
        raise NotConfigured(f"{method} {url}: {error}.") from None
    fits = status_fits(answer.status, call.expect_status) if call.expect_status else answer.status < 400
    if not fits:
        raise NotConfigured(f"{method} {url} answered {answer.status}.")
    return answer


def configuration(case: Case, scope: Scope, in_force: Any, applied: bool) -> Configuration:
    """What was in force, for the record; the fingerprint is over settings, browser, network and clock. Raises NotConfigured."""
    try:
        browser, extra = _surroundings(case.customer, scope)
    except TemplateError as error:
        raise NotConfigured(f"The customer's browser can't be set up: {error}.") from None
    settings = in_force if isinstance(in_force, Mapping) else _plain(_wanted(case, scope) or {})
    content = json.dumps([settings, browser, extra, case.environment.base_url], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(content.encode()).hexdigest()[:12]
    return Configuration(
        fingerprint=fingerprint, applied=applied, read_back=in_force is not None, settings=dict(settings), browser={**browser, **extra}
    )


def _surroundings(customer: Customer | None, scope: Scope) -> tuple[dict[str, Any], dict[str, Any]]:
    """The browser, and network and clock where the customer has any."""
    if customer is None:
        return {}, {}
    network = _plain(resolve(customer.network, scope))
    extra: dict[str, Any] = {"network": network} if network else {}
    if customer.clock:
        extra["clock"] = str(resolve(customer.clock, scope))
    return _plain(resolve(customer.browser, scope)), extra


def _plain(value: Any) -> Any:
    """Only what differs from the defaults, secrets by name."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        default = {f.name: f.default for f in dataclasses.fields(value)}
        return {f.name: _plain(item) for f in dataclasses.fields(value) if (item := getattr(value, f.name)) != default[f.name]}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return repr(value) if isinstance(value, Secret) else value
