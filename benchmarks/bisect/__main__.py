"""`python -m benchmarks.bisect [runs]`: prints the table of wrong answers, probes and attempts."""

from __future__ import annotations

import sys
from math import log2

from benchmarks.bisect.simulate import CONFIDENCE, REPRODUCTIONS, Make, Row, one_setting, simulated, two_causes, two_together
from harness.verdict.statistics import wilson_interval

RATES = (1.0, 0.5, 0.2, 0.1)
SETTINGS = (5, 20, 50, 100)
KINDS: tuple[tuple[str, int, Make], ...] = (
    ("One setting is the cause", 1, one_setting),
    ("Two settings are the cause, only together", 2, two_together),
    ("Either of two settings is a cause, and both are to be found", 0, two_causes),
)
HEAD = ("rate", "settings", "wrong", "95 % interval", "confidence said", "mean probes", "most", "bound", "mean attempts")


def main(runs: int) -> None:
    """The tables as Markdown."""
    print(f"{runs} simulated customers a row, {REPRODUCTIONS} reproductions to measure the rate, confidence {CONFIDENCE}.")
    for title, members, make in KINDS:
        print(f"\n### {title}\n\n| {' | '.join(HEAD)} |\n|{'---:|' * len(HEAD)}")
        for rate in RATES:
            for settings in SETTINGS:
                print(_line(rate, settings, members, simulated(make, settings, rate, runs)), flush=True)


def _line(rate: float, settings: int, members: int, row: Row) -> str:
    low, high = wilson_interval(row.wrong, row.runs)
    cells = (
        f"{rate}",
        f"{settings}",
        f"{row.wrong / row.runs:.1%}",
        f"{low:.1%} to {high:.1%}",
        f"{row.confidence:.3f}",
        f"{row.probes:.1f}",
        f"{row.most_probes}",
        f"{2 * members * log2(settings) + 10:.0f}" if members else "–",
        f"{row.attempts:.0f}",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
