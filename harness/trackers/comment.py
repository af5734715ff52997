"""A comment's text: made from the verdict's Markdown, calmed, cut to what a tracker takes, and marked so that it is found again.

The verdict escapes what Markdown and HTML would read. Trackers read more: they link bare addresses, call people, obey lines that begin
with a slash. That is taken away here, everywhere but in code and in the links that the report itself made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from harness.record.model import Record, Result
from harness.record.overview import telling_attempt
from harness.report import words
from harness.report.links import inside
from harness.report.markdown import code, plain, verdict
from harness.trackers.model import Escalation, Uploaded, file_of

_APART = "\u200b"
_FENCE = re.compile(r"(`{3,}|~{3,})")
_LOUD = re.compile(
    r"(?P<kept>\\.|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|\]\([^()\s]*\))"
    rf"|@(?!{_APART})|:(?=//)|\bmailto:|\bxmpp:|\bwww(?=\.)|\bGH-(?=\d)|[!%](?=[\w\"{{])|&amp;(?=\d)",
    re.IGNORECASE,
)
_ORDER = re.compile(r"^\s*(?=/)")
_CUT = "\n\n*The rest is left out for its length; the bundle has all of it.*\n"


def marker_of(result: Result) -> str:
    """Names scenario, customer and environment: what a comment about this result has in it and no other."""
    named = {"scenario": result.scenario, "customer": result.customer or "", "environment": result.environment}
    return f"repro[{' '.join(f'{name}={_quoted(value)}' for name, value in named.items())}]"


def _quoted(text: str) -> str:
    """Fit for an HTML comment, and for visible text that nothing in a tracker reads as markup."""
    safe = quote(text.encode("utf-8", "replace"), safe="/")
    return safe.replace("--", "-%2D").replace("_", "%5F").replace("~", "%7E") if len(safe) <= 300 else _shortened(text)


def _shortened(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def escalation_of(record: Record, result: Result, folder: Path, attachments: tuple[Path, ...], rerun: str) -> Escalation:
    """What is told about a result of the run in `folder`; `rerun` is the command that makes the bundle again."""
    how = f"The bundle is not attached here. {code(rerun, 600)} makes it from the run in {code(str(folder), 300)}."
    title = f"{words.VERDICT[result.verdict]}: {result.title}"
    return Escalation(marker_of(result), title, calm(verdict(record.run, result)), picture_of(result, folder), attachments, how)


def picture_of(result: Result, folder: Path) -> Path | None:
    """The deciding picture of the attempt to look at first, if it is a file of the run."""
    telling = telling_attempt(result.attempts, result.verdict)
    safe = inside(telling.deciding_screenshot) if telling and telling.deciding_screenshot else None
    if safe is None:
        return None
    path = folder / safe
    return path if path.is_file() and path.resolve().is_relative_to(folder.resolve()) else None


def calm(markdown: str) -> str:
    """The Markdown with nothing in it that a tracker would act on."""
    return "\n".join(line if in_fence else _calm_line(line) for line, in_fence in _lines(markdown))


def _lines(markdown: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a block of code."""
    fence = ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if fence:
            yield line, True
            if found and found[1].startswith(fence) and line.strip() == found[1]:
                fence = ""
        else:
            fence = found[1] if found else ""
            yield line, bool(found)


def _calm_line(line: str) -> str:
    quiet = _LOUD.sub(lambda found: found[0] if found["kept"] else found[0] + _APART, line)
    return _ORDER.sub(lambda found: found[0] + _APART, quiet)


def digest_of(escalation: Escalation) -> str:
    """What the comment and its files say, in 16 digits."""
    files = [file_of(path).digest for path in (escalation.picture, *escalation.attachments) if path is not None]
    told = "\0".join([escalation.marker, escalation.markdown, *files, *(each.place for each in escalation.uploaded)])
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def cut(markdown: str, fits: Callable[[str], bool]) -> str:
    """As many of the lines as fit, with a word about the rest; blocks of code are closed."""
    if fits(markdown):
        return markdown
    lines = list(_lines(markdown))
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_closed(lines[:middle])) else (low, middle - 1)
    return _closed(lines[:low])


def _closed(lines: list[tuple[str, bool]]) -> str:
    fence = ""
    for line, in_fence in lines:
        found = _FENCE.match(line)
        if not in_fence:
            fence = ""
        elif found:
            fence = "" if fence and line.strip() == found[1] and found[1].startswith(fence) else fence or found[1]
    text = "\n".join(line for line, _ in lines)
    return text + (f"\n{fence}" if fence else "") + _CUT


def hidden(marker: str) -> str:
    """The marker as a line of Markdown that nobody sees."""
    return f"<!-- {marker} -->"


def files_part(lines: list[str]) -> str:
    """The end of a comment: where its files are."""
    return "\n".join(["", "### Files", "", *lines, ""]) if lines else ""


def uploaded_lines(uploaded: tuple[Uploaded, ...], picture: str | None = None) -> list[str]:
    """A list of links, or of places where there is no link; the picture is shown if it has a link."""
    rows = []
    for each in uploaded:
        if each.link is None:
            rows.append(f"- {plain(each.name, 120)}: {code(each.place, 600)}")
        elif each.name == picture:
            rows += [f"![The deciding picture]({_target(each.link)})", ""]
        else:
            rows.append(f"- [{plain(each.name, 120)}]({_target(each.link)})")
    return sorted(rows, key=lambda row: row.startswith("- "))


def _target(link: str) -> str:
    return quote(link, safe=":/?#[]@!$&*+,;=%-._~")
