"""What the tools do, without the protocol: every answer is short, says what to do next, and marks what is not ours as data."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import workflow
from harness.core.durations import parse_duration
from harness.diagnostics import Problems, problem
from harness.draft.write import scenario_text, to_yaml
from harness.guide import guide
from harness.live.session import LiveSession, Options, Said, open_live
from harness.live.talk import scenario_path
from harness.mcp_server import files
from harness.mcp_server.answer import Answer, lines, refusal, rendered
from harness.mcp_server.held import Held, Sessions, whole
from harness.mcp_server.running import Progress, Ran, run_apart
from harness.scenario import overview
from harness.scenario.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from harness.record.model import Record

KINDS = ("scenarios", "customers", "flows", "environments")
LONGEST_WAIT_MS = 60_000
PAGE = 12_000


async def silent(done: float, total: float | None, message: str) -> None:
    """Progress that nobody hears."""


@dataclass
class Desk:
    """One workspace and the sessions that are open in it. `world` is what live sessions take from outside."""

    root: Path
    environ: Mapping[str, str]
    sessions: Sessions = field(default_factory=Sessions)
    world: workflow.World | None = None
    reports: Path | None = None
    defect: Callable[[str], None] = print
    ending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __aenter__(self) -> Desk:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sessions.close_all()

    def workspace(self) -> Workspace:
        """As it is on disk now. Raises Problems."""
        return open_workspace(self.root, self.environ)

    # --- knowing

    async def guide(self) -> Answer:
        """The language on one page."""
        return Answer(guide(), "`workspace` tells which customers, flows and scenarios there are.")

    async def overview(self, kind: str | None = None, tag: str | None = None) -> Answer:
        """What there is to choose from: ids of everything, or one kind in full. Raises Problems."""
        from harness.plan.select import tags_fit

        workspace = self.workspace()
        if kind is not None and kind not in KINDS:
            raise problem("wrong-value", f"kind is one of {', '.join(KINDS)}, not `{kind}`")
        paths = workspace.all_files() if kind in (None, "scenarios") else ()
        scenarios = [each for path in paths if (each := workspace.scenario(path)) is not None and tags_fit(each, tag)]
        rows = {
            "customers": overview.customer_rows(workspace),
            "flows": overview.flow_rows(workspace),
            "environments": overview.environment_rows(workspace),
            "scenarios": overview.scenario_rows(scenarios, workspace),
        }
        shown: dict[str, Any] = {kind: rows[kind]} if kind else {each: _short(each, found) for each, found in rows.items()}
        more = "" if kind else " `workspace` with kind=customers shows their settings too."
        said = ", ".join(f"{len(found)} {each}" for each, found in shown.items())
        return Answer(f"{said}.", f"`open` a session as a customer.{more}", to_yaml(shown))

    # --- trying

    async def open(self, customer: str | None, environment: str | None, after: Sequence[str], progress: Progress = silent) -> Answer:
        """A live session with the customer's settings in force and the flows done; the page it is at. Raises Problems."""
        from harness.live.tenant import live_case

        workspace = self.workspace()
        case = live_case(workspace, environment, customer, after)
        closed = await self._make_way(frozenset(case.locks))
        hearing: set[asyncio.Future[None]] = set()

        def told(text: str) -> None:
            task = asyncio.ensure_future(progress(0, None, text))
            hearing.add(task)
            task.add_done_callback(hearing.discard)

        def opening(tell: Callable[[str], None]) -> Any:
            return open_live(workspace, environment, customer, after, Options(stay=True, world=self._world(), told=tell))

        await progress(0, None, "locking the tenant and putting the customer's settings in force")
        held = await self.sessions.open(case.customer.id if case.customer else "no customer", opening, told)
        live = _live(held)
        said = f"session {held.name} is open as {held.customer}"
        said = f"ok: {said}." if live.began.ok else f"no: {said}, but a flow could not be done."
        following = "`act` with steps" + ("." if after else ", the first one such as `goto: /dashboard`, or `use: login`.")
        async with held.lock:
            return await _page(live, live.began, lines([said, *closed]), following)

    def _world(self) -> workflow.World:
        return self.world or workflow.World(environ=self.environ)

    async def act(self, steps: Sequence[str], session: str | None) -> Answer:
        """Does steps one after another until one can't be done; those that worked are kept. Raises Problems."""
        if not steps:
            raise problem("missing-argument", "no step was given", 'such as ["goto: /billing", "click: button \\"Pay\\""]')
        held = self.sessions.named(session)
        live = _live(held)
        async with held.lock:
            done: list[Said] = []
            for step in steps:
                done.append(await whole(live.do(step)))
                if not done[-1].ok:
                    break
            held.unsaved = held.unsaved or any(each.ok for each in done)
            kept = sum(each.ok for each in done)
            good = kept == len(steps)
            said = f"{'ok' if good else 'no'}: {kept} of {len(steps)} steps done and kept in {held.name}."
            wrong = "correct that step: the names are in the page. Those before it stay done."
            following = "`act` on, `check` a condition, or `save`." if good else wrong
            facts = lines([f"{number}. {each.sentence}" for number, each in enumerate(done, 1)])
            return await _page(live, done[-1], said, following, facts)

    async def check(self, condition: str, within: str, session: str | None) -> Answer:
        """Whether a condition holds now, or comes to hold in time. Raises Problems."""
        held = self.sessions.named(session)
        live, within_ms = _live(held), _milliseconds(within)
        async with held.lock:
            said = await whole(live.check(condition, within_ms))
            answer = "yes: it holds." if said.ok else "no: it does not hold, or could not be observed; the sentence says which."
            following = "`save`, when the symptom holds and what was expected does not."
            return Answer(_failed(said, answer), following, lines(_told(said, live)), failed=_is_wrong(said))

    async def look(self, locator: str | None, picture: bool, session: str | None) -> Answer:
        """The page or a part of it as text, and a picture of it. Raises Problems."""
        held = self.sessions.named(session)
        live = _live(held)
        async with held.lock:
            page = await whole(live.snapshot(locator, PAGE))
            here = await live.here()
            pictures = (await whole(live.picture()),) if picture else ()
            data = lines([f"{here.title} {here.url}", page, *live.events()])
            return Answer(f"ok: the page of {held.name}.", "each line is a locator; `act` or `check` with it.", data, pictures)

    async def rewind(self, forget: int, session: str | None) -> Answer:
        """Forgets the last kept steps and begins anew in a fresh browser with those that are left. Raises Problems."""
        held = self.sessions.named(session)
        live = _live(held)
        async with held.lock:
            forgotten = [undone for _ in range(max(forget, 0)) if (undone := live.undo()) is not None]
            said = await whole(live.again())
            head = f"{'ok' if said.ok else 'no'}: {len(forgotten)} steps forgotten; the others were done again in a fresh browser."
            if not said.ok:
                head = f"no: {len(forgotten)} steps forgotten; not all of the others could be done again."
            return await _page(live, said, head, "`act` on.", said.sentence)

    async def close(self, session: str | None) -> Answer:
        """Ends a session; the customer's settings are put back. Raises Problems."""
        held = self.sessions.named(session)
        told = await self.sessions.close(held)
        said = f"ok: {held.name} is closed and the settings are put back." if not told else f"no: {held.name} is closed."
        return Answer(said, "", lines(told))

    # --- writing

    async def save(self, wanted: Wanted) -> Answer:
        """Writes a scenario: what a session kept, or a whole text. What has errors is not written. Raises Problems."""
        workspace = self.workspace()
        path = scenario_path(workspace, workspace.root.resolve(), wanted.file)
        shown = path.relative_to(workspace.root.resolve()).as_posix()
        held = None if wanted.text is not None else self.sessions.named(wanted.session)
        content = wanted.text if wanted.text is not None else await self._drafted(held, wanted)
        found = files.examine(workspace, path, content)
        if files.errors_among(found):
            refused = refusal(files.errors_among(found))
            return replace(refused, said=f"{refused.said} {shown} was not written.", data=lines([refused.data, "", content]))
        files.write_new(path, content, wanted.overwrite, shown)
        if held is not None:
            held.unsaved = False
        warned = f", with {len(found)} warning{'s' if len(found) != 1 else ''}" if found else ""
        advice = "read the warnings and save again with overwrite=true, or " if found else ""
        return Answer(f"ok: {shown} was written{warned}.", f"{advice}`run` with paths=[{shown}].", lines([rendered(found), content]))

    async def _drafted(self, held: Held | None, wanted: Wanted) -> str:
        assert held is not None
        live = _live(held)
        async with held.lock:
            for name, condition in (("symptom", wanted.symptom), ("expected", wanted.expected)):
                marked = await whole(live.mark(**{name: condition})) if condition is not None else None
                if marked is not None and not marked.ok:
                    raise Problems(marked.problems) if marked.problems else problem("not-there", marked.sentence)
            title = wanted.title or Path(wanted.file).stem.replace("-", " ").replace("_", " ").capitalize()
            known = {key: value for key in ("ticket", "report", "area", "control", "within") if (value := getattr(wanted, key)) is not None}
            return scenario_text(live.draft(title, **known))

    async def validate(self, paths: Sequence[str]) -> Answer:
        """What is wrong with scenarios, and what makes their verdicts wrong. Raises Problems."""
        chosen = files.scenario_paths(self.workspace(), paths)
        checked = await asyncio.to_thread(workflow.check, workflow.Options(paths=chosen), self.environ, not paths)
        warnings = len(checked.problems) - len(checked.errors)
        said = f"{len(checked.scenarios)} scenarios, {len(checked.errors)} errors, {warnings} warnings."
        following = "mend the errors: they can't be run." if checked.errors else "`run` them."
        return Answer(("no: " if checked.errors else "ok: ") + said, following, rendered(checked.problems), failed=bool(checked.errors))

    # --- running

    async def run(self, asked: Asked, progress: Progress = silent) -> Answer:
        """Runs scenarios to their verdict, telling how far it is. Raises Problems."""
        from harness.mcp_server.telling import tell_run
        from harness.record.store import read_record

        options = self._options(asked)
        planned = await asyncio.to_thread(lambda: workflow.plan(workflow.check(options, self.environ), options))
        if not planned.rows:
            raise problem("no-such-file", "no scenario fits", "`workspace` with kind=scenarios lists them")
        closed = await self._make_way(frozenset(lock for case in planned.cases for lock in case.locks))
        ran = await run_apart(self._words(asked, options), self.environ, progress, self.ending)
        record = read_record(ran.folder) if ran.folder and (ran.folder / "results.json").is_file() else None
        if record is None or ran.folder is None:
            return _broken(ran)
        answer = tell_run(record, ran.folder)
        return replace(answer, said=lines([*closed, answer.said]))

    def _options(self, asked: Asked) -> workflow.Options:
        return workflow.Options(
            paths=files.scenario_paths(self.workspace(), asked.paths),
            environments=(asked.environment,) if asked.environment else (),
            customers=tuple(asked.customers),
            control=asked.control,
            attempts=asked.attempts,
            tag=asked.tag,
        )

    def _words(self, asked: Asked, options: workflow.Options) -> list[str]:
        named = [
            ("--environment", asked.environment),
            ("--control", asked.control),
            ("--attempts", str(asked.attempts) if asked.attempts else None),
            ("--tag", asked.tag),
            ("--reports", str(self._reports())),
            *(("--customer", each) for each in asked.customers),
        ]
        return ["run", "--json", *(f"{option}={value}" for option, value in named if value), "--", *map(str, options.paths)]

    async def verdict(self, run: str | None, scenario: str | None, customer: str | None) -> Answer:
        """A run's verdicts, or one of them with its evidence. Raises Problems."""
        from harness.mcp_server.telling import tell_result, tell_run
        from harness.report.bundle import choose

        folder, record = await self._found(run)
        if scenario is None and customer is None:
            return tell_run(record, folder)
        return tell_result(record, record.results[choose(record, scenario, customer)], folder)

    async def bundle(self, run: str | None, scenario: str | None, customer: str | None) -> Answer:
        """One ticket's evidence as a page and an archive, searched for secrets. Raises Problems."""
        from harness.report.bundle import choose, make_bundle, shown_size

        folder, record = await self._found(run)
        place = choose(record, scenario, customer)
        secrets = workflow.set_secrets(self.environ, self.root)
        out = folder.resolve().parent / "bundles" / folder.name
        made = await asyncio.to_thread(make_bundle, folder, record, place, out, None, secrets)
        data = lines(f"{path}  {shown_size(path.stat().st_size)}" for path in (made.html, made.zip))
        return Answer("ok: the bundle is made; no secret was found in it.", "attach both files to the ticket.", data)

    async def _found(self, run: str | None) -> tuple[Path, Record]:
        """The run of that id, or the newest; one that was just cancelled writes its record first. Raises Problems."""
        async with self.ending:
            return await asyncio.to_thread(self._read, run)

    def _read(self, run: str | None) -> tuple[Path, Record]:
        """Raises Problems for a run that is none of this workspace's."""
        from harness.record.store import find_run, read_record

        reports = self._reports()
        if run is not None and (not run.isprintable() or "/" in run or "\\" in run or run in (".", "..")):
            raise problem("no-such-run", "a run is named by its id", "leave it out for the newest")
        folder = find_run(reports, run)
        if folder.resolve().parent != reports.resolve():
            raise problem("no-such-run", f"there is no run `{run}` of this workspace", "leave it out for the newest")
        return folder, read_record(folder)

    def _reports(self) -> Path:
        return workflow.reports_folder(self.workspace(), workflow.Options(reports=self.reports))

    async def _make_way(self, locks: frozenset[str]) -> list[str]:
        """Closes the sessions that have what is needed. Raises Problems where steps would be lost that no file has."""
        in_the_way = [held for held in self.sessions.all() if held.locks() & locks]
        if unsaved := next((held for held in in_the_way if held.unsaved), None):
            what = f"session {unsaved.name} has the tenant of {unsaved.customer}, and steps that are not saved"
            raise problem("session-in-the-way", what, "`save` it, or `close` it if they can go")
        for held in in_the_way:
            await self.sessions.close(held)
        return [f"(session {held.name} was closed, since it had the same tenant)" for held in in_the_way]


