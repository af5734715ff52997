"""Locators: how a scenario names an element. Text such as `button "Save"`, or a mapping; decoded to one frozen value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from harness.core.secret import Secret
from harness.scenario.nearest import did_you_mean
from harness.scenario.shapes import (
    Bool,
    Choice,
    Decoder,
    JsonSchema,
    Lazy,
    ScalarShape,
    ShapeError,
    Text,
    TextLike,
    as_text,
    compile_pattern,
    decode_fields,
    decode_template,
    mapping,
    object_schema,
    option,
    whole,
)
from harness.scenario.source import Mapping, Node, Scalar, written

# WAI-ARIA 1.2 roles, as Playwright's get_by_role takes them.
ROLES = frozenset(
    [
        "alert",
        "alertdialog",
        "application",
        "article",
        "banner",
        "blockquote",
        "button",
        "caption",
        "cell",
        "checkbox",
        "code",
        "columnheader",
        "combobox",
        "complementary",
        "contentinfo",
        "definition",
        "deletion",
        "dialog",
        "directory",
        "document",
        "emphasis",
        "feed",
        "figure",
        "form",
        "generic",
        "grid",
        "gridcell",
        "group",
        "heading",
        "iframe",
        "img",
        "insertion",
        "link",
        "list",
        "listbox",
        "listitem",
        "log",
        "main",
        "marquee",
        "math",
        "menu",
        "menubar",
        "menuitem",
        "menuitemcheckbox",
        "menuitemradio",
        "meter",
        "navigation",
        "none",
        "note",
        "option",
        "paragraph",
        "presentation",
        "progressbar",
        "radio",
        "radiogroup",
        "region",
        "row",
        "rowgroup",
        "rowheader",
        "scrollbar",
        "search",
        "searchbox",
        "separator",
        "slider",
        "spinbutton",
        "status",
        "strong",
        "subscript",
        "superscript",
        "switch",
        "tab",
        "table",
        "tablist",
        "tabpanel",
        "term",
        "textbox",
        "time",
        "timer",
        "toolbar",
        "tooltip",
        "tree",
        "treegrid",
        "treeitem",
    ]
)
KINDS = ("role", "label", "placeholder", "text", "testid", "alt", "title", "css", "xpath")
_NOTATION = re.compile(
    r"""(?P<role>[a-z]+)(?:\s+(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<pattern>/(?:[^/\\]|\\.)+/[imsu]*)))?(?P<states>(?:\s*\[[^\]]*\])*)\s*:?"""
)
_CUT_OFF = re.compile(r'(?P<role>[a-z]+)\s+"(?:[^"\\]|\\.)*')
_STATE = re.compile(r"\[([a-z-]+)(?:=([^\]]*))?\]")
_STATES = ("checked", "disabled", "expanded", "level", "pressed", "selected")
_IGNORED_STATES = ("active", "ref", "cursor", "box")


class TextOrPattern(TextLike):
    """Text, or `/…/i` for a regular expression."""

    expected = "text or /a regular expression/"

    def convert(self, value: Any) -> str | re.Pattern[str]:
        if isinstance(value, Secret):
            raise ShapeError("a secret can't be used in a locator: it would be seen in the report")
        text = str(as_text(value))
        return compile_pattern(text) if re.fullmatch(r"/.+/[ims]*", text, re.DOTALL) else text


class _Checked(ScalarShape):
    """true, false or `mixed`."""

    expected = "true, false or mixed"

    def convert(self, value: Any) -> bool | str:
        if isinstance(value, bool) or value == "mixed":
            return value  # type: ignore[no-any-return]
        raise ShapeError(f"expected true, false or mixed, found `{value}`")

    def schema(self) -> JsonSchema:
        return {"enum": [True, False, "mixed"]}


class _Role(Choice):
    """An ARIA role; the list of all of them is too long for a message."""

    expected = "an ARIA role"

    def convert(self, value: Any) -> str:
        if value not in self.words:
            raise ShapeError(f"`{value}` is not an ARIA role", did_you_mean(str(value), self.words), "unknown-role")
        return str(value)


_TEXT = TextOrPattern()
_NESTED = Lazy("locator", lambda: LocatorShape())


@dataclass(frozen=True, kw_only=True)
class Locator:
    """An element, or several. Exactly one of the first nine is set; the others refine it."""

    role: str | None = option(_Role(*sorted(ROLES)), "an ARIA role")
    label: str | re.Pattern[str] | None = option(_TEXT, "the text of a form field's label")
    placeholder: str | re.Pattern[str] | None = option(_TEXT, "the placeholder of a form field")
    text: str | re.Pattern[str] | None = option(_TEXT, "visible text")
    testid: str | re.Pattern[str] | None = option(_TEXT, "the value of data-testid")
    alt: str | re.Pattern[str] | None = option(_TEXT, "the alternative text of an image")
    title: str | re.Pattern[str] | None = option(_TEXT, "the title attribute")
    css: str | None = option(Text(), "a CSS selector, where nothing better names the element")
    xpath: str | None = option(Text(), "an XPath, where nothing better names the element")
    name: str | re.Pattern[str] | None = option(_TEXT, "with role: the accessible name")
    exact: bool | None = option(Bool(), "the whole text, upper and lower case told apart")
    checked: bool | str | None = option(_Checked(), "with role: whether it is checked")
    expanded: bool | None = option(Bool(), "with role: whether it is expanded")
    pressed: bool | str | None = option(_Checked(), "with role: whether it is pressed")
    selected: bool | None = option(Bool(), "with role: whether it is selected")
    disabled: bool | None = option(Bool(), "with role: whether it is disabled")
    level: int | None = option(whole(1), "with role: the heading's level")
    has_text: str | re.Pattern[str] | None = option(_TEXT, "holds this text somewhere inside")
    has: Locator | None = option(_NESTED, "holds this element somewhere inside")
    within: Locator | None = option(_NESTED, "stands inside this element")
    frame: Locator | None = option(_NESTED, "stands in the iframe that this names")
    nth: int | None = option(whole(), "which of several: 0 is the first, -1 the last")
    visible: bool | None = option(Bool(), "only those that are visible")

    @property
    def kind(self) -> str:
        """Which of the nine it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    def __str__(self) -> str:
        return describe(self)


