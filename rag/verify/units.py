"""Units of figures: how they are written, what they are called here, how large they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rag.types import CheckKind

SCALES: Mapping[str, Decimal] = {
    word: Decimal(10) ** power
    for word, power in {
        "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6, "十万": 5,
        "万": 4, "千": 3, "百": 2,
        "thousand": 3, "thousands": 3, "million": 6, "millions": 6, "mn": 6, "mm": 6, "billion": 9,
        "billions": 9, "bn": 9, "trillion": 12, "ten thousand": 4, "hundred million": 8, "k": 3, "m": 6, "b": 9,
    }.items()
}  # fmt: skip
"""Word of magnitude -> factor. The single letters count only after a currency sign."""

CURRENCIES: Mapping[str, str] = {
    "元": "元", "人民币": "元", "元人民币": "元", "rmb": "元", "cny": "元", "¥": "元", "yuan": "元",
    "美元": "美元", "美金": "美元", "usd": "美元", "us$": "美元", "$": "美元", "us dollars": "美元",
    "u.s. dollars": "美元", "dollars": "美元",
    "港元": "港元", "港币": "港元", "hkd": "港元", "hk$": "港元",
    "欧元": "欧元", "eur": "欧元", "€": "欧元", "euros": "欧元", "euro": "欧元",
    "日元": "日元", "jpy": "日元", "yen": "日元", "英镑": "英镑", "gbp": "英镑", "£": "英镑",
    "韩元": "韩元", "瑞士法郎": "瑞士法郎", "加元": "加元", "澳元": "澳元", "新加坡元": "新加坡元",
}  # fmt: skip
"""Written currency (lower case) -> canonical unit."""

_PERCENT: Mapping[str, tuple[str, int | str]] = {
    "%": ("%", 1), "‰": ("%", "0.1"), "percent": ("%", 1), "per cent": ("%", 1), "pct": ("%", 1),
    "个百分点": ("百分点", 1), "百分点": ("百分点", 1), "percentage points": ("百分点", 1),
    "percentage point": ("百分点", 1), "pp": ("百分点", 1), "个基点": ("百分点", "0.01"),
    "基点": ("百分点", "0.01"), "basis points": ("百分点", "0.01"), "bps": ("百分点", "0.01"),
}  # fmt: skip
_COUNTED: Mapping[str, str] = {
    "家": "家", "户": "家", "companies": "家", "customers": "家", "suppliers": "家",
    "subsidiaries": "家", "stores": "店", "人": "人", "名": "人", "位": "人", "employees": "人",
    "people": "人", "persons": "人", "associates": "人", "人次": "人次", "人民币": "",
    "个": "个", "项": "个", "款": "个", "种": "个", "条": "个", "patents": "个", "products": "个",
    "projects": "个", "个月": "月", "月": "月", "months": "月", "month": "月", "年": "年",
    "周年": "年", "years": "年", "year": "年", "岁": "岁", "天": "日", "日": "日", "days": "日",
    "day": "日", "个工作日": "工作日", "工作日": "工作日", "个交易日": "交易日", "交易日": "交易日",
    "小时": "时", "hours": "时", "分钟": "分钟", "minutes": "分钟", "周": "周", "weeks": "周",
    "倍": "倍", "times": "倍", "x": "倍", "台": "台", "套": "套", "台套": "台套", "次": "次", "件": "件",
    "笔": "笔", "份": "份", "张": "张", "只": "只", "支": "支", "片": "片", "粒": "粒", "盒": "盒",
    "瓶": "瓶", "箱": "箱", "袋": "袋", "辆": "辆", "艘": "艘", "架": "架", "座": "座", "栋": "栋",
    "层": "层", "间": "间", "处": "处", "所": "所", "批": "批", "组": "组", "例": "例", "起": "起",
    "宗": "宗", "轮": "轮", "届": "届", "篇": "篇", "门": "门", "页": "页", "股": "股", "shares": "股",
    "批次": "批", "样本": "样本", "只/年": "只/年", "units": "units", "店": "店", "类": "类", "级": "级",
}  # fmt: skip
_MEASURED: Mapping[str, tuple[str, int | str]] = {
    "吨": ("吨", 1), "tons": ("吨", 1), "tonnes": ("吨", 1), "t": ("吨", 1), "千克": ("吨", "0.001"),
    "公斤": ("吨", "0.001"), "kg": ("吨", "0.001"), "克": ("克", 1), "g": ("克", 1), "毫克": ("克", "0.001"),
    "mg": ("克", "0.001"), "微克": ("克", "0.000001"), "μg": ("克", "0.000001"), "亩": ("亩", 1),
    "公顷": ("平方米", 10000), "平方米": ("平方米", 1), "㎡": ("平方米", 1), "m2": ("平方米", 1), "m²": ("平方米", 1),
    "平方公里": ("平方米", 1000000), "square feet": ("平方英尺", 1), "立方米": ("立方米", 1), "m³": ("立方米", 1),
    "m3": ("立方米", 1), "米": ("米", 1), "公里": ("米", 1000), "千米": ("米", 1000), "km": ("米", 1000),
    "厘米": ("米", "0.01"), "cm": ("米", "0.01"), "毫米": ("米", "0.001"), "mm": ("米", "0.001"),
    "升": ("升", 1), "L": ("升", 1), "毫升": ("升", "0.001"), "ml": ("升", "0.001"), "mL": ("升", "0.001"),
    "千瓦时": ("千瓦时", 1), "度": ("千瓦时", 1), "kWh": ("千瓦时", 1), "MWh": ("千瓦时", 1000),
    "GWh": ("千瓦时", 1000000), "千瓦": ("千瓦", 1), "kW": ("千瓦", 1), "兆瓦": ("千瓦", 1000),
    "MW": ("千瓦", 1000), "GW": ("千瓦", 1000000), "吉瓦": ("千瓦", 1000000), "℃": ("℃", 1),
    "MHz": ("MHz", 1), "GHz": ("MHz", 1000), "GB": ("GB", 1), "TB": ("GB", 1024), "nm": ("nm", 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit and how many of it one written unit is; `kind` is the check it falls under."""

    name: str
    factor: Decimal
    kind: CheckKind