@dataclass(frozen=True)
class Wanted:
    """What is to be saved: `text` is the whole file; without it, what the session kept, with the rest as its fields."""

    file: str
    text: str | None = None
    title: str | None = None
    symptom: str | None = None
    expected: str | None = None
    ticket: str | None = None
    report: str | None = None
    area: str | None = None
    control: str | None = None
    within: str | None = None
    overwrite: bool = False
    session: str | None = None


@dataclass(frozen=True)
class Asked:
    """What is to be run; None is "as the scenario says"."""

    paths: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    environment: str | None = None
    control: str | None = None
    attempts: int | None = None
    tag: str | None = None


async def answered(work: Awaitable[Answer], defect: Callable[[str], None]) -> Answer:
    """The answer, or the harness's messages. `defect` hears the trace of what should not have happened."""
    try:
        return await work
    except Problems as problems:
        return refusal(problems.diagnostics)
    except Exception:
        defect(traceback.format_exc())
        return Answer("error: the harness itself failed; the server's log names a file to attach to a report of it.", failed=True)


def _short(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    if kind == "scenarios":
        return [f"{row['id']}: {row['title']}" for row in rows]
    if kind == "customers":
        return [f"{row['id']} (baseline: {row['baseline']})" if row["baseline"] else row["id"] for row in rows]
    return [row["id"] for row in rows]


def _live(held: Held) -> LiveSession:
    assert held.live is not None
    held.used = time.monotonic()
    return held.live


async def _page(live: LiveSession, said: Said, head: str, following: str, facts: str = "") -> Answer:
    """What came of it, with what has changed in the page."""
    try:
        page = await whole(live.changes())
    except Problems:
        page = ""  # what is the matter is in the sentence
    where = f"{said.title} {said.url}".strip()
    data = lines([facts or said.sentence, *_around(said), f"page: {where}" if where else "", page, *live.events()])
    return Answer(_failed(said, head), following, data, failed=_is_wrong(said))


def _told(said: Said, live: LiveSession) -> list[str]:
    return [said.sentence, *_around(said), *live.events()]


def _around(said: Said) -> list[str]:
    """What it matched or what is there instead, and what the language has to say of the text."""
    return [*(f"there is {each}" for each in said.found), rendered([each for each in said.problems if each.place is not None])]


def _is_wrong(said: Said) -> bool:
    """The text itself is no step or condition: not an answer about the page."""
    return bool(files.errors_among(said.problems))


def _failed(said: Said, otherwise: str) -> str:
    return f"error: the language does not know this: {said.problems[0].slug}." if _is_wrong(said) else otherwise


def _milliseconds(text: str) -> int:
    try:
        return min(parse_duration(text), LONGEST_WAIT_MS)
    except ValueError as error:
        raise problem("wrong-value", str(error), "such as 500ms, 2s") from None


def _broken(ran: Ran) -> Answer:
    said = f"error: the run ended with exit code {ran.code} and no record. It said last:"
    killed = "`repro restore` on the command line puts back what it may have changed." if ran.code < 0 else ""
    return Answer(said, killed, lines(ran.said), failed=True, most=3_000)
