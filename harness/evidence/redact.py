"""Takes secrets out of text before it is kept. It knows the secrets of one attempt; it writes nothing itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from harness.core.secret import Secret
from harness.evidence.encodings import SHORTEST, WIDE_CHARSETS, Form, forms_of, wide_forms_of

SHORTEST_SPLIT = 6
MASKED = "masked"
TYPED = "password field"


@dataclass(frozen=True)
class Known:
    """A secret with the forms that it is looked for in; a short one has none. `wide` are those that only data with null bytes can hold."""

    name: str
    value: str
    forms: tuple[Form, ...]
    wide: tuple[Form, ...] = ()

    @property
    def mark(self) -> str:
        """What stands in its place."""
        return f"[{self.name}]"


class Redactor:
    """Replaces every known secret, in the forms in which it travels, by `[NAME]`, and what `patterns` find by `[masked]`.

    Values shorter than four characters would be found everywhere as text; they are replaced only where they are all of a field.
    """

    def __init__(self, secrets: Iterable[Secret] = (), patterns: Iterable[re.Pattern[str]] = ()) -> None:
        self._known: dict[str, Known] = {}
        self._numbers: frozenset[str] = frozenset()
        self._patterns = tuple(patterns)
        for secret in secrets:
            self.learn(secret.name, secret.reveal())

    @property
    def knows(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._known or self._patterns)

    @property
    def values(self) -> tuple[str, ...]:
        """The secrets that are looked for as text."""
        return tuple(each.value for each in self._known.values() if each.forms)

    @property
    def short(self) -> tuple[str, ...]:
        """The secrets that are looked for only where they are all of a field."""
        return tuple(each.value for each in self._known.values() if not each.forms)

    @property
    def has_short(self) -> bool:
        """Whether it knows one that can't be looked for as text."""
        return any(not each.forms for each in self._known.values())

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """What the team masks as text."""
        return self._patterns

    @property
    def numbers(self) -> frozenset[str]:
        """The secrets that may stand as numbers, short ones too."""
        return self._numbers

    def learn(self, name: str, value: str, anywhere: bool = True) -> None:
        """From now on `value` is a secret too: a token that a sign-in gave, a code made for it. The first name stays. What is not meant
        to be found `anywhere` is replaced only where it is all of a field, as short values are."""
        if value and value not in self._known:
            long = anywhere and len(value) >= SHORTEST
            known = Known(name, value, forms_of(value) if long else (), wide_forms_of(value) if long else ())
            self._known = dict(sorted({**self._known, value: known}.items(), key=lambda item: -len(item[0])))
            self._numbers |= {value} if value.isdecimal() else set()

    def take(self, other: Redactor, names: Collection[str]) -> None:
        """Knows from now on what the other knows under one of these names, and the team's patterns."""
        for known in other._known.values():
            if known.name in names:
                self.learn(known.name, known.value, bool(known.forms))
        self._patterns = tuple(dict.fromkeys((*self._patterns, *other._patterns)))

    def text(self, text: str) -> str:
        """The text without secrets."""
        if not self.knows or not text:
            return text
        return self.data(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def data(self, data: bytes) -> bytes:
        """The bytes without secrets, whatever charset they are in."""
        wide = b"\0" in data
        for known in self._known.values():
            for form in known.forms:
                data = form.sub(known.mark.encode(), data)
            for form, charset in zip(known.wide if wide else (), WIDE_CHARSETS, strict=False):
                data = form.sub(known.mark.encode(charset), data)
        return self._masked(data) if self._patterns else data

    def _masked(self, data: bytes) -> bytes:
        try:
            text = data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return data
        for pattern in self._patterns:
            text = pattern.sub(lambda found: f"[{MASKED}]" if found[0] else "", text)
        return text.encode("utf-8", "surrogatepass")

    def field(self, value: str) -> str:
        """The whole value of a field, a header or a parameter: short secrets are replaced here."""
        known = self._known.get(value)
        return known.mark if known else self.text(value)

    def pieces(self, pieces: Sequence[str]) -> list[str]:
        """Texts that are shown one behind the other, such as a page's text nodes, without secrets, those that are split over them too."""
        return [self.text(piece) for piece in self.joined(pieces)]

    def joined(self, pieces: Sequence[str]) -> Sequence[str]:
        """The same texts without the secrets that are split over them only; the very same value when there are none."""
        whole = "".join(pieces)
        holding = [known for known in self._known.values() if len(known.value) >= SHORTEST_SPLIT and known.value in whole]
        if not holding:
            return pieces
        starts = [0, *accumulate(len(piece) for piece in pieces)]
        spans = [span for known in holding for span in _splits(known, whole, starts)]
        return _without(pieces, starts, spans) if spans else pieces

    def found_in(self, data: bytes) -> tuple[str, ...]:
        """The names of the secrets that stand in the data."""
        return tuple(known.name for known in self._known.values() if any(form.found(data) for form in (*known.forms, *known.wide)))


def _splits(known: Known, whole: str, starts: Sequence[int]) -> list[tuple[int, int, str]]:
    """Where the secret goes over the edge of a piece: begin, end, what takes its place. Within one piece it is left to the forms."""
    spans = [(found.start(), found.end(), known.mark) for found in re.finditer(re.escape(known.value), whole)]
    return [span for span in spans if bisect_right(starts, span[0]) != bisect_right(starts, span[1] - 1)]


def _without(pieces: Sequence[str], starts: Sequence[int], spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """The pieces without the spans, each of which leaves its mark where it begins."""
    clean = []
    for start, piece in zip(starts, pieces, strict=False):
        kept, at = "", 0
        for begin, end, mark in sorted(spans):
            first, last = max(begin - start, at), min(end - start, len(piece))
            if first < last:
                kept += piece[at:first] + (mark if begin >= start else "")
                at = last
        clean.append(kept + piece[at:])
    return clean
