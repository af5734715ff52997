"""Numbers are read as the customer's locale writes them, and not at all where that is not certain."""

from __future__ import annotations

import pytest

from harness.browser.numbers import parse_number

READ = [
    ("1.234,50 €", "de-DE", 1234.5),
    ("−1.234,50 €", "de-DE", -1234.5),
    ("€ 1.234,–", "de-DE", 1234),
    ("1.234,50 €", "de-AT", 1234.5),
    ("1\u202f234,50 €", "fr-FR", 1234.5),
    ("1 234,50 €", "fr-FR", 1234.5),
    ("CHF 1'234.50", "de-CH", 1234.5),
    ("CHF 1’234.50", "de-CH", 1234.5),
    ("$1,234.50", None, 1234.5),
    ("1,00,000", "en-IN", 100000),
    ("1\u00a0234,5", "nb-NO", 1234.5),
    ("12 %", "de-DE", 12),
    (".5", None, 0.5),
    ("12.", None, 12),
    ("1234567", None, 1234567),
    ("١٢٣", "ar", 123),
    ("١٬٢٣٤٫٥", "ar-EG", 1234.5),
    ("\u200f-١٢٣", "ar", -123),
    ("(12.00)", None, -12),
    ("($12.00)", None, -12),
    ("USD (12.00)", None, -12),
    ("Inbox (12)", None, 12),
    ("−5", None, -5),
    ("-$5.00", None, -5),
    ("$-5.00", None, -5),
    ("- 5 €", "de-DE", -5),
    ("USD -5", None, -5),
    ("Saldo: -5,00 €", "de-DE", -5),
    ("Saldo −5,00 €", "de-DE", -5),
    ("5.00-", None, -5),
    ("Order-7", None, 7),
    ("Open tickets – 5", None, 5),
    ("5 GB", None, 5),
]
NOT_READ = [
    ("", None),
    ("none", None),
    ("3 of 5", None),
    ("3/5", None),
    ("3 – 5", None),
    ("10 20", None),
    ("10:30", None),
    ("2026-01-31", None),
    ("1,5", None),
    ("1.234,50", None),
    ("1,234.50", "de-DE"),
    ("12.5", "de-DE"),
    ("1.234", "fr-FR"),
    ("1,234,5", None),
    ("1.2K", None),
    ("€3.4M", None),
    ("1,2 Mio. €", "de-DE"),
    ("1.2.3", None),
]


@pytest.mark.parametrize(("text", "locale", "value"), READ, ids=[text for text, *_ in READ])
def test_a_number_is_read(text: str, locale: str | None, value: float) -> None:
    assert parse_number(text, locale) == value


@pytest.mark.parametrize(("text", "locale"), NOT_READ, ids=[text or "empty" for text, _ in NOT_READ])
def test_what_is_not_certain_is_not_read(text: str, locale: str | None) -> None:
    assert parse_number(text, locale) is None
