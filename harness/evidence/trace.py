"""Finishes a Playwright trace: learns which values in it became secrets, takes all secrets out of all of its members, and gives it a
filmstrip of the pictures that were taken anyway. The archive opens in the trace viewer as before.

The format is internal to Playwright: what is used of it is that of versions 8 to 10, where a member `*.trace` or `*.network` is one JSON
event a line. Of another version, secrets are taken out all the same, and no filmstrip is put in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.evidence import learn
from harness.evidence.groups import Group, boxes, grouped
from harness.evidence.packed import pack
from harness.evidence.redact import TYPED, Redactor
from harness.evidence.scrub import scrub, scrub_lines, scrub_tree

VERSIONS = (8, 9, 10)
EVENTS = (".trace", ".network")
HEAD = re.compile(rb'\{"type":"(?:context-options|event)"|\{"version"')
RESOURCE = re.compile(rb"\b[0-9a-f]{40}(?:\.[a-z0-9]{1,8})?\b")
READABLE = ("json", "html", "form", "xml", "plain", "text")
LARGEST_BODY = 2_000_000


@dataclass(frozen=True)
class Frame:
    """A picture for the filmstrip: `at_ms` in milliseconds since 1970, `page` counts the context's tabs from 0, pixels."""

    path: Path
    at_ms: float
    page: int
    width: int
    height: int


def finish_trace(raw: Path, trace: Path, redactor: Redactor, frames: Sequence[Frame] = (), groups: Sequence[Group] = ()) -> None:
    """Writes the archive `trace` of what Playwright wrote while it traced: `raw`.trace, `raw`.network, and what they refer to in
    `resources/` beside them. All of it stays. The redactor learns from it. Raises OSError."""
    members = [(name, _grouped(content, groups) if name.endswith(".trace") else content) for name, content in _members(raw)]
    for name, value in secrets_in(members):
        redactor.learn(name, value, name != TYPED or learn.is_telling(value))
    pictures = {f"resources/step-{number}.jpeg": frame for number, frame in enumerate(frames, 1) if frame.path.is_file()}
    finished = [(_name(name, redactor), _clean(name, content, redactor, pictures)) for name, content in members]
    finished += [(name, frame.path.read_bytes()) for name, frame in pictures.items()]
    trace.write_bytes(pack(finished))


def acted_boxes(raw: Path, groups: Sequence[Group]) -> dict[int, tuple[float, ...]]:
    """Where the elements stood that the steps acted on, by their groups' numbers, out of what Playwright wrote while it traced. Of a
    version whose format is not known, nothing. Raises OSError."""
    content = raw.with_name(f"{raw.name}{EVENTS[0]}").read_bytes()
    about = _about(content)
    return boxes(content, groups, about, _pages(content)) if about.get("version") in VERSIONS else {}


def _members(raw: Path) -> Iterator[tuple[str, bytes]]:
    """(name in the archive, content). `resources/` is shared with other traces."""
    events = {f"trace{suffix}": raw.with_name(f"{raw.name}{suffix}").read_bytes() for suffix in EVENTS}
    yield from events.items()
    for name in dict.fromkeys(found.decode() for content in events.values() for found in RESOURCE.findall(content)):
        path = raw.with_name("resources") / name
        if path.is_file():
            yield f"resources/{name}", path.read_bytes()


def _grouped(content: bytes, groups: Sequence[Group]) -> bytes:
    about = _about(content)
    return grouped(content, groups, about) if about.get("version") in VERSIONS else content


def _about(content: bytes) -> dict[str, Any]:
    """The trace's first event."""
    return next((event for event in _events(content.partition(b"\n")[0]) if event.get("type") == "context-options"), {})


def _name(name: str, redactor: Redactor) -> str:
    """Members are named by the hash of what was in them; nothing checks it, and no name holds a secret."""
    return redactor.text(name)


def _clean(name: str, content: bytes, redactor: Redactor, pictures: Mapping[str, Frame]) -> bytes:
    if not name.endswith(EVENTS):
        return scrub(content, redactor)
    if redactor.knows:
        content = scrub_lines(content, redactor, lambda event: _event(event, redactor))
    return content + _filmstrip(content, pictures) if name.endswith(".trace") and pictures else content


def _event(event: Any, redactor: Redactor) -> Any:
    if not isinstance(event, dict):
        return scrub_tree(event, redactor)
    snapshot = event.get("snapshot")
    if isinstance(snapshot, dict) and isinstance(snapshot.get("html"), list):
        rest = {**event, "snapshot": {key: value for key, value in snapshot.items() if key != "html"}}
        clean = scrub_tree(rest, redactor)
        clean["snapshot"]["html"] = _dom(snapshot["html"], redactor)
        return clean
    return scrub_tree(event, redactor)


