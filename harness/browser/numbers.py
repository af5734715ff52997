"""Numbers as a page shows them in a customer's locale. What could be read in two ways is not read at all."""

from __future__ import annotations

import re
import unicodedata

from babel.core import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol, list_currencies

from harness.browser.scales import NEAR, is_scaled

_SPACES = "\u00a0\u202f\u2009\u2007 "
_APOSTROPHES = "'\u2019"
_MINUS = "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"
_MARKS = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"
_NUMBER = re.compile(rf"(?:(?<![\w.,])[.,])?\d(?:[\d.,\u066b\u066c{_APOSTROPHES}{_SPACES}]*\d)?")
_ABOUT = re.compile(r"[<>\u2264-\u2267~\u2248\u00b1][^\w]*$")
_MORE = re.compile(r"\s*(?:[\u2030\u2031]|\+)")
_WORD = re.compile(r"[^\W\d_]+")
_MONEY = frozenset((*list_currencies(), "kr", "Kr", "Rs", "RM", "Rp", "Fr"))


def parse_number(text: str, locale: str | None) -> float | None:
    """The one number in a text such as `1.234,50 €`, read as the locale writes it (en-US when None); a per cent sign is left
    out of account, accounting parentheses mean minus. None when there is no number, more than one, one that is only part of what is
    meant (`1.2K`, `1½`, `H2O`, `<5`), or one whose separators do not stand where the locale has them."""
    plain, known = _plain(text), _known(locale)
    found = list(_NUMBER.finditer(plain))
    if len(found) != 1:
        return None
    before, digits, after = plain[: found[0].start()], found[0][0], plain[found[0].end() :]
    money = _money(known)
    if _is_part(before, after, money) or is_scaled(before, after, known):
        return None
    if " " in digits and not (get_group_symbol(known).isspace() and _only_money(before, money)):
        return None
    value, negative = _value(digits, get_decimal_symbol(known), get_group_symbol(known)), _negative(before, after, money)
    if value is None or negative is None:
        return None
    return -value if negative else value


def _is_part(before: str, after: str, money: frozenset[str]) -> bool:
    """Whether the digits are a fraction's, a power's, a name's or a bound's."""
    beside = (before.rstrip()[-1:], after.lstrip()[:1])
    if any(unicodedata.category(char) in ("No", "Nl") for char in beside if char) or _ABOUT.search(before[-NEAR:]) or _MORE.match(after):
        return True
    name = re.search(r"[A-Za-z]+$", before[-NEAR:])
    return name is not None and name[0] not in money and (len(name[0]) <= 2 or after[:1].isalpha())


def _plain(text: str) -> str:
    """ASCII digits and minus signs, no marks of direction."""
    return "".join(_plain_char(char) for char in text if char not in _MARKS)


def _plain_char(char: str) -> str:
    if char in _MINUS:
        return "\u2212" if char == "\u2212" else "-"
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _known(locale: str | None) -> Locale:
    try:
        return Locale.parse((locale or "en-US").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_US")


def _money(known: Locale) -> frozenset[str]:
    """The words that are currencies."""
    return _MONEY.union(*(_WORD.findall(symbol) for symbol in known.currency_symbols.values()))


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


def _negative(before: str, after: str, money: frozenset[str]) -> bool | None:
    """A minus before the number or its currency, or right behind it; or parentheses round nothing else than an amount. None where a
    minus stands apart behind it."""
    if after.startswith("-") and (_only_money(after, money) or not re.search(r"\w", after[1:].strip()[:1])):
        return True
    if re.fullmatch(r"[^-\u2212:.,]*[-\u2212]\s*", after) and _only_money(after, money):
        return None
    if re.search(r"\([^()]*$", before) and re.match(r"[^()]*\)", after):
        return _only_money(before, money) and _only_money(after, money)
    sign = re.search(r"[-\u2212][^\d\w]*(?:[A-Z]{3}\s*)?$", before)
    if sign is None:
        return False
    words = before[: sign.start()].rstrip()
    if sign[0][0] == "\u2212" or not words:
        return True
    apart = before[: sign.start()] != words
    return not sign[0][1:2].isspace() if apart else not words[-1].isalpha() or _WORD.findall(words)[-1] in money


def _only_money(text: str, money: frozenset[str]) -> bool:
    """Whether a text has no words but currencies."""
    return all(word in money for word in _WORD.findall(text))
