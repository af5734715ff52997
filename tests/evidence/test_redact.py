"""No secret is left in text, bytes or archives, in any of the forms in which it travels."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.secret import Secret
from harness.evidence import learn
from harness.evidence.redact import Redactor
from harness.evidence.scan import leaks
from harness.evidence.scrub import scrub

VALUE = 'p&ss "w<rd" Ü/+=%20'
NAMED = {"PASSWORD": VALUE}

FORMS = {
    "plain": VALUE,
    "url": quote(VALUE, safe=""),
    "url, twice": quote(quote(VALUE, safe=""), safe=""),
    "url, small hex": quote(VALUE, safe="").replace("%C3%9C", "%c3%9c"),
    "url, latin-1": quote(VALUE, safe="", encoding="latin-1"),
    "as encodeURI leaves it": quote(VALUE, safe=";,/?:@&=+$-_.!~*'()#"),
    "form": quote_plus(VALUE),
    "json": json.dumps(VALUE)[1:-1],
    "json with letters": json.dumps(VALUE, ensure_ascii=False)[1:-1],
    "json in json": json.dumps(json.dumps(VALUE))[3:-3],
    "json in a script": json.dumps(VALUE)[1:-1].replace("<", "\\u003c").replace("&", "\\u0026").replace("/", "\\/"),
    "html": html.escape(VALUE),
    "html by numbers": "".join(f"&#{ord(each)};" if not each.isalnum() or ord(each) > 127 else each for each in VALUE),
    "html by hex numbers": "".join(f"&#x{ord(each):x};" if not each.isalnum() or ord(each) > 127 else each for each in VALUE),
    "hex": VALUE.encode().hex(),
    "hex, large": VALUE.encode().hex().upper(),
    "base64": base64.b64encode(VALUE.encode()).decode(),
    "in a page that does not say its charset": VALUE.encode().decode("latin-1"),
    "javascript's escape": "".join(each if each.isalnum() and ord(each) < 128 else f"%{ord(each):02X}" for each in VALUE),
    "old percent form": "".join(each if each.isalnum() and ord(each) < 128 else f"%u{ord(each):04X}" for each in VALUE),
    "html by names": VALUE.replace("&", "&AMP;").replace("<", "&LT;").replace("/", "&sol;").replace("+", "&plus;").replace("=", "&equals;"),
    "json in a form": quote_plus(json.dumps(VALUE)[1:-1]),
    "json in an attribute": html.escape(json.dumps(VALUE)[1:-1]),
    "html in an address": quote(html.escape(VALUE), safe=""),
    "as a regular expression": re.escape(VALUE),
    "base64 for addresses": base64.urlsafe_b64encode(VALUE.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_is_replaced_by_the_name(form: str) -> None:
    redactor = Redactor([Secret("PASSWORD", VALUE)])
    assert redactor.text(f"before {form} after") == "before [PASSWORD] after"
    assert redactor.data(f"before {form} after".encode()) == b"before [PASSWORD] after"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_scan_finds_every_form(form: str) -> None:
    assert leaks([("a.txt", f"before {form} after".encode())], NAMED) == ("a.txt holds PASSWORD",)


PACKED = {
    "json": json.dumps({"key": VALUE}),
    "json with letters": json.dumps({"key": VALUE}, ensure_ascii=False),
    "form": f"key={quote_plus(VALUE)}&n=1",
    "html": f"<p>{html.escape(VALUE)}</p>",
}


@pytest.mark.parametrize("text", PACKED.values(), ids=PACKED)
def test_what_was_escaped_and_then_packed_as_base64_is_found(text: str) -> None:
    data = f"?state={base64.b64encode(text.encode()).decode()}&n=1".encode()
    clean = Redactor([Secret("PASSWORD", VALUE)]).data(data)
    assert b"[PASSWORD]" in clean
    assert leaks([("a.txt", data)], NAMED) == ("a.txt holds PASSWORD",)
    assert leaks([("a.txt", clean)], NAMED) == ()


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-be", "cp437", "koi8-r", "mac-roman", "shift_jis"])
def test_files_in_other_charsets_are_cleaned(charset: str) -> None:
    secret = {"koi8-r": "пароль-42", "shift_jis": "秘密の鍵-42"}.get(charset, "schlüssel-42")
    clean = scrub(f"key;{secret};1".encode(charset), Redactor([Secret("KEY", secret)]))
    assert clean.decode(charset) == "key;[KEY];1"


@pytest.mark.parametrize("user", ["a", "ab", "abc", "abcd"])
@pytest.mark.parametrize("tail", ["", ":x", "::y", ":::z"])
def test_base64_is_replaced_at_any_offset_and_nothing_of_it_stays(user: str, tail: str) -> None:
    secret = "correct horse battery"
    around = base64.b64encode(f"{user}:{secret}{tail}".encode()).decode()
    clean = Redactor([Secret("PASSWORD", secret)]).text(f"Basic {around}")
    assert "[PASSWORD]" in clean
    kept = clean.removeprefix("Basic ").replace("[PASSWORD]", "")
    assert len(kept) <= len(around) - len(secret) * 8 // 6
    assert leaks([("header", clean.encode())], {"PASSWORD": secret}) == ()


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip in gzip": lambda data: gzip.compress(gzip.compress(data)),
    "zip": lambda data: zipped({"inner.txt": data}),
    "zlib": zlib.compress,
    "gzip in a multipart form": lambda data: b"--b\r\n\r\n" + gzip.compress(data) + b"\r\n--b--\r\n",
    "zip in a multipart form": lambda data: b"--b\r\n\r\n" + zipped({"a": data}) + b"\r\n--b--\r\n",
    "gzip as base64": lambda data: b'{"replay": "' + base64.b64encode(gzip.compress(b"something before " + data)) + b'"}',
    "gzip as base64 in a form": lambda data: b"replay=" + quote(base64.b64encode(gzip.compress(data)), safe="").encode() + b"&n=1",
    "zip in zip": lambda data: zipped({"inner.zip": zipped({"a": data})}),
}


def zipped(members: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return into.getvalue()


@pytest.mark.parametrize("pack", CONTAINERS.values(), ids=CONTAINERS)
def test_what_is_packed_is_unpacked_searched_and_packed_again(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(f"token={quote(VALUE, safe='')}".encode())
    assert leaks([("body", packed)], NAMED)
    clean = scrub(packed, Redactor([Secret("PASSWORD", VALUE)]))
    assert leaks([("body", clean)], NAMED) == ()
    assert clean[:1] == packed[:1]


SPLIT = {
    "elements": ("<p>Your key: <b>hunter2-</b><i>and-more</i>.</p><p>hunter2-and-more</p>", "hunter2-and-more"),
    "characters": ("<p>" + "".join(f"<span>{html.escape(each)}</span>" for each in VALUE) + "</p>", VALUE),
    "escaped": (f"<b>{html.escape(VALUE[:4])}</b>{html.escape(VALUE[4:])}", VALUE),
    "comment": ("<p>hunter2<!-- a > b -->-and-more</p>", "hunter2-and-more"),
    "wbr": ("<p>hunter2-<wbr>and-more</p>", "hunter2-and-more"),
}


@pytest.mark.parametrize(("page", "secret"), SPLIT.values(), ids=SPLIT)
@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
def test_a_secret_that_is_split_over_elements_is_found(page: str, secret: str, charset: str) -> None:
    clean = scrub(page.encode(charset), Redactor([Secret("KEY", secret)])).decode(charset)
    shown = html.unescape(re.sub(r"<!--.*?-->|<[^<>]*>", "", clean))
    assert shown == html.unescape(re.sub(r"<!--.*?-->|<[^<>]*>", "", page)).replace(secret, "[KEY]")


def test_what_stands_between_the_pieces_of_a_secret_stays() -> None:
    page = b"<p>Your key: <b>hunter2-</b><i>and-more</i>.</p><p>hunter2-and-more</p>"
    assert leaks([("page.html", page)], {"KEY": "hunter2-and-more"})
    assert scrub(page, Redactor([Secret("KEY", "hunter2-and-more")])) == b"<p>Your key: <b>[KEY]</b><i></i>.</p><p>[KEY]</p>"


def test_markup_inside_json_is_read_as_markup() -> None:
    answer = json.dumps({"html": "<b>hunter2-</b><i>and-more</i>", "n": 1}).encode()
    assert json.loads(scrub(answer, Redactor([Secret("KEY", "hunter2-and-more")]))) == {"html": "<b>[KEY]</b><i></i>", "n": 1}


def test_a_code_that_stands_as_a_number_is_replaced_and_json_stays_json() -> None:
    redactor = Redactor([Secret("CODE", "482913"), Secret("CVC", "123")])
    assert json.loads(scrub(b'{"otp": 482913, "cvc": 123, "items": 123, "total": 1482913}', redactor)) == {
        "otp": "[CODE]",
        "cvc": "[CVC]",
        "items": 123,
        "total": 1482913,
    }


def test_unclosed_comments_cost_nothing() -> None:
    page = b"<!-- a <b>" * 20_000 + b"hunter2-and-more"
    assert scrub(page, Redactor([Secret("KEY", "hunter2-and-more")])).endswith(b"<b>[KEY]")


def test_a_short_secret_does_not_turn_the_text_to_stars() -> None:
    redactor = Redactor([Secret("PIN", "123")])
    assert redactor.text("invoice 1234, 123 items") == "invoice 1234, 123 items"
    assert scrub(b'{"pin": "123", "value": "123", "title": "123 items", "n": 123}', redactor) == (
        b'{"pin": "[PIN]", "value": "[PIN]", "title": "123 items", "n": 123}'
    )
    assert scrub(b"name=Jane&pin=123&amount=1234", redactor) == b"name=Jane&pin=[PIN]&amount=1234"


def test_a_code_of_digits_is_not_cut_out_of_other_numbers() -> None:
    redactor = Redactor([Secret("CODE", "482913")])
    assert redactor.text("code 482913, time 1482913.5, 0.482913") == "code [CODE], time 1482913.5, 0.482913"


def test_patterns_of_the_team_are_masked_and_json_stays_json() -> None:
    redactor = Redactor(patterns=[re.compile(r"[A-Z]{2}\d{2}[\d ]{10,30}")])
    assert redactor.text("IBAN DE89 3704 0044 0532 0130 00.") == "IBAN [masked]."
    clean = scrub(b'{"iban": "DE89370400440532013000", "n": 1}', redactor)
    assert json.loads(clean) == {"iban": "[masked]", "n": 1}


@given(
    st.text(min_size=4, max_size=30).filter(lambda text: text.isprintable() and not text.isdecimal()),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_the_plain_form_never_survives(value: str, before: str, after: str) -> None:
    redacted = Redactor([Secret("S", value)]).text(before + value + after)
    assert redacted.count(value) <= (before + "[S]" + after).count(value)


def test_a_secret_does_not_print() -> None:
    secret = Secret("PASSWORD", VALUE)
    assert VALUE not in f"{secret} {secret!r} {[secret]} {secret:>20}"


LEARNED = [
    (learn.in_headers([("Authorization", "Bearer abc.def-123")]), "abc.def-123"),
    (learn.in_headers([("authorization", "Basic " + base64.b64encode(b"jane:s3cret").decode())]), "s3cret"),
    (learn.in_headers([("Set-Cookie", "sid=0123456789abcdef; Path=/; HttpOnly")]), "0123456789abcdef"),
    (learn.in_headers([("Cookie", "theme=dark; session_id=a1b2c3d4e5f6")]), "a1b2c3d4e5f6"),
    (learn.in_headers([("X-Api-Key", "k-12345678")]), "k-12345678"),
    (learn.in_headers([("Location", "/cb?access_token=t0k3n-t0k3n&state=1")]), "t0k3n-t0k3n"),
    (learn.in_url("https://u:p4ssw0rd@x.example/#id_token=abcdef123456"), "p4ssw0rd"),
    (learn.in_body('{"data": {"refreshToken": "r-123456789"}}'), "r-123456789"),
    (learn.in_body('<input type="hidden" name="csrf_token" value="c5rf-c5rf-c5rf">'), "c5rf-c5rf-c5rf"),
    (learn.in_body("grant_type=password&client_secret=cs-12345678"), "cs-12345678"),
]


@pytest.mark.parametrize(("found", "value"), LEARNED)
def test_what_becomes_a_secret_is_learned(found: object, value: str) -> None:
    assert value in [each for _, each in found]  # type: ignore[attr-defined]


ORDINARY = [
    learn.in_body('{"token": "expired", "session": "Monday morning", "auth": "none", "password": "changed"}'),
    learn.in_headers([("Cookie", "theme=dark; lang=en-US"), ("Content-Type", "application/json")]),
    learn.in_url("https://x.example/invoices?page=2&sort=date#session"),
]


@pytest.mark.parametrize("found", ORDINARY)
def test_ordinary_values_stay_readable(found: object) -> None:
    assert list(found) == []  # type: ignore[call-overload]


SHAPED = {
    "a token (JWT)": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
}


@pytest.mark.parametrize("name", SHAPED)
def test_the_scan_knows_some_secrets_by_their_shape(name: str) -> None:
    assert leaks([("a.txt", f"see {SHAPED[name]}".encode())], {}) == (f"a.txt holds {name}",)


@pytest.mark.parametrize(
    ("password", "telling"), [("hunter2!", True), ("Abc-123", True), ("password", False), ("Demo", False), ("1234", False)]
)
def test_an_ordinary_word_is_no_secret_wherever_it_stands(password: str, telling: bool) -> None:
    assert learn.is_telling(password) is telling
