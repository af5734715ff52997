"""Jira Cloud, REST API v3. Comments are Atlassian documents; the marker stands in small letters at their end, since nothing hides there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from harness.diagnostics import problem
from harness.report.links import web_url
from harness.report.markdown import plain
from harness.report.text import one_line
from harness.trackers.comment import cut, files_part, uploaded_lines
from harness.trackers.model import Account, Earlier, Escalation, File, Posted, Repeat, Request, Sender, Target, file_of
from harness.trackers.read import listed, mapped, worded
from harness.trackers.render import Node, adf, text_of

LONGEST = 32_767
INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}


@dataclass(frozen=True)
class Jira:
    """Comments on an issue. On a service project they are internal."""

    account: Account
    target: Target
    max_file: int | None = None
    takes_files: bool = True
    edits: bool = True

    def find(self, marker: str, sender: Sender) -> Earlier | None:
        """Our first comment that has the marker in its last paragraph."""
        mine = self._me(sender)
        for comment in self._comments(sender):
            ours = mine and worded(mapped(comment.get("author")), "accountId") == mine
            content = mapped(comment.get("body")).get("content")
            if ours and isinstance(content, list) and content and text_of(content[-1]).strip() == marker:
                return Earlier(worded(comment, "id"))
        return None

    def post(self, escalation: Escalation, earlier: Earlier | None, sender: Sender) -> Posted:
        """The attachments that the issue doesn't have yet, then the comment that names them."""
        lines = [*uploaded_lines(escalation.uploaded), *self._attach(escalation, sender)]
        body: dict[str, Any] = {"body": document_of(escalation, lines or [escalation.otherwise])}
        if earlier:
            path = f"{self._place()}/comment/{earlier.id}"
            answer = sender.send(self._request("PUT", path, json=body, repeat=Repeat.ALWAYS))
            return Posted("updated", self._address(worded(mapped(answer.json), "id") or earlier.id))
        note = "where an earlier comment has the marker: PUT …/comment/ID with the same body"
        whole = {**body, "properties": [INTERNAL]}
        answer = sender.send(self._request("POST", f"{self._place()}/comment", json=whole, pretend={}, note=note))
        return Posted("added", self._address(worded(mapped(answer.json), "id")))

    def _attach(self, escalation: Escalation, sender: Sender) -> list[str]:
        given = () if escalation.uploaded else escalation.attachments
        files = [file_of(path) for path in (escalation.picture, *given) if path is not None]
        if not files:
            return []
        self._check(files, sender)
        path = f"{self._place()}?fields=attachment"
        answer = sender.send(self._request("GET", path, repeat=Repeat.ALWAYS, pretend={}, note="what is there already is not sent again"))
        there = {worded(each, "filename"): each for each in listed(mapped(mapped(answer.json).get("fields")).get("attachment"))}
        picture = file_of(escalation.picture).name if escalation.picture else None
        return [_line(file, there.get(file.name) or self._upload(file, sender), file.name == picture) for file in files]

    def _check(self, files: list[File], sender: Sender) -> None:
        pretend = {"enabled": True}
        answer = sender.send(self._request("GET", "/rest/api/3/attachment/meta", repeat=Repeat.ALWAYS, pretend=pretend))
        limits = mapped(answer.json)
        most = limits.get("uploadLimit")
        if limits.get("enabled") is False:
            raise problem("tracker-too-large", "this Jira has attachments turned off", "use --upload")
        large = [file for file in files if isinstance(most, int) and file.size > most]
        if large:
            sizes = ", ".join(f"{file.name} ({file.size:,} bytes)" for file in large)
            raise problem("tracker-too-large", f"Jira takes files of at most {most:,} bytes: {sizes}", "use --max-size, or --upload")

    def _upload(self, file: File, sender: Sender) -> dict[str, Any]:
        headers = {"X-Atlassian-Token": "no-check"}
        pretend = [{"filename": file.name, "content": f"{self.account.base}/rest/api/3/attachment/content/ANSWER"}]
        path = f"{self._place()}/attachments"
        answer = sender.send(self._request("POST", path, headers=headers, form=file, repeat=Repeat.ONCE, pretend=pretend))
        made = listed(answer.json)
        if not made:
            raise problem("tracker-refused", f"Jira did not say that it has {file.name}", "no comment was posted")
        return made[0]

    def _me(self, sender: Sender) -> str:
        answer = sender.send(self._request("GET", "/rest/api/3/myself", repeat=Repeat.ALWAYS, pretend={"accountId": "you"}))
        return worded(mapped(answer.json), "accountId")

    def _comments(self, sender: Sender) -> Iterator[dict[str, Any]]:
        start = 0
        while True:
            path = f"{self._place()}/comment?startAt={start}&maxResults=100&orderBy=created"
            answer = sender.send(self._request("GET", path, repeat=Repeat.ALWAYS, pretend={}, note="and further pages"))
            page = mapped(answer.json)
            found = listed(page.get("comments"))
            yield from found
            start += len(found)
            total = page.get("total")
            if not found or not isinstance(total, int) or start >= total:
                return

    def _place(self) -> str:
        return f"/rest/api/3/issue/{self.target.ticket}"

    def _address(self, comment: str) -> str:
        page = f"{self.account.base}/browse/{self.target.ticket}"
        return f"{page}?focusedCommentId={comment}" if comment else page

    def _request(self, method: str, path: str, **more: Any) -> Request:
        return Request(method, self.account.base + path, **more)


def _line(file: File, attachment: dict[str, Any], picture: bool) -> str:
    link = web_url(worded(attachment, "content"))
    name = plain(one_line(file.name, 120))
    shown = f"[{name}]({quote(link, safe=':/?#@!$&*+,;=%-._~')})" if link else name
    return f"- {'The deciding picture: ' if picture else ''}{shown}"


def document_of(escalation: Escalation, lines: list[str]) -> Node:
    """The comment as a document whose JSON is at most as long as Jira takes; the marker and the files are always in it."""
    end = files_part(lines)

    def made(text: str) -> Node:
        return adf(text + end, escalation.marker)

    def fits(text: str) -> bool:
        return len(json.dumps(made(text), ensure_ascii=False)) <= LONGEST

    return made(cut(escalation.markdown, fits))
