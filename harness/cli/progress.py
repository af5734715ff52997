"""What a run shows while it goes on: progress on stderr, results on stdout. Bars and colours only on a terminal."""

from __future__ import annotations

import json as json_module
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.plan.model import Plan
    from harness.record.model import Record
    from harness.run.events import RunEvent

MARKS = {"reproduced": "●", "not_reproduced": "○", "inconclusive": "?"}


class Progress:
    """One line an event, or JSON lines on stdout."""

    def __init__(self, json: bool) -> None:
        self.json = json
        self.total = 0
        self.done = 0
        self.started = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        sys.stderr.flush()

    def began(self, plan: Plan, folder: Path) -> None:
        """Says what is going to be run."""
        self.total = len(plan.cases)
        rows = len(plan.rows)
        if self.json:
            self._line({"event": "run", "folder": str(folder), "scenarios": rows, "cases": self.total})
        elif rows == 0:
            self._say("nothing to run: no scenario fits")
        else:
            self._say(
                f"running {rows} scenario{'s' if rows != 1 else ''}" + (f" in {self.total} configurations" if self.total > rows else "")
            )

    def event(self, event: RunEvent) -> None:
        """Tells of one event."""
        from harness.run import events

        match event:
            case events.AttemptEnded(key=key, attempt=attempt, of=of):
                if self.json:
                    self._line(
                        {
                            "event": "attempt",
                            "key": key,
                            "number": attempt.number,
                            "outcome": str(attempt.outcome),
                            "reason": attempt.reason,
                        }
                    )
                elif of > 1:
                    self._say(f"    {key}: attempt {attempt.number} of {of}: {attempt.outcome}")
            case events.CaseEnded(key=key, outcome=outcome, reason=reason):
                self.done += 1
                if self.json:
                    self._line({"event": "case", "key": key, "verdict": outcome, "reason": reason})
                else:
                    self._say(f"{MARKS.get(outcome, '?')} [{self.done}/{self.total}] {key}: {outcome.replace('_', ' ')}")
            case events.CaseWaits(key=key, what=what):
                if self.json:
                    self._line({"event": "waiting", "key": key, "for": what})
                else:
                    self._say(f"  {key} waits for {what}, which another run holds")
            case events.CaseBegan() | events.StepDone():
                return

    def finished(self, record: Record, folder: Path) -> None:
        """The results, as JSON lines."""
        for result in record.results:
            self._line(
                {
                    "event": "result",
                    "scenario": result.scenario,
                    "customer": result.customer,
                    "environment": result.environment,
                    "verdict": str(result.verdict),
                    "reason": result.reason,
                    "classification": str(result.classification) if result.classification else None,
                    "expected_by_status": result.expected_by_status,
                    **({"proof": result.proof.model_dump()} if result.proof else {}),
                    "file": result.source.path if result.source else None,
                }
            )
        self._line(
            {"event": "finished", "folder": str(folder), "report": str(folder / "report.html"), "interrupted": record.run.interrupted}
        )

    def _line(self, value: dict[str, Any]) -> None:
        print(json_module.dumps(value, ensure_ascii=False), flush=True)

    def _say(self, text: str) -> None:
        printable = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
        print(printable, file=sys.stderr, flush=True)


def print_record(record: Record, report: Path) -> None:
    """The table of verdicts and where the report is, on stdout."""
    from rich.console import Console

    from harness.report.terminal import print_table

    print_table(record, Console(highlight=False, soft_wrap=not sys.stdout.isatty()))
    print(f"report: {report}")
