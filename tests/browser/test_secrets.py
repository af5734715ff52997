"""A page plants a secret in every place and form it can; nothing that the run writes holds it, and the evidence stays readable."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from harness import workflow
from harness.browser.covering import COLOR
from harness.browser.pool import PlaywrightHost
from harness.evidence.events import EventLog
from harness.evidence.packed import unpack
from harness.evidence.redact import Redactor
from harness.evidence.scan import leaks
from harness.record.model import Result
from harness.report.serve import make_server
from tests.browser import leaky, site, trying
from tests.browser.looking import spec

SECRETS = {
    "KEY": leaky.KEY,
    "token": leaky.TOKEN,
    "asked": leaky.ASKED,
    "cookie": leaky.COOKIE,
    "bearer": leaky.BEARER,
    "typed": leaky.TYPED,
    "jwt": leaky.JWT,
    "iban": leaky.IBAN,
}
ENVIRONMENT = """\
secrets: [KEY, PIN]
mask: [{text: '/[A-Z]{2}\\d{2}(?: \\d{2,4}){4,7}/'}]
version: {request: GET /version, json: $.sha}
apply: [{request: PUT /settings, json: "${customer.settings}"}]
read_back: {request: GET /settings}
"""
CUSTOMER = """\
name: Acme
settings: {key: "p37:${secrets.KEY}"}
"""
SCENARIO = f"""\
title: {json.dumps("p35:" + leaky.KEY, ensure_ascii=False)}
report: {json.dumps("p36:" + leaky.KEY, ensure_ascii=False)}
customer: acme
steps:
  - goto: /
  - fill: {{textbox "Password": "${{secrets.KEY}}", textbox "Code": "${{secrets.PIN}}"}}
  - fill: {{textbox "Passphrase": "{leaky.TYPED}"}}
  - dialog: accept
  - press: {{textbox "Code": Enter}}
  - wait_for: {{url: {{matches: "p15="}}}}
  - click: {{css: "#link"}}
  - click: {{css: "#wide"}}
  - click: {{css: "#zip"}}
symptom: {{text: {{css: "#mutations"}}, contains: "0 changes", for: 1s}}
within: 6s
"""


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, redacting: bool = True, trace: str = "on") -> tuple[Result, Path]:
    if not redacting:
        monkeypatch.setattr(Redactor, "learn", lambda self, *told: None)
    with site.serving_with(leaky.Handler) as base_url:
        root = trying.workspace(folder, base_url, SCENARIO, ENVIRONMENT)
        (root / "customers").mkdir()
        (root / "customers" / "acme.yaml").write_text(CUSTOMER)
        environ = {
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "REPRO_STATE": str(folder / "state"),
            "REPRO_SECRET_KEY": leaky.KEY,
            "REPRO_SECRET_PIN": leaky.CODE,
        }
        command = ("repro", "run", "--tag", f"p40:{leaky.KEY}")
        asked = workflow.Options(paths=(root,), reports=folder / "reports", workers=1, trace=trace, command=command)
        finished = workflow.run(asked, workflow.World(environ=environ), lambda event: None, lambda plan, where: None)
    return finished.record.results[0], finished.folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    with pytest.MonkeyPatch.context() as patch:
        return run(tmp_path_factory.mktemp("secrets"), patch)


@pytest.fixture(scope="module")
def unscrubbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        return run(tmp_path_factory.mktemp("unscrubbed"), patch, redacting=False)[1]


def files_of(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]


def every_byte(folder: Path) -> bytes:
    """All that was written, names too, unpacked with means of the test's own."""
    return b"\n".join(part for name, data in files_of(folder) for part in (name.encode(), *unpacked(data)))


def unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield from unpacked(gzip.decompress(data))
    elif b"H4sI" in data:
        yield from (gzip.decompress(base64.b64decode(run)) for run in re.findall(rb"H4sI[A-Za-z0-9+/]+={0,2}", data))


@pytest.fixture(scope="module")
def with_and_without(written: tuple[Result, Path], unscrubbed: Path) -> tuple[bytes, bytes]:
    return every_byte(written[1]), every_byte(unscrubbed)


@pytest.mark.parametrize("place", leaky.PLACES, ids=lambda place: f"{place.name}, {place.form}")
def test_the_secret_is_there_without_the_redactor_and_its_name_with_it(place: leaky.Place, with_and_without: tuple[bytes, bytes]) -> None:
    clean, leaking = with_and_without
    assert place.sought in leaking
    assert place.sought not in clean
    assert place.left in clean


def test_no_secret_is_in_anything_that_was_written(written: tuple[Result, Path]) -> None:
    result, folder = written
    assert leaks(files_of(folder), SECRETS) == ()
    assert [attempt.leaks for attempt in result.attempts] == [()]


def test_the_second_scan_finds_what_was_not_taken_out(unscrubbed: Path) -> None:
    found = leaks(files_of(unscrubbed), SECRETS)
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
    assert [fill["params"]["value"] for fill in fills] == ["[KEY]", "[PIN]", "[password field]"]


def test_without_a_trace_no_secret_is_left_either(written: tuple[Result, Path], tmp_path: Path) -> None:
    result, _ = written
    assert str(result.verdict) == "reproduced", result.reason
    with pytest.MonkeyPatch.context() as patch:
        _, folder = run(tmp_path, patch, trace="off")
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


def test_the_trace_viewer_shows_actions_and_pages_of_a_clean_trace(written: tuple[Result, Path]) -> None:
    result, folder = written
    server = make_server(folder, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    async def main() -> str:
        async with PlaywrightHost() as host:
            session = await host.open(spec(f"http://127.0.0.1:{server.server_port}", folder.parent / "viewer"), EventLog(lambda: 0))
            trace = f"http://127.0.0.1:{server.server_port}/{result.attempts[0].trace}"
            await session.page.goto(f"/_trace/index.html?trace={quote(trace, safe='')}")
            await session.page.get_by_text("press: {textbox").click()
            page = session.page.frame_locator("iframe.snapshot-visible")
            text: str = await page.locator("#whole").inner_text()
            await session.close(keep_trace=False)
            return text

    try:
        assert asyncio.run(main()) == "p02:[KEY]"
    finally:
        server.shutdown()
        server.server_close()
