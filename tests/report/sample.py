"""Sample records for tests and benchmarks: an ordinary one to look at, and as many results as wanted. No browser, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from harness.record.model import (
    AttemptRecord,
    Bisected,
    Box,
    BrowserInfo,
    Classification,
    Configuration,
    ConsoleLine,
    ControlRecord,
    Difference,
    Held,
    NetworkLine,
    Outcome,
    PageError,
    Rate,
    Record,
    Result,
    RunInfo,
    ScenarioSource,
    StepRecord,
    StepStatus,
)

from .drawing import draw

STARTED = datetime(2026, 1, 31, 23, 50, tzinfo=UTC)
VIEWPORT = (1280, 720)
REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE

SOURCE = """\
title: Dashboard stays blank for EU tenants
ticket: SUP-1423
area: dashboard
status: open
report: |
  Since Monday the dashboard just spins.

customer: acme-eu
control: baseline

setup:
  - use: login
steps:
  - goto: /dashboard
  - click: button "Last 30 days"   # the filter they named
  - click: tab "Revenue"

symptom:
  visible: status "Loading"
  for: 10s
expected:
  visible: heading "Revenue"
"""
PATH = "scenarios/dashboard/blank-for-eu.yaml"
RATES = {
    REPRODUCED: Rate(reproduced=3, decided=5, attempts=5, low=0.23, high=0.88),
    NOT_REPRODUCED: Rate(reproduced=0, decided=5, attempts=5, upper_bound=0.43),
    INCONCLUSIVE: Rate(reproduced=0, decided=0, attempts=1),
}
REASONS = {
    REPRODUCED: 'The symptom was seen: status "Loading" was visible for 10 s after the last step.',
    NOT_REPRODUCED: 'What was expected was seen: heading "Revenue" became visible 640 ms after the last step.',
    INCONCLUSIVE: "The setup failed: staging answered 503 to POST /session, three times in 30 s.",
}
DECIDED = {REPRODUCED: "symptom", NOT_REPRODUCED: "expected", INCONCLUSIVE: "setup"}


def run(**changes: Any) -> RunInfo:
    """A finished run of half a minute."""
    values: dict[str, Any] = {
        "id": "20260131-235000-4f2a",
        "started": STARTED,
        "finished": STARTED + timedelta(minutes=4, seconds=12),
        "environment": "staging",
        "environment_version": "2026.1.4+9c1f2e7",
        "base_url": "https://staging.example.com",
        "harness_version": "0.1.0",
        "browser": BrowserInfo(name="chromium", version="141.0.7390.37", build="chromium-headless-shell"),
        "command": ("repro", "run", "scenarios", "--workers", "4"),
        "workers": 4,
    }
    return RunInfo(**{**values, **changes})


def record(*results: Result, **changes: Any) -> Record:
    """A record of `results`."""
    return Record(run=run(**changes), results=results)


def step(text: str, line: int, **changes: Any) -> StepRecord:
    """A step that was done."""
    values: dict[str, Any] = {"phase": "steps", "text": text, "status": StepStatus.DONE, "file": PATH, "line": line, "duration_ms": 420}
    return StepRecord(**{**values, **changes})


def attempt(number: int = 1, outcome: Outcome = REPRODUCED, folder: str = "", **changes: Any) -> AttemptRecord:
    """An attempt with its steps; with `folder`, their pictures, trace and logs lie in it."""
    start = f"{folder}/attempt-{number}/" if folder else ""
    files: dict[str, Any] = {}
    if folder:
        files = {"deciding_screenshot": f"{start}deciding.png", "trace": f"{start}trace.zip", "console_log": f"{start}console.jsonl"}
    values: dict[str, Any] = {
        "number": number,
        "outcome": outcome,
        "reason": REASONS[outcome],
        "decided_by": DECIDED[outcome],
        "started": STARTED + timedelta(seconds=20 * number),
        "duration_ms": 12_400 + 310 * number,
        "steps": steps(start, outcome),
        "symptom_seen": 'status "Loading" is visible' if outcome is REPRODUCED else 'status "Loading" is hidden',
        "expected_seen": 'heading "Revenue" is visible' if outcome is NOT_REPRODUCED else 'heading "Revenue" is not there',
        "final_url": "https://staging.example.com/dashboard?range=30d",
        "browser": "Chromium 141.0.7390.37",
        **files,
    }
    return AttemptRecord(**{**values, **changes})


def steps(start: str, outcome: Outcome) -> tuple[StepRecord, ...]:
    """Login in a flow, then three steps; an inconclusive attempt gets no further than the login."""
    login = "scenarios/flows/login.yaml"
    if outcome is INCONCLUSIVE:
        rest = [step(text, line, status=StepStatus.NOT_REACHED) for text, line in (("goto: /dashboard", 14), ('click: tab "Revenue"', 16))]
        failed = step("use: login", 12, phase="setup", status=StepStatus.FAILED, error="staging answered 503 to POST /session")
        return (failed, *rest)
    return (
        step("use: login", 12, phase="setup", duration_ms=1830),
        step(
            'fill: textbox "Email" = ${customer.account.email}',
            4,
            phase="setup",
            depth=1,
            file=login,
            **_picture(start, 1, 480, 250, 320, 40),
        ),
        step('click: button "Sign in"', 6, phase="setup", depth=1, file=login, **_picture(start, 2, 480, 390, 320, 44)),
        step("goto: /dashboard", 14, **_picture(start, 3)),
        step('click: button "Last 30 days"', 15, **_picture(start, 4, 1030, 84, 150, 40)),
        step('click: tab "Revenue"', 16, **_picture(start, 5, 330, 150, 120, 36)),
    )


def _picture(start: str, number: int, *box: float) -> dict[str, Any]:
    if not start:
        return {}
    shape = Box(x=box[0], y=box[1], width=box[2], height=box[3]) if box else None
    return {"screenshot": f"{start}{number:02}.png", "box": shape, "viewport": VIEWPORT}


def result(key: str = "dashboard--blank-for-eu@acme-eu", verdict: Outcome = REPRODUCED, **changes: Any) -> Result:
    """A result with one attempt and no files."""
    values: dict[str, Any] = {
        "key": key,
        "scenario": "dashboard/blank-for-eu",
        "title": "Dashboard stays blank for EU tenants",
        "ticket": "SUP-1423",
        "ticket_url": "https://tickets.example.com/SUP-1423",
        "area": "dashboard",
        "tags": ("eu", "smoke"),
        "report": "Since Monday the dashboard just spins.\nReloading does not help, in any browser.",
        "customer": "acme-eu",
        "customer_name": "Acme GmbH",
        "environment": "staging",
        "verdict": verdict,
        "reason": REASONS[verdict],
        "expected_by_status": verdict is REPRODUCED,
        "attempts": (attempt(1, verdict),),
        "rate": RATES[verdict],
        "rerun": "repro run scenarios/dashboard/blank-for-eu.yaml --customer acme-eu --attempts 5",
        "source": ScenarioSource(path=PATH, text=SOURCE),
        "duration_ms": 48_300,
    }
    return Result(**{**values, **changes})


def full_result(key: str = "dashboard--blank-for-eu@acme-eu", **changes: Any) -> Result:
    """A result with everything: five attempts with files, a control, differences, a bisection, what the browser reported."""
    outcomes = (NOT_REPRODUCED, REPRODUCED, REPRODUCED, NOT_REPRODUCED, REPRODUCED)
    attempts = tuple(attempt(n, outcome, key, **reported()) for n, outcome in enumerate(outcomes, 1))
    values: dict[str, Any] = {
        "attempts": attempts,
        "classification": Classification.EDGE_CASE,
        "classification_reason": "It comes with the EU region and the new dashboard together, which the customer cannot change.",
        "control": control(),
        "configuration": configuration(),
        "differences": differences(),
        "bisected": bisected(),
        "questions": (
            "Does it also happen with the range set to the last 7 days?",
            "Which of the integrations did you change before Monday?",
            "Could you send the HAR of one page load?",
        ),
        "evidence": tuple(path for a in attempts for path in files_of(a)),
    }
    return result(key, **{**values, **changes})


def reported() -> dict[str, Any]:
    """What the browser of an attempt complained about."""
    url = "https://staging.example.com/assets/dashboard-7c1.js"
    return {
        "page_errors": (
            PageError(message="TypeError: region.currency is undefined", stack=f"at format ({url}:1:48213)\nat render", at_ms=2140),
        ),
        "console_errors": (ConsoleLine(level="error", text="[revenue] giving up after 3 tries", url=url, at_ms=9120),),
        "failed_requests": (
            NetworkLine(
                method="GET",
                url="https://staging.example.com/api/revenue?region=eu&range=30d",
                status=500,
                resource_type="fetch",
                duration_ms=812,
                at_ms=2300,
            ),
            NetworkLine(
                method="GET", url="https://staging.example.com/api/rates", failure="net::ERR_CONNECTION_RESET", resource_type="fetch"
            ),
        ),
        "held": (Held(host="widget.intercom.io", by="page", url="https://widget.intercom.io/boot.js", count=2),),
    }


def control() -> ControlRecord:
    """The same with the baseline, where it did not happen."""
    return ControlRecord(
        customer="baseline",
        verdict=NOT_REPRODUCED,
        reason=REASONS[NOT_REPRODUCED],
        rate=RATES[NOT_REPRODUCED],
        attempts=(attempt(1, NOT_REPRODUCED),),
        configuration=Configuration(fingerprint="b1:0a77c2", applied=True, read_back=True),
    )


def configuration() -> Configuration:
    """Applied, read back and restored."""
    settings = {"plan": "enterprise", "features": {"new_dashboard": True}, "integrations": {"crm": {"enabled": True, "region": "eu"}}}
    browser = {"locale": "de-DE", "timezone": "Europe/Berlin"}
    return Configuration(fingerprint="c1:7f3e9b2a44d0", applied=True, read_back=True, restored=True, settings=settings, browser=browser)


def differences() -> tuple[Difference, ...]:
    """Two culprits among four."""
    return (
        Difference(path="settings.plan", customer="enterprise", baseline="standard"),
        Difference(path="settings.features.new_dashboard", customer=True, baseline=False, culprit=True),
        Difference(path="settings.integrations.crm.region", customer="eu", baseline="us", customer_settable=True, culprit=True),
        Difference(path="browser.locale", customer="de-DE", baseline_given=False),
    )


def bisected() -> Bisected:
    """The two that do it together."""
    return Bisected(
        culprits=("settings.features.new_dashboard", "settings.integrations.crm.region"),
        confirmed_with_baseline=True,
        confirmed_without=True,
        probes=7,
        attempts=21,
        confidence=0.98,
        complete=True,
        sentence="features.new_dashboard and integrations.crm.region together trigger it: neither does alone, both do with the baseline.",
    )


def files_of(a: AttemptRecord) -> list[str]:
    """Every file that an attempt names."""
    named = [s.screenshot for s in a.steps] + [a.deciding_screenshot, a.trace, a.console_log, a.network_log]
    return [path for path in named if path]


def write_files(sample: Record, root: Path, picture: bytes | None = None) -> None:
    """Put every file that the record's results name below `root`: drawn pictures, or `picture` for all; a word for the rest."""
    paths = {path for r in sample.results for a in r.attempts for path in files_of(a)}
    for path in sorted(paths):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((picture or draw(file.stem)) if file.suffix == ".png" else b"sample")


