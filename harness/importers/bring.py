"""`repro import`, as a pipeline: files -> what they are -> steps and facts -> a scenario and a customer, written together or not at all."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness import workflow
from harness.diagnostics import Problems, Severity, Source, problem
from harness.draft.model import Draft, DraftStep, literal
from harness.draft.write import scenario_text
from harness.evidence.store import write_aside
from harness.importers import har, har_mocks
from harness.importers.codegen import read_actions
from harness.importers.customer import NAME, NewCustomer, customer_text, of_codegen, one_line
from harness.importers.devtools import read_steps
from harness.importers.har_facts import Facts
from harness.importers.har_read import CutOff, entries_of
from harness.importers.making import Making, clean
from harness.importers.naming import Naming
from harness.importers.recognise import Codegen, DevTools, Given, Har, recognise
from harness.recording.draft import About, title_of
from harness.recording.record import workspace_for
from harness.scenario.environment import Environment
from harness.scenario.nearest import hint_among
from harness.scenario.scenario import Flow
from harness.scenario.source import parse, plain
from harness.scenario.workspace import Workspace, open_workspace

FOLDER = "imported"
SECRET = "REPRO_SECRET_"
MOST_TITLE = 120
MOST_ABORTED = 5
UNDECIDED = "nothing can be decided until this is replaced: "
NO_SYMPTOM: dict[str, Any] = {"visible": {"text": "TODO: what the customer saw and should not have seen"}}
NO_EXPECTED: dict[str, Any] = {"visible": {"text": "TODO: what they should have seen instead"}}


@dataclass(frozen=True)
class Asked:
    """What is to be imported: recordings, and at most one HAR file. None is "as the files and repro.yaml say". `symptom` and `expected` are
    conditions in YAML."""

    files: tuple[Path, ...]
    output: Path | None = None
    customer: str | None = None
    environment: str | None = None
    tenant: str | None = None
    after: str | None = None
    title: str | None = None
    ticket: str | None = None
    report: str | None = None
    symptom: str | None = None
    expected: str | None = None
    mocks: bool = False
    force: bool = False


@dataclass(frozen=True)
class Brought:
    """What was written, what could not be carried over, and what somebody has to do yet; sentences."""

    paths: tuple[Path, ...]
    unsaid: tuple[str, ...]
    to_do: tuple[str, ...]


@dataclass
class Bringing:
    """One import under way."""

    asked: Asked
    workspace: Workspace
    environment: Environment | None
    environment_name: str | None
    customer: str
    exists: bool
    naming: Naming
    flows: tuple[Flow, ...]
    browser: dict[str, Any] = field(default_factory=dict)
    unsaid: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def bring(asked: Asked, environ: Mapping[str, str]) -> Brought:
    """Imports the files. Nothing is written over without `force`. Raises Problems."""
    given = tuple(recognise(path) for path in asked.files)
    hars = [each for each in given if isinstance(each, Har)]
    recordings = [each for each in given if not isinstance(each, Har)]
    if len(hars) > 1:
        raise problem("not-importable", "several HAR files at once", "import them one after the other, each with its own --customer")
    if asked.output is not None and len(recordings) > 1:
        raise problem("not-importable", "--output is one file, and there are several recordings", "import them one after the other")
    if asked.mocks and not hars:
        raise problem("not-importable", "--mocks replays the traffic of a HAR file, and none is given", "add the customer's HAR file")
    outputs = _outputs(asked, recordings or hars, environ)
    under_way = _begin(asked, workspace_for(outputs[0], environ, asked.force), given, environ)
    facts = _facts(hars[0].path, under_way) if hars else None
    drafts = [_draft(each, under_way) for each in recordings] if recordings else [_pages(hars[0], facts or Facts(), under_way)]
    oracles = _condition("--symptom", asked.symptom), _condition("--expected", asked.expected)
    with _mocks(hars[0].path if asked.mocks else None, facts, under_way) as mocks:
        drafts = [_finished(draft, oracles, facts, mocks, under_way) for draft in drafts]
        paths = _write(under_way, outputs, drafts, given, mocks)
    unsaid = tuple(dict.fromkeys(one_line(sentence) for each in drafts for sentence in each.unsaid))
    return Brought(paths, unsaid, tuple(_to_do(under_way, drafts, outputs, environ)))


def _outputs(asked: Asked, sources: Sequence[Given], environ: Mapping[str, str]) -> list[Path]:
    """Where the scenarios are written. Raises Problems."""
    if asked.output is not None:
        return [asked.output]
    workspace = open_workspace(Path(), environ)
    folder = Path(workspace.shown_root) / FOLDER
    outputs = [folder / f"{_slug(each.path.stem)}.yaml" for each in sources]
    if len(set(outputs)) < len(outputs):
        raise problem("file-exists", "two of the recordings have the same name", "import them one after the other, with --output")
    for output in outputs:
        workspace_for(output, environ, asked.force)
    return outputs


def _slug(stem: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "recording"


def _begin(asked: Asked, workspace: Workspace, given: Sequence[Given], environ: Mapping[str, str]) -> Bringing:
    """The customer, the environment and the flows, as far as they are there. Raises Problems."""
    has_har = any(isinstance(each, Har) for each in given)
    default = None if has_har else workspace.settings.customer
    customer = asked.customer or default or _slug(next(each.path.stem for each in given if isinstance(each, Har) or not has_har))
    if not NAME.fullmatch(customer):
        raise problem("unknown-customer", f"`{customer[:60]}` can't be the name of a customer", "letters, digits, dots and dashes")
    exists = workspace.exists("customers", customer)
    known = workspace.customer(customer) if exists else None
    name = asked.environment or workspace.settings.environment
    environment = workspace.environment(name) if name else None
    if name and not workspace.exists("environments", name):
        raise problem("unknown-environment", f"there is no environment `{name}`", hint_among(name, workspace.names("environments")))
    if asked.after and not workspace.exists("flows", asked.after):
        raise problem("unknown-flow", f"there is no flow `{asked.after}` in flows/", hint_among(asked.after, workspace.names("flows")))
    if (name and environment is None) or (exists and known is None):
        raise Problems(workspace.problems)
    declared = (*(known.secrets if known else ()), *(environment.secrets if environment else ()))
    naming = Naming(dict(known.account or {}) if known else {}, known is None, declared, _secrets(workspace, environ))
    for secret, value in naming.values.items():
        naming.redactor.learn(secret, value)
    flows = tuple(flow for each in workspace.names("flows") if (flow := workspace.flow(each)) is not None)
    return Bringing(asked, workspace, environment, asked.environment, customer, known is not None, naming, flows)


def _secrets(workspace: Workspace, environ: Mapping[str, str]) -> dict[str, str]:
    known = workflow.with_dotenv(environ, workspace.root)
    return {name.removeprefix(SECRET): value for name, value in known.items() if name.startswith(SECRET)}


def _draft(given: DevTools | Codegen, under_way: Bringing) -> Draft:
    """A recording as a scenario."""
    environment = under_way.environment
    making = Making(under_way.naming, str(environment.base_url) if environment else "")
    title = title_of(given.path.stem)
    if isinstance(given, DevTools):
        seen = read_steps(given.data, making, environment is not None and environment.allow_evaluate is True)
        title = _title(given.data.get("title")) or title
        browser = {"viewport": f"{seen.viewport[0]}x{seen.viewport[1]}"} if seen.viewport else {}
        unsaid: tuple[str, ...] = ()
    else:
        browser, unsaid = of_codegen(read_actions(given.lines, making))
    _told_of_browser(under_way, browser, unsaid, ())
    return making.finish(_about(under_way, title), under_way.flows)


def _title(found: Any) -> str:
    text = " ".join(found.split())[:MOST_TITLE] if isinstance(found, str) else ""
    return literal(one_line(text).strip())


def _about(under_way: Bringing, title: str) -> About:
    asked = under_way.asked
    given = None if asked.title is None else _title(asked.title)
    report = None if asked.report is None else literal(asked.report)
    ticket = None if asked.ticket is None else literal(asked.ticket)
    return About(given or title, under_way.customer, under_way.environment_name or "", ticket, report, asked.after)


def _facts(path: Path, under_way: Bringing) -> Facts:
    """What the HAR file tells. Raises Problems when it tells nothing."""
    facts = Facts(redactor=under_way.naming.redactor)
    try:
        for entry in entries_of(path):
            facts.add(entry)
    except CutOff as cut:
        if cut.count == 0:
            raise problem("not-importable", f"{path.name} is broken: {cut}", "save it once more; it may have been cut off") from None
        under_way.unsaid.append(f"the file is broken after {cut.count} requests: what came later is missing")
    if facts.count == 0:
        raise problem(
            "not-importable", f"{path.name} holds no requests", "record with the network panel open, and save all as HAR with content"
        )
    found = har.told(facts)
    _told_of_browser(under_way, found.browser, found.unsaid, found.remarks)
    under_way.unsaid += har.left_out(facts)
    if not under_way.exists and (facts.signed_in_as is not None or under_way.asked.after):
        under_way.naming.signs_in(facts.signed_in_as or "")
    return facts


def _told_of_browser(under_way: Bringing, browser: Mapping[str, Any], unsaid: Sequence[str], remarks: Sequence[str]) -> None:
    """The browser goes into the file of a new customer; the file of one that is there is the team's, and stays as it is."""
    if not under_way.exists:
        before = under_way.browser
        changed = [f"{key} {before[key]}" for key, value in browser.items() if before.get(key, value) != value]
        under_way.unsaid += [f"{each}: another of the files tells otherwise" for each in changed]
        under_way.browser = {**before, **browser}
        under_way.unsaid += unsaid
        under_way.remarks += remarks
    elif browser:
        said = ", ".join(f"{key} {value}" for key, value in browser.items())
        under_way.unsaid.append(f"the browser that was recorded ({said[:300]}): customers/{under_way.customer}.yaml stays as it is")


