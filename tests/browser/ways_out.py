"""A page that tries every way out, and a listener on another address that must never hear of it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

FORBIDDEN = "127.0.0.2"


@dataclass
class Listener:
    """Counts whatever reaches the forbidden address, by TCP or UDP."""

    port: int
    heard: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    """Both sockets on one free port of the forbidden address."""
    with socket.socket() as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        stream.bind((FORBIDDEN, 0))
        stream.listen(50)
        port = stream.getsockname()[1]
        datagrams.bind((FORBIDDEN, port))
        listener = Listener(port)
        for target in (_accept, _receive):
            threading.Thread(target=target, args=(stream if target is _accept else datagrams, listener), daemon=True).start()
        yield listener


def _accept(stream: socket.socket, listener: Listener) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = stream.accept()
            listener.heard.append(connection.recv(200))
            connection.close()


def _receive(datagrams: socket.socket, listener: Listener) -> None:
    with contextlib.suppress(OSError):
        while True:
            listener.heard.append(datagrams.recv(2000))


PAGE = """<!doctype html><title>Ways out</title><h1>Ways out</h1>
<link rel=prefetch href={out}/prefetch><link rel=preconnect href={out}><link rel=dns-prefetch href=//evil.example>
<img src={out}/img><iframe src={out}/frame></iframe><iframe name=target></iframe>
<script src=http://evil.example/x.js></script>
<form id=form action={out}/form method=post target=target><input name=a></form>
<a id=link target=_blank href={out}/download download>download</a>
<button onclick="window.open('{out}/popup')">Popup</button>
<p role=status></p>
<script>
const out = '{out}';
fetch(out + '/fetch').catch(() => 0);
navigator.sendBeacon(out + '/beacon', 'x');
new WebSocket(out.replace('http', 'ws') + '/socket');
new EventSource(out + '/events');
new Worker(URL.createObjectURL(new Blob([`fetch('${{out}}/worker').catch(() => 0)`])));
new SharedWorker('/shared.js');
navigator.serviceWorker.register('/service.js').catch(() => 0);
fetch('/redirect').catch(() => 0);
document.getElementById('form').submit();
const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:' + out.slice(7)}}, {{urls: 'turn:' + out.slice(7) + '?transport=tcp', username: 'a', credential: 'b'}}]}});
peer.createDataChannel('x');
peer.createOffer().then(offer => peer.setLocalDescription(offer));
setTimeout(() => document.getElementById('link').click(), 200);
setTimeout(() => {{ document.querySelector('p').textContent = 'finished' }}, 1200);
</script>"""  # noqa: E501


def pages(out: str) -> dict[str, tuple[str, str]]:
    """path -> (content type, body) of the page and its scripts."""
    script = "text/javascript"
    return {
        "/": ("text/html", PAGE.format(out=out)),
        "/shared.js": (script, f"fetch('{out}/shared').catch(() => 0)"),
        "/service.js": (script, f"self.addEventListener('install', () => fetch('{out}/service').catch(() => 0))"),
    }
