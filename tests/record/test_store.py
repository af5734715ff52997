"""Records on disk: whole or not there, readable for years, and never a traceback for what is wrong with one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.diagnostics import Problems
from harness.record.model import Outcome, Record, Result
from harness.record.overview import telling_attempt
from harness.record.schema import record_schema, schema_text
from harness.record.store import as_json, find_run, latest_run, read_record, write_record, write_results
from harness.record.versions import migrate
from harness.report import words
from tests.report import hostility, sample

SAMPLES = Path(__file__).parent / "samples"
DOCS = Path(__file__).parents[2] / "docs"


def slug_of(error: pytest.ExceptionInfo[Problems]) -> str:
    return error.value.diagnostics[0].slug


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = sample.showcase()
    path = write_record(written, tmp_path / "new" / "run")
    assert path.name == "results.json" and read_record(path) == read_record(path.parent) == written
    assert [file.name for file in path.parent.iterdir()] == ["results.json"]


def test_the_same_record_is_the_same_file(tmp_path: Path) -> None:
    first = write_record(sample.showcase(), tmp_path / "a").read_bytes()
    assert first == write_record(read_record(tmp_path / "a"), tmp_path / "b").read_bytes()
    assert list(json.loads(first)) == ["schema_version", "run", "results"]


@pytest.mark.parametrize("record", [sample.showcase(), sample.record(), sample.many(1)], ids=["many results", "none", "one"])
def test_results_that_come_one_at_a_time_make_the_same_file(record: Record, tmp_path: Path) -> None:
    written = write_results(record.run, iter(record.results), tmp_path)
    assert written.path.read_text(encoding="utf-8") == as_json(record) + "\n"
    assert tuple(written.results()) == record.results


def test_of_a_result_in_short_the_telling_attempt_is_there_with_the_step_that_failed(tmp_path: Path) -> None:
    record = sample.showcase()
    for whole, short in zip(record.results, write_results(record.run, record.results, tmp_path).short.results, strict=True):
        telling = telling_attempt(whole.attempts, whole.verdict)
        assert [(each.number, each.trace, each.deciding_screenshot) for each in short.attempts] == (
            [(telling.number, telling.trace, telling.deciding_screenshot)] if telling else []
        )
        assert words.telling_line(short) == words.telling_line(whole)
        assert (short.key, short.verdict, short.reason, short.rate) == (whole.key, whole.verdict, whole.reason, whole.rate)


def test_a_run_broken_off_between_two_results_leaves_the_old_record(tmp_path: Path) -> None:
    write_record(sample.record(), tmp_path)

    def results() -> Iterator[Result]:
        yield sample.result()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_results(sample.run(), results(), tmp_path)
    assert read_record(tmp_path) == sample.record() and len(list(tmp_path.iterdir())) == 1


def test_hostile_text_survives_but_for_what_utf8_cannot_carry(tmp_path: Path) -> None:
    write_record(hostility.hostile_record(), tmp_path)
    read = read_record(tmp_path).results[0]
    assert read.title == hostility.HOSTILE.replace("\ud800", "?")


def test_a_failed_write_leaves_the_old_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_record(sample.record(), tmp_path)
    monkeypatch.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_record(sample.showcase(), tmp_path)
    assert read_record(tmp_path) == sample.record() and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("v*.json")), ids=lambda file: file.stem)
def test_every_past_version_is_still_readable(file: Path) -> None:
    record = read_record(file)
    assert record.schema_version == 1
    assert [result.verdict for result in record.results] == [Outcome.REPRODUCED, Outcome.INCONCLUSIVE]
    assert record.results[0].attempts[0].steps[1].screenshot == "dashboard--blank-for-eu@acme-eu/attempt-1/01.png"


def test_steps_between_versions_are_taken_in_order() -> None:
    steps = {1: lambda raw: {**raw, "trail": "1>2"}, 2: lambda raw: {**raw, "trail": raw["trail"] + ">3"}}
    assert migrate({"schema_version": 1}, steps, current=3) == {"schema_version": 3, "trail": "1>2>3"}
    assert migrate({"schema_version": 3}, steps, current=3) == {"schema_version": 3}


def test_fields_of_a_later_harness_are_passed_over(tmp_path: Path) -> None:
    path = write_record(sample.showcase(), tmp_path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["run"]["weather"] = "mild"
    raw["results"][0]["attempts"][0]["steps"][0]["mood"] = {"good": True}
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert read_record(path) == sample.showcase()


@pytest.mark.parametrize(
    ("content", "slug", "says"),
    [
        ("{", "not-a-record", "cannot be read"),
        ("[]", "not-a-record", "no JSON object"),
        ("{}", "not-a-record", "schema_version"),
        ('{"schema_version": true}', "not-a-record", "schema_version"),
        ('{"schema_version": 99}', "newer-record", "version 99"),
        ('{"schema_version": 1}', "not-a-record", "run: Field required"),
        ("[" * 100_000, "not-a-record", "cannot be read"),
        ('{"a": ' + "1" * 5000 + "}", "not-a-record", "cannot be read"),
        ("\udcff", "not-a-record", "cannot be read"),
    ],
)
def test_what_is_no_record_is_a_problem(tmp_path: Path, content: str, slug: str, says: str) -> None:
    (tmp_path / "results.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(Problems) as error:
        read_record(tmp_path)
    assert slug_of(error) == slug and says in str(error.value)


def test_a_run_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing", tmp_path / "nothing.json"):
        with pytest.raises(Problems) as error:
            read_record(path)
        assert slug_of(error) == "no-such-run"


def make_runs(reports: Path) -> None:
    for age, name in enumerate(("20260103-aaaa", "20260102-bbbb", "20260101-cccc")):
        path = write_record(sample.record(), reports / name)
        os.utime(path, (1000 - age, 1000 - age))
    (reports / "20260109-unfinished").mkdir()


def test_runs_are_found_by_age_id_beginning_and_path(tmp_path: Path) -> None:
    assert latest_run(tmp_path) is None and latest_run(tmp_path / "none") is None
    make_runs(tmp_path)
    assert latest_run(tmp_path) == find_run(tmp_path) == find_run(tmp_path, "20260103") == tmp_path / "20260103-aaaa"
    assert find_run(tmp_path, "20260102-bbbb") == find_run(tmp_path, str(tmp_path / "20260102-bbbb" / "results.json"))


@pytest.mark.parametrize("run", ["20260101-ccc", "2026", "", "20260109-unfinished", "nothing"])
def test_a_wrong_id_names_the_runs_there_are(tmp_path: Path, run: str) -> None:
    make_runs(tmp_path)
    if run == "20260101-ccc":
        assert find_run(tmp_path, run).name == "20260101-cccc"
        return
    with pytest.raises(Problems) as error:
        find_run(tmp_path, run)
    assert slug_of(error) == "no-such-run" and "the runs there: " in error.value.diagnostics[0].hint


def test_the_schema_is_valid_and_accepts_what_is_written(tmp_path: Path) -> None:
    schema = record_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    raw: Any = json.loads(write_record(sample.showcase(), tmp_path).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(raw)
    raw["results"][0]["verdict"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(raw)


def test_the_schema_in_the_documentation_is_this_one() -> None:
    assert (DOCS / "results.schema.json").read_text(encoding="utf-8") == schema_text(), (
        "renew it: python -m harness.record.schema > docs/results.schema.json"
    )


def test_reading_the_languages_and_diagnostics_loads_no_record() -> None:
    loads = "import sys, harness, harness.diagnostics, harness.record, harness.report; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pydantic", "jinja2", "PIL", "rich"} & set(loaded)
