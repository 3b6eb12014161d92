"""Quantities: a figure with its sign, scale and unit, as exact decimals. 1.58亿元 = 15,800万元."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from eval.figures import fold, is_bracketed, is_negative, unglued

SCALES = {
    "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "十万": 5,
    "万": 4, "千": 3, "百": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
    "mn": 6, "bn": 9,
}  # fmt: skip
"""Scale word -> power of ten."""

UNITS = {
    "元": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "¥": "CNY",
    "美元": "USD", "usd": "USD", "us$": "USD", "$": "USD", "u.s. dollars": "USD", "dollars": "USD",
    "港元": "HKD", "港币": "HKD", "hkd": "HKD", "hk$": "HKD", "欧元": "EUR", "eur": "EUR", "€": "EUR",
    "日元": "JPY", "jpy": "JPY",
    "%": "%", "percent": "%", "per cent": "%",
    "个百分点": "pp", "百分点": "pp", "percentage points": "pp", "percentage point": "pp",
    "股": "share", "shares": "share", "人": "person", "employees": "person", "people": "person",
    "吨": "ton", "tons": "ton", "tonnes": "ton", "倍": "times", "times": "times",
    "家": "firm", "户": "household", "天": "day", "days": "day", "个月": "month", "months": "month",
    "千克": "kg", "公斤": "kg", "kg": "kg", "克": "g", "毫克": "mg", "mg": "mg", "平方米": "m2",
}  # fmt: skip
"""Unit as written (folded) -> its one name."""

_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_CURRENCY = r"人民币|rmb|cny|us\$|usd|hk\$|hkd|eur|jpy|[$¥€]"
_QUANTITY = re.compile(
    rf"(?P<prefix>{_CURRENCY})?\s*(?P<number>(?<![\d.,])\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|(?<![\d.])\d+(?:\.\d+)?)"
    rf"(?:\s*(?P<scale>{_SCALE})(?![a-z]))?(?:\s*(?P<unit>{_UNIT})(?![a-z]))?"
)
_DOWN = re.compile(
    r"(?:下降|减少|降低|下滑|下跌|亏损|净亏|净流出|流出|负|缩减|回落|fell|fallen|declined?|decreased?|dropped|down|lower"
    r"|loss|lost|outflow)"
    r"(?:了|约|为约|幅度为|金额为|by|of|about|approximately|\s|:)*$"
)
_DOWN_TO = re.compile(r"(?:至|到|为|\bto)\s*$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` with sign and scale worked in; `unit` by its one name ("" where none is written);
    `scaled` says that a scale word was written; `raw` as it stands in the folded text."""

    value: Decimal
    unit: str
    scaled: bool
    raw: str
    number: str
    start: int

    @property
    def bare(self) -> bool:
        """Neither scale nor unit is written: it could be meant in any."""
        return not self.scaled and not self.unit


def quantities(text: str) -> list[Quantity]:
    """Every quantity in `text`, in order. A minus sign, accountants' parentheses or a word of
    decrease right before it (下降12.5%, fell by 12.5%) make it negative; 下降至12.5% does not."""
    folded = unglued(fold(text))
    return [_quantity(folded, match) for match in _QUANTITY.finditer(folded)]


def same_quantity(expected: Quantity, given: Quantity, *, signs: bool = True) -> bool:
    """Equal in value and not at odds in unit.

    A given quantity without scale and unit (a table cell) is compared by its digits, or by the
    whole amount: 175,890,700.00 in a table in 元 is 17,589.07万元.
    """
    left, right = expected.value, given.value
    if not signs:
        left, right = abs(left), abs(right)
    if expected.unit and given.unit and expected.unit != given.unit:
        return False
    if expected.bare or given.bare:
        sign = -1 if left < 0 else 1, -1 if right < 0 else 1
        return sign[0] == sign[1] and (expected.number == given.number or left == right)
    return left == right


def find(expected: Quantity, among: Sequence[Quantity], *, signs: bool = True) -> Quantity | None:
    """The first of `among` that is the same quantity."""
    return next((other for other in among if same_quantity(expected, other, signs=signs)), None)


def _quantity(text: str, match: re.Match[str]) -> Quantity:
    number = Decimal(match["number"].replace(",", ""))
    scale = match["scale"] or ""
    value = number * 10 ** SCALES.get(scale, 0)
    start = match.start("number")
    if _is_down(text, match.start(), start, match.end("number")):
        value = -value
    unit = UNITS.get(match["unit"] or match["prefix"] or "", "")
    return Quantity(value, unit, bool(scale), match.group().strip(), str(number.normalize()), start)


def _is_down(text: str, start: int, number: int, end: int) -> bool:
    if is_negative(text, number):
        return True
    if is_bracketed(text, number, end):
        return True
    before = text[max(0, start - 24) : start]
    return bool(_DOWN.search(before)) and not _DOWN_TO.search(before)
