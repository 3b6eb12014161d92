"""Units of table cells: from the unit line, the caption, a header or the row's own label."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from rag.verify.figure import ONE, Figure, with_unit
from rag.verify.numerals import plain
from rag.verify.units import CURRENCIES, SCALES, UNITS

_SCALE = r"(?P<scale>万亿|亿|千万|百万|十万|万|千)?"
_ZH_UNIT = "|".join(
    re.escape(w)
    for w in sorted((u for u in UNITS if not u.isascii() or u == "%"), key=len, reverse=True)
)
_WRITTEN = rf"{_SCALE}(?P<unit>(?:{_ZH_UNIT})(?:/[^\s,、;()|]{{1,4}})?)"
_ONE_UNIT = re.compile(rf"(?:人民币)?\s?{_WRITTEN}")
_UNIT_LINE = re.compile(
    rf"单\s?位\s?:\s*(?:人民币)?\s?(?:{_WRITTEN.replace('?P<scale>', '').replace('?P<unit>', '')}[ 、,/和]*(?:人民币)?)+"
)
_UNIT_NOTE = re.compile(
    rf"\((?:单位:|人民币|金额:?)?\s?{_SCALE}(?P<unit>(?:{_ZH_UNIT})(?:/[^\s,、;()|]{{1,4}})?)\)"
)
_EN_UNIT = re.compile(
    r"(?P<money>US\$|HK\$|\$|USD|RMB|CNY|EUR|€|£)?\s?(?:\(?(?:amounts?|dollars?)?\s?(?:expressed\s)?in\s(?:(?P<money2>US\$|\$|USD|RMB|CNY|EUR)\s?)?"
    r"(?P<scale>thousands?|millions?|billions?)|(?P<noughts>'000\b))",
    re.IGNORECASE,
)
_SIGN = re.compile(r"US\$|HK\$|[$¥€£]")
_RATE = re.compile(
    r"率|比例|占比|比重|增减|变动幅度|增幅|降幅|同比|环比|%|percent|margin|rate|change",
    re.IGNORECASE,
)
_PART = re.compile(r"(?<!周转)率|占比|比例|比重|增减|增幅|降幅|同比|环比")
_MONEY = re.compile(
    r"金额|对价|价款|余额|收入|成本|费用|利润|投资额|资产|负债|总额|款项|账面|原值|净值|amount"
)
_COUNT = re.compile(
    r"人数|数量|户数|家数|台数|次数|股数|份额|销量|产量|排名|名次|年限|期限|天数|number of|shares|headcount|quantity",
    re.IGNORECASE,
)
_PER_SHARE = re.compile(r"per share|每股", re.IGNORECASE)


def in_unit(
    figure: Figure, common: tuple[str, Decimal] | None, label: str, column: str, *, above: str = ""
) -> tuple[Figure, bool]:
    """The figure of a cell in the unit of the cell, its column, row or table (`common`); and
    whether none is known. Where the unit line in `above` has a percent sign ("万元、%"), rates and
    shares are percentages."""
    if not figure.bare:
        in_thousands = common and figure.scale == ONE and _SIGN.search(figure.text)
        if in_thousands and not _PER_SHARE.search(f"{label} {column}"):
            return with_unit(figure, figure.unit, common[1] if common else ONE), False
        return figure, False
    noted = noted_unit(column) or noted_unit(label)
    if noted:
        return with_unit(figure, *noted), False
    if _PART.search(column or label) and _has_percent(above):
        return with_unit(figure, "%"), False
    if _RATE.search(column) or (not column and _RATE.search(label)) or _RATE.search(label[-3:]):
        return figure, True
    if common is not None and common[0] in UNITS and UNITS[common[0]].kind == "count":
        return with_unit(figure, *common), False
    if common is None and (money := _money_of(above)) and _MONEY.search(column or label):
        return with_unit(figure, *money), False
    if common is None or _COUNT.search(column) or _COUNT.search(label):
        return figure, True
    if _PER_SHARE.search(label):
        return figure, True
    if not common[0]:
        scaled = with_unit(figure, "", common[1])
        return scaled, common[1] == ONE
    return with_unit(figure, *common), False


@lru_cache(maxsize=1024)
def _money_of(above: str) -> tuple[str, Decimal] | None:
    """The one currency of a unit line that has other units too ("万元、股")."""
    line = _UNIT_LINE.search(plain(above))
    found = set(_units_of(line.group())) if line else set()
    money = [unit for unit in found if UNITS.get(unit[0]) and UNITS[unit[0]].kind == "amount"]
    priced = any("/" in unit for unit, _ in found)
    return money[0] if len(money) == 1 and not priced else None


@lru_cache(maxsize=1024)
def _has_percent(above: str) -> bool:
    line = _UNIT_LINE.search(plain(above))
    return line is not None and "%" in line.group()


@lru_cache(maxsize=4096)
def noted_unit(text: str) -> tuple[str, Decimal] | None:
    """The unit that a header or label notes in brackets: "金额(万元)", "占比(%)"."""
    match = _UNIT_NOTE.search(plain(text))
    return (match["unit"], SCALES.get(match["scale"] or "", ONE)) if match else None


def _units_of(line: str) -> list[tuple[str, Decimal]]:
    return [
        (match["unit"], SCALES.get(match["scale"] or "", ONE))
        for match in _ONE_UNIT.finditer(line.partition(":")[2])
    ]


def _common_unit(line: str) -> tuple[str, Decimal] | None:
    """The one unit of "单位:万元" or "单位:万元、%"; None for a line of several ("个、万元/个")."""
    found = _units_of(line)
    amounts = [unit for unit in dict.fromkeys(found) if unit[0] != "%"]
    return amounts[0] if len(amounts) == 1 else found[0] if len(found) == 1 else None


@lru_cache(maxsize=1024)
def unit_of(text: str, money: str) -> tuple[str, Decimal] | None:
    """(unit, scale) that a caption, unit line or header states, None where it states none.

    `money` is the currency whose sign stands in the table's cells, for "(in millions)".
    """
    source = plain(text)
    line = _UNIT_LINE.search(source)
    if line:
        return _common_unit(line.group())
    first, *rest = source.split("\n")
    alone = (_UNIT_NOTE.fullmatch(line.strip()) for line in rest)
    match = _UNIT_NOTE.search(first) or next(filter(None, alone), None)
    if match:
        return match["unit"], SCALES.get(match["scale"] or "", ONE)
    english = _EN_UNIT.search(source)
    if english is None:
        return None
    scale = Decimal(1000) if english["noughts"] else SCALES[english["scale"].lower()]
    sign = (english["money"] or english["money2"] or "").lower()
    return CURRENCIES.get(sign, money), scale