def _dom(html: Any, redactor: Redactor) -> Any:
    """A snapshot of the page, `[tag, {attributes}, child, …]`, whose texts are read as one."""
    texts = list(_texts(html))
    return _with_texts(html, iter(redactor.pieces(texts)), redactor)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif _is_element(node):
        for child in _children(node):
            yield from _texts(child)


def _with_texts(node: Any, texts: Iterator[str], redactor: Redactor) -> Any:
    if isinstance(node, str):
        return next(texts)
    if not _is_element(node):
        return node
    head = [node[0], *(scrub_tree(part, redactor) for part in node[1:2] if isinstance(part, dict))]
    return head + [_with_texts(child, texts, redactor) for child in _children(node)]


def _is_element(node: Any) -> bool:
    """Others refer to a node of an earlier snapshot: `[[snapshots back, node]]`."""
    return isinstance(node, list) and bool(node) and isinstance(node[0], str)


def _children(node: list[Any]) -> list[Any]:
    return node[2:] if len(node) > 1 and isinstance(node[1], dict) else node[1:]


def secrets_in(members: Iterable[tuple[str, bytes]]) -> Iterator[learn.Found]:
    """What became a secret while a trace with these members (name, content) was made."""
    contents = dict(members)
    for name, content in contents.items():
        if name.endswith(".network"):
            for event in _events(content):
                yield from _exchanged(event.get("snapshot") or {}, contents)
        elif name.endswith(".trace") and b'"password"' in content:
            for event in _events(content):
                yield from _passwords((event.get("snapshot") or {}).get("html"))


def _events(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def _exchanged(snapshot: Mapping[str, Any], contents: Mapping[str, bytes]) -> Iterator[learn.Found]:
    """Secrets in one request and its answer, which stand here as in HAR."""
    request, response = snapshot.get("request") or {}, snapshot.get("response") or {}
    yield from learn.in_url(request.get("url") or "")
    for side in (request, response):
        yield from learn.in_headers((each.get("name", ""), each.get("value", "")) for each in side.get("headers") or ())
        for cookie in side.get("cookies") or ():
            yield from learn.cookie(cookie.get("name", ""), cookie.get("value", ""), bool(cookie.get("httpOnly")))
    for body in (request.get("postData") or {}, response.get("content") or {}):
        kind, content = body.get("mimeType") or "", contents.get(body.get("_file") or f"resources/{body.get('_sha1')}", b"")
        text = body.get("text") or (content.decode("utf-8", "replace") if len(content) <= LARGEST_BODY else "")
        if any(word in kind for word in READABLE) and "css" not in kind and "javascript" not in kind:
            yield from learn.in_body(text)
        for parameter in body.get("params") or ():
            yield from learn.in_data(parameter.get("value", ""), parameter.get("name", ""))


def _passwords(node: Any) -> Iterator[learn.Found]:
    """What stood in password fields."""
    if not _is_element(node):
        return
    attributes = node[1] if len(node) > 1 and isinstance(node[1], dict) else {}
    if str(attributes.get("type", "")).lower() == "password":
        for key in ("__playwright_value_", "value"):
            if attributes.get(key):
                yield TYPED, str(attributes[key])
    for child in _children(node):
        yield from _passwords(child)


def _filmstrip(content: bytes, pictures: Mapping[str, Frame]) -> bytes:
    """Events that show the pictures in the viewer's timeline."""
    about, pages = _about(content), _pages(content)
    if about.get("version") not in VERSIONS or not pages:
        return b""
    lines = []
    for name, frame in pictures.items():
        if frame.page < len(pages):
            lines.append(json.dumps(_screencast(name, frame, pages[frame.page], about)).encode())
    return (b"" if content.endswith(b"\n") or not content else b"\n") + b"".join(line + b"\n" for line in lines)


def _pages(content: bytes) -> list[str]:
    """The trace's names of the context's tabs, in the order in which they were opened."""
    events = _events(b"\n".join(line for line in content.splitlines() if HEAD.match(line)))
    return list(dict.fromkeys(page for event in events if (page := _page_of(event))))


def _page_of(event: Mapping[str, Any]) -> str | None:
    if event.get("type") == "event" and event.get("method") == "page":
        return str((event.get("params") or {}).get("pageId") or "") or None
    return None


def _screencast(name: str, frame: Frame, page: str, about: Mapping[str, Any]) -> dict[str, Any]:
    at = about.get("monotonicTime", 0) + frame.at_ms - about.get("wallTime", 0)
    place = {"file": name} if about["version"] >= 10 else {"sha1": name.removeprefix("resources/")}
    return {"type": "screencast-frame", "pageId": page, **place, "width": frame.width, "height": frame.height, "timestamp": at}
