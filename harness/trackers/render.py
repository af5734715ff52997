"""A comment's Markdown as the trackers want it that read no Markdown: Atlassian's document format, and HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

Node = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{(?=[{%])")
_BLOCKS = {"paragraph": "paragraph", "bullet_list": "bulletList", "list_item": "listItem", "blockquote": "blockquote"}
_CELLS = {"th": "tableHeader", "td": "tableCell"}
_MARKS = {"strong": "strong", "em": "em"}


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html(markdown: str) -> str:
    """HTML in which all of the text is text; what Zendesk would fill in (`{{ticket.id}}`) is taken apart."""
    return _PLACEHOLDER.sub("{\u200b", str(_reader().render(markdown)))


def adf(markdown: str, small: str = "") -> Node:
    """A document of Atlassian's format. `small` is a last line in small letters."""
    from markdown_it.tree import SyntaxTreeNode

    content = _blocks(SyntaxTreeNode(_reader().parse(markdown)).children)
    if small:
        mark = {"type": "subsup", "attrs": {"type": "sub"}}
        content.append({"type": "paragraph", "content": [{"type": "text", "text": small, "marks": [mark]}]})
    return {"version": 1, "type": "doc", "content": content}


def text_of(node: Any) -> str:
    """All text of a document, whoever wrote it."""
    if isinstance(node, list):
        return " ".join(map(text_of, node))
    if not isinstance(node, dict):
        return ""
    own = node.get("text")
    return (own if isinstance(own, str) else "") + text_of(node.get("content"))


def _blocks(nodes: list[SyntaxTreeNode]) -> list[Node]:
    return [made for node in nodes for made in _block(node)]


def _block(node: SyntaxTreeNode) -> list[Node]:
    kind = node.type
    if kind == "heading":
        return [{"type": "heading", "attrs": {"level": int(node.tag[1])}, "content": _line(node)}]
    if kind == "paragraph":
        return [{"type": "paragraph", "content": _line(node)}]
    if kind == "ordered_list":
        return [{"type": "orderedList", "attrs": {"order": int(node.attrs.get("start", 1))}, "content": _blocks(node.children)}]
    if kind in ("fence", "code_block"):
        text = node.content.rstrip("\n")
        return [{"type": "codeBlock", "attrs": {}, "content": [{"type": "text", "text": text}] if text else []}]
    if kind == "hr":
        return [{"type": "rule"}]
    if kind == "table":
        rows = [row for part in node.children for row in part.children]
        return [{"type": "table", "content": [{"type": "tableRow", "content": [_cell(cell) for cell in row.children]} for row in rows]}]
    if kind in _BLOCKS:
        return [{"type": _BLOCKS[kind], "content": _blocks(node.children) or [{"type": "paragraph", "content": []}]}]
    return [{"type": "paragraph", "content": [{"type": "text", "text": node.content}]}] if node.content else []


def _cell(node: SyntaxTreeNode) -> Node:
    return {"type": _CELLS[node.type], "content": [{"type": "paragraph", "content": _line(node)}]}


def _line(node: SyntaxTreeNode) -> list[Node]:
    return [made for inline in node.children for part in inline.children for made in _inline(part, [])]


def _inline(node: SyntaxTreeNode, marks: list[Node]) -> list[Node]:
    kind = node.type
    if kind == "hardbreak":
        return [{"type": "hardBreak"}]
    if kind == "code_inline":
        return _text(node.content, [*(mark for mark in marks if mark["type"] == "link"), {"type": "code"}])
    if kind in ("softbreak", "text", "html_inline"):
        return _text(" " if kind == "softbreak" else node.content, marks)
    if kind == "image":
        return _text(node.content or "picture", [*marks, {"type": "link", "attrs": {"href": str(node.attrs["src"])}}])
    if kind == "link":
        marks = [*marks, {"type": "link", "attrs": {"href": str(node.attrs["href"])}}]
    elif kind in _MARKS:
        marks = [*marks, {"type": _MARKS[kind]}]
    return [made for child in node.children for made in _inline(child, marks)]


def _text(text: str, marks: list[Node]) -> list[Node]:
    if not text:
        return []
    return [{"type": "text", "text": text, **({"marks": marks} if marks else {})}]
