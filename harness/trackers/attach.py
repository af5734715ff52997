"""An escalation from beginning to end: look for the earlier comment, upload, and only then tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from harness.diagnostics import problem
from harness.trackers.comment import digest_of
from harness.trackers.github import GitHub
from harness.trackers.gitlab import GitLab
from harness.trackers.jira import Jira
from harness.trackers.model import Account, Escalation, Kind, Posted, Sender, Target, Tracker, Uploaded, file_of
from harness.trackers.zendesk import Zendesk

TRACKERS: dict[Kind, Callable[[Account, Target], Tracker]] = {
    Kind.GITHUB: GitHub,
    Kind.GITLAB: GitLab,
    Kind.JIRA: Jira,
    Kind.ZENDESK: Zendesk,
}
Store = Callable[[tuple[Path, ...]], tuple[Uploaded, ...]]


def tracker_of(account: Account, target: Target) -> Tracker:
    """The tracker that has the ticket."""
    return TRACKERS[target.kind](account, target)


def attach(tracker: Tracker, escalation: Escalation, sender: Sender, store: Store | None = None) -> Posted:
    """Tells it. `store` puts the bundle elsewhere, where the tracker is to have links only. Raises Problems; then no comment was posted."""
    _check(tracker, escalation, stored=store is not None)
    earlier = tracker.find(escalation.marker, sender)
    if earlier and not tracker.edits and store is None and earlier.digest == digest_of(escalation):
        return Posted("unchanged", "")
    if store is not None:
        picture = () if tracker.takes_files or escalation.picture is None else (escalation.picture,)
        escalation = replace(escalation, uploaded=store((*picture, *escalation.attachments)))
    if earlier and not tracker.edits and earlier.digest == digest_of(escalation):
        return Posted("unchanged", "")
    return tracker.post(escalation, earlier, sender)


def _check(tracker: Tracker, escalation: Escalation, stored: bool) -> None:
    if not tracker.takes_files or tracker.max_file is None:
        return
    given = (escalation.picture, *(() if stored else escalation.attachments))
    large = [file for file in (file_of(path) for path in given if path) if file.size > tracker.max_file]
    if large:
        sizes = ", ".join(f"{file.name} ({file.size:,} bytes)" for file in large)
        most = f"the tracker takes files of at most {tracker.max_file:,} bytes"
        raise problem("tracker-too-large", f"{most}: {sizes}", "use --max-size, or --upload")