def _pages(given: Har, facts: Facts, under_way: Bringing) -> Draft:
    """A scenario that opens the pages that the customer opened."""
    making = Making(under_way.naming, str(under_way.environment.base_url) if under_way.environment else "")
    har.go_to_pages(facts, making)
    return making.finish(_about(under_way, title_of(given.path.stem)), under_way.flows)


@dataclass(frozen=True)
class Mocks:
    """The traffic to be replayed: the file's name in the workspace, and where it stands until all is written."""

    name: str
    tally: har_mocks.Tally
    written_aside: Path


@contextlib.contextmanager
def _mocks(path: Path | None, facts: Facts | None, under_way: Bringing) -> Iterator[Mocks | None]:
    """The traffic, in a file beside its place: what it leaves out is known only then. It goes when nothing comes of it."""
    if path is None or facts is None:
        yield None
        return
    if not har_mocks.learn_bodies(path, facts):
        under_way.unsaid.append("the traffic: it holds more secrets than can be taken out for sure, so that nothing of it is kept")
        yield None
        return
    name = f"files/{under_way.customer}.har"
    target = under_way.workspace.root / name
    if target.exists() and not under_way.asked.force:
        raise problem("file-exists", f"{name} is there already", "use another --customer, or --force")
    tally = har_mocks.Tally()
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.aside")
    try:
        with aside.open("wb") as file:
            file.writelines(har_mocks.mocks_of(path, facts, tally))
        under_way.unsaid += tally.sentences()
        yield Mocks(name, tally, aside)
    finally:
        aside.unlink(missing_ok=True)


