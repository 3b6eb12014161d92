"""Which arithmetic a question asks for, by its words."""

from __future__ import annotations

import re
from typing import Literal

from rag.index.terms import normalise
from rag.retrieve.query import Query

Operation = Literal["growth", "difference", "share", "multiple", "sum", "average"]
_OPERATIONS: tuple[tuple[Operation, re.Pattern[str]], ...] = (
    ("average", re.compile(r"平均每?(?:年|月|个|家|人)|年均(?!复合)|均值是|平均是|平均为|\baverage of\b|on average", re.I)),
    ("multiple", re.compile(r"几倍|多少倍|\bhow many times\b|\btimes (?:as|the|larger|higher)\b", re.I)),
    ("growth", re.compile(r"增长率|增幅|增速|涨幅|降幅|(?:增长|增加|下降|减少|上升|提高|变动|跌|涨|降|少|多)了?(?:百分之|多少个?百分|多大|幅度)|growth|percent(?:age)? (?:change|increase|decrease|decline|growth)|grow by|(?:what|which) percent(?:age)? did", re.I)),
    ("difference", re.compile(r"差额|相差|差多少|差多远|多了多少|少了多少|多出|高出|多多少|少多少|高多少|低多少|还剩|剩余|还有多少|(?:增加|减少|增长|下降|降低|提高)了?多少|变化多少|差距|how much (?:more|less|higher|lower|larger|smaller)|difference|by how much|gap between|went beyond|how far (?:below|above|under|over)|减掉|减去|扣除|扣掉|[高低多少大小]多少|[高低多少大小]几个百分点|还有多少", re.I)),
    ("share", re.compile(r"(?:多少|多大|什么)(?:比例|比重)|占.{0,24}(?:比例|比重|百分之|几成)|占比|what (?:share|percentage|proportion|percent)|as a (?:share|percentage|proportion) of", re.I)),
    ("sum", re.compile(r"合计|总共|一共|加起来|之和|总计|in total|combined|sum of|altogether|add up|连同|\btogether\b", re.I)),
)  # fmt: skip


def operation(query: Query) -> Operation | None:
    """What the question wants computed, or None."""
    text = normalise(query.text)
    return next((name for name, pattern in _OPERATIONS if pattern.search(text)), None)
