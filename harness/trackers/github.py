"""GitHub, REST API of 2022-11-28. Issues take no attachments: bundle and picture come as links to where they were uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.trackers.comment import cut, files_part, hidden, uploaded_lines
from harness.trackers.model import Account, Earlier, Escalation, Posted, Repeat, Request, Sender, Target, file_of
from harness.trackers.read import listed, mapped, worded

LONGEST = 65_536
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


@dataclass(frozen=True)
class GitHub:
    """Comments on an issue or a pull request."""

    account: Account
    target: Target
    max_file: int | None = None
    takes_files: bool = False
    edits: bool = True

    def find(self, marker: str, sender: Sender) -> Earlier | None:
        """Our first comment that begins with the marker. An app has no user of its own: then any bot's."""
        me = sender.send(self._request("GET", "/user", repeat=Repeat.ALWAYS, bears=frozenset({403}), pretend={"login": "you"}))
        login = worded(mapped(me.json), "login")
        for comment in self._comments(sender):
            user = mapped(comment.get("user"))
            ours = user.get("login") == login if login else user.get("type") == "Bot"
            if ours and str(comment.get("body") or "").startswith(hidden(marker)):
                return Earlier(worded(comment, "id"))
        return None

    def post(self, escalation: Escalation, earlier: Earlier | None, sender: Sender) -> Posted:
        """One comment; nothing else."""
        body = {"body": body_of(escalation)}
        if earlier:
            path = f"/repos/{self.target.project}/issues/comments/{earlier.id}"
            answer = sender.send(self._request("PATCH", path, json=body, repeat=Repeat.ALWAYS))
            return Posted("updated", worded(mapped(answer.json), "html_url"))
        note = "where an earlier comment has the marker: PATCH …/issues/comments/ID with the same body"
        answer = sender.send(self._request("POST", self._place(), json=body, pretend={}, note=note))
        return Posted("added", worded(mapped(answer.json), "html_url"))

    def _comments(self, sender: Sender) -> Iterator[dict[str, Any]]:
        page = 1
        while True:
            path = f"{self._place()}?per_page=100&page={page}"
            answer = sender.send(self._request("GET", path, repeat=Repeat.ALWAYS, pretend=[], note="and further pages"))
            yield from listed(answer.json)
            if 'rel="next"' not in answer.headers.get("link", ""):
                return
            page += 1

    def _place(self) -> str:
        return f"/repos/{self.target.project}/issues/{self.target.ticket}/comments"

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(method, self.account.base + path, HEADERS, **more)


def body_of(escalation: Escalation) -> str:
    """The comment, at most as long as GitHub takes; the marker and the links are always in it."""
    picture = file_of(escalation.picture).name if escalation.picture else None
    lines = uploaded_lines(escalation.uploaded, picture)
    end = files_part(lines or [escalation.otherwise])
    head = hidden(escalation.marker) + "\n\n"
    return head + cut(escalation.markdown, lambda text: len(head + text + end) <= LONGEST) + end