Oracle = Mapping[str, Any] | None


def _finished(draft: Draft, oracles: tuple[Oracle, Oracle], facts: Facts | None, mocks: Mocks | None, under_way: Bringing) -> Draft:
    """With its oracles. Without any, none is guessed: the file says what has to be put there, and every attempt is inconclusive."""
    symptom, expected = oracles[0] or draft.symptom, oracles[1] or draft.expected
    suggested = har.suggestions(facts) if facts is not None else ()
    if symptom is None and suggested and mocks is None:
        symptom, expected = suggested[0].symptom, expected or suggested[0].expected
    remarks = [f"The traffic suggests: symptom: {_flow(each.symptom)}" for each in suggested if each.symptom != symptom]
    if symptom is None:
        symptom, expected = NO_SYMPTOM, expected or NO_EXPECTED
        remarks.insert(0, UNDECIDED + ("symptom" if expected is not NO_EXPECTED else "symptom and expected"))
    steps = (*_mock_steps(mocks), *draft.steps)
    made = replace(
        draft,
        customer=under_way.customer,
        environment=under_way.environment_name,
        steps=steps,
        symptom=symptom,
        expected=expected,
        remarks=tuple(remarks),
        unsaid=tuple(dict.fromkeys((*draft.unsaid, *under_way.unsaid))),
    )
    return clean(made, under_way.naming)


