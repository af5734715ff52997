"""A dry run: every request as it would be sent, and nothing sent. The same trackers ask; what they would be answered is made up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import harness
from harness.report.text import printable
from harness.trackers.model import Account, File, Request, Sent


@dataclass
class DrySender:
    """Prints instead of sending. `show` takes one line or several."""

    account: Account
    show: Callable[[str], None]
    number: int = 0

    def send(self, request: Request) -> Sent:
        """The answer that the request pretends to have got."""
        self.number += 1
        self.show("\n".join([f"{self.number}. {request.method} {request.url}", *self._rows(request), ""]))
        return Sent(200, request.pretend)

    def _rows(self, request: Request) -> list[str]:
        headers = {"User-Agent": f"repro-harness/{harness.__version__}", "Accept": "application/json", **request.headers}
        rows = [f"{self.account.header}: {self.account.scheme}***", *(f"{name}: {value}" for name, value in headers.items())]
        if request.form:
            rows += ["Content-Type: multipart/form-data", f"file: {_told(request.form)}"]
        elif request.content:
            rows += [f"body: {_told(request.content)}"]
        elif request.json is not None:
            rows += ["Content-Type: application/json", *json.dumps(request.json, indent=2, ensure_ascii=False).splitlines()]
        rows += [f"({request.note})"] if request.note else []
        return [f"   {printable(row)}" for row in rows]


def _told(file: File) -> str:
    return f"{file.name}, {file.size:,} bytes, {file.content_type}, from {file.path}"
