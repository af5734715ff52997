"""The table of the real bugs: what it says of runs that agree, that do not, and that are missing."""

from pathlib import Path

from benchmarks.realbugs.cases import State
from benchmarks.realbugs.table import table
from benchmarks.realbugs.trials import Trial, report_folder

WANTED = """\
| case  | buggy                        | fixed          | stopped | right | seconds |
|-------|------------------------------|----------------|---------|-------|---------|
| first | 2 reproduced, 1 inconclusive | not_reproduced | -       | 3/4   | 1.8     |
| other | reproduced                   | reproduced     | none    | 1/3   | 2.0     |
| all   |                              |                |         | 4/7   | 1.9     |"""


def trial(case: str, state: State, verdict: str, seconds: float = 2.0) -> Trial:
    return Trial(case, state, verdict, "because", seconds, Path("reports"))


def test_table() -> None:
    first = [trial("first", "buggy", verdict) for verdict in ("reproduced", "inconclusive", "reproduced")]
    fixed = trial("first", "fixed", "not_reproduced", seconds=1.0)
    other = [trial("other", "buggy", "reproduced"), trial("other", "fixed", "reproduced"), trial("other", "stopped", "none")]
    assert table([*first, fixed, *other]) == WANTED


def test_report_folder_is_the_one_that_the_last_line_names() -> None:
    lines = '{"event": "result"}\n{"event": "finished", "folder": "/reports/1"}\n'
    assert report_folder(lines) == Path("/reports/1")


def test_no_report_folder_when_the_run_did_not_finish() -> None:
    assert report_folder("") is None
    assert report_folder("a traceback") is None
    assert report_folder('{"event": "result"}') is None
