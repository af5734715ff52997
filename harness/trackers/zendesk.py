"""Zendesk, API v2. A comment comes with an update of the ticket and can never be edited. It is internal: customers read public ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from harness.diagnostics import problem
from harness.trackers.comment import cut, digest_of, files_part, uploaded_lines
from harness.trackers.model import Account, Earlier, Escalation, File, Posted, Repeat, Request, Sender, Target, file_of
from harness.trackers.read import listed, mapped, worded
from harness.trackers.render import html

LONGEST = 65_535  # bytes
LARGEST = 50_000_000


@dataclass(frozen=True)
class Zendesk:
    """Internal comments on a ticket."""

    account: Account
    target: Target
    max_file: int | None = LARGEST
    takes_files: bool = True
    edits: bool = False

    def find(self, marker: str, sender: Sender) -> Earlier | None:
        """Our newest comment with the marker."""
        answer = sender.send(self._request("GET", "/users/me.json", repeat=Repeat.ALWAYS, pretend={"user": {"id": 1}}))
        mine = worded(mapped(mapped(answer.json).get("user")), "id")
        if not mine:
            raise problem("tracker-refused", f"Zendesk does not accept {self.account.variables}", "wrong or expired: make a new token")
        shape = re.compile(re.escape(marker) + r" digest=([0-9a-f]{16})")
        newest = None
        for comment in self._comments(sender):
            found = shape.findall(worded(comment, "plain_body") or worded(comment, "body"))
            if found and worded(comment, "author_id") == mine:
                newest = Earlier(worded(comment, "id"), found[-1])
        return newest

    def post(self, escalation: Escalation, earlier: Earlier | None, sender: Sender) -> Posted:
        """The uploads, then the comment that takes them up."""
        given = () if escalation.uploaded else escalation.attachments
        files = [file_of(path) for path in (escalation.picture, *given) if path is not None]
        tokens = [self._upload(file, sender) for file in files]
        lines = [*uploaded_lines(escalation.uploaded), *(f"- {file.name}" for file in files)]
        comment = {"html_body": html_of(escalation, lines or [escalation.otherwise]), "uploads": tokens, "public": False}
        note = "left out where the newest comment with the marker says the same"
        json = {"ticket": {"comment": comment}}
        sender.send(self._request("PUT", f"/tickets/{self.target.ticket}.json", json=json, pretend={}, note=note))
        return Posted("added", f"{self.account.base}/agent/tickets/{self.target.ticket}")

    def _upload(self, file: File, sender: Sender) -> str:
        path = f"/uploads.json?filename={quote(file.name)}"
        pretend = {"upload": {"token": f"<token of {file.name}>"}}
        headers = {"Content-Type": file.content_type}
        answer = sender.send(self._request("POST", path, headers=headers, content=file, repeat=Repeat.ONCE, pretend=pretend))
        token = worded(mapped(mapped(answer.json).get("upload")), "token")
        if not token:
            raise problem("tracker-refused", f"Zendesk gave no token for {file.name}", "no comment was posted")
        return token

    def _comments(self, sender: Sender) -> Iterator[dict[str, Any]]:
        after = ""
        while True:
            following = f"&page[after]={quote(after, safe='')}" if after else ""
            path = f"/tickets/{self.target.ticket}/comments.json?page[size]=100{following}"
            answer = sender.send(self._request("GET", path, repeat=Repeat.ALWAYS, pretend={}, note="and further pages"))
            page = mapped(answer.json)
            yield from listed(page.get("comments"))
            meta = mapped(page.get("meta"))
            following = worded(meta, "after_cursor")
            if not meta.get("has_more") or following in ("", after):
                return
            after = following

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(method, f"{self.account.base}/api/v2{path}", **more)


def html_of(escalation: Escalation, lines: list[str]) -> str:
    """The comment as HTML, at most as long as Zendesk takes; the files and the marker are always in it."""
    end = html(files_part(lines)) + f"<p><small>{escalation.marker} digest={digest_of(escalation)}</small></p>\n"
    return html(cut(escalation.markdown, lambda text: len((html(text) + end).encode("utf-8")) <= LONGEST)) + end