def _table() -> dict[str, Unit]:
    one = Decimal(1)
    table = {word: Unit(name, one, "amount") for word, name in CURRENCIES.items()}
    table |= {word: Unit(name, one, "count") for word, name in _COUNTED.items() if name}
    table |= {w: Unit(name, Decimal(size), "percentage") for w, (name, size) in _PERCENT.items()}
    table |= {w: Unit(name, Decimal(size), "count") for w, (name, size) in _MEASURED.items()}
    return table


UNITS: Mapping[str, Unit] = _table()
"""Written unit -> :class:`Unit`."""


def _alternatives(words: Mapping[str, object], *, ascii_only: bool) -> str:
    chosen = [w for w in words if w.isascii() == ascii_only]
    return "|".join(re.escape(w) for w in sorted(chosen, key=len, reverse=True))


_ZH_SCALE = "|".join(sorted((w for w in SCALES if not w.isascii()), key=len, reverse=True))
_PER = r"(?:/(?:股|吨|公斤|千克|克|平方米|㎡|月|年|天|日|小时|人|台|套|件|片|支|只|盒|瓶|千瓦时|度|W|瓦|kg|g|L))?"
CHINESE_UNIT = re.compile(
    rf"[ \t]{{0,2}}(?P<more>余|多)?(?:"
    rf"(?P<scale>{_ZH_SCALE})?(?P<more2>余|多)?[ \t]{{0,2}}"
    rf"(?P<unit>(?:{_alternatives(UNITS, ascii_only=False)}|%|(?:kWh|MWh|GWh|kW|MW|GW|kg|mg|mL|ml|km|cm|mm|m2|m3|pct|GB|TB|g|L|t)(?![A-Za-z])){_PER})"
    rf"|(?P<scale2>{_ZH_SCALE})(?P<more3>余|多)?)"
)
"""What may follow a number: 万元, 个百分点, %, 家, kg, or a magnitude alone (亿)."""
ENGLISH_UNIT = re.compile(
    rf"(?:[ \t]{{0,2}}-?(?P<scale>(?:ten thousand|hundred million|(?:thousand|million|billion|trillion)s?)|mn|bn)\b)?"
    rf"(?:[ \t]{{0,2}}-?(?P<unit>(?:{_alternatives(UNITS, ascii_only=True)}))(?![A-Za-z0-9]|(?<=[xX])\s*[\d(]))?",
    re.IGNORECASE,
)
"""What may follow a number in English; case matters for the metric units, see :func:`unit_named`."""


def unit_named(written: str) -> Unit | None:
    """The unit that `written` names, prices per piece ("元/股") included; None when unknown."""
    if written in UNITS:
        return UNITS[written]
    if written.lower() in UNITS and written.lower() not in ("t", "g", "mm"):
        return UNITS[written.lower()]
    whole, slash, piece = written.partition("/")
    unit = UNITS.get(whole)
    if slash and unit:
        return Unit(f"{unit.name}/{piece}", unit.factor, unit.kind)
    return None
