"""GitLab, API v4. Files are uploaded to the project and named in the note; an upload's address is long and random, and not secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from harness.diagnostics import problem
from harness.report.markdown import plain
from harness.trackers.comment import cut, files_part, hidden, uploaded_lines
from harness.trackers.model import Account, Earlier, Escalation, File, Posted, Repeat, Request, Sender, Target, file_of
from harness.trackers.read import listed, mapped, worded

LONGEST = 1_000_000


@dataclass(frozen=True)
class GitLab:
    """Notes on an issue. How large an upload may be is the server's setting, which only its administrators can read."""

    account: Account
    target: Target
    max_file: int | None = None
    takes_files: bool = True
    edits: bool = True

    def find(self, marker: str, sender: Sender) -> Earlier | None:
        """Our first note that begins with the marker."""
        me = sender.send(self._request("GET", "/user", repeat=Repeat.ALWAYS, pretend={"id": 1}))
        mine = worded(mapped(me.json), "id")
        for note in self._notes(sender):
            ours = mine and worded(mapped(note.get("author")), "id") == mine and not note.get("system")
            if ours and str(note.get("body") or "").startswith(hidden(marker)):
                return Earlier(worded(note, "id"))
        return None

    def post(self, escalation: Escalation, earlier: Earlier | None, sender: Sender) -> Posted:
        """The uploads, then the note that names them."""
        lines = [*uploaded_lines(escalation.uploaded), *self._uploads(escalation, sender)]
        body = {"body": self._body(escalation, lines or [escalation.otherwise])}
        if earlier:
            answer = sender.send(self._request("PUT", f"{self._place()}/{earlier.id}", json=body, repeat=Repeat.ALWAYS))
            return Posted("updated", self._address(worded(mapped(answer.json), "id") or earlier.id))
        note = "where an earlier note has the marker: PUT …/notes/ID with the same body"
        answer = sender.send(self._request("POST", self._place(), json=body, pretend={}, note=note))
        return Posted("added", self._address(worded(mapped(answer.json), "id")))

    def _uploads(self, escalation: Escalation, sender: Sender) -> list[str]:
        picture = [self._upload(file_of(escalation.picture), sender, "!"), ""] if escalation.picture else []
        given = () if escalation.uploaded else escalation.attachments
        return [*picture, *(f"- {self._upload(file_of(path), sender)}" for path in given)]

    def _upload(self, file: File, sender: Sender, picture: str = "") -> str:
        """Markdown for a file of the project."""
        pretend = {"url": f"/uploads/ANSWER/{file.name}"}
        answer = sender.send(self._request("POST", f"{self._project()}/uploads", form=file, repeat=Repeat.ONCE, pretend=pretend))
        url = worded(mapped(answer.json), "url")
        if not url.startswith("/uploads/"):
            raise problem("tracker-refused", f"GitLab did not say where it put {file.name}", "no note was posted")
        name = "The deciding picture" if picture else plain(file.name, 120)
        return f"{picture}[{name}]({quote(url, safe='/-._')})"

    def _body(self, escalation: Escalation, lines: list[str]) -> str:
        head, end = hidden(escalation.marker) + "\n\n", files_part(lines)
        return head + cut(escalation.markdown, lambda text: len(head + text + end) <= LONGEST) + end

    def _notes(self, sender: Sender) -> Iterator[dict[str, Any]]:
        page = "1"
        while page:
            path = f"{self._place()}?sort=asc&order_by=created_at&per_page=100&page={page}"
            answer = sender.send(self._request("GET", path, repeat=Repeat.ALWAYS, pretend=[], note="and further pages"))
            yield from listed(answer.json)
            following = answer.headers.get("x-next-page", "")
            page = following if following.isdecimal() else ""

    def _project(self) -> str:
        return f"/projects/{quote(self.target.project, safe='')}"

    def _place(self) -> str:
        return f"{self._project()}/issues/{self.target.ticket}/notes"

    def _address(self, note: str) -> str:
        page = f"{self.account.base}/{self.target.project}/-/issues/{self.target.ticket}"
        return f"{page}#note_{note}" if note else page

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(method, f"{self.account.base}/api/v4{path}", **more)
