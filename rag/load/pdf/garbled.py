"""Whether a text layer says what the page shows.

A font embedded without a map from its glyphs to characters yields replacement or private-use
characters, scripts that no filing uses, or ideographs that nobody writes. The measure is the
share of such characters among all that are not spaces. Latin text whose letters are shifted is
told by the share of the nine letters that are commonest in English (0.70 of its prose, 0.75 of
Pinyin, 0.33 where every letter stands for another).
"""

from __future__ import annotations

import contextlib
import re
from functools import cache

MOST_UNLIKELY = 0.2
"""Share of unlikely characters from which on a page goes to OCR."""
LEAST_COMMON = 0.5
"""Share of common letters below which Latin text is none."""
COMMON = "etaoinsrh"
OTHERS = "bcdfgjklmpquvwxyz"
FEWEST_LETTERS = 200
FEWEST_CHARACTERS = 20
_USUAL = (
    "\\s!-~\u00a0-\u024f\u0370-\u052f\u2000-\u218f\u2190-\u23ff\u2460-\u27bf\u2e80-\u2fdf"
    "\u3000-\u30ff\u3200-\u33ff\ufe30-\ufe4f\uff00-\uffef\ufb00-\ufb06\uac00-\ud7af\x02\ufffe"
)
"""Inside of a character class: spaces, and the scripts and signs that filings use."""
_IDEOGRAPHS = (range(0x4E00, 0xA000), range(0xF900, 0xFB00))


@cache
def _unlikely() -> re.Pattern[str]:
    """What is neither usual nor an ideograph of the simplified (GB 2312) or traditional (Big5) set."""
    known = (chr(code) for codes in _IDEOGRAPHS for code in codes)
    return re.compile(f"[^{_USUAL}{''.join(filter(_is_common, known))}]")


def _is_common(ideograph: str) -> bool:
    for encoding in ("gb2312", "big5"):
        with contextlib.suppress(UnicodeEncodeError):
            return bool(ideograph.encode(encoding))
    return False


def unlikely_share(text: str) -> float:
    """Share (0 to 1) of characters that a filing does not use; 0 for too little text to tell."""
    if text.isascii():
        return 0.0
    solid = "".join(text.split())
    if len(solid) < FEWEST_CHARACTERS:
        return 0.0
    return len(_unlikely().findall(solid)) / len(solid)


def is_garbled(text: str) -> bool:
    """Whether a page's text layer is not worth reading."""
    if unlikely_share(text) > MOST_UNLIKELY:
        return True
    if len(text.encode("utf-8", "replace")) > 1.5 * len(text):
        return False
    lower = text.lower()
    common = sum(map(lower.count, COMMON))
    letters = common + sum(map(lower.count, OTHERS))
    return FEWEST_LETTERS <= letters >= 0.5 * len(text) and common < LEAST_COMMON * letters
