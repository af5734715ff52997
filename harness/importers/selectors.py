"""The selectors of a DevTools recording as one of Playwright's, which the rest of the harness reads: the alternative that says most to a
reader is taken. Pure.

The format is that of @puppeteer/replay: a list of alternatives, each a selector or a path of selectors (an element of the path may be the
host of a shadow tree); without a prefix it is CSS, else `aria/`, `text/`, `xpath/` or `pierce/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.importers.naming import PASSWORD
from harness.scenario.locators import ROLES

PREFIXES = ("aria", "text", "xpath", "pierce", "css")
BY_TAG = {"button": "button", "a": "link", "select": "combobox", "textarea": "textbox", "img": "img", "summary": "button"} | {
    f"h{level}": "heading" for level in range(1, 7)
}
BY_TYPE = {
    "button": "button",
    "submit": "button",
    "reset": "button",
    "image": "button",
    "checkbox": "checkbox",
    "radio": "radio",
    "range": "slider",
    "number": "spinbutton",
    "search": "searchbox",
} | dict.fromkeys(("text", "email", "tel", "url", "password", "date", "time", "month", "week", "datetime-local"), "textbox")
NAMELESS = frozenset(("", "generic", "none", "presentation", "StaticText", "InlineTextBox", "paragraph", "LabelText"))
NAMED_BY_TEXT = frozenset(("button", "link", "heading"))
LANDMARKS = frozenset(("main", "navigation", "banner", "contentinfo", "search", "dialog", "alertdialog"))
FIELD = "a field of a kind that the recording does not tell"
FIELDS = frozenset(("textbox", "searchbox", "spinbutton"))
SURFACES = frozenset(("canvas", "svg", "map", "area", "video", "embed", "object"))
SHORTEST = 3
LONGEST_TEXT = 60
ARIA = re.compile(r"""\[\s*(\w+)\s*=\s*(["'])((?:\\.|(?!\2).)*)\2\s*\]""", re.DOTALL)
TESTID = re.compile(r"""\[data-testid\s*=\s*(["'])((?:\\.|(?!\1).)*)\1\]""", re.DOTALL)
TYPE = re.compile(r"""\[\s*type\s*=\s*["']?([\w-]+)["']?\s*\]""")
PIECE = re.compile(
    r"""\[(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\]"'])*\]|\\.|\((?:[^()]|\([^()]*\))*\)|[^\s>+~]|(\s*[\s>+~]+\s*)""", re.DOTALL
)


@dataclass(frozen=True)
class Element:
    """An element as a recording names it. `selector` is Playwright's. `role`, `tag` and `type` are empty where they are not known; `called`
    is all that it is called itself, without what it stands in: a field for secrets is recognised by it."""

    selector: str
    role: str = ""
    tag: str = ""
    type: str = ""
    called: str = ""

    @property
    def is_surface(self) -> bool:
        """Whether it matters where in the element one clicks."""
        return self.tag in SURFACES

    @property
    def is_field(self) -> bool:
        """Whether one can type into it."""
        return self.role in FIELDS or self.tag in ("input", "textarea") or bool(PASSWORD.search(self.called))


def names_in(selectors: Sequence[Sequence[str]]) -> Iterator[str]:
    """The names and texts by which alternatives call an element."""
    for path in selectors:
        if path and path[-1].startswith("aria/"):
            yield _aria(path[-1])[0]
        elif path and path[-1].startswith("text/") and len(path[-1]) <= LONGEST_TEXT:
            yield _body(path[-1]).strip()


@dataclass(frozen=True)
class _Told:
    """What alternatives, each a path, tell of one element. `names` are all names of the recording; `fills` is what is typed into it, None
    where it isn't a field."""

    paths: tuple[tuple[str, ...], ...]
    names: frozenset[str]
    fills: str | None

    def of(self, kind: str) -> tuple[str, ...]:
        """The first path of a kind; empty when there is none."""
        return next((path for path in self.paths if _kind(path[-1]) == kind), ())

    @property
    def tags(self) -> list[str]:
        """The tags from the outermost element to this one; empty where one is not told."""
        css, xpath = self.of("css"), self.of("xpath")
        tags = _css_tags(css[-1]) if css else [""]
        return [*tags[:-1], tags[-1] or (_xpath_tag(xpath[-1]) if xpath else "")]

    @property
    def type(self) -> str:
        """An input's type, where it is told."""
        found = TYPE.search(self.of("css")[-1]) if self.of("css") else None
        return found[1].lower() if found else ""


def element_of(selectors: Sequence[Sequence[str]], frame: Sequence[int], names: frozenset[str], fills: str | None = None) -> Element:
    """The element behind alternatives, each a path. `names` are all names of the recording; `fills` is what is typed into it, None where
    it isn't a field."""
    told = _Told(tuple(tuple(path) for path in selectors if path), names, fills)
    selector, role = _by_testid(told) or _by_aria(told) or _by_text(told) or (_as_recorded(told.paths), "")
    head = "".join(f"css=iframe, frame >> nth={index} >> internal:control=enter-frame >> " for index in frame)
    return Element(head + selector, role, told.tags[-1], told.type, " ".join(_own(path[-1]) for path in told.paths))


def _kind(part: str) -> str:
    prefix, slash, _ = part.partition("/")
    return prefix if slash and prefix in PREFIXES else "css"


def _body(part: str) -> str:
    return part.partition("/")[2] if part.partition("/")[0] in PREFIXES and "/" in part else part


Found = tuple[str, str]


def _by_testid(told: _Told) -> Found | None:
    css = told.of("css")
    match = TESTID.fullmatch(css[-1].strip()) if css else None
    return None if match is None else (f"internal:testid=[data-testid={_quoted(_unescaped(match[2]))}s]", "")


def _by_aria(told: _Told) -> Found | None:
    """Role and name. A click in the middle of a button is one on the button: nameless elements at the end of the path go."""
    path, css = told.of("aria"), told.of("css")
    parts = list(path)
    while len(parts) > 1 and not _aria(parts[-1])[0] and _aria(parts[-1])[1] in NAMELESS:
        parts.pop()
    if not parts:
        return None
    name, role = _aria(parts[-1])
    name = _as_written(name, told)
    role = role or _role_of(told, inner=len(parts) < len(path))
    around = [f"css={each}" for each in css[: len(parts) - 1]] if len(css) == len(path) else []
    if role == FIELD and name:
        return " >> ".join([*around, f"internal:label={_quoted(name)}s"]), ""
    if role not in ROLES or (not name and role not in LANDMARKS):
        return None
    said = f"internal:role={role}" + (f"[name={_quoted(name)}{_exactness(name, told.names)}]" if name else "")
    return " >> ".join([*around, said]), role


def _as_written(name: str, told: _Told) -> str:
    """The name in the letters of the page's text: Chrome tells those that CSS makes of them."""
    texts = (_body(path[-1]).strip() for path in told.paths if _kind(path[-1]) == "text")
    return next((text for text in texts if text.lower() == name.lower()), name)


def _role_of(told: _Told, inner: bool) -> str:
    tag = told.tags[-1]
    if inner:
        return next((BY_TAG[tag] for tag in reversed(told.tags) if tag in BY_TAG), "")
    if tag == "input" or told.type:
        return BY_TYPE.get(told.type, FIELD if told.fills is None or told.fills.strip("-+.,").isdigit() else "textbox")
    if tag in BY_TAG:
        return BY_TAG[tag]
    return "textbox" if told.fills is not None and not tag else ""


def _by_text(told: _Told) -> Found | None:
    """Visible text; a button, a link and a heading are named by it."""
    text = next((_body(path[-1]) for path in told.paths if len(path) == 1 and _kind(path[0]) == "text"), "").strip()
    if told.fills is not None or not text or len(text) > LONGEST_TEXT:
        return None
    if (role := BY_TAG.get(told.tags[-1], "")) in NAMED_BY_TEXT:
        return f"internal:role={role}[name={_quoted(text)}{_exactness(text, told.names)}]", role
    return f"internal:text={_quoted(text)}i", ""


def _exactness(name: str, names: frozenset[str]) -> str:
    """A name that is part of another one has to be all of it."""
    return "s" if len(name) <= SHORTEST or any(name.lower() in other.lower() and other.lower() != name.lower() for other in names) else "i"


def _as_recorded(paths: tuple[tuple[str, ...], ...]) -> str:
    order = ("css", "pierce", "xpath", "text", "aria")
    path = min(paths, key=lambda each: order.index(_kind(each[-1])))
    return " >> ".join(_part(part) for part in path)


def _part(part: str) -> str:
    kind, body = _kind(part), _body(part)
    if kind == "aria":
        name, role = _aria(part)
        return f"internal:role={role}[name={_quoted(name)}i]" if role else f"internal:label={_quoted(name)}i"
    if kind == "text":
        return f"internal:text={_quoted(body)}i"
    return f"xpath={body}" if kind == "xpath" else f"css={body if kind == 'pierce' else part.removeprefix('css/')}"


def _aria(part: str) -> tuple[str, str]:
    """Name and role of `aria/Save[role="button"]`."""
    body = _body(part)
    attributes = {found[1]: _unescaped(found[3]) for found in ARIA.finditer(body) if found[1] in ("name", "role")}
    name = ARIA.sub(lambda found: "" if found[1] in ("name", "role") else found[0], body)
    return " ".join(attributes.get("name", _unescaped(name)).split()), attributes.get("role", "")


def _css_tags(selector: str) -> list[str]:
    """The tag of each element of a CSS selector's path; empty where it has none."""
    found = [""]
    for piece in PIECE.finditer(selector):
        if piece[1]:
            found.append("")
        else:
            found[-1] += piece[0]
    return [match[0].lower() if (match := re.match(r"[A-Za-z][\w-]*", each)) else "" for each in found]


def _own(part: str) -> str:
    """The end of a selector: the element itself."""
    kind, body = _kind(part), _body(part)
    if kind in ("aria", "text"):
        return body
    if kind == "xpath":
        return re.split(r"/(?![^\[]*\])", body)[-1]
    last = ""
    for piece in PIECE.finditer(body if kind == "pierce" else part):
        last = "" if piece[1] else last + piece[0]
    return last


def _xpath_tag(path: str) -> str:
    last = re.sub(r"\[[^\]]*\]", "", _body(path)).rpartition("/")[2]
    return last.lower() if re.fullmatch(r"[A-Za-z][\w-]*", last) else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
