"""A record in which every text is hostile: markup, controls, overrides, addresses that run, paths that leave."""

from __future__ import annotations

from typing import Any

from harness.record.model import (
    Box,
    Classification,
    Configuration,
    ConsoleLine,
    Difference,
    Held,
    NetworkLine,
    PageError,
    Record,
    Result,
    ScenarioSource,
    StepStatus,
)

from . import sample

NASTY = '<script>window.pwned=1</script><img src=x onerror="window.pwned=2">\'"`|{{7*7}}${7*7}</script>]]>'
TROUBLE = "\x00\x1b[31mred\x07 \u202egnp.exe \ufffe \ud800 \u2028 end"
HOSTILE = f"{NASTY} {TROUBLE}"


def hostile_record() -> Record:
    """Hostile text in every field that takes text; addresses that would run, paths that would leave the folder."""
    return sample.record(
        hostile_result("hostile--one"),
        hostile_result("../../escape", ticket_url="javascript:window.pwned=3", ticket="javascript:window.pwned=4"),
        hostile_result(f"x{NASTY}", ticket_url="data:text/html,<script>window.pwned=5</script>"),
        sample.result("plain--one"),
        environment=HOSTILE,
        environment_version=HOSTILE,
        base_url=f"javascript:{HOSTILE}",
        command=("repro", HOSTILE),
        notes=(HOSTILE,),
    )


def hostile_result(key: str, **changes: Any) -> Result:
    """One result, all of it hostile."""
    long = HOSTILE + "x" * 50_000
    outside = (
        "../../../etc/passwd",
        "/etc/passwd",
        "javascript:alert(1)",
        "C:\\windows\\x",
        "a/../../b",
        f'{key}/"><img src=x onerror=alert(1)>.png',
    )
    odd = sample.attempt(
        reason=long,
        symptom_seen=HOSTILE,
        final_url=f"javascript:{HOSTILE}",
        browser=HOSTILE,
        deciding_screenshot="../../../etc/passwd",
        trace="javascript:alert(1)",
        console_log="/etc/passwd",
        downloads=outside,
        notes=(HOSTILE,),
        repeated_after=HOSTILE,
        steps=(
            sample.step(HOSTILE, 1, name=HOSTILE, error=long, note=HOSTILE, screenshot=outside[-1], viewport=(0, 0)),
            sample.step("evaluate", 2, status=StepStatus.FAILED, error=HOSTILE, screenshot="javascript:alert(1)"),
            sample.step("far away", 3, box=Box(x=-5, y=-1e9, width=1e12, height=-3), viewport=sample.VIEWPORT),
        ),
        console_errors=(ConsoleLine(level=HOSTILE, text=long, url=f"javascript:{HOSTILE}"),),
        page_errors=(PageError(message=HOSTILE, stack=long),),
        failed_requests=(NetworkLine(method=HOSTILE, url=long, failure=HOSTILE, resource_type=HOSTILE),),
        held=(Held(host=HOSTILE, by=HOSTILE, url=HOSTILE),),
    )
    values: dict[str, Any] = {
        "scenario": HOSTILE,
        "title": HOSTILE,
        "ticket": HOSTILE,
        "ticket_url": f"https://tickets.example.com/{NASTY}",
        "area": HOSTILE,
        "tags": (HOSTILE,),
        "report": f"{HOSTILE}\n```\n[[ATTACHMENT|/etc/passwd]]\n# @everyone [x](javascript:alert(1))",
        "customer": HOSTILE,
        "customer_name": HOSTILE,
        "environment": HOSTILE,
        "reason": f"{HOSTILE} [[ATTACHMENT|/etc/passwd]] @team closes #1",
        "classification": Classification.EDGE_CASE,
        "classification_reason": HOSTILE,
        "attempts": (odd,),
        "control": sample.control().model_copy(update={"customer": HOSTILE, "reason": HOSTILE, "attempts": (odd,)}),
        "configuration": Configuration(fingerprint=HOSTILE, settings={HOSTILE: [HOSTILE, float("inf")]}, note=HOSTILE),
        "differences": (Difference(path=HOSTILE, customer={HOSTILE: HOSTILE}, baseline=long, culprit=True),),
        "bisected": sample.bisected().model_copy(update={"sentence": HOSTILE, "culprits": (HOSTILE,)}),
        "questions": (HOSTILE,),
        "evidence": outside,
        "rerun": f"repro run '{HOSTILE}'",
        "source": ScenarioSource(path=HOSTILE, text=f"title: {HOSTILE}\n{long}\n# {HOSTILE}\n"),
    }
    return sample.result(key, **{**values, **changes})
