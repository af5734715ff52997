"""Small servers that speak the trackers' documented APIs as far as they are used, and refuse what those would refuse.

Each notes every request. `faults` make the next fitting request go wrong: a status, or a connection that breaks.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

Headers = dict[str, str]
S = TypeVar("S", bound="Server")


@dataclass
class Seen:
    """A request as it came; `body` is what of it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def file(self) -> tuple[str, str, str, bytes]:
        """Field, file name, content type and content of the one part of a multipart body."""
        whole = b"Content-Type: " + self.headers["content-type"].encode() + b"\r\n\r\n" + self.body
        [part] = list(message_from_bytes(whole, policy=HTTP).iter_parts())  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        return str(name), str(part.get_filename()), part.get_content_type(), part.get_payload(decode=True)


@dataclass
class Reply:
    status: int
    content: Any = None
    headers: Headers = field(default_factory=dict)


@dataclass
class Fault:
    """Goes wrong `times` times for requests of this method whose path holds `part`. `reply` instead of the answer; `half` breaks the
    connection in the middle of the body, `deaf` after the request was carried out."""

    method: str
    part: str
    times: int = 1
    reply: Reply | None = None
    half: bool = False
    deaf: bool = False


class Refused(Exception):
    def __init__(self, status: int, content: Any, headers: Headers | None = None) -> None:
        self.reply = Reply(status, content, headers or {})


Route = tuple[str, str, Callable[..., Reply]]


