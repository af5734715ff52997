"""What the trackers have in common: where to, what, and which requests. Values only."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from harness.core.secret import Secret

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


class Kind(StrEnum):
    GITHUB = "github"
    GITLAB = "gitlab"
    JIRA = "jira"
    ZENDESK = "zendesk"


@dataclass(frozen=True, slots=True)
class Target:
    """A ticket: `project` is `owner/repo`, a GitLab project's path, a Jira project's key or empty; `ticket` its number or key."""

    kind: Kind
    project: str
    ticket: str

    def __str__(self) -> str:
        numbered = self.kind in (Kind.GITHUB, Kind.GITLAB)
        return f"{self.kind}:{self.project}#{self.ticket}" if numbered else f"{self.kind}:{self.ticket}"


@dataclass(frozen=True, slots=True)
class Account:
    """Whom to talk to, and as whom. `header` carries `scheme` and the credential; `variables` name where both come from."""

    name: str
    base: str
    header: str
    scheme: str
    credential: Secret
    variables: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to send. Its name holds a digest of its content, so that the same content has the same name and no other has."""

    name: str
    path: Path
    size: int
    content_type: str
    digest: str


def file_of(path: Path) -> File:
    """The file at `path` as it is sent. Raises OSError."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    stem = _UNFIT.sub("-", path.stem).strip("-.")[:80] or "file"
    suffix = _UNFIT.sub("", path.suffix.lower())
    content_type = mimetypes.types_map.get(suffix, "application/octet-stream")
    return File(f"{stem}-{digest[:12]}{suffix}", path, path.stat().st_size, content_type, digest)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file in the team's own storage. `link` is an http address, or None where only people with access to `place` can read it."""

    name: str
    place: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Escalation:
    """What is to be told. `marker` finds the comment again; `markdown` is the verdict, calmed; `otherwise` is Markdown that says how to get
    the bundle when it could not be attached; `uploaded` are the attachments that were put elsewhere."""

    marker: str
    title: str
    markdown: str
    picture: Path | None
    attachments: tuple[Path, ...]
    otherwise: str = ""
    uploaded: tuple[Uploaded, ...] = ()


class Repeat(StrEnum):
    """What may be done again when it failed: reading and replacing always, an upload once, and what adds something never."""

    ALWAYS = "always"
    ONCE = "once"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a tracker, without its credential. `form` is the file of a multipart body, `content` a file as the whole body.

    `pretend` is the answer that a dry run goes on with; `note` is what a dry run says besides. `bears` are refusals that mean something.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: File | None = None
    content: File | None = None
    repeat: Repeat = Repeat.NEVER
    bears: frozenset[int] = frozenset()
    pretend: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer to a request: `json` is None where there was none; names of headers are lower case."""

    status: int
    json: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Sender(Protocol):
    def send(self, request: Request) -> Sent:
        """The answer. Raises Problems for a refusal, or when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Earlier:
    """The comment of an earlier escalation. `digest` says what was in it, where it can't be edited."""

    id: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What was done: `added`, `updated` or `unchanged`, and where it is to be seen."""

    what: str
    url: str


class Tracker(Protocol):
    """`max_file` is the most bytes that a file may have, None where nobody knows; `takes_files` whether it has attachments at all;
    `edits` whether a comment can be changed."""

    @property
    def max_file(self) -> int | None: ...
    @property
    def takes_files(self) -> bool: ...
    @property
    def edits(self) -> bool: ...

    def find(self, marker: str, sender: Sender) -> Earlier | None:
        """Our first comment with the marker, of all pages. Raises Problems."""
        ...

    def post(self, escalation: Escalation, earlier: Earlier | None, sender: Sender) -> Posted:
        """Sends the files, and then adds the comment or changes the earlier one. Raises Problems; then there is no new comment."""
        ...
