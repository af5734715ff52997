"""What a result's page shows, gathered from the record as one value: a template only lays it out. Knows the run's folder, no markup."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.record.model import AttemptRecord, Difference, Result, RunInfo
from harness.record.overview import telling_attempt
from harness.record.where import address_of, version_of
from harness.report.links import href, inside, result_folder, web_url
from harness.report.listing import MAX_LINES, Line, listing
from harness.report.pictures import FindFile, Shot, has_pictures, strip

MAX_ROWS = 100
Neighbours = tuple[str | None, str | None]
"""The keys of the results before and behind one."""
ALONE: Neighbours = (None, None)


@dataclass(frozen=True, slots=True)
class Take:
    """An attempt as the page shows it."""

    attempt: AttemptRecord
    shots: tuple[Shot, ...]
    trace: str | None
    trace_path: str | None
    files: tuple[tuple[str, str], ...]

    @property
    def pictured(self) -> bool:
        """Whether there is any picture in the strip."""
        return has_pictures(self.shots)

    @property
    def deciding(self) -> Shot | None:
        """The picture of the deciding moment, if there is one."""
        return next((shot for shot in self.shots if shot.state == "deciding" and shot.link), None)

    @property
    def quiet(self) -> bool:
        """Nothing was reported by the browser."""
        a = self.attempt
        return not (a.console_errors or a.page_errors or a.failed_requests or a.held)


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the comparison, values as they are to be shown; None is `not set`."""

    path: str
    customer: str | None
    baseline: str | None
    customer_settable: bool
    culprit: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything of one result's page. Links are relative to the page."""

    result: Result
    folder: str
    ticket_link: str | None
    version: str | None
    address: str | None
    main: Take | None
    others: tuple[Take, ...]
    control: tuple[Take, ...]
    settings: tuple[Setting, ...]
    settings_left_out: int
    configuration: str
    source: tuple[Line, ...]
    source_cut: bool
    evidence: tuple[tuple[str, str], ...]
    previous: str | None
    following: str | None
    alone: bool = False


def page(run: RunInfo, result: Result, root: Path, between: Neighbours = ALONE, embed: FindFile | None = None) -> Page:
    """The page of a result `between` those before and behind it; files are looked for below `root`, the run's folder. With `embed`, which
    gives the content of a file as an address or None, the page stands alone and links to nothing."""
    folder = result_folder(result.key)
    find = embed or finder(root, folder)
    telling = telling_attempt(result.attempts, result.verdict)
    settings = sorted(result.differences, key=lambda d: (not d.culprit, not d.customer_settable, d.path))
    return Page(
        result=result,
        folder=folder,
        ticket_link=web_url(result.ticket_url) or web_url(result.ticket),
        version=version_of(run, result),
        address=address_of(run, result),
        main=_take(telling, find) if telling else None,
        others=tuple(_take(a, find) for a in result.attempts if a is not telling),
        control=tuple(_take(a, find) for a in result.control.attempts) if result.control else (),
        settings=tuple(map(_setting, settings[:MAX_ROWS])),
        settings_left_out=max(0, len(settings) - MAX_ROWS),
        configuration=_pretty(result),
        source=listing(result.source, telling) if result.source else (),
        source_cut=result.source is not None and result.source.text.count("\n") > MAX_LINES,
        evidence=_linked(result.evidence, find),
        previous=_neighbour(between[0], folder),
        following=_neighbour(between[1], folder),
        alone=embed is not None,
    )


def finder(root: Path, folder: str) -> FindFile:
    """Looks files up below `root` for a page in `folder`; what is not there, or would leave the run's folder, is None."""

    def find(path: str) -> str | None:
        safe = inside(path)
        return href(safe, folder) if safe is not None and (root / safe).is_file() else None

    return find


def _take(attempt: AttemptRecord, find: FindFile) -> Take:
    names = [attempt.console_log, attempt.network_log, *attempt.downloads]
    trace = find(attempt.trace) if attempt.trace else None
    return Take(attempt, strip(attempt, find), trace, attempt.trace if trace else None, _linked([name for name in names if name], find))


def _linked(paths: tuple[str, ...] | list[str], find: FindFile) -> tuple[tuple[str, str], ...]:
    """Path and link of each file that is there, each once."""
    return tuple((path, link) for path in dict.fromkeys(paths) if (link := find(path)) is not None)


def _setting(difference: Difference) -> Setting:
    return Setting(
        path=difference.path,
        customer=value(difference.customer) if difference.customer_given else None,
        baseline=value(difference.baseline) if difference.baseline_given else None,
        customer_settable=difference.customer_settable,
        culprit=difference.culprit,
    )


def value(setting: Any) -> str:
    """A setting's value as one reads it: text as it is, anything else as JSON."""
    return setting if isinstance(setting, str) and setting else json.dumps(setting, ensure_ascii=False, default=str)


def _pretty(result: Result) -> str:
    configuration = result.configuration
    if configuration is None or not (configuration.settings or configuration.browser):
        return ""
    parts = {"settings": configuration.settings, "browser": configuration.browser}
    return json.dumps({name: part for name, part in parts.items() if part}, indent=2, ensure_ascii=False, default=str)


def _neighbour(key: str | None, folder: str) -> str | None:
    return None if key is None else href(f"{result_folder(key)}/index.html", folder)
