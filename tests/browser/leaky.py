"""An application that shows, sends and keeps a secret in every place and form that a browser's evidence can hold, and the list of them.

Each place has a mark of its own beside the secret, so that a test can tell that the place is in the evidence, with the secret or without.
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import quote, quote_plus

KEY = 'pä$$ wörd/"x"&<y>+42'
CODE = "7f3"
TOKEN = "tok-5f0c2b91e6d84a7c"
ASKED = "sess-4b1d9e72aa05c683"
COOKIE = "c00k1e-91aa0f3de2b7"
BEARER = "b3arer-0d9c8b7a6f5e"
TYPED = "typ3d-As-it-is"
IBAN = "DE89 3704 0044 0532 0130 00"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def in_script(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c").replace("&", "\\u0026")[1:-1]


def in_address(text: str) -> str:
    return quote(text, safe="")


def as_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": in_json,
    "JSON inside JSON": lambda text: in_json(in_json(text)),
    "HTML": html.escape,
    "misread": lambda text: text.encode().decode("latin-1"),
    "script": in_script,
    "URL": in_address,
    "URL in latin-1": lambda text: quote(text, safe="", encoding="latin-1"),
    "form": quote_plus,
}


@dataclass(frozen=True)
class Place:
    """Where the secret stands and how. `sought` is there without the redactor and must not be there with it; `left` the other way."""

    name: str
    form: str
    sought: bytes
    left: bytes


def place(name: str, mark: str, form: str, charset: str = "utf-8") -> Place:
    """The mark and, behind it, the key."""
    return Place(name, form, (mark + FORMS[form](KEY)).encode(charset), f"{mark}[KEY]".encode(charset))


def packed(name: str, mark: str, form: str, pack: Callable[[str], str], left: str) -> Place:
    """Mark and key packed together: `left` is what remains of the mark."""
    return Place(name, form, pack(mark + KEY).encode(), f"{left}[KEY]".encode())


PLACES = (
    place("the page's title", "p01:", "JSON"),
    place("a text of the page", "p02:", "JSON"),
    place("markup in the page's source", "p02:", "HTML"),
    place("an attribute", "p03:", "JSON"),
    place("a hidden field", "p04:", "JSON"),
    place("a text area", "p05:", "JSON"),
    place("a shadow root", "p06:", "JSON"),
    place("a comment in the page's source", "p07:", "plain"),
    place("a script in the page's source", "p08:", "script"),
    packed("a text of the page", "p09:xx", "base64", as_base64, "cDA5Onh4"),
    packed("a text of the page", "p10:xxx", "base64, one byte further", as_base64, "cDEwOnh4e"),
    packed("a text of the page", "p11:xxxx", "base64, two bytes further", as_base64, "cDExOnh4eH"),
    packed("a text of the page", "p12:", "hex", lambda text: text.encode().hex(), b"p12:".hex()),
    place("a frame's address", "p13=", "URL"),
    place("a frame's text", "p14:", "HTML"),
    place("the page's address", "p15=", "URL"),
    place("the page's fragment", "p16=", "URL"),
    place("the console", "p17:", "JSON"),
    place("the console", "p18:", "JSON inside JSON"),
    place("an uncaught exception", "p19:", "JSON"),
    place("a dialog", "p20:", "JSON"),
    place("the body of a request", "p21:", "JSON"),
    place("the body of a request", "p22:", "JSON inside JSON"),
    place("a form that was sent", "p23=", "form"),
    place("a multipart form that was sent", "p24:", "plain"),
    packed("a header `Basic`", "jane:x", "base64", as_base64, "amFuZTp4"),
    place("an address that was asked for", "p25=", "URL"),
    place("an address that was asked for", "p26=", "URL in latin-1"),
    place("the body of an answer", "p27:", "JSON"),
    place("the body of an error without a charset", "p28:", "misread"),
    place("a redirect's address", "p29=", "URL"),
    place("an answer packed with gzip", "p30:", "plain"),
    place("a zip archive that was downloaded", "p31:", "plain"),
    place("a download in latin-1", "p32:", "plain", "latin-1"),
    place("a download in UTF-16", "p33:", "plain", "utf-16-le"),
    place("gzip as base64 in a request", "p34:", "plain"),
    place("the scenario's title", "p35:", "JSON"),
    place("the customer's words", "p36:", "JSON"),
    place("a setting", "p37:", "JSON"),
    place("what staging read back", "p38:", "JSON"),
    place("staging's version", "p39:", "JSON"),
    place("the command of the run", "p40:", "JSON"),
    Place("several elements", "split", f"p41:{html.escape(KEY[:5])}<b>{html.escape(KEY[5:11])}".encode(), b"p41:[KEY]<b></b>"),
    Place("a step's argument", "JSON", f'"value":"{in_json(KEY)}"'.encode(), b'"value":"[KEY]"'),
    Place("a password typed as it is", "plain", TYPED.encode(), b"[password field]"),
    Place("a session cookie", "plain", COOKIE.encode(), b"[cookie sid]"),
    Place("a token that a sign-in gave", "plain", TOKEN.encode(), b"[token]"),
    Place("a token that the page asked for", "plain", ASKED.encode(), b"[accessToken]"),
    Place("a token in the console", "plain", JWT.encode(), b"[jwt]"),
    Place("a header `Bearer`", "plain", BEARER.encode(), b"[Authorization]"),
)

PAGE = f"""<!doctype html><meta charset=utf-8><title>p01:{html.escape(KEY)}</title>
<style>h1, p, input {{ margin: 4px; font: 16px sans-serif; display: block }} [hidden] {{ display: none }}</style>
<h1>Account</h1><p id=mutations role=status></p>
<form id=form><label>Password <input type=password name=p23></label><label>Code <input name=pin></label></form>
<label>Passphrase <input type=password id=second></label>
<p id=whole>p02:{html.escape(KEY)}</p>
<p id=split>p41:{html.escape(KEY[:5])}<b>{html.escape(KEY[5:11])}</b><i>{html.escape(KEY[11:])}</i></p>
<p id=iban>{IBAN}</p><p id=code>{CODE} of 17f3</p>
<p data-key="p03:{html.escape(KEY)}" title="{html.escape(KEY)}">attributes</p>
<p>{as_base64("p09:xx" + KEY)}</p><p>{as_base64("p10:xxx" + KEY)}</p><p>{as_base64("p11:xxxx" + KEY)}</p>
<p>{f"p12:{KEY}".encode().hex()}</p>
<input type=hidden value="p04:{html.escape(KEY)}"><textarea>p05:{html.escape(KEY)}</textarea><div id=host></div>
<!-- p07:{KEY} -->
<a id=link href="/file" download>Latin</a> <a id=wide href="/wide" download>UTF-16</a> <a id=zip href="/zip" download>Zip</a>
<iframe src="/frame?p13={in_address(KEY)}" width=300 height=60></iframe>
<script>
const key = "p08:{in_script(KEY)}".slice(4);
let mutations = 0;
new MutationObserver((all) => {{
  if (all.every((each) => each.target.id === 'mutations' || each.target.parentNode?.id === 'mutations')) return;
  mutations += all.length;
}}).observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
const show = () => {{ document.getElementById('mutations').textContent = `${{mutations}} changes`; }};
setInterval(show, 100);
const shadow = document.getElementById('host').attachShadow({{ mode: 'open' }});
shadow.append(Object.assign(document.createElement('p'), {{ textContent: 'p06:' + key }}));
mutations = 0;
const packed = async (text) => {{
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return btoa(String.fromCharCode(...new Uint8Array(await new Response(stream).arrayBuffer())));
}};
const post = (to, body, headers = {{}}) => fetch(to, {{ method: 'POST', body, headers }});
document.querySelector('form').addEventListener('submit', (event) => {{ event.preventDefault(); }});
document.addEventListener('keydown', async (event) => {{
  if (event.key !== 'Enter') return;
  const answer = await (await post('/sign-in', new URLSearchParams(new FormData(document.querySelector('form'))))).json();
  const session = await (await fetch('/session')).json();
  const nested = JSON.stringify({{ key: 'p21:' + key, nested: JSON.stringify({{ key: 'p22:' + key }}) }});
  await post('/json', nested, {{ Authorization: 'Bearer {BEARER}' }});
  const form = new FormData(); form.append('key', 'p24:' + key); form.append('pin', '{CODE}');
  await post('/multipart', form, {{ 'X-Basic': btoa(unescape(encodeURIComponent('jane:x' + key))) }});
  await post('/replay', JSON.stringify({{ replay: await packed('p34:' + key) }}));
  await fetch('/gone?p25=' + encodeURIComponent(key) + '&p26={FORMS["URL in latin-1"](KEY)}&pin={CODE}').then((gone) => gone.text());
  await fetch('/packed'); await fetch('/redirect');
  console.log('p17:' + key, {{ key }}); console.error(JSON.stringify({{ token: answer.token, key: 'p18:' + key }}));
  console.error(session.accessToken, '{JWT}', document.getElementById('second').value);
  setTimeout(() => {{ throw new Error('p19:' + key + ' ' + answer.token); }});
  alert('p20:' + key);
  history.replaceState(null, '', '/?p15=' + encodeURIComponent(key) + '#p16=' + encodeURIComponent(key));
}});
</script>"""


class Handler(BaseHTTPRequestHandler):
    """Answers with the secret wherever it can."""

    protocol_version = "HTTP/1.1"
    settings: dict[str, Any] = {}

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answers: dict[str, tuple[int, str, bytes]] = {
            "/gone": (500, "text/plain", f"no such key: p28:{KEY}".encode()),
            "/packed": (200, "application/octet-stream", gzip.compress(f"p30:{KEY}".encode())),
            "/file": (200, "text/csv", f"key\np32:{KEY}\n".encode("latin-1")),
            "/wide": (200, "text/csv", f"key\np33:{KEY}\n".encode("utf-16")),
            "/zip": (200, "application/zip", zipped(f"p31:{KEY}")),
            "/frame": (200, "text/html; charset=utf-8", f"<p>p14:{html.escape(KEY)}</p>".encode()),
            "/session": (200, "application/json", json.dumps({"accessToken": ASKED}).encode()),
            "/version": (200, "application/json", json.dumps({"sha": f"p39:{KEY}"}).encode()),
            "/settings": (200, "application/json", json.dumps({**self.settings, "added": f"p38:{KEY}"}).encode()),
        }
        if path == "/redirect":
            self._send(302, "text/plain", b"", {"Location": f"/landed?p29={in_address(KEY)}"})
        elif path in answers:
            self._send(*answers[path], {"Content-Disposition": "attachment"} if path in ("/file", "/wide", "/zip") else {})
        else:
            self._send(200, "text/html; charset=utf-8", PAGE.encode(), {"X-Api-Key": "k-" + TOKEN})

    def do_POST(self) -> None:
        self._body()
        cookie = {"Set-Cookie": f"sid={COOKIE}; HttpOnly; Path=/"}
        self._send(200, "application/json", json.dumps({"token": TOKEN, "echo": f"p27:{KEY}"}, ensure_ascii=False).encode(), cookie)

    def do_PUT(self) -> None:
        type(self).settings = json.loads(self._body())
        self._send(200, "application/json", b"{}")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


def zipped(text: str) -> bytes:
    """A zip archive with one file."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("keys.txt", text)
    return into.getvalue()
