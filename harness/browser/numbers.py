"""Numbers as a page shows them in a customer's locale."""

from __future__ import annotations

import re
import unicodedata

from babel.core import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

_SPACES = "\u00a0\u202f\u2009\u2007 "
_MINUS = "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"
_NUMBER = re.compile(r"[-+]?\d[\d.,'\u2019\u066b\u066c\u00a0\u202f\u2009\u2007 ]*")


def parse_number(text: str, locale: str | None) -> float | None:
    """The one number in a text such as `1.234,50 €`, read as the locale writes it (en-US when None); a per cent sign is left
    out of account, accounting parentheses mean minus. None when there is no number, or more than one."""
    plain = "".join("-" if char in _MINUS else char for char in text)
    plain = plain.translate({ord(char): str(value) for char, value in _foreign_digits(plain).items()})
    found = [match[0].strip(_SPACES + ".,'") for match in _NUMBER.finditer(plain)]
    if len(found) != 1:
        return None
    value = _value(found[0], *_symbols(locale))
    negative = re.search(r"\(\s*[^()]*\d[^()]*\)", plain) is not None or re.search(r"-\s*[^\d\s]{1,3}\s*\d", plain) is not None
    return -value if value is not None and negative and value > 0 else value


def _foreign_digits(text: str) -> dict[str, int]:
    return {char: unicodedata.decimal(char) for char in text if char.isdecimal() and char not in "0123456789"}


def _symbols(locale: str | None) -> tuple[str, str]:
    try:
        known = Locale.parse((locale or "en-US").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        known = Locale.parse("en_US")
    return get_decimal_symbol(known), get_group_symbol(known)


def _value(digits: str, decimal: str, group: str) -> float | None:
    for char in (*_SPACES, "'", "\u2019", "\u066c", *([group] if group not in _SPACES else [])):
        digits = digits.replace(char, "")
    try:
        return float(digits.replace(decimal, ".").replace("\u066b", "."))
    except ValueError:
        return None
