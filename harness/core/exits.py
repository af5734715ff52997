"""The exit codes of `repro`, as the scenario language's page fixes them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a finished command says to the shell."""

    AS_EXPECTED = 0
    VERDICT = 1
    USAGE = 2
    INCONCLUSIVE = 3
    DEFECT = 4
    INTERRUPTED = 130


class BisectExit(IntEnum):
    """What `--git-bisect` says to `git bisect run`; 128 and above stops the bisection."""

    GOOD = 0
    BAD = 1
    SKIP = 125
    STOP = 128