def showcase(root: Path | None = None) -> Record:
    """An ordinary run of two dozen results, to look at; with `root` its files are written."""
    first = full_result()
    back = full_result(
        "billing--double-charge@globex",
        scenario="billing/double-charge",
        title="Paying twice when the card form is sent by keyboard",
        ticket="SUP-1311",
        area="billing",
        customer="globex",
        customer_name="Globex",
        status="fixed",
        expected_by_status=False,
        classification=Classification.DEFECT,
        classification_reason=None,
        bisected=None,
    )
    made = record(first, back, *(_ordinary(n) for n in range(22)))
    if root is not None:
        write_files(made, root)
    return made


_TITLES = (
    ("login", "Signing in with a code fails after midnight", "SUP-1402"),
    ("billing", "Invoice total differs from the cart by one cent", "SUP-1377"),
    ("integration", "CRM contacts stop syncing after a rename", "SUP-1419"),
    ("dashboard", "Export ends with an empty file for 10,000 rows", "SUP-1388"),
    ("reports", "Weekly report shows Sunday twice in Helsinki", "SUP-1350"),
)


def _ordinary(number: int) -> Result:
    area, title, ticket = _TITLES[number % len(_TITLES)]
    verdict = (NOT_REPRODUCED, REPRODUCED, NOT_REPRODUCED, REPRODUCED, NOT_REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE)[number % 7]
    status = "fixed" if verdict is NOT_REPRODUCED and number % 2 == 0 else "open"
    kinds = {
        REPRODUCED: (Classification.DEFECT, Classification.MISCONFIGURATION)[number % 2],
        NOT_REPRODUCED: Classification.NOT_REPRODUCED,
    }
    name = f"{title.lower().split()[0]}-{number:02}"
    return result(
        f"{area}--{name}@{('acme-eu', 'globex', 'initech')[number % 3]}",
        verdict,
        scenario=f"{area}/{name}",
        title=title,
        ticket=ticket,
        area=area,
        customer=("acme-eu", "globex", "initech")[number % 3],
        customer_name=("Acme GmbH", "Globex", "Initech")[number % 3],
        status=status,
        classification=kinds.get(verdict),
        expected_by_status=(verdict is REPRODUCED) == (status == "open") and verdict is not INCONCLUSIVE,
        duration_ms=4000 + 1733 * number,
        questions=("Which browser and version do you use?",) if verdict is NOT_REPRODUCED else (),
    )


def many(number: int, pictures: bool = False) -> Record:
    """`number` ordinary results over a dozen areas and 40 customers; with `pictures` each attempt names six files."""
    verdicts = cycle((NOT_REPRODUCED, NOT_REPRODUCED, REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE))
    return record(*(_one_of_many(n, verdict, pictures) for n, verdict in zip(range(number), verdicts, strict=False)))


def _one_of_many(number: int, verdict: Outcome, pictures: bool) -> Result:
    area, customer = f"area-{number % 12:02}", f"customer-{number % 40:02}"
    key = f"{area}--case-{number:05}@{customer}"
    return result(
        key,
        verdict,
        scenario=f"{area}/case-{number:05}",
        title=f"Case {number:05}: the list is empty after a change",
        area=area,
        customer=customer,
        attempts=(attempt(1, verdict, key if pictures else "", **reported()),),
        configuration=configuration(),
        differences=differences(),
    )
