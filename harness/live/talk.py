"""What somebody types into a live session, and what it answers: told apart, done, and said in full. It reads and prints nothing itself."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.diagnostics import Diagnostic, Problems
from harness.draft.write import scenario_text
from harness.live.session import LiveSession, NotOpen, Said
from harness.live.text import sentence
from harness.live.typed import keys
from harness.scenario.condition import COMBINERS
from harness.scenario.conditions import CHECKS
from harness.scenario.nearest import did_you_mean
from harness.scenario.steps import VERBS
from harness.scenario.workspace import KINDS, NOT_SCENARIOS, Workspace

COMMANDS = ("help", "look", "picture", "undo", "again", "save", "save!", "quit", "exit")
MARKS = ("symptom", "expected")
_COMMAND = re.compile(r"(help|look|picture|undo|again|save!?|quit|exit)(?:[ \t]+(?P<rest>[^:\s].*))?", re.DOTALL)
_MARK = re.compile(r"(symptom|expected):(?P<rest>.*)", re.DOTALL)
_OPENS = re.compile(r"\s*(- )?[\w!]+:\s*[|>]?[+-]?\s*")
_USES = {
    "look": 'write `look`, or with a part of the page `look region "Revenue"`',
    "save!": "write `save! billing/wrong-total.yaml`",
}
HELP = """\
A step is done at once, and kept when that worked:      click: button "Save"
A condition is looked at, and waited for a little:      visible: heading "Revenue"
A word that is both is a step; a condition after `? `:  ? dialog: sure
A line that is only a key goes on until an empty line:  fill:
look [LOCATOR]      the page, or a part of it, in the notation of locators
picture             a screenshot
symptom: CONDITION  what the customer saw; expected: CONDITION  what they should have seen
undo                forgets the last kept step; the page stays as it is
again               a fresh browser, in which every kept step is done again
save FILE [TITLE]   writes the scenario into the workspace; save! FILE also where there is one
quit                ends, and puts the customer's settings back"""


@dataclass(frozen=True)
class Reply:
    """What was answered. `kind` is step, condition, mark, look, picture, undo, again, save, help, end or unknown; `page` is the page, or
    what changed in it; `problems` have their places in what was typed."""

    kind: str
    said: Said
    page: str = ""
    events: tuple[str, ...] = ()
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs: everything, with empty parts left out but for `kind`, `ok` and `sentence`."""
        said = self.said
        more: dict[str, Any] = {
            "found": list(said.found),
            "url": said.url,
            "title": said.title,
            "picture": str(said.picture) if said.picture else "",
            "problems": [each.as_json() for each in said.problems],
            "page": self.page,
            "events": list(self.events),
            "text": self.text,
        }
        return {"kind": self.kind, "ok": said.ok, "sentence": said.sentence, **{key: value for key, value in more.items() if value}}


def goes_on(lines: Sequence[str]) -> bool:
    """Whether what was typed is not at its end: it began with a line that is only a key, and no empty line has come."""
    return bool(lines) and _OPENS.fullmatch(lines[0]) is not None and bool(lines[-1].strip())


def kind_of(text: str) -> str:
    """What was typed: a command's word, `mark`, `step`, `condition`, or `unknown`."""
    if text.startswith("?"):
        return "condition"
    if command := _COMMAND.fullmatch(text):
        return command[1]
    if _MARK.fullmatch(text):
        return "mark"
    words = keys(text)
    if not words or any(word in VERBS for word in words):
        return "step"  # what is no YAML at all is told so as a step
    return "condition" if any(word in CHECKS or word in COMBINERS for word in words) else "unknown"


