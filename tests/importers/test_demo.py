"""What was imported runs in a real browser, with the right verdict: on the demo staging, and on a page with everything in it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from harness import workflow
from harness.demo import SECRETS
from harness.demo.server import serving
from harness.importers.bring import Asked, bring
from tests.importers.conftest import EXAMPLES, Desk
from tests.importers.hars import entry, write

WORKSPACE = Path(__file__).resolve().parents[2] / "scenarios"
WRONG_AMOUNT = 'value: textbox "Amount"\nis: "1.19"'


def verdicts(root: Path, environ: dict[str, str], *paths: Path) -> list[str]:
    asked = workflow.Options(paths=paths, reports=root / "reports", trace="off", screenshots="off")
    finished = workflow.run(asked, workflow.World(environ=environ), lambda event: None, lambda plan, folder: None)
    return [f"{result.verdict}: {result.reason}" for result in finished.record.results]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(WORKSPACE, tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def environ_of(root: Path, base_url: str) -> dict[str, str]:
    secrets = {f"REPRO_SECRET_{name}": value for name, value in SECRETS.items()}
    return {**secrets, "REPRO_VAR_DEMO_BASE_URL": base_url, "REPRO_STATE": str(root / "state"), "PATH": "/usr/bin:/bin"}


def test_recordings_of_the_demo_have_the_right_verdict_with_the_defect_and_without_it(demo: Path) -> None:
    paths = [demo / "scenarios/billing" / name for name in ("devtools.yaml", "codegen.yaml")]
    for path, name in zip(paths, ("pays-too-little.json", "pays-too-little.jsonl"), strict=True):
        asked = Asked((EXAMPLES / name,), path, "rhine", symptom=WRONG_AMOUNT)
        assert bring(asked, environ_of(demo, "http://127.0.0.1:9")).to_do == ()
    with serving() as staging:
        found = verdicts(demo, environ_of(demo, staging.base_url), *paths)
    with serving(fixed=True) as staging:
        found += verdicts(demo, environ_of(demo, staging.base_url), paths[0])
    assert [each.split(":")[0] for each in found] == ["reproduced", "reproduced", "not_reproduced"], found


def test_a_customers_traffic_is_replayed_on_a_staging_without_the_fault(demo: Path) -> None:
    """The customer's site is another one than staging, and its list of invoices failed there."""
    site = "https://orbit.customer.example"
    traffic = [entry(f"{site}/dashboard", "document"), entry(f"{site}/api/invoices", status=500, body={"error": "statement timeout"})]
    file = write(demo / "customer.har", traffic)
    path = demo / "scenarios/dashboard/replayed.yaml"
    oracles = {"symptom": 'visible: {role: alert, within: region "Recent invoices"}', "expected": 'visible: list "Recent invoices"'}
    environ = environ_of(demo, "http://127.0.0.1:9")
    bring(Asked((file,), path, "baseline", after="login", mocks=True, **oracles), environ)
    with serving(fixed=True) as staging:
        (found,) = verdicts(demo, environ_of(demo, staging.base_url), path)
    assert found.startswith("reproduced"), found


INNER = "<!doctype html><title>Inner</title><button onclick=\"parent.parent.postMessage('framed', '*')\">Pay now</button>"
OUTER = '<!doctype html><title>Outer</title><iframe src="/nothing"></iframe><iframe src="/inner"></iframe>'
PAGE = """<!doctype html><title>Everything</title><main><h1>Everything</h1>
<form onsubmit="done('key'); return false"><label>City <input></label></form>
<label>Plan <select class=plan onchange="done(this.value)"><option>free<option>pro</select></label>
<label><input type=checkbox onchange="done('checked')"> I agree</label>
<button onclick="done('named')"><span>Save</span></button> <button>Save as</button>
<div class=row onclick="done('text')">Row <b>seven</b></div>
<i id=by-path onclick="done('path')">…</i>
<acme-card></acme-card>
<div data-testid=spot oncontextmenu="done('right'); return false">spot</div>
<canvas width=100 height=50 onclick="done(event.offsetX > 70 ? 'far' : 'near')"></canvas>
<p role=status></p><iframe src="/nothing"></iframe><iframe src="/outer"></iframe></main>
<script>
const said = document.querySelector('[role=status]');
const done = (what) => { said.textContent += what + ' '; };
addEventListener('message', (event) => done(event.data));
const row = document.createElement('acme-row');
document.querySelector('acme-card').attachShadow({mode: 'open'}).append(row);
row.attachShadow({mode: 'open'}).innerHTML = '<button>Inside</button>';
row.shadowRoot.firstChild.addEventListener('click', () => done('shadow'));
</script>"""
SITES = {"/": PAGE, "/outer": OUTER, "/inner": INNER, "/nothing": "<!doctype html><title>Nothing</title>"}


@pytest.fixture(scope="module")
def everything() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = SITES.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def click(*selectors: Any, **more: Any) -> dict[str, Any]:
    paths = [each if isinstance(each, list) else [each] for each in selectors]
    return {"type": "click", "target": "main", "selectors": paths, "offsetX": 4, "offsetY": 4, **more}


def test_every_kind_of_selector_finds_its_element(desk: Desk, everything: str) -> None:
    steps = [
        {"type": "navigate", "url": "https://app.acme.example/"},
        click("aria/City", "form input", "xpath//html/body/main/form/label/input"),
        {"type": "change", "value": "Oslo", "selectors": [["aria/City"], ["form input"], ["xpath//html/body/main/form/label/input"]]},
        {"type": "keyDown", "key": "Enter"},
        {"type": "keyUp", "key": "Enter"},
        {"type": "change", "value": "pro", "selectors": [["aria/Plan"], ["select.plan"]]},
        click('aria/I agree[role="checkbox"]'),
        click(["aria/Save", 'aria/[role="generic"]'], "button:nth-of-type(1) > span"),
        click("aria/Save as", "button:nth-of-type(2)"),
        click("text/Row seven", "div.row"),
        click('xpath///*[@id="by-path"]'),
        click(["acme-card", "acme-row", "button"]),
        click('[data-testid="spot"]', button="secondary"),
        click("canvas", offsetX=90),
        click("aria/Pay now", "button", frame=[1, 1]),
        {"type": "waitForElement", "selectors": [['aria/Everything[role="heading"]']], "count": 1},
    ]
    desk.write("environments/staging.yaml", f"base_url: {everything}\n")
    text = "key pro checked named text path shadow right far framed"
    oracles = {"symptom": f"{{text: status, is: {text}}}", "expected": f"not: {{text: status, contains: {text}}}\nfor: 2s"}
    brought = desk.bring(desk.sent("all.json", json.dumps({"title": "All", "steps": steps})), customer="jane", **oracles)
    (found,) = verdicts(desk.root, desk.environ, brought.paths[0])
    assert found.startswith("reproduced"), found
