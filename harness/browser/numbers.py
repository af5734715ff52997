"""Numbers as a page shows them in a customer's locale. What could be read in two ways is not read at all."""

from __future__ import annotations

import re
import unicodedata

from babel.core import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol, list_currencies

_SPACES = "\u00a0\u202f\u2009\u2007 "
_APOSTROPHES = "'\u2019"
_MINUS = "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"
_MARKS = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"
_NUMBER = re.compile(rf"(?:(?<![\w.,])[.,])?\d(?:[\d.,\u066b\u066c{_APOSTROPHES}{_SPACES}]*\d)?")
_SHORTENED = re.compile(r"[kKMB]\b|\s?(?:Mio|Mrd|Mln|Tsd|mil|million|billion|thousand)\b")
_WORD = re.compile(r"[^\W\d_]+")


def parse_number(text: str, locale: str | None) -> float | None:
    """The one number in a text such as `1.234,50 €`, read as the locale writes it (en-US when None); a per cent sign is left
    out of account, accounting parentheses mean minus. None when there is no number, more than one, one that is shortened (`1.2K`), or
    one whose separators do not stand where the locale has them."""
    plain = _plain(text)
    found = list(_NUMBER.finditer(plain))
    if len(found) != 1 or _SHORTENED.match(plain, found[0].end()):
        return None
    value = _value(found[0][0], *_symbols(locale))
    return -value if value is not None and _negative(plain[: found[0].start()], plain[found[0].end() :]) else value


def _plain(text: str) -> str:
    """ASCII digits and minus signs, no marks of direction."""
    return "".join(_plain_char(char) for char in text if char not in _MARKS)


def _plain_char(char: str) -> str:
    if char in _MINUS:
        return "\u2212" if char == "\u2212" else "-"
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _symbols(locale: str | None) -> tuple[str, str]:
    try:
        known = Locale.parse((locale or "en-US").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        known = Locale.parse("en_US")
    return get_decimal_symbol(known), get_group_symbol(known)


def _value(digits: str, decimal: str, group: str) -> float | None:
    if "\u066b" in digits or "\u066c" in digits:
        decimal, group = "\u066b", "\u066c"
    whole, mark, fraction = digits.partition(decimal)
    groups = {group, *_SPACES, *_APOSTROPHES} | ({".", ","} if mark else set()) - {decimal}
    if (mark and not fraction.isdecimal()) or not _well_grouped(whole, groups):
        return None
    return float("".join(filter(str.isdecimal, whole)) + "." + (fraction or "0"))


def _well_grouped(whole: str, groups: set[str]) -> bool:
    """`1234`, `1,234,567`, in India `12,34,567`; nothing at all before a decimal mark."""
    used = {char for char in whole if not char.isdecimal()}
    if not used:
        return True
    if len(used) > 1 or not used <= groups:
        return False
    first, *middle, last = whole.split(used.pop())
    return 1 <= len(first) <= 3 and len(last) == 3 and {len(part) for part in middle} in (set(), {2}, {3})


def _negative(before: str, after: str) -> bool:
    """A minus before the number or its currency, or right behind it; or parentheses round nothing else than an amount."""
    if after.startswith("-") and not re.search(r"\w", after.replace("-", "", 1).strip()[:1]):
        return True
    if re.search(r"\([^()]*$", before) and re.match(r"[^()]*\)", after):
        return _only_money(before) and _only_money(after)
    sign = re.search(r"[-\u2212][^\d\w]*(?:[A-Z]{3}\s*)?$", before)
    if sign is None:
        return False
    words = before[: sign.start()].rstrip()
    if sign[0][0] == "\u2212" or not words:
        return True
    apart = before[: sign.start()] != words
    return sign[0] == sign[0].rstrip() if apart else _only_money(words[-3:])


def _only_money(text: str) -> bool:
    """Whether a text has no words but the codes of currencies."""
    return all(word in list_currencies() for word in _WORD.findall(text))