def describe(locator: Locator) -> str:
    """The locator as one would write it: `button "Save"`, `text "Hello"`, `css ".total"`, with its refinements."""
    if locator.role is not None:
        head = locator.role + (f" {_quoted(locator.name)}" if locator.name is not None else "")
    else:
        head = f"{locator.kind} {_quoted(getattr(locator, locator.kind))}"
    states = "".join(
        f" [{state}]" if value is True else f" [{state}={str(value).lower()}]"
        for state in _STATES
        if (value := getattr(locator, state)) is not None
    )
    inner = f" with text {_quoted(locator.has_text)}" if locator.has_text is not None else ""
    inner += f" with {locator.has}" if locator.has is not None else ""
    outer = f" in {locator.within}" if locator.within is not None else ""
    outer += f" in frame {locator.frame}" if locator.frame is not None else ""
    return head + states + inner + outer + (f" (number {locator.nth})" if locator.nth is not None else "")


def _quoted(value: object) -> str:
    if isinstance(value, re.Pattern):
        return f"/{value.pattern}/" + "".join(letter for letter in "ims" if value.flags & getattr(re, letter.upper()))
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def parse_locator(text: str) -> Locator:
    """A locator from its text. Raises ShapeError."""
    if not text.strip():
        raise ShapeError("a locator can't be empty")
    match = _NOTATION.fullmatch(text.strip())
    if match is None or match["role"] not in ROLES:
        _refuse_cut_off(text.strip())
        _refuse_almost_role(text.strip())
        return Locator(text=compile_pattern(text) if re.fullmatch(r"/.+/[ims]*", text) else text.strip())
    fields: dict[str, Any] = {"role": match["role"]}
    if match["quoted"] is not None:
        fields["name"] = re.sub(r"\\(.)", r"\1", match["quoted"])
    elif match["pattern"] is not None:
        fields["name"] = compile_pattern(re.sub(r"u(?=[imsu]*$)", "", match["pattern"]))
    for state, value in _STATE.findall(match["states"]):
        if state in _STATES:
            fields[state] = _state(state, value)
        elif state not in _IGNORED_STATES:
            raise ShapeError(f"`[{state}]` is not a state of an element", did_you_mean(state, _STATES))
    return Locator(**fields)