def _condition(option: str, text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    found = plain(parse(Source(option, text)))
    if not isinstance(found, dict):
        raise problem("wrong-type", f"{option} is a condition such as `visible: alert`, found `{text[:60]}`")
    return found


def _flow(condition: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in condition.items()) + "}"


def _mock_steps(mocks: Mocks | None) -> Iterator[DraftStep]:
    if mocks is None:
        return
    if mocks.tally.kept:
        yield DraftStep({"mock": {"har": mocks.name}}, "The customer's own traffic, without secrets; what is not in it goes to staging.")
    for path, method in list(mocks.tally.unanswered.items())[:MOST_ABORTED]:
        more = {"method": method} if method in har.METHODS else {}
        yield DraftStep({"mock": {"url": literal(path), **more, "abort": True}}, "The customer's browser got no answer here.")


def _write(under_way: Bringing, outputs: list[Path], drafts: list[Draft], given: Sequence[Given], mocks: Mocks | None) -> tuple[Path, ...]:
    written = list(outputs)
    if not under_way.exists:
        path = Path(under_way.workspace.shown_root) / "customers" / f"{under_way.customer}.yaml"
        naming = under_way.naming
        new = NewCustomer(
            name=literal(under_way.customer),
            source=", ".join(each.path.name for each in given)[:200],
            tenant=under_way.asked.tenant,
            browser=under_way.browser,
            account=naming.account,
            secrets=tuple(naming.needed),
            remarks=tuple(naming.redactor.text(each) for each in under_way.remarks),
            unsaid=tuple(naming.redactor.text(each) for each in under_way.unsaid),
        )
        write_aside(path, customer_text(new))
        written.insert(0, path)
    if mocks is not None and mocks.tally.kept:
        target = under_way.workspace.root / mocks.name
        mocks.written_aside.replace(target)
        written.append(Path(under_way.workspace.shown_root) / mocks.name)
    for output, draft in zip(outputs, drafts, strict=True):
        write_aside(output, scenario_text(draft))
    return tuple(written)


def _to_do(under_way: Bringing, drafts: Sequence[Draft], outputs: Sequence[Path], environ: Mapping[str, str]) -> Iterator[str]:
    for draft in drafts:
        if draft.symptom == NO_SYMPTOM:
            yield "symptom: what the customer saw and should not have seen; until then nothing can be reproduced"
        if draft.expected == NO_EXPECTED:
            yield "expected: what they should have seen instead"
    for name in under_way.naming.needed:
        unset = "" if under_way.exists is False else f", and declare it in customers/{under_way.customer}.yaml"
        yield f"set the secret {name} (REPRO_SECRET_{name}, or .env){unset}"
    if under_way.naming.account and not under_way.exists:
        yield f"account: somebody whom staging knows; write it into customers/{under_way.customer}.yaml"
    if not under_way.exists and under_way.asked.tenant is None:
        yield f"tenant: which tenant on staging stands for {under_way.customer}; write it into customers/{under_way.customer}.yaml"
    with contextlib.suppress(Problems):
        checked = workflow.check(workflow.Options(paths=tuple(outputs)), environ)
        for each in checked.problems:
            if each.severity is Severity.ERROR:
                yield f"`repro validate` says: {each.message}"
