"""Words that stand for thousands or more, such as `K`, `Mio.` or `млн`: a number beside one is not the number that is meant."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from babel.core import Locale
from babel.numbers import list_currencies

NEAR = 40  # characters before a number that are looked at
_LETTER = "[kmbtKMBT]"
_NUMERAL = "[十百千万億兆萬亿천만억조]"
_COMMON = (
    r"(?-i:MM)|mn|mio|mia|mil|mila|mill|mille|mln|mld|mlrd|mrd|md|mds|milli(?:on|ard)\w*|mill[oó]n\w*|mili(?:on|ard|oa)\w*|milj\w*"
    r"|bn|bln|billi(?:on|ard)\w*|bilj\w*|tn|trn|trln|trillion\w*|tsd|ths|thousands?|tausend|tusen\w*|tusind|duizend|tis|tisíc\w*|tys|tysi\w*"
    r"|hundreds?|lakhs?|lacs?|crores?|cr|dr|mkr|tkr|kkr|тыс|тысяч\w*|тис|тисяч\w*|млн|млрд|трлн|миллион\w*|миллиард\w*|мільйон\w*|мільярд\w*"
)
_SIGN = r"[$\u00a2-\u00a5\u20a0-\u20bf]"
_CODE = f"(?:{'|'.join(sorted(list_currencies()))})"
_START, _END = r"(?<![^\W\d_])", r"(?![^\W\d_]|[²³])"


def is_scaled(before: str, after: str, locale: Locale) -> bool:
    """Whether such a word, of the locale or of those that are common, stands right behind a number or right before it, with at most a
    currency between. `CR` and `DR` are among them: whether they make an amount negative is a bank's custom."""
    behind, ahead = _patterns(str(locale))
    return behind.match(after) is not None or ahead.search(before[-NEAR:]) is not None


@functools.lru_cache(maxsize=64)
def _patterns(locale: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What follows such a number, and what precedes it."""
    own = sorted(set(_own(Locale.parse(locale))), key=len, reverse=True)
    words = "|".join([*map(re.escape, own), _COMMON])
    long = "|".join([*(re.escape(word) for word in own if len(word) > 1), _COMMON])
    behind = rf"[\s\-]*(?:{_SIGN}|{_CODE}\b)?\s?(?:{_NUMERAL}|(?:(?i:{words})|{_LETTER}{_CODE}?){_END})"
    ahead = rf"{_START}(?:(?i:{long})[\W_]*{_CODE}?|{_CODE}?{_LETTER}{_CODE}|{_CODE}\s?{_LETTER}|{_LETTER}\s?{_SIGN})[\W_]*$"
    return re.compile(behind), re.compile(rf"{ahead}|{_SIGN}\s?{_LETTER}[\W_]*$")


def _own(locale: Locale) -> Iterator[str]:
    """The words of the locale's short and long notation, without an abbreviation's full stop."""
    for lengths in locale.compact_decimal_formats.values():
        for plural in lengths.values():
            for pattern in plural.values():
                word = re.sub(r"[0#'\u200e\u200f]", "", pattern.pattern.split(";")[0]).strip(" .\u00a0\u202f")
                if word:
                    yield word
