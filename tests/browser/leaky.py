"""An application that shows, sends and keeps a secret in every place and form that a browser's evidence can hold."""

from __future__ import annotations

import base64
import gzip
import html
import json
from http.server import BaseHTTPRequestHandler
from urllib.parse import quote

KEY = 'pä$$ wörd/"x"&<y>+42'
CODE = "7f3"
TOKEN = "tok-5f0c2b91e6d84a7c"
COOKIE = "c00k1e-91aa0f3de2b7"
BEARER = "b3arer-0d9c8b7a6f5e"
IBAN = "DE89 3704 0044 0532 0130 00"

LITERAL = json.dumps(KEY).replace("<", "\\u003c").replace("&", "\\u0026")
PAGE = f"""<!doctype html><meta charset=utf-8><title>Keys: {html.escape(KEY)}</title>
<style>h1, p, input {{ margin: 4px; font: 16px sans-serif; display: block }} [hidden] {{ display: none }}</style>
<h1>Account</h1><p id=mutations role=status></p>
<form id=form><label>Password <input type=password name=password></label><label>Code <input name=pin></label></form>
<p id=whole>{html.escape(KEY)}</p>
<p id=split>{html.escape(KEY[:5])}<b>{html.escape(KEY[5:11])}</b><i>{html.escape(KEY[11:])}</i></p>
<p id=iban>{IBAN}</p><p id=code>{CODE} of 17f3</p>
<p data-key="{html.escape(KEY)}" title="{html.escape(KEY)}">attributes</p>
<p>{base64.b64encode(b"u:" + KEY.encode()).decode()}</p><p>{KEY.encode().hex()}</p>
<input type=hidden value="{html.escape(KEY)}"><textarea>{html.escape(KEY)}</textarea><div id=host></div>
<!-- {KEY} --><a id=link href="/file?key={quote(KEY, safe="")}" download>Download</a>
<iframe src="/frame?key={quote(KEY, safe="")}" width=300 height=60></iframe>
<script>
const key = {LITERAL};
let mutations = 0, calls = 0;
new MutationObserver((all) => {{
  if (all.every((each) => each.target.id === 'mutations' || each.target.parentNode?.id === 'mutations')) return;
  mutations += all.length;
}}).observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
const spied = Document.prototype.querySelectorAll;
Document.prototype.querySelectorAll = function (...all) {{ calls += 1; return spied.apply(this, all); }};
const show = () => {{ document.getElementById('mutations').textContent = `${{mutations}} changes, ${{calls}} calls`; }};
setInterval(show, 100);
const shadow = document.getElementById('host').attachShadow({{ mode: 'open' }});
shadow.append(Object.assign(document.createElement('p'), {{ textContent: key }}));
mutations = 0; calls = 0;
document.querySelector('form').addEventListener('submit', (event) => {{ event.preventDefault(); }});
document.addEventListener('keydown', async (event) => {{
  if (event.key !== 'Enter') return;
  const basic = btoa(unescape(encodeURIComponent('jane:' + key)));
  const fields = new URLSearchParams(new FormData(document.querySelector('form')));
  const answer = await (await fetch('/sign-in', {{ method: 'POST', body: fields }})).json();
  const nested = JSON.stringify({{ key, nested: JSON.stringify({{ key }}) }});
  await fetch('/json', {{ method: 'POST', headers: {{ Authorization: 'Bearer {BEARER}' }}, body: nested }});
  const form = new FormData(); form.append('key', key); form.append('pin', '{CODE}');
  await fetch('/multipart', {{ method: 'POST', body: form, headers: {{ 'X-Basic': basic }} }});
  await fetch('/gone?key=' + encodeURIComponent(key) + '&latin=p%E4%24%24+w%F6rd%2F%22x%22%26%3Cy%3E%2B42&pin={CODE}').catch(() => 0);
  await fetch('/packed'); await fetch('/redirect');
  console.log('signed in with', key, {{ key }}); console.error(JSON.stringify({{ token: answer.token, key }}));
  setTimeout(() => {{ throw new Error('failed for ' + key + ' ' + answer.token); }});
  alert('Your key is ' + key);
  history.replaceState(null, '', '/?key=' + encodeURIComponent(key) + '#' + encodeURI(key));
}});
</script>"""


class Handler(BaseHTTPRequestHandler):
    """Answers with the secret wherever it can."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/redirect":
            self._send(302, "text/plain", b"", {"Location": f"/landed?key={quote(KEY)}"})
        elif path == "/gone":
            self._send(500, "text/plain", f"no such key: {KEY}".encode())
        elif path == "/packed":
            self._send(200, "application/octet-stream", gzip.compress(KEY.encode()))
        elif path == "/file":
            self._send(200, "text/csv", f"key\n{KEY}\n".encode("latin-1"), {"Content-Disposition": 'attachment; filename="keys.csv"'})
        elif path == "/frame":
            self._send(200, "text/html; charset=utf-8", f"<p>{html.escape(KEY)}</p>".encode())
        else:
            self._send(200, "text/html; charset=utf-8", PAGE.encode(), {"X-Api-Key": "k-" + TOKEN})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        cookie = {"Set-Cookie": f"sid={COOKIE}; HttpOnly; Path=/"}
        self._send(200, "application/json", json.dumps({"token": TOKEN, "echo": KEY}).encode(), cookie)

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
