"""No secret is left in text, bytes or archives, in any of the forms in which it travels."""

from __future__ import annotations

import base64
import gzip
import html
import json
import zipfile
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.secret import Secret
from harness.evidence.redact import Redactor
from harness.evidence.scrub import scrub_archive

VALUE = 'p&ss "w<rd" Ü/+=%20'

FORMS = {
    "plain": VALUE,
    "url": quote(VALUE, safe=""),
    "form": quote_plus(VALUE),
    "json": json.dumps(VALUE)[1:-1],
    "json with letters": json.dumps(VALUE, ensure_ascii=False)[1:-1],
    "html": html.escape(VALUE),
    "hex": VALUE.encode().hex(),
    "base64": base64.b64encode(VALUE.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_replaced_by_the_name(form: str) -> None:
    redactor = Redactor([Secret("PASSWORD", VALUE)])
    assert redactor.text(f"before {form} after") == "before [PASSWORD] after"
    assert redactor.data(f"before {form} after".encode()) == b"before [PASSWORD] after"


@pytest.mark.parametrize("user", ["a", "ab", "abc"])
def test_basic_authorization_is_replaced_at_any_offset(user: str) -> None:
    secret = "correct horse battery"
    header = base64.b64encode(f"{user}:{secret}".encode()).decode()
    clean = Redactor([Secret("PASSWORD", secret)]).text(f"Basic {header}")
    assert "[PASSWORD]" in clean
    assert header[8:20] not in clean


def test_a_short_secret_does_not_turn_the_text_to_stars() -> None:
    assert Redactor([Secret("PIN", "123")]).text("invoice 1234, 123 items") == "invoice 1234, 123 items"


@given(st.text(min_size=4, max_size=30).filter(lambda text: text.isprintable()), st.text(max_size=20), st.text(max_size=20))
def test_the_plain_form_never_survives(value: str, before: str, after: str) -> None:
    redacted = Redactor([Secret("S", value)]).text(before + value + after)
    assert redacted.count(value) <= (before + "[S]" + after).count(value)


def test_every_member_of_an_archive_is_scrubbed_and_the_archive_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "trace.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trace.trace", json.dumps({"params": {"value": VALUE}}))
        archive.writestr("resources/body", gzip.compress(f"token={quote(VALUE, safe='')}".encode()))
        archive.writestr("resources/page.html", f"<input value='{html.escape(VALUE)}'>")
    scrub_archive(path, Redactor([Secret("PASSWORD", VALUE)]))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("trace.trace")) == {"params": {"value": "[PASSWORD]"}}
        assert gzip.decompress(archive.read("resources/body")) == b"token=[PASSWORD]"
        assert archive.read("resources/page.html") == b"<input value='[PASSWORD]'>"


def test_a_secret_does_not_print() -> None:
    secret = Secret("PASSWORD", VALUE)
    assert VALUE not in f"{secret} {secret!r} {[secret]} {secret:>20}"
