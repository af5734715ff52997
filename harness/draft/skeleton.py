"""A ticket's text as the skeleton of a scenario: the customer's words, and every choice there is as a comment. Pure.

Nothing is decided for whoever fills it in: what the ticket's words suggest stands beside the choices, as comments too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.draft.write import to_yaml

MOST_LISTED = 40
COMMON = frozenset(
    ("with", "from", "that", "this", "page", "customer", "default", "account", "gmbh", "limited", "company", "user", "users")
)
"""Words that name nobody."""
PATH = re.compile(r"(?<![\w/.:])/[a-z][\w\-/]{1,60}(?![\w.]*@)")
QUOTED = re.compile(r"[\"\u201c\u201e\u00ab]([^\"\u201c\u201d\u201e\u00ab\u00bb\n]{2,60})[\"\u201d\u201c\u00bb]")
SOMETIMES = re.compile(
    r"\b(?:sometimes|now and then|occasionally|intermittent\w*|every now|from time to time|once in a while|not always)\b", re.I
)
ENDLESS = re.compile(r"\b(?:spin\w*|loading|forever|hang\w*|never (?:loads|ends|finishes)|stuck|freez\w*|for minutes)\b", re.I)
SIGN_IN = re.compile(r"\b(?:log(?:ged)? ?in|sign(?:ed)? ?in|password)\b", re.I)


@dataclass(frozen=True)
class Choice:
    """Something of the workspace that a scenario may name; `about` says what it is."""

    name: str
    about: str = ""


@dataclass(frozen=True)
class Choices:
    """What there is. `customer` and `environment` are those of repro.yaml, `baseline` is the customer whose configuration works."""

    customers: tuple[Choice, ...] = ()
    environments: tuple[Choice, ...] = ()
    flows: tuple[Choice, ...] = ()
    areas: tuple[str, ...] = ()
    customer: str | None = None
    environment: str | None = None
    baseline: str = "baseline"


def skeleton(ticket: str | None, words: str, choices: Choices, command: str) -> str:
    """The text of the file; `command` is the one that says what is still to be filled in."""
    return "".join(_parts(ticket, _clean(words), choices, command))


def _clean(words: str) -> str:
    """The customer's words without what no YAML text can hold, and without lines that only end."""
    lines = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", words)
    plain = ["".join(char if char.isprintable() else " " for char in line).rstrip() for line in lines]
    return "\n".join(plain).strip("\n")


def _parts(ticket: str | None, words: str, choices: Choices, command: str) -> Iterator[str]:
    yield f"# A skeleton. Fill in title, steps, symptom and expected; this says what is left: {command}\n"
    yield "title:" + " " * 29 + "# what is wrong, in one line\n"
    yield to_yaml({"ticket": ticket}) if ticket else "# ticket: SUP-1\n"
    yield from _areas(words, choices.areas)
    yield (to_yaml({"report": f"{words}\n" if "\n" in words else words}) if words.strip() else "# report: |  (the customer's own words)\n")
    yield "\n# Whose configuration is it?" + _default(choices.customer)
    yield from _listed("customer", choices.customers, words)
    yield "# Who does not have the problem? With a control it is told whether it is the configuration.\n"
    yield f"# control: {_remark(choices.baseline)}\n"
    yield "# Where does it run?" + _default(choices.environment)
    yield from _listed("environment", choices.environments, "")
    yield "\nsteps:" + " " * 29 + "# what the customer did, a step a line\n"
    yield from _steps(words, choices.flows)
    yield "\nsymptom:" + " " * 27 + "# what they saw, and should not have seen\n"
    yield from _symptom(words)
    yield "expected:" + " " * 26 + "# what they should have seen instead; both can't be there together\n"
    yield '  # visible: heading "…"\n'
    yield "# within: 10s                      # how long after the last step to watch\n"
    yield from _attempts(words)


def _default(name: str | None) -> str:
    return f" repro.yaml says {name}.\n" if name else "\n"


def _areas(words: str, areas: Sequence[str]) -> Iterator[str]:
    known = [area for area in areas if _says(words, area)]
    yield f"# area: {_remark((known or list(areas) or ['billing'])[0])}" + "   # groups reports; "
    yield f"there are: {', '.join(map(_remark, areas[:MOST_LISTED]))}\n" if areas else "any word\n"


def _listed(key: str, found: Sequence[Choice], words: str) -> Iterator[str]:
    """A line each, those that the ticket names first."""
    named = [choice for choice in found if _says(words, choice.name, choice.about)]
    others = [choice for choice in found if choice not in named]
    for choice in [*named, *others][:MOST_LISTED]:
        said = [_remark(choice.about)] if choice.about else []
        said += ["the ticket names it"] if choice in named else []
        yield f"# {key}: {_remark(choice.name)}" + (f"   # {'; '.join(said)}" if said else "") + "\n"
    if len(found) > MOST_LISTED:
        yield f"# … and {len(found) - MOST_LISTED} more: repro list --kind {key}s\n"
    if not found:
        yield f"# there is none yet in {key}s/\n"


def _steps(words: str, flows: Sequence[Choice]) -> Iterator[str]:
    named = [flow for flow in flows if _says(words, flow.name, flow.about) or ("login" in flow.name and SIGN_IN.search(words))]
    for flow in [*named, *(flow for flow in flows if flow not in named)][:MOST_LISTED]:
        said = [_remark(flow.about)] if flow.about else []
        yield f"  # - use: {_remark(flow.name)}" + (f"   # {'; '.join(said)}" if said else "") + "\n"
    for path in list(dict.fromkeys(PATH.findall(words)))[:5]:
        yield f"  # - goto: {_remark(path)}   # the ticket names it\n"
    yield '  # - goto: /dashboard\n  # - fill: {textbox "Email": jane@acme.example}\n  # - click: button "Save"\n'


def _symptom(words: str) -> Iterator[str]:
    for text in list(dict.fromkeys(QUOTED.findall(words)))[:5]:
        line = to_yaml({"visible": {"text": text}}).replace("\n", " ").strip() if not _is_plain(text) else f"visible: {text}"
        yield f"  # {_remark(line)}   # the ticket quotes it\n"
    yield "  # visible: alert                  # or text, count, url, response, console … in the place of visible\n"
    if found := ENDLESS.search(words):
        yield f"  # for: 10s                        # the ticket says: {_remark(found[0])}\n"


def _attempts(words: str) -> Iterator[str]:
    found = SOMETIMES.search(words)
    said = f"the ticket says: {_remark(found[0])}" if found else "intermittent? so many tries"
    yield f"# attempts: {5 if found else 3}                      # {said}\n"


def _says(words: str, *names: str) -> bool:
    """Whether the words name it: one of its own words of at least four letters stands in them."""
    own = {word for name in names for word in re.findall(r"[^\W_]{4,}", name.lower())} - COMMON
    return not own.isdisjoint(re.findall(r"[^\W_]{4,}", words.lower()))


def _is_plain(text: str) -> bool:
    """Whether YAML and the language read it as visible text as it stands."""
    return re.fullmatch(r"[^\W\d_][\w ,.'!?-]*", text) is not None and not re.fullmatch(r"[a-z]+", text)


def _remark(text: str) -> str:
    """A text within a comment's line."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:120] or "…"
