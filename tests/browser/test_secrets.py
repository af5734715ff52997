"""A page plants a secret in every place and form it can; nothing that the run writes holds it, and the evidence stays readable."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from harness import workflow
from harness.browser.covering import COLOR
from harness.evidence.packed import unpack
from harness.evidence.redact import Redactor
from harness.evidence.scan import leaks
from harness.record.model import Result
from tests.browser import leaky, site, trying

SECRETS = {"KEY": leaky.KEY, "token": leaky.TOKEN, "cookie": leaky.COOKIE, "bearer": leaky.BEARER, "iban": leaky.IBAN}
ENVIRONMENT = "secrets: [KEY, PIN]\nmask: [{text: '/[A-Z]{2}\\d{2}(?: \\d{2,4}){4,7}/'}]\n"
SCENARIO = """\
title: Every place
steps:
  - goto: /
  - fill: {textbox "Password": "${secrets.KEY}", textbox "Code": "${secrets.PIN}"}
  - dialog: accept
  - press: Enter
  - wait_for: {url: {matches: "key="}}
  - click: {css: "#link"}
symptom: {text: {css: "#mutations"}, contains: "0 changes", for: 1s}
within: 6s
"""


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, redacting: bool = True, trace: str = "on") -> tuple[Result, Path]:
    if not redacting:
        monkeypatch.setattr(Redactor, "learn", lambda self, *told: None)
    with site.serving_with(leaky.Handler) as base_url:
        root = trying.workspace(folder, base_url, SCENARIO, ENVIRONMENT)
        environ = {
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "REPRO_STATE": str(folder / "state"),
            "REPRO_SECRET_KEY": leaky.KEY,
            "REPRO_SECRET_PIN": leaky.CODE,
        }
        asked = workflow.Options(paths=(root,), reports=folder / "reports", workers=1, trace=trace)
        finished = workflow.run(asked, workflow.World(environ=environ), lambda event: None, lambda plan, where: None)
    return finished.record.results[0], finished.folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Result, Path]]:
    with pytest.MonkeyPatch.context() as patch:
        yield run(tmp_path_factory.mktemp("secrets"), patch)


def files_of(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]


def test_no_secret_is_in_anything_that_was_written(written: tuple[Result, Path]) -> None:
    result, folder = written
    assert leaks(files_of(folder), SECRETS) == ()
    assert [attempt.leaks for attempt in result.attempts] == [()]


def test_the_same_run_without_the_redactor_is_full_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, folder = run(tmp_path, monkeypatch, redacting=False)
    found = leaks(files_of(folder), SECRETS)
    assert len(found) >= 25
    assert {name for sentence in found for name in SECRETS if sentence.endswith(f"holds {name}")} == set(SECRETS) - {"iban"}


def test_a_short_secret_is_gone_from_fields_and_left_alone_elsewhere(written: tuple[Result, Path]) -> None:
    _, folder = written
    trace = next(folder.rglob("trace.zip")).read_bytes()
    members = dict(unpack(trace))
    network = members["trace.network"].decode()
    assert '"name":"pin","value":"[PIN]"' in network.replace('": "', '":"').replace('", "', '","')
    assert "pin=7f3" not in network
    assert "7f3 of 17f3" in members["trace.trace"].decode()
    fills = [json.loads(line) for line in members["trace.trace"].splitlines() if b'"method":"fill"' in line.replace(b'": "', b'":"')]
    assert [fill["params"]["value"] for fill in fills] == ["[KEY]", "[PIN]"]


def test_the_page_could_not_notice_that_pictures_were_covered(written: tuple[Result, Path], tmp_path: Path) -> None:
    """Playwright's trace does call the page's own functions; without it nothing does."""
    result, _ = written
    assert str(result.verdict) == "reproduced", result.reason
    with pytest.MonkeyPatch.context() as patch:
        untraced, folder = run(tmp_path, patch, trace="off")
    assert '"0 changes, 0 calls"' in untraced.reason
    assert leaks(files_of(folder), SECRETS) == ()


def test_what_shows_a_secret_is_painted_over(written: tuple[Result, Path]) -> None:
    result, folder = written
    last = folder / str(result.attempts[0].deciding_screenshot)
    image = Image.open(last).convert("RGB")
    rows = [y for y in range(image.height) if sum(near(image.getpixel((x, y))) for x in range(10, 140, 10)) >= 4]
    bars = sum(1 for before, after in zip([-9, *rows], rows, strict=False) if after - before > 1)
    assert bars >= 6  # the field, the text, its parts, the IBAN, the area, what is in the shadow


def near(color: object) -> bool:
    assert isinstance(color, tuple)
    return all(abs(one - other) < 12 for one, other in zip(color, COLOR, strict=True))


def test_the_trace_is_still_a_trace(written: tuple[Result, Path]) -> None:
    _, folder = written
    with zipfile.ZipFile(next(folder.rglob("trace.zip"))) as archive:
        assert archive.testzip() is None
        lines = [
            json.loads(line)
            for name in archive.namelist()
            if name.endswith((".trace", ".network"))
            for line in archive.read(name).splitlines()
        ]
        frames = [line for line in lines if line["type"] == "screencast-frame"]
        assert frames
        assert {frame["file"] for frame in frames} <= set(archive.namelist())