@dataclass
class Talk:
    """A conversation with a live session. `within_ms`: how long a condition is waited for. `here` is the current folder."""

    live: LiveSession
    workspace: Workspace
    within_ms: int = 2_000
    keeps_pictures: bool = True
    here: Path = field(default_factory=Path.cwd)

    async def began(self) -> Reply:
        """What is said first."""
        return await self._with_page("open", self.live.began)

    async def answer(self, typed: str) -> Reply:
        """Does what was typed. Whatever is wrong with it is said; Problems are not raised."""
        text = textwrap.dedent(typed).strip()
        kind = kind_of(text)
        try:
            return await self._ways()[kind](text)
        except NotOpen as problems:
            return _refused(kind, problems, "It can't begin anew")
        except Problems as problems:
            return _refused(kind, problems)

    def _ways(self) -> dict[str, Callable[[str], Awaitable[Reply]]]:
        return {
            "step": self._step,
            "condition": self._condition,
            "mark": self._mark,
            "look": self._look,
            "picture": self._picture,
            "undo": self._undo,
            "again": self._again,
            "save": self._save,
            "save!": self._save,
            "help": self._help,
            "quit": self._end,
            "exit": self._end,
            "unknown": self._unknown,
        }

    async def _step(self, text: str) -> Reply:
        return await self._with_page("step", await self.live.do(text))

    async def _condition(self, text: str) -> Reply:
        said = await self.live.check(text.removeprefix("?").strip(), self.within_ms)
        return Reply("condition", said, events=self.live.events())

    async def _mark(self, text: str) -> Reply:
        match = _MARK.fullmatch(text)
        assert match is not None
        condition = textwrap.dedent(match["rest"].strip("\n")).strip()
        said = await (self.live.mark(symptom=condition) if match[1] == "symptom" else self.live.mark(expected=condition))
        return Reply("mark", said, events=self.live.events())

    async def _look(self, text: str) -> Reply:
        page = await self.live.snapshot(_rest(text) or None)
        return Reply("look", await self.live.here(), page, self.live.events())

    async def _picture(self, text: str) -> Reply:
        path = await self.live.picture()
        until = "" if self.keeps_pictures else ", until the session ends; --pictures keeps it"
        return Reply("picture", replace(await self.live.here(), sentence=f"The picture is {path}{until}.", picture=path))

    async def _undo(self, text: str) -> Reply:
        said = self.live.undo()
        return Reply("undo", Said(said is not None, said or "There is no step to forget."))

    async def _again(self, text: str) -> Reply:
        return await self._with_page("again", await self.live.again())

    async def _help(self, text: str) -> Reply:
        words = (f"steps: {', '.join(sorted(VERBS))}", f"conditions: {', '.join(sorted((*CHECKS, *COMBINERS)))}")
        return Reply("help", Said(True, "This can be typed."), text="\n".join([HELP, *(textwrap.fill(each, 130) for each in words)]))

    async def _end(self, text: str) -> Reply:
        return Reply("end", Said(True, "The session ends."))

    async def _unknown(self, text: str) -> Reply:
        word = keys(text)[0]
        if word in COMMANDS:
            return Reply("unknown", Said(False, f"`{word}` is a command and takes no colon; {_USES.get(word, f'write `{word}` alone')}"))
        hint = did_you_mean(word, {*VERBS, *CHECKS, *COMBINERS, *MARKS, *COMMANDS}) or "`help` lists them"
        said = f"`{sentence(word, 80)}` is neither a step, nor a condition, nor a command; {hint}"
        return Reply("unknown", Said(False, said))

    async def _save(self, text: str) -> Reply:
        name, _, title = _rest(text).partition(" ")
        if not name:
            return Reply("save", Said(False, "Name a file: save billing/wrong-total.yaml"))
        path = scenario_path(self.workspace, self.here, name)
        content = scenario_text(self.live.draft(title.strip() or _title(path)))
        try:
            _write(path, content, over=text.startswith("save!"))
        except FileExistsError:
            return Reply("save", Said(False, f"{self.workspace.show(path)} is there already; `save! {name}` writes over it"))
        except OSError as error:
            return Reply("save", Said(False, f"{self.workspace.show(path)} can't be written: {error.strerror}"))
        return Reply("save", Said(True, f"Written. {self._next(path, content)}"), text=content)

    def _next(self, path: Path, content: str) -> str:
        shown = self.workspace.show(path)
        missing = [key for key in ("steps", "symptom") if f"\n{key}:\n  " not in content]
        if missing:
            return f"{shown} still needs {' and '.join(f'`{key}`' for key in missing)} before it can be run."
        environment = self.live.case.environment.id
        other = f" --environment {environment}" if environment != self.workspace.settings.environment else ""
        return f"Run it: repro run {shown}{other}"

    async def _with_page(self, kind: str, said: Said) -> Reply:
        try:
            page = await self.live.changes()
        except Problems:
            page = ""  # what is the matter is in the sentence, or there is no page yet
        return Reply(kind, said, page, self.live.events())


def scenario_path(workspace: Workspace, here: Path, name: str) -> Path:
    """Where a scenario of that name belongs: below the current folder when that is in the workspace, else below the workspace. Raises
    Problems for what is no place for a scenario."""
    root = workspace.root.resolve()
    if not name.isprintable():
        raise Problems([Diagnostic("not-a-scenario", "a file's name has no control characters", hint="choose another name")])
    named = Path(name if name.endswith(".yaml") else f"{name}.yaml")
    found = next((path for base in (here, root) if root in (path := (base / named).resolve()).parents), None)
    if found is None:
        raise Problems(
            [Diagnostic("other-workspace", f"{name} is not in the workspace {workspace.shown_root}", hint="name a file below it")]
        )
    parts = found.relative_to(root).parts
    if parts[0] in KINDS or (len(parts) == 1 and parts[0] in NOT_SCENARIOS):
        raise Problems([Diagnostic("not-a-scenario", f"{name} is no place for a scenario", hint="choose another name")])
    return found


def _write(path: Path, content: str, over: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w" if over else "x", encoding="utf-8") as file:
        file.write(content)


def _title(path: Path) -> str:
    words = re.sub(r"[-_]+", " ", path.stem).strip() or path.stem
    return words[0].upper() + words[1:]


def _rest(text: str) -> str:
    match = _COMMAND.fullmatch(text)
    return (match["rest"] or "").strip() if match else ""


def _refused(kind: str, problems: Problems, head: str = "") -> Reply:
    first = problems.diagnostics[0]
    text = ": ".join(part for part in (head, first.message) if part) + (f"; {first.hint}" if first.hint else "")
    return Reply(kind, Said(False, text, problems=problems.diagnostics))
