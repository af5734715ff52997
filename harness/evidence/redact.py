"""Takes secrets out of text before it is kept. It knows the secrets of one attempt; it writes nothing itself."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from harness.core.secret import Secret

SHORTEST = 4


class Redactor:
    """Replaces every known secret, in the forms in which it travels, by `[NAME]`. Values shorter than four characters are
    left alone: as text they would be found everywhere, and are covered where they are known to stand instead."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._names: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self._bytes: re.Pattern[bytes] | None = None
        for secret in secrets:
            self.learn(secret.name, secret.reveal())

    def learn(self, name: str, value: str) -> None:
        """From now on `value` is a secret too: a token that a sign-in gave, a code made for it."""
        if len(value) < SHORTEST:
            return
        new = {form: name for form in _forms(value) if form not in self._names}
        if new:
            self._names |= new
            ordered = sorted(self._names, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(form) for form in ordered))
            self._bytes = re.compile(b"|".join(re.escape(form.encode()) for form in ordered))

    def text(self, text: str) -> str:
        """The text without secrets."""
        return self._pattern.sub(lambda found: f"[{self._names[found[0]]}]", text) if self._pattern else text

    def data(self, data: bytes) -> bytes:
        """The bytes without secrets, in whichever encoding that keeps ASCII; non-ASCII secrets are looked for in UTF-8."""
        if self._bytes is None:
            return data
        return self._bytes.sub(lambda found: f"[{self._names[found[0].decode()]}]".encode(), data)


def _forms(value: str) -> set[str]:
    raw = value.encode()
    encoded = {
        value,
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        html.escape(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        raw.hex(),
        raw.hex().upper(),
    }
    return {form for form in encoded | _base64_forms(raw) if len(form) >= SHORTEST}


def _base64_forms(raw: bytes) -> set[str]:
    """What of the base64 text is the same whatever stands around the value, for each of its three alignments."""
    whole = base64.b64encode(raw).decode()
    forms = {whole, whole.replace("+", "-").replace("/", "_"), whole.rstrip("=")} if len(whole) >= 6 else set()
    for lead in range(3):
        text = base64.b64encode(b"\0" * lead + raw).decode()
        core = text[4 if lead else 0 : len(text) - (4 if (lead + len(raw)) % 3 else 0)]
        if len(core) >= 6:
            forms |= {core, core.replace("+", "-").replace("/", "_")}
    return forms
