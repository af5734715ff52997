"""`repro attach`."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from harness.cli import options

if TYPE_CHECKING:
    from harness.record.model import Record
    from harness.trackers.attach import Store
    from harness.trackers.model import Escalation, Posted, Target, Uploaded

Maker = Callable[[Path, "Record", int, Path, int | None, Mapping[str, str]], tuple[tuple[Path, ...], tuple[str, ...]]]


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    run: str | None
    to: str
    scenario: str | None = None
    customer: str | None = None
    environment: str | None = None
    upload: str | None = None
    link: str | None = None
    max_size: str | None = None
    dry_run: bool = False
    reports: Path | None = None


def attach(
    run: str = typer.Argument(None, help="A run's id, the beginning of one, or its folder; the newest when left out.", show_default=False),
    to: str = typer.Option(..., "--to", help="github:owner/repo#12, gitlab:group/project#5, jira:KEY-1 or zendesk:123."),
    scenario: str = typer.Option(None, "--scenario", "-s", help="Which scenario of the run, where it has several.", show_default=False),
    customer: str = typer.Option(None, "--customer", "-c", help="Which customer, where there are several.", show_default=False),
    environment: str = typer.Option(None, "--environment", "-e", help="Which environment, where there are several.", show_default=False),
    upload: str = typer.Option(
        None, "--upload", help="Put the bundle here and send a link: s3://bucket/folder, gs://…, file:///….", show_default=False
    ),
    link: str = typer.Option(None, "--link", help="With --upload: the http address under which that folder is read.", show_default=False),
    max_size: str = typer.Option(
        None, "--max-size", help="The most that a file of the bundle may take: 10MB. The least telling is left out.", show_default=False
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Print every request as it would be sent, and send nothing."),
    reports: options.Reports = None,
) -> None:
    """Post a verdict with its evidence as a comment on the ticket; a second time it changes that comment."""
    asked = Asked(run, to, scenario, customer, environment, upload, link, max_size, dry_run, reports)
    carry_out(asked, os.environ, bundled)


def carry_out(asked: Asked, environ: Mapping[str, str], make: Maker) -> None:
    """Everything that can be wrong here is looked at before the first request. Raises Problems."""
    from harness import workflow
    from harness.cli.bundle import size_of
    from harness.diagnostics import problem
    from harness.record.store import find_run, read_record
    from harness.report.bundle import choose
    from harness.trackers.accounts import account_of, tokens_set
    from harness.trackers.attach import attach as send_all
    from harness.trackers.attach import tracker_of
    from harness.trackers.comment import escalation_of
    from harness.trackers.dry import DrySender
    from harness.trackers.http import Client
    from harness.trackers.parse import parse_target
    from harness.trackers.upload import check_link

    target = parse_target(asked.to)
    account = account_of(target.kind, environ, needs_token=not asked.dry_run)
    check_link(asked.link)
    if asked.link and not asked.upload:
        raise problem(
            "wrong-value", "--link says where uploaded files are read, and there is no --upload", "add --upload s3://bucket/folder"
        )
    most = size_of(asked.max_size)
    folder = find_run(workflow.default_reports(asked.reports, environ), asked.run)
    record = read_record(folder)
    place = choose(record, asked.scenario, asked.customer, asked.environment)
    with tempfile.TemporaryDirectory(prefix="repro-attach-") as temporary:
        secrets = {**workflow.set_secrets(environ), **tokens_set(environ)}
        files, dropped = make(folder, record, place, Path(temporary), most, secrets)
        escalation = escalation_of(record, record.results[place], folder, files, _rerun(folder, record, place))
        sender = DrySender(account, print) if asked.dry_run else Client(account, target, _say)
        posted = send_all(tracker_of(account, target), escalation, sender, _store(asked))
    if dropped:
        _say(f"left out of the bundle for its size: {', '.join(dropped)}")
    print("dry run: nothing was sent" if asked.dry_run else _told(target, escalation, posted))


def bundled(
    folder: Path, record: Record, place: int, out: Path, max_bytes: int | None, secrets: Mapping[str, str]
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The files of the bundle, and what was left out. Raises Problems when a secret is found in it."""
    from harness.report.bundle import make_bundle

    made = make_bundle(folder, record, place, out, max_bytes, secrets)
    return (made.html, made.zip), made.dropped


def _rerun(folder: Path, record: Record, place: int) -> str:
    result = record.results[place]
    words = ["repro", "bundle", record.run.id or folder.name, "--scenario", result.scenario]
    words += ["--customer", result.customer] if result.customer else []
    return shlex.join(words)


def _store(asked: Asked) -> Store | None:
    from harness.trackers.upload import planned, upload

    to, link = asked.upload, asked.link
    if to is None:
        return None

    def store(files: tuple[Path, ...]) -> tuple[Uploaded, ...]:
        if not asked.dry_run:
            return upload(files, to, link)
        found = planned(files, to, link)
        for path, each in zip(files, found, strict=True):
            print(f"-  upload {each.name}, {path.stat().st_size:,} bytes, to {each.place}\n")
        return found

    return store


def _told(target: Target, escalation: Escalation, posted: Posted) -> str:
    from harness.report.text import one_line

    if posted.what == "unchanged":
        return f"{target} has this already: nothing was added"
    where = one_line(posted.url, 300)
    return f"{posted.what} on {target}: {one_line(escalation.title, 200)}" + (f"\n{where}" if where else "")


def _say(text: str) -> None:
    print(text, file=sys.stderr)