class Server(ThreadingHTTPServer):
    """`routes` are method, a pattern of the path (still quoted), and what answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Seen] = []
        self.faults: list[Fault] = []
        self.comments: list[dict[str, Any]] = []
        self.largest = 50_000_000
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def routes(self) -> list[Route]:
        raise NotImplementedError

    def check(self, request: Seen) -> None:
        """Refuses what no route takes."""
        raise NotImplementedError

    def answer(self, request: Seen) -> Reply:
        try:
            self.check(request)
            for method, pattern, route in self.routes():
                found = re.fullmatch(pattern, request.path)
                if found and method == request.method:
                    return route(request, *found.groups())
        except Refused as refused:
            return refused.reply
        return Reply(404, {"message": "Not Found"})

    def fault_of(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.method == method and fault.part in path:
                fault.times -= 1
                return fault
        return None

    def methods(self) -> list[str]:
        """What came, without the addresses' queries."""
        return [f"{each.method} {each.path}" for each in self.seen]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that a test breaks is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def serve(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = int(headers.get("content-length", 0))
        with self.server.lock:
            fault = self.server.fault_of(self.command, parts.path)
            body = self.rfile.read(length // 2 if fault and fault.half else length)
            request = Seen(self.command, parts.path, query, headers, body)
            self.server.seen.append(request)
            if fault and fault.half:
                return self.break_off()
            reply = fault.reply if fault and fault.reply else self.server.answer(request)
        if fault and fault.deaf:
            return self.break_off()
        content = (
            b"" if reply.content is None else reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
        )
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        return None

    def break_off(self) -> None:
        """The connection is reset, as by a server that dies."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


def wants_json(request: Seen) -> dict[str, Any]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refused(415, {"message": "expected application/json"})
    content = request.json
    if not isinstance(content, dict):
        raise Refused(400, {"message": "Problems parsing JSON"})
    return content


class GitHubServer(Server):
    """One repository `acme/shop` with issue 12. `login` is the token's user; an empty one is an app."""

    token = "ghp_good"
    login = "support-bot"

    def routes(self) -> list[Route]:
        issue = "/repos/acme/shop/issues/12/comments"
        return [
            ("GET", "/user", self.user),
            ("GET", issue, self.list),
            ("POST", issue, self.add),
            ("PATCH", r"/repos/acme/shop/issues/comments/(\d+)", self.change),
        ]

    def check(self, request: Seen) -> None:
        if not request.headers.get("user-agent"):
            raise Refused(403, {"message": "Request forbidden by administrative rules."})
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Refused(401, {"message": "Bad credentials"})
        if request.headers.get("x-github-api-version") != "2022-11-28" or request.headers.get("accept") != "application/vnd.github+json":
            raise Refused(400, {"message": "Unsupported API version"})

    def user(self, request: Seen) -> Reply:
        if not self.login:
            return Reply(403, {"message": "Resource not accessible by integration"})
        return Reply(200, {"login": self.login})

    def list(self, request: Seen) -> Reply:
        size, page = min(int(request.query.get("per_page", 30)), 100), int(request.query.get("page", 1))
        shown = self.comments[(page - 1) * size : page * size]
        more = page * size < len(self.comments)
        return Reply(200, shown, {"Link": f'<{self.url}{request.path}?page={page + 1}>; rel="next"'} if more else {})

    def add(self, request: Seen) -> Reply:
        user = {"login": self.login or "shop-app[bot]", "type": "User" if self.login else "Bot"}
        return Reply(201, self.comment(self.text(request), user))

    def comment(self, body: str, user: dict[str, str]) -> dict[str, Any]:
        number = len(self.comments) + 1
        made = {"id": number, "body": body, "user": user, "html_url": f"https://github.com/acme/shop/issues/12#issuecomment-{number}"}
        self.comments.append(made)
        return made

    def change(self, request: Seen, number: str) -> Reply:
        for comment in self.comments:
            if comment["id"] == int(number):
                if comment["user"]["login"] != self.login and self.login:
                    raise Refused(403, {"message": "Must have admin rights to Repository."})
                comment["body"] = self.text(request)
                return Reply(200, comment)
        raise Refused(404, {"message": "Not Found"})

    def text(self, request: Seen) -> str:
        body = wants_json(request).get("body")
        if not isinstance(body, str) or not body.strip():
            raise Refused(422, {"message": "Validation Failed", "errors": [{"resource": "IssueComment", "code": "missing_field"}]})
        if len(body) > 65_536:
            raise Refused(422, {"message": "Validation Failed", "errors": [{"message": "body is too long (maximum is 65536 characters)"}]})
        return body


class GitLabServer(Server):
    """One project `acme/web/shop` with issue 5."""

    token = "glpat-good"
    me = 7

    def __init__(self) -> None:
        super().__init__()
        self.uploads: dict[str, bytes] = {}

    def routes(self) -> list[Route]:
        project = "/api/v4/projects/acme%2Fweb%2Fshop"
        return [
            ("GET", "/api/v4/user", lambda request: Reply(200, {"id": self.me, "username": "support"})),
            ("GET", f"{project}/issues/5/notes", self.list),
            ("POST", f"{project}/issues/5/notes", self.add),
            ("PUT", rf"{project}/issues/5/notes/(\d+)", self.change),
            ("POST", f"{project}/uploads", self.upload),
        ]

    def check(self, request: Seen) -> None:
        if request.headers.get("private-token") != self.token:
            raise Refused(401, {"message": "401 Unauthorized"})

    def list(self, request: Seen) -> Reply:
        size, page = min(int(request.query.get("per_page", 20)), 100), int(request.query.get("page", 1))
        more = page * size < len(self.comments)
        return Reply(200, self.comments[(page - 1) * size : page * size], {"X-Next-Page": str(page + 1) if more else ""})

    def add(self, request: Seen) -> Reply:
        return Reply(201, self.note(self.text(request), self.me))

    def note(self, body: str, author: int) -> dict[str, Any]:
        made = {"id": 900 + len(self.comments), "body": body, "author": {"id": author}, "system": False}
        self.comments.append(made)
        return made

    def change(self, request: Seen, number: str) -> Reply:
        for note in self.comments:
            if note["id"] == int(number):
                if note["author"]["id"] != self.me:
                    raise Refused(403, {"message": "403 Forbidden"})
                note["body"] = self.text(request)
                return Reply(200, note)
        raise Refused(404, {"message": "404 Note Not Found"})

    def text(self, request: Seen) -> str:
        body = wants_json(request).get("body")
        if not isinstance(body, str) or not body:
            raise Refused(400, {"error": "body is missing"})
        for address in re.findall(r"\((/uploads/[^)]*)\)", body):
            if address not in self.uploads:
                raise Refused(400, {"error": f"{address} was never uploaded"})
        return body

    def upload(self, request: Seen) -> Reply:
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise Refused(400, {"error": "file is missing"})
        field_name, name, _, content = request.file()
        if field_name != "file":
            raise Refused(400, {"error": "file is missing"})
        if len(content) > self.largest:
            raise Refused(413, {"message": "413 Request Entity Too Large"})
        url = f"/uploads/{len(self.uploads):032x}/{name}"
        self.uploads[url] = content
        picture = "!" if name.endswith(".png") else ""
        markdown = f"{picture}[{name}]({url})"
        return Reply(201, {"id": len(self.uploads), "alt": name, "url": url, "full_path": f"/-/project/1{url}", "markdown": markdown})


class JiraServer(Server):
    """One issue, SUP-7."""

    email, token = "agent@acme.example", "jira-good"
    me = "5b10a2844c20165700ede21g"

    def __init__(self) -> None:
        super().__init__()
        self.attachments: list[dict[str, Any]] = []
        self.contents: dict[str, bytes] = {}
        self.limit = 10_000_000

    def routes(self) -> list[Route]:
        issue = "/rest/api/3/issue/SUP-7"
        return [
            ("GET", "/rest/api/3/myself", lambda request: Reply(200, {"accountId": self.me})),
            ("GET", "/rest/api/3/attachment/meta", lambda request: Reply(200, {"enabled": True, "uploadLimit": self.limit})),
            ("GET", issue, lambda request: Reply(200, {"key": "SUP-7", "fields": {"attachment": self.attachments}})),
            ("POST", f"{issue}/attachments", self.attach),
            ("GET", f"{issue}/comment", self.list),
            ("POST", f"{issue}/comment", self.add),
            ("PUT", rf"{issue}/comment/(\d+)", self.change),
        ]

    def check(self, request: Seen) -> None:
        expected = base64.b64encode(f"{self.email}:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            raise Refused(401, b"Client must be authenticated to access this resource.", {"Content-Type": "text/plain"})

    def attach(self, request: Seen) -> Reply:
        if request.headers.get("x-atlassian-token") != "no-check":
            raise Refused(403, b"XSRF check failed", {"Content-Type": "text/plain"})
        field_name, name, kind, content = request.file()
        if field_name != "file":
            raise Refused(400, {"errorMessages": ["no file"], "errors": {}})
        if len(content) > self.limit:
            raise Refused(413, {"errorMessages": ["The attachment is too large."], "errors": {}})
        number = str(10_000 + len(self.attachments))
        address = f"{self.url}/rest/api/3/attachment/content/{number}"
        self.attachments.append({"id": number, "filename": name, "size": len(content), "mimeType": kind, "content": address})
        self.contents[name] = content
        return Reply(200, self.attachments[-1:])

    def list(self, request: Seen) -> Reply:
        start, most = int(request.query.get("startAt", 0)), min(int(request.query.get("maxResults", 50)), 100)
        shown = self.comments[start : start + most]
        return Reply(200, {"comments": shown, "startAt": start, "maxResults": most, "total": len(self.comments)})

    def add(self, request: Seen) -> Reply:
        return Reply(201, self.comment(self.document(request), self.me, wants_json(request).get("properties", [])))

    def comment(self, body: dict[str, Any], author: str, properties: list[Any] | None = None) -> dict[str, Any]:
        made = {"id": str(500 + len(self.comments)), "body": body, "author": {"accountId": author}, "properties": properties or []}
        self.comments.append(made)
        return made

    def change(self, request: Seen, number: str) -> Reply:
        for comment in self.comments:
            if comment["id"] == number:
                if comment["author"]["accountId"] != self.me:
                    raise Refused(403, {"errorMessages": ["You do not have the permission to edit this comment."], "errors": {}})
                comment["body"] = self.document(request)
                return Reply(200, comment)
        raise Refused(404, {"errorMessages": ["Can not find a comment for the id."], "errors": {}})

    def document(self, request: Seen) -> dict[str, Any]:
        body = wants_json(request).get("body")
        if not isinstance(body, dict) or (body.get("version"), body.get("type")) != (1, "doc"):
            raise Refused(400, {"errorMessages": [], "errors": {"comment": "Comment body is not valid!"}})
        wrong = list(wrong_nodes(body))
        if wrong:
            raise Refused(400, {"errorMessages": ["INVALID_INPUT", *wrong], "errors": {}})
        if len(json.dumps(body, ensure_ascii=False)) > 32_767:
            raise Refused(400, {"errorMessages": ["CONTENT_LIMIT_EXCEEDED"], "errors": {}})
        return body


LINE = {"text", "hardBreak"}
INSIDE = {
    "doc": {"paragraph", "heading", "bulletList", "orderedList", "table", "codeBlock", "rule", "blockquote"},
    "paragraph": LINE,
    "heading": LINE,
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "table": {"tableRow"},
    "tableRow": {"tableCell", "tableHeader"},
    "tableCell": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "tableHeader": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "codeBlock": {"text"},
    "blockquote": {"paragraph"},
}
FULL = {"doc", "bulletList", "orderedList", "listItem", "table", "tableRow", "tableCell", "tableHeader", "blockquote"}


def wrong_nodes(node: dict[str, Any]) -> Iterator[str]:
    """What Atlassian's document format does not allow."""
    kind, content = node["type"], node.get("content", [])
    if kind == "text":
        marks = {mark["type"] for mark in node.get("marks", [])}
        if (
            not node.get("text")
            or not marks <= {"strong", "em", "code", "link", "subsup"}
            or ("code" in marks and marks - {"code", "link"})
        ):
            yield f"text {node}"
        return
    if kind in FULL and not content:
        yield f"{kind} is empty"
    for child in content:
        if child["type"] not in INSIDE.get(kind, set()):
            yield f"{child['type']} in {kind}"
        if kind == "codeBlock" and child.get("marks"):
            yield "marks in codeBlock"
        yield from wrong_nodes(child)


class ZendeskServer(Server):
    """One ticket, 123. Its `comments` hold what was read from HTML as Zendesk does for `plain_body`."""

    email, token = "agent@acme.example", "zd-good"
    me = 35

    def __init__(self) -> None:
        super().__init__()
        self.uploads: dict[str, tuple[str, bytes]] = {}
        self.closed = False

    def routes(self) -> list[Route]:
        return [
            ("GET", "/api/v2/users/me.json", lambda request: Reply(200, {"user": {"id": self.me}})),
            ("GET", "/api/v2/tickets/123/comments.json", self.list),
            ("POST", "/api/v2/uploads.json", self.upload),
            ("PUT", "/api/v2/tickets/123.json", self.update),
        ]

    def check(self, request: Seen) -> None:
        expected = base64.b64encode(f"{self.email}/token:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            raise Refused(401, {"error": "Couldn't authenticate you"})

    def list(self, request: Seen) -> Reply:
        size, start = min(int(request.query.get("page[size]", 100)), 100), int(request.query.get("page[after]", 0))
        more = start + size < len(self.comments)
        meta = {"has_more": more, "after_cursor": str(start + size) if more else None}
        return Reply(200, {"comments": self.comments[start : start + size], "meta": meta})

    def upload(self, request: Seen) -> Reply:
        name, kind = request.query.get("filename", ""), request.headers.get("content-type", "")
        if not name or "/" not in kind or kind.startswith(("multipart/", "application/json")):
            raise Refused(400, {"error": "InvalidRequest", "description": "filename and a binary body are needed"})
        if len(request.body) > self.largest:
            raise Refused(413, {"error": "RequestEntityTooLarge"})
        token = f"tok{len(self.uploads)}"
        self.uploads[token] = (unquote(name), request.body)
        return Reply(201, {"upload": {"token": token, "attachment": {"file_name": name, "size": len(request.body)}}})

    def update(self, request: Seen) -> Reply:
        ticket = wants_json(request).get("ticket")
        comment = ticket.get("comment") if isinstance(ticket, dict) else None
        if not isinstance(comment, dict) or not isinstance(comment.get("html_body"), str) or not comment["html_body"].strip():
            raise Refused(400, {"error": "BadRequest", "message": "ticket.comment needs a body"})
        if self.closed:
            raise Refused(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": {"status": [CLOSED]}})
        if len(comment["html_body"].encode()) > 65_535:
            raise Refused(422, {"error": "RecordInvalid", "details": {"comment": [{"description": "Comment is too long"}]}})
        unknown = [token for token in comment.get("uploads", []) if token not in self.uploads]
        if unknown:
            raise Refused(422, {"error": "RecordInvalid", "details": {"base": [{"description": f"invalid tokens: {unknown}"}]}})
        plain = re.sub(r"<[^>]*>", "", comment["html_body"])
        made = {"id": 700 + len(self.comments), "plain_body": plain, "author_id": self.me, "public": comment.get("public", True)}
        self.comments.append({**made, "html_body": comment["html_body"], "uploads": comment.get("uploads", [])})
        return Reply(200, {"ticket": {"id": 123}, "audit": {"id": 1}})


CLOSED = {"description": "Status: closed prevents ticket update"}


@contextlib.contextmanager
def running(server: S) -> Iterator[S]:
    """Serves until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
