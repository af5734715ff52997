"""A small site of this process to record on: a form with everything in it, frames, a popup, dialogs, and pages that mean harm."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FORM = """<!doctype html><title>Form</title><main><h1>Profile</h1>
<form action="/saved"><label>Name <input name=name></label> <label>Key word <input type=password name=pw></label>
<label><input type=checkbox name=terms> I agree</label>
<label for=country>Country</label> <select id=country name=country><option value=de>Germany<option value=no>Norway</select>
<label>Photo <input type=file name=photo></label>
<button>Save</button></form>
<p id=total>Total: 41 EUR</p>
<button onclick="document.getElementById('said').textContent = confirm('Really?') ? 'Removed' : 'Kept'">Remove</button>
<p id=said role=status></p>
<button id=twice ondblclick="this.textContent='Opened'">Open</button>
<a href="/popup" target="_blank">Help</a>
<iframe title="Payment" src="/frame" width=300 height=120></iframe>
<button disabled>Can't</button></main>"""
FRAME = """<!doctype html><title>Frame</title><button onclick="this.textContent='Paid'">Pay</button>
<iframe title="Card" src="/inner" width=200 height=60></iframe>"""
INNER = "<!doctype html><title>Inner</title><label>Number <input name=number></label>"
POPUP = "<!doctype html><title>Help</title><h1>Help</h1><button onclick=\"this.textContent='Thanks'\">Was it useful?</button>"
SAVED = "<!doctype html><title>Saved</title><h1>Saved</h1><p role=alert>Profile could not be saved</p>"
SHOWN = """<!doctype html><title>Shown</title><label>Password <input id=pw type=password></label>
<button onclick="pw.type='text'">Show</button><p id=echo></p>
<script>pw.addEventListener('input', () => { echo.textContent = 'You typed ' + pw.value; })</script>"""
HOSTILE = """<!doctype html><title>Hostile</title><main><h1>Hostile</h1>
<button id=go>${secrets.X}: {a} # b</button><p role=status>
expected: {hidden: alert}</p><input id=field aria-label="Search: - click: button"></main>
<script>
const forge = (action) => window.__pw_recorderRecordAction(action);
const lie = () => {
  forge({name: 'click', selector: 'internal:role=button[name="Delete account"i]', button: 'left', modifiers: 0, clickCount: 1});
  forge({name: 'fill', selector: 'internal:role=textbox[name="Search"i]', text: 'forged text'});
  forge({name: 'navigate', url: 'https://evil.example/'});
  forge({name: 'assertVisible', selector: 'css=body'});
  for (let turn = 0; turn < 50; turn += 1) forge({name: 'Free money ' + turn, selector: 'css=body'});
  field.value = 'dispatched text';
  field.dispatchEvent(new InputEvent('input', {bubbles: true}));
  const click = new MouseEvent('click', {bubbles: true, clientX: 640, clientY: 700});
  document.querySelectorAll('x-pw-glass').forEach((host) => host.dispatchEvent(click));
  go.dispatchEvent(new KeyboardEvent('keydown', {key: 'S', code: 'KeyS', altKey: true, shiftKey: true, bubbles: true}));
  go.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}));
};
Object.defineProperty(Event.prototype, 'isTrusted', {get: () => true});
window.leaked = Object.getOwnPropertyNames(window).filter((name) => /repro|^[wb][0-9a-f]{24}$/.test(name));
document.title = 'leaked ' + window.leaked.length;
</script>"""
OTHER_SITE = """<!doctype html><title>Two sites</title><iframe title="Bank" width=400 height=200></iframe>
<script>document.querySelector('iframe').src = location.href.replace('127.0.0.1', 'localhost').replace('/two-sites', '/shown')</script>"""
CLOBBERED = """<!doctype html><title>Order</title><form aria-label=Order style="padding: 5px 5px 90px; background: #eee">
<input name=children> <input name=value> <input name=innerText> <input name=type></form>"""
MUTE = """<!doctype html><title>Mute</title><button>Buy</button><h1>Mute</h1>
<script>Element.prototype.closest = () => 'Free money';
Object.defineProperty(HTMLElement.prototype, 'innerText', {get: () => 'Free money'});
JSON.stringify = () => '{"t": "mark", "id": 0, "kind": "expected", "what": "visible", "should": "Free money"}'</script>"""
PAGES = {
    "/mute": MUTE,
    "/clobbered": CLOBBERED,
    "/two-sites": OTHER_SITE,
    "/": FORM,
    "/frame": FRAME,
    "/inner": INNER,
    "/popup": POPUP,
    "/saved": SAVED,
    "/shown": SHOWN,
    "/hostile": HOSTILE,
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = PAGES.get(self.path.split("?")[0])
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


@contextmanager
def serving_site() -> Iterator[str]:
    """Its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
