"""An editor in miniature: it speaks the Language Server Protocol with yaml-language-server over stdio."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE_S = 120
CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
    "workspace": {"configuration": True},
}


@dataclass
class Editor:
    """One server with its settings. Lines and columns count from 0, as the protocol does."""

    process: subprocess.Popen[bytes]
    settings: dict[str, Any]
    _inbox: queue.Queue[dict[str, Any] | None] = field(default_factory=queue.Queue)
    _found: dict[str, list[str]] = field(default_factory=dict)
    _number: int = 0

    def open(self, path: Path, text: str) -> None:
        """A file is opened, whether it is on disk or not; each only once."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def errors(self, path: Path) -> list[str]:
        """What is underlined: `line:column message`."""
        while path.as_uri() not in self._found:
            self._take(self._next())
        return self._found[path.as_uri()]

    def settled(self, path: Path) -> None:
        """The settings have arrived: this file, which is wrong, is underlined."""
        while not self.errors(path):
            self._found.pop(path.as_uri())

    def completion(self, path: Path, line: int, column: int) -> dict[str, str]:
        """What is offered, with its documentation."""
        found = self.ask("textDocument/completion", _at(path, line, column))
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"]: _text(item.get("documentation")) for item in items}

    def hover(self, path: Path, line: int, column: int) -> str:
        """What is shown below the pointer."""
        return _text((self.ask("textDocument/hover", _at(path, line, column)) or {}).get("contents"))

    def ask(self, method: str, params: Any) -> Any:
        """The answer to a request. Raises AssertionError for an error."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")
            self._take(message)

    def notify(self, method: str, params: Any) -> None:
        """A message without an answer."""
        self._send({"method": method, "params": params})

    def _next(self) -> dict[str, Any]:
        message = self._inbox.get(timeout=PATIENCE_S)
        assert message is not None, "the server ended"
        return message

    def _take(self, message: dict[str, Any]) -> None:
        """What the server asks for or tells of its own accord."""
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self._found[params["uri"]] = [_problem(each) for each in params["diagnostics"]]
        elif message.get("method") == "workspace/configuration":
            answer = [self.settings.get(item.get("section")) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": answer})
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def listen(self) -> None:
        """Reads until the server ends."""
        stream = self.process.stdout
        assert stream is not None
        while head := stream.readline():
            length = int(head.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._inbox.put(json.loads(stream.read(length)))
        self._inbox.put(None)


def _at(path: Path, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}


def _text(found: Any) -> str:
    return str(found.get("value", "")) if isinstance(found, dict) else str(found or "")


def _problem(found: dict[str, Any]) -> str:
    start = found["range"]["start"]
    return f"{start['line']}:{start['character']} {found['message']}"


@contextmanager
def editor(command: list[str], folder: Path, settings: dict[str, Any]) -> Iterator[Editor]:
    """An editor with this folder open."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    made = Editor(process, settings)
    threading.Thread(target=made.listen, daemon=True).start()
    try:
        here = {"uri": folder.as_uri(), "name": folder.name}
        made.ask("initialize", {"processId": None, "rootUri": here["uri"], "workspaceFolders": [here], "capabilities": CAPABILITIES})
        made.notify("initialized", {})
        made.notify("workspace/didChangeConfiguration", {"settings": settings})
        yield made
    finally:
        process.kill()
        process.wait()
