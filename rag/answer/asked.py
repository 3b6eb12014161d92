"""What a question asks for, part by part: the kind of figure, the periods, the measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.index.terms import normalise
from rag.retrieve.query import Query
from rag.verify.figures import find_figures

Kind = Literal["", "amount", "percentage", "count", "date", "multiple"]

_PERCENT = re.compile(
    r"比例|占比|比重|百分|(?:毛利|费用|负债|周转|增长|净利|收益|产销|利用|折现|税|利|复合|增值|溢价|流失|回函|完成|达产|市占|占有|减值|计提|变动|回报)率|增幅|降幅|涨幅|几成|几个百分点"
    r"|\b(?:percent(?:age)?|proportion|share of|ratio|rate|margin|yield|growth|stake|cagr|irr)\b",
    re.I,
)
_AMOUNT = re.compile(
    r"多少(?:钱|资金|元|万元|亿元|金额)|金额|总额|余额|净额|账面|收入|利润|成本|费用(?!率)|投资额|价格|单价|市值|对价|作价|薪酬|注册资本|估值|评估值|款"
    r"|\b(?:how much|amount|revenue|sales|profit|income|cost|price|value|spend|spent|paid|invest(?:ed|ment)?|proceeds|balance|budget|cash|loss|expenses?)\b",
    re.I,
)
_COUNT = re.compile(
    r"多少(?:人|家|个(?!百分点)|名|项|台|套|次|股|吨|种|例|户|件|条|辆|支|位|款|天|年)|几(?:人|家|个(?!百分点)|名|项|台|套|次|种|例|户|件|条|位|款|年|天)|人数|数量|家数|例数|股数"
    r"|\bhow many\b|\bnumber of\b|headcount",
    re.I,
)
_DATE = re.compile(
    r"什么时候|何时|哪一?年|哪一?天|哪个?月|日期|几月|几号|时间(?:是|为|点)|哪年哪月|(?:^|until |since |by |and |, )when\b(?! (?:the|it|its|they|he|she|[a-z]+(?:'s)? [a-z]+ (?:was|were|is)\b))|what date|which (?:year|month|day)|on what day",
    re.I,
)
_MULTIPLE = re.compile(r"几倍|多少倍|倍数|\btimes\b|multiple of", re.I)


@dataclass(frozen=True, slots=True)
class Asked:
    """`periods` in canonical form (see :mod:`rag.verify.dates`), `kind` of the figure asked for."""

    kind: Kind
    periods: tuple[str, ...]
    spans: bool
    """Whether the periods are the two ends of a range ("2020年到2023年")."""


_RANGE = re.compile(r"(?:年|季度|月|末|\d)\s*(?:到|至|-|~|—|–|to|through)\s*(?:20)?\d{2}", re.I)


def asked(query: Query) -> Asked:
    """Read the question's own figures and words for what it wants."""
    text = normalise(query.text)
    dates = [f.unit for f in find_figures(query.text) if f.kind == "date"]
    return Asked(_kind(text), tuple(dict.fromkeys(dates)), bool(_RANGE.search(text)))


def _kind(text: str) -> Kind:
    if _DATE.search(text):
        return "date"
    if _MULTIPLE.search(text):
        return "multiple"
    if _COUNT.search(text):
        return "count"
    if _PERCENT.search(text):
        return "percentage"
    return "amount" if _AMOUNT.search(text) else ""


def fits(kind: Kind, unit: str, *, bare: bool) -> float:
    """How well a figure's unit fits the kind asked for: 1 fits, 0.5 cannot tell, 0 does not."""
    if not kind or kind == "date":
        return 0.5
    percent = unit in ("%", "百分点", "‰")
    if kind == "percentage":
        return 1.0 if percent else 0.5 if bare else 0.0
    if percent:
        return 0.0
    return 0.5 if bare else 1.0


def several(query: Query, wanted: Asked) -> bool:
    """Whether more than one figure is asked for."""
    return len(wanted.periods) > 1 or query.form == "several"


__all__: Sequence[str] = ("Asked", "Kind", "asked", "fits", "several")
