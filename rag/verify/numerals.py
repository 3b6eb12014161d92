"""Digits and numerals: full-width forms to plain ones, Chinese numerals to integers."""

from __future__ import annotations

import re
from decimal import Decimal

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN = _WIDE | {
    0xFF0C: 0xFF0C,  # the full-width comma separates clauses; `wide_commas` treats it in numbers
    0x3000: 0x20,
    0xA0: 0x20,
    0x2007: 0x20,
    0x202F: 0x20,
    0x2212: 0x2D,  # minus sign
    0x2010: 0x2D,
    0x2011: 0x2D,
    0x2013: 0x2D,  # en dash
    0xFE63: 0x2D,
    0xFFE5: 0xA5,  # full-width yen sign
    0x3014: 0x5B,  # tortoise-shell brackets of document numbers
    0x3015: 0x5D,
    0x25CB: 0x3007,  # circle written for zero
}

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
MULTIPLES = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "零〇一二两三四五六七八九十百千万亿"

_WIDE_COMMA = re.compile(r"(?<=\d)\uff0c(?=\d{3}(?!\d)(?:\uff0c\d{3}(?!\d))*\.\d)")
_WIDE_DIGIT_COMMA = re.compile(
    r"(?<=[\uff10-\uff19])\uff0c(?=[\uff10-\uff19]{3}(?![\uff10-\uff19]))"
)


def plain(text: str) -> str:
    """`text` with full-width digits, letters, brackets and signs in their plain forms.

    Every character maps to exactly one, so offsets stay true. A full-width comma becomes a
    thousands separator only where it cannot be a clause comma: between full-width digits, or in a
    number with decimals.
    """
    if "\uff0c" in text:
        text = _WIDE_DIGIT_COMMA.sub(",", text)
    text = text.translate(_PLAIN)
    return _WIDE_COMMA.sub(",", text) if "\uff0c" in text else text


def chinese_integer(numeral: str) -> int | None:
    """The integer that a Chinese numeral writes ("三千二百万", "二〇二五"); None for none.

    Positional digits ("二〇二五") and multiplied ones ("一百零三") are both understood.
    """
    if not numeral or any(c not in NUMERAL for c in numeral):
        return None
    if all(c in DIGITS for c in numeral):
        return int("".join(str(DIGITS[c]) for c in numeral))
    total = section = digit = 0
    for c in numeral:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in MULTIPLES:
            section += (digit or 1) * MULTIPLES[c]
            digit = 0
        else:
            power = 10**4 if c == "万" else 10**8
            total = (total + section + digit or 1) * power
            section = digit = 0
    return total + section + digit


def chinese_decimal(numeral: str) -> Decimal | None:
    """Like :func:`chinese_integer`, with decimals after 点 ("三点五" is 3.5)."""
    whole, point, fraction = numeral.partition("点")
    value = chinese_integer(whole)
    if value is None or not point:
        return None if value is None else Decimal(value)
    if not fraction or any(c not in DIGITS for c in fraction):
        return None
    return Decimal(f"{value}." + "".join(str(DIGITS[c]) for c in fraction))
