"""Whether a text layer says what the page shows.

A font embedded without a map from its glyphs to characters yields replacement or private-use
characters, scripts that no filing uses, or ideographs that nobody writes. The measure is the
share of such characters among all that are not spaces. Latin text whose letters are shifted is
told by the share of the nine letters that are commonest in English (0.70 of its prose, 0.75 of
Pinyin, 0.33 where every letter stands for another).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from rag.load.characters import HYPHEN

MOST_UNLIKELY = 0.2
"""Share of unlikely characters from which on a page goes to OCR."""
LEAST_COMMON = 0.5
"""Share of common letters below which Latin text is none."""
COMMON = "etaoinsrh"
OTHERS = "bcdfgjklmpquvwxyz"
FEWEST_LETTERS = 200
FEWEST_CHARACTERS = 20
_USUAL = re.compile(
    "[!-~\u00a0-\u024f\u0370-\u052f\u2000-\u206f\u2070-\u218f\u2190-\u22ff\u2300-\u23ff\u2460-\u27bf"
    "\u2e80-\u2fdf\u3000-\u30ff\u3200-\u33ff\ufe30-\ufe4f\uff00-\uffef\ufb00-\ufb06\uac00-\ud7af]"
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def unlikely_share(text: str) -> float:
    """Share (0 to 1) of characters that a filing does not use; 0 for too little text to tell."""
    if text.isascii():
        return 0.0
    solid = "".join(text.split()).replace(HYPHEN, "").replace("\x02", "")
    if len(solid) < FEWEST_CHARACTERS:
        return 0.0
    counts = Counter(_USUAL.sub("", solid))
    return sum(count for sign, count in counts.items() if _is_unlikely(sign)) / len(solid)


@lru_cache(maxsize=1 << 16)
def _is_unlikely(sign: str) -> bool:
    """No ideograph, or one in neither the simplified set (GB 2312) nor the traditional (Big5)."""
    return not _HAN.match(sign) or not (_encodes(sign, "gb2312") or _encodes(sign, "big5"))


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def is_garbled(text: str) -> bool:
    """Whether a page's text layer is not worth reading."""
    if unlikely_share(text) > MOST_UNLIKELY:
        return True
    lower = text.lower()
    common = sum(map(lower.count, COMMON))
    letters = common + sum(map(lower.count, OTHERS))
    return FEWEST_LETTERS <= letters >= 0.5 * len(text) and common < LEAST_COMMON * letters