def _state(state: str, value: str) -> bool | int | str:
    if state == "level":
        if not value.isdecimal():
            raise ShapeError(f"`[level={value}]` needs a number")
        return int(value)
    states: dict[str, bool | str] = {"": True, "true": True, "false": False, "mixed": "mixed"}
    if value not in states:
        raise ShapeError(f"`[{state}={value}]` is not a state", f"write [{state}] or [{state}=false]")
    return states[value]


def _refuse_cut_off(text: str) -> None:
    """`button "A` was `button "A #1"`, or `button "A, b"` between braces, of which YAML takes only the beginning."""
    match = _CUT_OFF.fullmatch(text)
    if match and match["role"] in ROLES:
        hint = f"put the whole locator in quotes: '{match['role']} \"…\"'"
        raise ShapeError(f"the name in `{text}` has no end: YAML ends it at ` #`, and between braces at a comma", hint)


def _refuse_almost_role(text: str) -> None:
    """`buton "Save"` is a misspelt role, not visible text: a word followed by a quoted name and nothing else."""
    match = _NOTATION.fullmatch(text)
    if match and (match["quoted"] is not None or match["pattern"] is not None):
        hint = _in_place_of(match["role"], match["quoted"] or match["pattern"])
        raise ShapeError(f"`{match['role']}` is not an ARIA role", hint, "unknown-role")


def _in_place_of(word: str, name: str) -> str:
    """What to write instead: `label "E-mail"` is a kind of locator, not a role."""
    if word in KINDS:
        return f"write {{{word}: {written(name)}}}"
    return did_you_mean(word, ROLES) or "for visible text that looks like this, write {text: …}"


class LocatorShape:
    """Text or a mapping."""

    expected = "a locator"

    def convert(self, value: Any) -> Locator:
        if isinstance(value, Secret):
            raise ShapeError("a secret can't be used in a locator: it would be seen in the report")
        if not isinstance(value, str):
            value = as_text(value)
        return parse_locator(str(value))

    def decode(self, node: Node, decoder: Decoder) -> Any:
        if isinstance(node, Scalar):
            return self._text(node, decoder)
        if not isinstance(node, Mapping):
            raise decoder.invalid("wrong-type", f"expected a locator, found {node.kind}", node, 'such as button "Save"')
        values = decode_fields(Locator, mapping(node, decoder), node, decoder, "a locator")
        kinds = [kind for kind in KINDS if kind in values]
        if len(kinds) != 1:
            found = f"found {' and '.join(kinds)}" if kinds else "found none"
            raise decoder.invalid("locator-kind", f"a locator has exactly one of {', '.join(KINDS)}; {found}", node)
        role_only = [key for key in ("name", *_STATES) if key in values]
        if kinds[0] != "role" and role_only:
            raise decoder.invalid("locator-kind", f"`{role_only[0]}` goes with `role`, not with `{kinds[0]}`", node)
        return Locator(**values)

    def _text(self, node: Scalar, decoder: Decoder) -> Any:
        if node.value is None and not node.quoted:
            raise decoder.invalid("wrong-type", "expected a locator, found nothing", node, 'such as button "Save"')
        text = decode_template(node.text, node, self, decoder)
        if not isinstance(text, str):
            return text
        try:
            return self.convert(text)
        except ShapeError as error:
            raise decoder.invalid(error.slug, str(error), node, error.hint) from None

    def schema(self) -> JsonSchema:
        return {"$ref": "#/$defs/locator"}


def locator_schema() -> JsonSchema:
    """What stands below `$defs/locator`."""
    return {
        "description": 'An element: `button "Save"` (ARIA role and name), visible text, or a mapping',
        "anyOf": [{"type": ["string", "number"]}, object_schema(Locator)],
    }


LOCATOR = LocatorShape()
