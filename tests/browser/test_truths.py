"""Pages that do what applications do, each with a scenario whose truth is known: the verdict must be it, or say why it can't be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from harness import workflow
from harness.record.model import Result
from harness.verdict.outcome import Outcome
from tests.browser import site

REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE = Outcome.REPRODUCED, Outcome.NOT_REPRODUCED, Outcome.INCONCLUSIVE


@dataclass(frozen=True)
class Known:
    """A page at `/p`, what is tried there, and what is true. `because` stands in the reason."""

    page: str
    scenario: str
    truth: Outcome
    because: str = ""


OPENS = "<h1>Start</h1><a href=/home target=_blank>Report</a><button onclick=\"setTimeout(() => window.open('/home'), 400)\">Later</button>"
COPIES = "<input aria-label=Source value=AAA>"
PASTES = "<input aria-label=Target>"
TODAY = "<p role=status></p><script>document.querySelector('p').textContent = new Date().toLocaleDateString('sv')</script>"
PAY = "<button onclick=\"fetch('/json?pay', {method: 'POST'})\">Pay</button>"
ORDERS = "<p role=status>0 orders</p><button onclick=\"document.querySelector('p').textContent = '1 order'\">Add order</button>"
SAVES = """<p role=status>Ready</p><button onclick="save()">Save</button><script>let n = 0;
async function save() { const answer = await fetch(n++ ? '/fails' : '/json', {method: 'POST'});
document.querySelector('p').textContent = answer.ok ? 'Saved' : 'Failed' }</script>"""
GOES_ON = """<button onclick="go()">Go</button><script>
async function go() { await (await fetch('/code', {method: 'POST'})).json(); setTimeout(() => location.href = '/home', 300) }</script>"""

KNOWN: Mapping[str, Known] = {
    "a button that is misspelt": Known(
        ORDERS,
        'steps: [goto: /p, click: button "Add ordr"]\nsymptom: {text: status, is: 0 orders}\nexpected: {text: status, is: 1 order}',
        INCONCLUSIVE,
        'the step may only be misspelt: the page has button "Add order"',
    ),
    "nothing done before the step that is not there": Known(
        ORDERS,
        'setup: [goto: /p]\nsteps: [click: button "Elsewhere"]\nsymptom: {text: status, is: 0 orders}',
        INCONCLUSIVE,
        "nothing was done before it",
    ),
    "a step that is not there since the page is broken": Known(
        "<p role=status>Loading</p>",
        'steps: [goto: /p, click: button "Last 30 days"]\nsymptom: {text: status, is: Loading, for: 500ms}',
        REPRODUCED,
        "stopped at step 2 of 2",
    ),
    "another number is another thing": Known(
        "<h1>Not found</h1><a href=/home>Invoice 1002</a>",
        'steps: [goto: /p, click: link "Invoice 1001"]\nsymptom: {visible: heading "Not found"}',
        REPRODUCED,
    ),
    "an absence on a page that was not found": Known(
        "",
        'steps: [goto: /nowhere]\nsymptom: {hidden: button "Export"}',
        INCONCLUSIVE,
        "the server answered 404 for the page itself",
    ),
    "an absence beside something that is there, on a page that was not found": Known(
        "",
        'steps: [goto: /nowhere]\nsymptom: {all: [{visible: heading}, {hidden: button "Export"}]}',
        REPRODUCED,
        "But the server answered 404 for the page itself",
    ),
    "an absence on the page that asks to sign in": Known(
        "",
        'steps: [goto: /guarded]\nsymptom: {hidden: button "Export"}',
        INCONCLUSIVE,
        "the server sent /guarded to a page that asks for a password",
    ),
    "a button on a page that was not found": Known(
        "",
        'steps: [goto: /nowhere, click: button "Export"]\nsymptom: {visible: alert}',
        INCONCLUSIVE,
        "(the server answered 404 for the page)",
    ),
    "the console of what the harness held back": Known(
        "<h1>Home</h1><img src=https://cdn.example.com/logo.png>",
        "steps: [goto: /p]\nsymptom: {console: error}\nexpected: {visible: heading, for: 1s}",
        NOT_REPRODUCED,
    ),
    "a request that the harness held back": Known(
        "<h1>Home</h1><img src=https://cdn.example.com/logo.png>",
        'steps: [goto: /p]\nsymptom: {request_failed: "**"}\nexpected: {visible: heading, for: 1s}',
        NOT_REPRODUCED,
    ),
    "what stands in a field is what it shows": Known(
        "<label>Result <input readonly value=2.4></label>",
        'steps: [goto: /p]\nsymptom: {text: textbox "Result", is: ""}\nexpected: {text: textbox "Result", is: "2.4"}',
        NOT_REPRODUCED,
    ),
    "a number in a field": Known(
        "<label>Result <input readonly value=2.4></label>",
        'steps: [goto: /p]\nsymptom: {number: textbox "Result", above: 2}\nexpected: {number: textbox "Result", at_most: 2}',
        REPRODUCED,
    ),
    "a field that changes is waited for": Known(
        "<input aria-label=Result value=1><script>setTimeout(() => document.querySelector('input').value = 2, 400)</script>",
        "steps: [goto: /p]\nsymptom: {text: textbox, is: 3}\nexpected: {text: textbox, is: 2}",
        NOT_REPRODUCED,
    ),
    "not for so long is known at the end only": Known(
        "<h1>Dash</h1><div></div><script>setTimeout(() => document.querySelector('div').textContent = 'Loading', 800)</script>",
        "steps: [goto: /p]\nsymptom: {visible: Loading, for: 1s}\n"
        "expected: {all: [{visible: heading}, {not: {visible: Loading, for: 1s}}]}",
        REPRODUCED,
    ),
    "a field that is filled a moment later": Known(
        "<input aria-label=Name><script>setTimeout(() => document.querySelector('input').value = 'Jane', 800)</script>",
        'steps: [goto: /p]\nsymptom: {value: textbox "Name", is: ""}\nexpected: {value: textbox "Name", is: Jane}',
        NOT_REPRODUCED,
    ),
    "a text that is hidden": Known(
        "<p data-testid=m style='display: none'>Payment failed</p><h1>Paid</h1>",
        "steps: [goto: /p]\nsymptom: {text: {testid: m}, contains: failed}\nexpected: {visible: heading, for: 1s}",
        NOT_REPRODUCED,
    ),
    "a text that is shown later": Known(
        "<p id=m data-testid=m hidden>Payment failed</p><h1>Pay</h1><script>setTimeout(() => m.hidden = false, 600)</script>",
        "steps: [goto: /p]\nsymptom: {text: {testid: m}, contains: failed}\nexpected: {visible: heading, for: 2500ms}",
        REPRODUCED,
    ),
    "a text that stays empty": Known(
        "<p role=status></p>", "steps: [goto: /p]\nsymptom: {text: status, is: '', for: 1s}\nexpected: {text: status, is: Done}", REPRODUCED
    ),
    "a text in a shadow tree": Known(
        "<div data-testid=b></div><script>document.querySelector('div').attachShadow({mode: 'open'}).innerHTML = 'Failed'</script>",
        "steps: [goto: /p]\nsymptom: {text: {testid: b}, is: ''}\nexpected: {not: {text: {testid: b}, is: ''}}",
        INCONCLUSIVE,
        "its text is in a shadow tree",
    ),
    "several that are chosen": Known(
        "<select multiple aria-label=Days><option selected>a<option selected>b<option>c</select>",
        'steps: [goto: /p]\nsymptom: {value: listbox "Days", is: a}\nexpected: {value: listbox "Days", is: "a, b"}',
        NOT_REPRODUCED,
    ),
    "a property that there is not": Known(
        "<h1>Home</h1>",
        "steps: [goto: /p]\nsymptom: {style: heading, name: colour, is: red}\nexpected: {not: {style: heading, name: colour, is: red}}",
        INCONCLUSIVE,
        "there is no CSS property colour",
    ),
    "an answer that nobody reads to its end": Known(
        SAVES,
        'steps: [goto: /p, click: button "Save"]\nsymptom: {request: /json, slower_than: 1s}\n'
        "expected: {text: status, is: Saved, for: 1500ms}",
        NOT_REPRODUCED,
    ),
    "an answer of a page that has gone on": Known(
        GOES_ON,
        'steps: [goto: /p, click: button "Go"]\nsymptom: {response: /code, json: {$.code: E7}}\nexpected: {visible: heading "Nothing"}',
        REPRODUCED,
    ),
    "an answer that never ends": Known(
        "<h1>Home</h1><script>new EventSource('/stream')</script>",
        "steps: [goto: /p]\nsymptom: {response: /stream, body_contains: failed}\nexpected: {visible: heading, for: 1s}",
        INCONCLUSIVE,
        "its answer's body can't be read",
    ),
    "an answer in another encoding": Known(
        "<script>fetch('/latin1')</script>", "steps: [goto: /p]\nsymptom: {response: /latin1, body_contains: Müller}", REPRODUCED
    ),
    "a body that is a file": Known(
        "<h1>Home</h1><script>fetch('/json', {method: 'POST', body: new Blob(['hello'])})</script>",
        "steps: [goto: /p]\nsymptom: {request: /json, body_contains: hello}\nexpected: {visible: heading, for: 1s}",
        INCONCLUSIVE,
        "its body can't be read",
    ),
    "a body as forms write it": Known(
        "<script>fetch('/json', {method: 'POST', body: new URLSearchParams({mail: 'a@b.c d'})})</script>",
        "steps: [goto: /p]\nsymptom: {request: /json, body_contains: a@b.c d}",
        REPRODUCED,
    ),
    "after steps that are done together": Known(
        PAY,
        'steps: [goto: /p, {name: pay, together: [click: button "Pay", click: button "Pay"]}]\n'
        "symptom: {request: '/json?pay', at_least: 2, after: pay}\nexpected: {request: '/json?pay', at_most: 1, after: pay}",
        REPRODUCED,
    ),
    "after a step that is repeated": Known(
        PAY,
        'steps: [goto: /p, {name: pay, click: button "Pay", times: 2}]\n'
        "symptom: {request: '/json?pay', at_least: 2, after: pay}\nexpected: {request: '/json?pay', at_most: 1, after: pay}",
        REPRODUCED,
    ),
    "the newest tab is on its way": Known(
        OPENS,
        'steps: [goto: /p, click: button "Later", tab: -1]\nsymptom: {url: /p, for: 1s}\nexpected: {url: /home, for: 1s}',
        NOT_REPRODUCED,
    ),
    "a new tab is as slow": Known(
        OPENS,
        'customer: slow\nsteps: [goto: /p, click: link "Report", tab: 1, click: button "Again"]\n'
        'symptom: {request: "/json?again", slower_than: 700ms}',
        REPRODUCED,
    ),
    "a new tab has the connection of the moment": Known(
        OPENS,
        'customer: slow\nsteps: [goto: /p, network: online, click: link "Report", tab: 1, click: button "Again"]\n'
        'symptom: {request: "/json?again", slower_than: 700ms}\nexpected: {response: "/json?again"}',
        NOT_REPRODUCED,
    ),
    "pasted is what the attempt itself has copied": Known(
        COPIES + PASTES,
        "steps: [goto: /p, {press: {'textbox \"Source\"': Control+A}}, {press: {'textbox \"Source\"': Control+C}},"
        " {press: {'textbox \"Target\"': Control+V}}]\n"
        'symptom: {value: textbox "Target", is: ""}\nexpected: {value: textbox "Target", is: AAA}',
        NOT_REPRODUCED,
    ),
    "what another attempt has copied is not there": Known(
        PASTES,
        "steps: [goto: /p, {press: {'textbox \"Target\"': Control+V}}]\n"
        'symptom: {value: textbox "Target", is: ""}\nexpected: {value: textbox "Target", is: AAA}',
        REPRODUCED,
    ),
    "a button that copies": Known(
        "<p role=status></p><button onclick=\"navigator.clipboard.writeText('x').then(() => s.textContent = 'Copied',"
        " e => s.textContent = e.name)\">Copy</button><script>const s = document.querySelector('p')</script>",
        'steps: [goto: /p, click: button "Copy"]\nsymptom: {text: status, contains: Error}\nexpected: {text: status, is: Copied}',
        NOT_REPRODUCED,
    ),
    "what follows the pointer is dragged": Known(
        "<ul id=l><li>One<li>Two<li>Three</ul><p role=status>still</p><script>let moves = 0, down = false;"
        "l.onpointerdown = () => down = true; l.onpointermove = () => { if (down && ++moves > 3)"
        " document.querySelector('p').textContent = 'dragged' }</script>",
        "steps: [goto: /p, {drag: {from: {role: listitem, has_text: One}, to: {role: listitem, has_text: Three}}}]\n"
        "symptom: {text: status, is: still}\nexpected: {text: status, is: dragged}",
        NOT_REPRODUCED,
    ),
    "an answer of an earlier step is not what was expected": Known(
        SAVES,
        'steps: [goto: /p, click: button "Save", wait_for: {text: status, is: Saved}, click: button "Save"]\n'
        "symptom: {response: /fails, status: 5xx}\nexpected: {response: /json, status: 200}",
        REPRODUCED,
    ),
    "what was there before is not what was expected, however long": Known(
        "<ul><li>INV-1</ul><button onclick=\"setTimeout(() => document.body.innerHTML = '<p>Server error</p>', 1200)\">Refresh</button>",
        'steps: [goto: /p, click: button "Refresh"]\nsymptom: {visible: Server error}\nexpected: {visible: listitem, for: 500ms}',
        REPRODUCED,
    ),
    "a number is typed as it was read": Known(
        "<p role=status>5</p><input aria-label=Quantity>",
        'steps: [goto: /p, {save: {n: {number_of: status}}}, {fill: {textbox "Quantity": "${saved.n}"}}]\n'
        'symptom: {value: textbox "Quantity", is: "5.0"}\nexpected: {value: textbox "Quantity", is: "5"}',
        NOT_REPRODUCED,
    ),
    "today where it is tomorrow first": Known(
        TODAY,
        'customer: kiritimati\nsteps: [goto: /p]\nsymptom: {visible: alert}\nexpected: {text: status, is: "${today}"}',
        NOT_REPRODUCED,
    ),
    "today where it is yesterday last": Known(
        TODAY,
        'customer: pago\nsteps: [goto: /p]\nsymptom: {visible: alert}\nexpected: {text: status, is: "${today}"}',
        NOT_REPRODUCED,
    ),
    "an address as it reads": Known(
        "<a href=/Foto-Müller.png>Open</a>",
        'steps: [goto: /p, click: link "Open"]\nsymptom: {not: {url: /Foto-Müller.png}}\nexpected: {url: /Foto-Müller.png}',
        NOT_REPRODUCED,
    ),
}  # fmt: skip

HOME = "<h1>Report</h1><button onclick=\"fetch('/json?again').then(answer => answer.text())\">Again</button>"
CUSTOMERS = {
    "slow": "network: {profile: {latency: 1s, download_kbps: 500, upload_kbps: 500}}\n",
    "kiritimati": "browser: {timezone: Pacific/Kiritimati}\n",
    "pago": "browser: {timezone: Pacific/Pago_Pago}\n",
}


class _Handler(site._Handler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/json":
            self._answer(200, "application/json", b"{}")
        elif path == "/guarded":
            self._redirect("/sign-in")
        elif path == "/sign-in":
            self._send(200, "text/html", "<h1>Sign in</h1><label>Password <input type=password></label>")
        elif path == "/stream":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(b'data: {"state": "failed"}\n\n')
            self._wait()
        elif path == "/latin1":
            self._answer(200, "application/json; charset=iso-8859-1", '{"name": "Müller"}'.encode("latin-1"))
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status = 500 if self.path == "/fails" else 200
        self._answer(status, "application/json", b'{"ok": false, "code": "E7"}' if self.path == "/code" else b"{}")

    def _answer(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Result]:
    """What came of each, in one run of all."""
    folder = tmp_path_factory.mktemp("truths")
    root, pages = folder / "ws", {"/home": ("text/html", HOME)}
    for name in ("environments", "customers"):
        (root / name).mkdir(parents=True)
    for name, customer in CUSTOMERS.items():
        (root / "customers" / f"{name}.yaml").write_text(customer)
    for number, (name, known) in enumerate(KNOWN.items()):
        pages[f"/p{number}"] = ("text/html; charset=utf-8", known.page)
        scenario = re.sub(r"/p(?=[,\]}])", f"/p{number}", known.scenario)
        (root / f"{number}.yaml").write_text(f"title: {name}\n{scenario}\nwithin: 3s\n", encoding="utf-8")
    with site.serving_with(type("Handler", (_Handler,), {"extra": pages})) as base_url:
        (root / "repro.yaml").write_text("environment: local\nstep_timeout: 2s\n")
        (root / "environments/local.yaml").write_text(f"base_url: {base_url}\n")
        world = workflow.World(environ={"PATH": "/usr/bin:/bin:/usr/local/bin", "REPRO_STATE": str(folder / "state")})
        asked = workflow.Options(paths=(root,), reports=folder / "reports", workers=3)
        record = workflow.run(asked, world, lambda event: None, lambda plan, where: None).record
    return {result.title: result for result in record.results}


@pytest.mark.parametrize("name", KNOWN)
def test_the_verdict_is_the_truth(results: Mapping[str, Result], name: str) -> None:
    assert results[name].verdict is KNOWN[name].truth, results[name].reason
    assert KNOWN[name].because in results[name].reason
