"""Reads and writes `results.json` and finds runs below a reports folder. Knows the model and its versions, nothing of reports.

It is written result by result, and can be read so: a run may have more attempts than fit into memory.

Whatever is wrong with a record is a problem with a slug (`no-such-run`, `not-a-record`, `newer-record`), never a traceback.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from harness.diagnostics import Problems, problem
from harness.record.asked import PLAN
from harness.record.files import written_aside
from harness.record.model import Record, Result, RunInfo
from harness.record.overview import in_short
from harness.record.versions import migrate

RUN = re.compile(r"\d{8}-\d{6}-[0-9a-f]+$")
RESULTS = "results.json"


@dataclass(frozen=True)
class Written:
    """A record on disk: in short, and where each of its results stands in the file (the first byte, and the one behind the last)."""

    path: Path
    short: Record
    places: tuple[tuple[int, int], ...]

    def results(self) -> Iterator[Result]:
        """Each result with all its attempts, one at a time."""
        with self.path.open("rb") as file:
            for start, end in self.places:
                file.seek(start)
                yield Result.model_validate_json(file.read(end - start))


def write_record(record: Record, folder: Path) -> Path:
    """Write the record into `folder` (made if need be), whole or not at all; the path of `results.json`."""
    return write_results(record.run, record.results, folder).path


def write_results(run: RunInfo, results: Iterable[Result], folder: Path) -> Written:
    """The same, of results that come one at a time; none of them is kept whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / RESULTS
    head, foot = _around(run)
    short, places, between = [], [], "\n    "
    with written_aside(path) as file:
        file.write(head)
        for result in results:
            file.write(between.encode())
            start = file.tell()
            file.write(as_json(result).replace("\n", "\n    ").encode())
            places.append((start, file.tell()))
            short.append(in_short(result))
            between = ",\n    "
        file.write(b"\n  " + foot if places else foot)
    return Written(path, Record(run=run, results=tuple(short)), tuple(places))


def _around(run: RunInfo) -> tuple[bytes, bytes]:
    """What stands before and behind a record's results: they are its last field."""
    text = as_json(Record(run=run))
    end = text.rindex("]")
    return text[:end].encode(), (text[end:] + "\n").encode()


def read_record(folder_or_file: Path) -> Record:
    """The record of a run's folder, or in the file named. Fields that this harness does not know are left out."""
    path = folder_or_file / RESULTS if folder_or_file.is_dir() else folder_or_file
    data = _load(path)
    try:
        return Record.model_validate_json(data)  # the ordinary case, several times faster than by way of dictionaries
    except ValidationError:
        return _read_with_care(migrate(_parse(data, path)), path)


def _read_with_care(raw: dict[str, Any], path: Path) -> Record:
    try:
        return Record.model_validate(raw)
    except ValidationError as first:
        return _without_unknown_fields(raw, first, path)


def run_folders(reports: Path) -> list[Path]:
    """The folders below `reports` that hold a record, oldest first."""
    if not reports.is_dir():
        return []
    found = [(file.stat().st_mtime_ns, file.parent.name, file.parent) for file in reports.glob(f"*/{RESULTS}")]
    return [folder for _, _, folder in sorted(found)]


def latest_run(reports: Path) -> Path | None:
    """The folder of the run whose record was written last; None when there is none."""
    folders = run_folders(reports)
    return folders[-1] if folders else None


def find_run(reports: Path, run: str | None = None) -> Path:
    """The folder of `run`, an id, the beginning of one that only one run has, or a path; without it the latest. Raises `no-such-run`."""
    folders = run_folders(reports)
    if run is None:
        if folders:
            return folders[-1]
        raise problem("no-such-run", f"there is no run in {reports} yet", "begin one with `repro run`")
    for path in (Path(run), reports / run):
        if (path / RESULTS).is_file() or (path.is_file() and path.name == RESULTS):
            return path.parent if path.is_file() else path
    matching = [folder for folder in folders if folder.name.startswith(run)] if run else []
    if len(matching) == 1:
        return matching[0]
    raise problem("no-such-run", f"there is no run `{run}` in {reports}", _nearest(run, [folder.name for folder in folders]))


def find_planned(reports: Path, run: str) -> Path:
    """The folder of a run that may have been killed before it had a record. Raises `no-such-run`."""
    for path in (Path(run), reports / run):
        if (path / PLAN).is_file():
            return path
    names = sorted(path.parent.name for path in reports.glob(f"*/{PLAN}")) if reports.is_dir() else []
    matching = [name for name in names if name.startswith(run)]
    if len(matching) == 1:
        return reports / matching[0]
    raise problem("no-such-run", f"there is no run `{run}` in {reports} that can be resumed", _nearest(run, names))


def runs_before(reports: Path, moment: float) -> list[Path]:
    """The folders of runs that were written last before `moment` (seconds since 1970), oldest first: those with a record, and those
    that were killed before they had one, which are known by their name. Links are left alone."""
    if not reports.is_dir():
        return []
    folders = [path for path in reports.iterdir() if path.is_dir() and not path.is_symlink()]
    runs = [path for path in folders if (path / RESULTS).is_file() or RUN.match(path.name)]
    ages = [((path / RESULTS if (path / RESULTS).is_file() else path).stat().st_mtime, path) for path in runs]
    return [path for age, path in sorted(ages) if age < moment]


def _nearest(run: str, names: list[str]) -> str:
    near = difflib.get_close_matches(run, names, n=3, cutoff=0.5) or names[-3:]
    return "the runs there: " + ", ".join(near) if near else "the folder holds no runs"


def as_json(value: BaseModel) -> str:
    """A record or a part of it; keys in the order of the model, so that two records compare line by line."""
    try:
        return value.model_dump_json(indent=2)
    except ValueError:  # half of a surrogate pair, in a page's title for example
        return type(value).model_validate(_whole(value.model_dump())).model_dump_json(indent=2)


def _whole(value: Any) -> Any:
    """`value` with text that UTF-8 can carry."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, (list, tuple)) else value


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise problem("no-such-run", f"there is no record at {path}", f"a run's folder holds a {RESULTS}") from None
    except OSError as error:
        raise problem("not-a-record", f"{path} cannot be read: {error.strerror}", "expected the results.json of a run") from None


def _parse(data: bytes, path: Path) -> dict[str, Any]:
    try:
        raw = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise problem("not-a-record", f"{path} cannot be read as a record: {error}", "expected the results.json of a run") from None
    if not isinstance(raw, dict):
        raise problem("not-a-record", f"{path} holds no JSON object", "expected the results.json of a run")
    return raw


def _without_unknown_fields(raw: dict[str, Any], error: ValidationError, path: Path) -> Record:
    """Records grow: what a later harness added to this version is passed over; anything else wrong is a problem."""
    for found in error.errors(include_url=False):
        if found["type"] == "extra_forbidden":
            _remove(raw, found["loc"])
    try:
        return Record.model_validate(raw)
    except ValidationError as second:
        raise _not_valid(second, path) from None


def _remove(raw: Any, place: tuple[int | str, ...]) -> None:
    for part in place[:-1]:
        raw = raw[part]
    del raw[place[-1]]


def _not_valid(error: ValidationError, path: Path) -> Problems:
    found = error.errors(include_url=False, include_input=False)
    first = [f"{'.'.join(str(part) for part in item['loc']) or 'the record'}: {item['msg']}" for item in found[:3]]
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
    message = f"{path} is not a valid record: {'; '.join(first)}{more}"
    return problem("not-a-record", message, "its shape is in docs/results.schema.json")
