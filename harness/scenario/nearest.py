"""The nearest right word, for a message that says "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, choices: Iterable[str]) -> str:
    """The nearest of the words, or the empty string when none is near (rapidfuzz's normalised similarity under 60)."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(word, list(choices), scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else ""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """``did you mean `click`?``, or the empty string when nothing is near."""
    found = nearest(word, choices)
    return f"did you mean `{found}`?" if found else ""


def hint_among(word: str, choices: Iterable[str]) -> str:
    """The nearest word, or else what there is."""
    names = sorted(choices)
    return did_you_mean(word, names) or (f"there are: {', '.join(names)}" if names else "there are none")
